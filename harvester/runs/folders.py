"""The folders of an output in which articles lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from harvester.storage import PRIVATE, stated


def articles(root: Path) -> Iterator[str]:
    """Give the folder of every manifest below *root*, relative to it, in the order of their names.

    Raises StorageError for a folder that cannot be read: what lies in it must not pass for gone.
    """
    for path, folders, names in os.walk(root, onerror=_refuse):
        folders[:] = sorted(name for name in folders if name != PRIVATE)
        if "manifest.json" in names:
            folders[:] = []
            yield Path(path).relative_to(root).as_posix()


def _refuse(error: OSError) -> None:
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        with stated(Path(error.filename)):
            raise error
