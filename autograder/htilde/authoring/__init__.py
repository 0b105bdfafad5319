"""Author a course: read masters and declarations, draw papers, verify that all of it is right."""
