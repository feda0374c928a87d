"""Work on an output that is already there: verify, status, retry, remove, rebuild."""
