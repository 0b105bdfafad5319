# tries: a cell of dots, on which whoever colours it in spends an hour
# grader: reads it in a moment and shows it as it is
# says: There is no function sigmoid

# %% sigmoid
@dots@
