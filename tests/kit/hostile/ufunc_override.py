# tries: NumPy's own sigmoid from torch, by the protocol that lets other libraries answer
# grader: has no other library
# says: torch isn't there while grading
# like: stand_in_tricks

# %% sigmoid
import torch


def sigmoid(h_tilde):
    return torch.sigmoid(torch.asarray(h_tilde)).numpy()
