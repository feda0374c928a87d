"""Where an output lies."""
