"""What earlier runs left of an article: its folder, its history, and what is carried over."""
