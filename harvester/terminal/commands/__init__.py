"""One file a command: its flags, its help with examples, and the calls that do its work."""
