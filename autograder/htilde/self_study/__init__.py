"""Working alone: a workspace, its watcher, what is unlocked, and what was done so far."""
