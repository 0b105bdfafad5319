# tries: to run other programs, in every way that Python knows
# grader: refuses each
# says: It raised PermissionError: 0 of 6 ran

# %% sigmoid
import os
import pty
import subprocess


def sigmoid(h_tilde):
    ran = []
    for attempt in (
        lambda: subprocess.run(["/bin/touch", "/tmp/left_behind_by_a_program"]),
        lambda: os.posix_spawn("/bin/touch", ["touch", "/tmp/left_behind_by_a_program"], {}),
        lambda: os.system("touch /tmp/left_behind_by_a_program") and 1 / 0,
        lambda: os.popen("touch /tmp/left_behind_by_a_program").read(),
        lambda: pty.spawn(["/bin/true"]),
        lambda: os.execv("/bin/true", ["true"]),
    ):
        try:
            attempt()
            ran.append(attempt)
        except (OSError, ZeroDivisionError):
            pass
    raise PermissionError(f"{len(ran)} of 6 ran")
