"""Pillow behind a fence; where a picture may end the process, in one of its own."""
