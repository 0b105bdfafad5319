"""Run student code in a locked process that can do no harm, and exchange values with it."""
