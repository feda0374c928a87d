"""Which occurrences are of one picture."""
