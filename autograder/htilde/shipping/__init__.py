"""Make what leaves a course: a zip file for an audience, with the kit's own wheel in it."""
