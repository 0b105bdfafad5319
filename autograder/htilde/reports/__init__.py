"""Report to the instructor: one student's answer in full, and how the class did."""
