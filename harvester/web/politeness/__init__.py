"""Turns, pauses and permissions: how a guest behaves at other people's servers."""
