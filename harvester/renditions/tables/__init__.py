"""The table of rules, one file for each kind of URL. A new family is a new row, with the examples that test it."""

from __future__ import annotations

from harvester.renditions.rules import Rule
from harvester.renditions.tables.closed_lists import CLOSED_LISTS
from harvester.renditions.tables.cloudinary import CLOUDINARY
from harvester.renditions.tables.formats import FORMATS
from harvester.renditions.tables.names import NAMES
from harvester.renditions.tables.platforms import PLATFORMS
from harvester.renditions.tables.proxies import PROXIES
from harvester.renditions.tables.publishers import PUBLISHERS
from harvester.renditions.tables.queries import QUERIES
from harvester.renditions.tables.systems import SYSTEMS
from harvester.renditions.tables.wrappers import WRAPPERS

# In the order in which they are tried: wrappers first, since the URL inside one has rules of its own.
RULES: tuple[Rule, ...] = (
    *WRAPPERS,
    *PROXIES,
    *CLOUDINARY,
    *SYSTEMS,
    *PLATFORMS,
    *PUBLISHERS,
    *FORMATS,
    *NAMES,
    *QUERIES,
)

__all__ = ["CLOSED_LISTS", "RULES"]
