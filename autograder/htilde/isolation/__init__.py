"""Running student code where it can do no harm: a locked process, what crosses its pipes, and who stops it."""
