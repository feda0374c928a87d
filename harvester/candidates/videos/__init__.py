"""The videos of a page: players and links, whoever the provider."""
