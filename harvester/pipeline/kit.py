"""What a story needs besides its article: opened once, handed down, never global."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from harvester.config import Config
from harvester.download.videos.engine import VideoEngine
from harvester.events import Emit
from harvester.flow import OneAtATime
from harvester.pipeline.earlier.journal import Journal
from harvester.pipeline.earlier.known_files import KnownFiles
from harvester.pipeline.earlier.known_videos import KnownVideos
from harvester.state import State
from harvester.stores.folder import Store
from harvester.web import Web
from harvester.workers import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The tools of one run.

    *digest* and *access* name what of the configuration decides what is planned, and which pages are had.
    When *stopping* is set nothing new is begun; what is in flight ends well. *turns* keeps two stories from writing one
    folder or fetching one picture at once, *known_files* and *known_videos* know what this run has already,
    *journal* tells the next one if this is killed.
    """

    config: Config
    digest: str
    access: str
    run: str
    web: Web
    store: Store
    state: State
    journal: Journal
    workers: Workers
    emit: Emit
    stopping: asyncio.Event
    turns: OneAtATime
    known_files: KnownFiles
    videos: VideoEngine
    known_videos: KnownVideos
    force: bool = False
