"""The table: every rule we know, a file for each kind. A new family is one more row with its examples."""

from __future__ import annotations

from harvester.renditions.rules import Rule
from harvester.renditions.tables.names import NAMES
from harvester.renditions.tables.wrappers import WRAPPERS

# In the order in which they are tried on a URL: wrappers first, since what they hold has rules of its own.
RULES: tuple[Rule, ...] = (*WRAPPERS, *NAMES)
