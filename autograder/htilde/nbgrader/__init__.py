"""Use the kit from nbgrader, and nbgrader from the kit: its commands, its gradebook and its pages."""
