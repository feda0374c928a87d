"""Step 1: from a source to articles."""
