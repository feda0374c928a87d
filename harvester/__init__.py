"""harvester: every picture and video of an article, in the best rendition there is, with a manifest that proves it."""

__version__ = "0.1.0"
