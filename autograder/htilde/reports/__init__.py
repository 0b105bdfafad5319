"""What an instructor learns from grades: one student's answer, and what the class knows and doesn't."""
