"""What each command does, between its flags and its screen."""
