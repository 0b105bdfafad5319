"""What leaves a course: one zip file for an audience, and the kit's own wheel in it."""
