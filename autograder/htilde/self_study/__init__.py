"""Work alone: a workspace, the watch mode, hints and solutions, and the progress so far."""
