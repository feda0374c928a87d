"""Documents that list articles: RSS and Atom, JSON Feed, sitemaps, OPML, and when to ask for them again."""
