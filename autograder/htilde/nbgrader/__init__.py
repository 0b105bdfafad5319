"""The kit inside nbgrader: its commands, its gradebook and its pages, made careful and quick."""
