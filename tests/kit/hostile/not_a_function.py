# tries: a value in the place of the function, of a type called like markup
# grader: says what it is instead
# says: sigmoid is of type <img src=x onerror=alert(1)>, not a function. Define it with: def sigmoid(h_tilde):

# %% sigmoid
sigmoid = type("<img src=x onerror=alert(1)>", (), {})()
