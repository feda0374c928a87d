"""Step 8: again and again: one execution over many articles."""
