"""Read what was handed in, in whatever form."""
