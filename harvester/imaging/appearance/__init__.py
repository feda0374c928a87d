"""How a picture looks, in a few bytes: to compare it, and to show it before it is there."""
