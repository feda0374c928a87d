"""What a URL says about a picture: which one it is, how large, and where a larger rendition may be. Pure, offline."""

from harvester.renditions.deriving import derive
from harvester.renditions.keys import asset_key
from harvester.renditions.sizes import claimed_size, claimed_width

__all__ = ["asset_key", "claimed_size", "claimed_width", "derive"]
