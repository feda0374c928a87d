"""Which addresses are one picture."""
