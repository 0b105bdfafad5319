# tries: to fill the disk
# grader: lets nothing be written
# says: It raised PermissionError
# like: writes_everywhere

# %% sigmoid
def sigmoid(h_tilde):
    with open("/tmp/left_behind_disk", "wb") as file:
        while True:
            file.write(bytes(2**20))
