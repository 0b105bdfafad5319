"""Examining: what a paper asks, what an answer is compared with, why it is wrong, and how that is told."""
