"""Step 5: from a file to what it is, and its thumbnails. The only user of Pillow."""
