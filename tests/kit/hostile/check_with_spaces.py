# tries: a call of check that goes on with spaces, on which a careless pattern spends an hour
# grader: reads it in a moment; it is no check
# earns: sigmoid 2
# like: blank_lines

# %% at the end
check(sigmoid)@spaces@x
