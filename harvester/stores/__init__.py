"""The output folder and its files on disk."""
