"""Pictures in JSON: JSON-LD, script state, values inside attributes and scripts."""
