# tries: to load torch's files one by one, past the import system
# grader: lets nothing be read there
# says: It raised PermissionError: Permission denied; Permission denied
# like: torch_by_path

# %% sigmoid
import ctypes
import importlib.util


def sigmoid(h_tilde):
    try:
        ctypes.CDLL("@packages@/torch/lib/libtorch_cpu.so")
    except OSError as error:
        reason = str(error).rpartition(":")[2]
    spec = importlib.util.spec_from_file_location("torch", "@packages@/torch/__init__.py")
    torch = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(torch)
    except OSError as error:
        raise PermissionError(f"{reason.strip()}; {error.strerror}") from None
    return torch.sigmoid(torch.from_numpy(h_tilde)).numpy()
