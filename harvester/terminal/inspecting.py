"""Plans as the person at the terminal sees them: opened, planned, drawn; nothing is downloaded or written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from harvester import urls
from harvester.articles.leads import read_leads
from harvester.articles.opening import open_lead
from harvester.config import Config
from harvester.errors import SourceError
from harvester.manifest import codec
from harvester.model import Manifest, SourceKind
from harvester.pipeline.plan import plan
from harvester.terminal import tables
from harvester.terminal.console import Stream, safe, write_line

if TYPE_CHECKING:
    from harvester.web import Web
