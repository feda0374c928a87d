"""Step 4: from one rendition to one file."""
