"""How a picture looks, in a few bytes: to compare it, and to preview it before it has loaded."""
