"""Making a course: masters, declarations, papers, the proof that all of it holds, and what ships."""
