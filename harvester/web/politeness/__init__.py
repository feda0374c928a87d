"""Turns, pauses and permissions: how to be a good guest on other people's servers."""
