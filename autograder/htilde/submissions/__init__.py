"""Reading what was handed in, whatever form it has."""
