# tries: system calls by the numbers of an older machine, which a filter might take for others
# grader: ends the process
# says: signal 31, Bad system call
# needs: x86_64
# like: machine_code

# %% sigmoid
import ctypes
import mmap

# mov eax, 2 (fork, on i386); int 0x80; ret
CODE = bytes.fromhex("b802000000cd80c3")


def sigmoid(h_tilde):
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(CODE)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
