"""Where pictures are: one extractor for each way in which pages show or name them."""
