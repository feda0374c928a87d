"""`harvester verify`: every file of every manifest, hashed again; and what is damaged, fetched again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from harvester import flow
from harvester.errors import FolderError, StorageError
from harvester.manifest.folder import MANIFEST, key_in, own_manifest
from harvester.manifest.verify import Checked, check_article
from harvester.pipeline.boundary import complete_article
from harvester.pipeline.earlier.known_files import is_sound
from harvester.pipeline.kit import Kit
from harvester.runs.upkeep.folders import Stray, walked
from harvester.stores.disk import inside, size_inside
from harvester.workers import Doing, Workers

AT_ONCE = 8
Tell = Callable[[Checked], None]


class Audit(Struct, kw_only=True):
    """What a look at a whole output found.

    *wrong* holds the damaged and missing files, *unreadable* the manifests of which nothing can be said, *strays* what
    lies beside the articles and could be taken for one, or hide some.
    """

    articles: int = 0
    bytes: int = 0
    found: Counter[str] = Counter()
    wrong: list[Checked] = []
    unreadable: list[Checked] = []
    strays: list[Checked] = []

    @property
    def is_sound(self) -> bool:
        """Say that nothing is damaged or missing; stray files damage nothing."""
        return not self.wrong and not self.unreadable


async def audit(root: Path, workers: Workers, tell: Tell) -> Audit:
    """Look at every file of every manifest below *root*, in parallel; *tell* hears of each. Needs no lock."""
    result = Audit(found=Counter())

    async def look(met: str | Stray) -> None:
        if isinstance(met, Stray):
            result.strays.append(_beside(root, met))
            checked = result.strays[-1:]
        else:
            result.articles += 1
            checked = await workers.run(Doing(f"verifying {met}", _look), root, met)
        for one in checked:
            _count(one, result)
            tell(one)

    await flow.for_each(flow.one_by_one(walked(root)), look, at_once=AT_ONCE)
    return result


async def repair(wrong: Iterable[Checked], kit: Kit) -> None:
    """Make damaged and missing files whole: from a good copy in the output where there is one, else from the network.

    What is damaged stays until something better is there to take its name; a picture that the publisher replaced
    meanwhile is told in the history, and what was damaged is set aside there. What one article refuses is told.
    """
    by_article: dict[str, list[Checked]] = defaultdict(list)
    for checked in wrong:
        by_article[checked.folder].append(checked)
    for folder, files in by_article.items():
        good = {file.path for file in files} & await kit.workers.run(_good, folder, kit)
        damaged = [file for file in files if file.path not in good]
        left = frozenset([file.path for file in damaged if not await kit.workers.run(_restored, file, kit)])
        if (left or good) and not kit.stopping.is_set():
            await complete_article(folder, kit, damaged=left)


def _good(folder: str, kit: Kit) -> set[str]:
    """Return the files that one picture says are good; `complete` tells them apart from others of that name."""
    return {one.path for one in _look(kit.collection.store.root, folder) if one.found == "good"}


def _look(root: Path, folder: str) -> list[Checked]:
    try:
        found = own_manifest(inside(root, folder), key_in(folder) or "")
        return list(check_article(root, folder, found[0])) if found is not None else []
    except StorageError as error:
        return [Checked(folder=folder, path=MANIFEST, passed=False, found="unreadable", why=error.message)]


def _beside(root: Path, stray: Stray) -> Checked:
    folder, _, name = stray.path.rpartition("/")
    size = size_inside(root, stray.path) or 0
    return Checked(folder=folder or ".", path=name, passed=None, found="stray", bytes=size, why=stray.why)


def _count(one: Checked, result: Audit) -> None:
    result.found[one.found] += 1
    result.bytes += one.bytes
    if one.found == "unreadable":
        result.unreadable.append(one)
    elif one.passed is False:
        result.wrong.append(one)


def _restored(file: Checked, kit: Kit) -> bool:
    """Put a good copy of the same content in a file's place; says whether the output holds one."""
    try:
        path = inside(kit.collection.store.root, f"{file.folder}/{file.path}")
        for copy in kit.collection.state.copies(file.sha256) if file.sha256 else ():
            other = kit.collection.store.root / copy.path
            if other != path and is_sound(copy, kit.collection.store):
                kit.collection.store.share(other, path, kit.config.output.link)
                return True
    except FolderError:  # something stands in the way, which is told when the article is mended
        return False
    return False
