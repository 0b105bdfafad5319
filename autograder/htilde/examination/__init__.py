"""Examine submissions: ask what a paper asks, compare the answers, decide the verdicts."""
