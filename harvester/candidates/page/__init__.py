"""The page, parsed and numbered once: elements by tag, resolved URLs, every occurrence of a picture."""
