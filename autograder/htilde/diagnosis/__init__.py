"""Name the mistakes in wrong answers."""
