"""Step 3: from an image's variants to the order in which to try them, and whether a download proves itself. Pure."""
