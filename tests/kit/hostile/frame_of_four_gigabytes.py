# tries: to announce a reply of four gigabytes
# grader: reads the length and gives the process up
# says: The process was lost while sigmoid ran: it sent something that isn't an answer
# like: reply_of_ten_terabytes

# %% sigmoid
import os


def sigmoid(h_tilde):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\xff\xff\xff\xff")
        except OSError:
            pass
    return h_tilde
