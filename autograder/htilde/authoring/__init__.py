"""Making a course: masters, declarations, papers, and the proof that all of it holds."""
