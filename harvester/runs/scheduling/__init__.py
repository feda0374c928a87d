"""Jobs: which there are, when each is due, and how other schedulers run them."""
