"""Article or furniture: the decision, the signals it weighs, and where they look."""
