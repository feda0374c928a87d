"""What people read: plans, progress, results, the log."""
