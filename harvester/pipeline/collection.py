"""What is there already, and who may write to it: an output folder with its memory, for one run."""

from __future__ import annotations

from dataclasses import dataclass, field

from harvester.flow import OneAtATime
from harvester.pipeline.earlier.journal import Journal
from harvester.pipeline.earlier.known_files import KnownFiles
from harvester.pipeline.earlier.known_videos import KnownVideos
from harvester.state import State
from harvester.stores.folder import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """An output folder and what is known of it.

    *journal* tells the next run if this one is killed; *known_files* and *known_videos* are what this run has fetched;
    *turns* keeps two stories from writing one folder, or fetching one picture, at once.
    """

    store: Store
    state: State
    journal: Journal
    known_files: KnownFiles = field(default_factory=KnownFiles)
    known_videos: KnownVideos = field(default_factory=KnownVideos)
    turns: OneAtATime = field(default_factory=OneAtATime)
