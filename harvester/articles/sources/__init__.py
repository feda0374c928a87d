"""The sources that a user names, read as leads: a page, a saved page or item, a list, a crawl, an archive."""
