# tries: to start a thread behind Python's back
# grader: refuses
# says: It raised PermissionError: pthread_create answers 1

# %% sigmoid
import ctypes

libc = ctypes.CDLL(None)
work = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(lambda _: None)


def sigmoid(h_tilde):
    thread = ctypes.c_ulong()
    raise PermissionError(f"pthread_create answers {libc.pthread_create(ctypes.byref(thread), None, work, None)}")
