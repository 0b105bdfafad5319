# tries: links, folders, pipes, sockets, renaming, times and modes
# grader: refuses each
# says: It raised PermissionError: 0 of 12 done

# %% sigmoid
import os
import socket


def sigmoid(h_tilde):
    there = "/tmp/left_behind_by_another_way"
    done = []
    for attempt in (
        lambda: os.symlink("@course@/.course", there),
        lambda: os.link("@course@/gradebook.db", there),
        lambda: os.mkdir(there),
        lambda: os.mkfifo(there),
        lambda: os.mknod(there),
        lambda: os.rename("@course@/gradebook.db", there),
        lambda: os.truncate("@course@/gradebook.db", 0),
        lambda: os.unlink("@course@/gradebook.db"),
        lambda: os.chmod("@course@/gradebook.db", 0),
        lambda: os.utime("@course@/gradebook.db", (0, 0)),
        lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR),
        lambda: socket.socket(socket.AF_UNIX).bind(there),
    ):
        try:
            attempt()
            done.append(attempt)
        except OSError:
            pass
    raise PermissionError(f"{len(done)} of 12 done")
