# tries: a cell in another language
# grader: skips the cell
# says: There is no function sigmoid

# %% sigmoid
%%bash
touch /tmp/left_behind_by_bash
kill -9 $PPID
