"""Step 6: from everything known to manifest.json, and back."""
