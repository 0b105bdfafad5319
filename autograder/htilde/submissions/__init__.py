"""Read submissions: notebooks and scripts, under whatever name."""
