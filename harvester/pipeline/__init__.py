"""The story: one article, from its lead to its manifest."""
