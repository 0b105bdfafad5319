"""Put verdicts into words, in the reader's language."""
