"""HTTP, as a guest behaves: guarded, polite, patient, and never without an end."""
