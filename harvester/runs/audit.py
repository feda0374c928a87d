"""`harvester verify`: every file of every manifest, hashed again; and what is damaged, fetched again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from harvester import flow, storage
from harvester.errors import StorageError
from harvester.manifest import codec
from harvester.manifest.verify import Checked, check_article, hash_of
from harvester.pipeline.article import mend
from harvester.pipeline.kit import Kit
from harvester.pipeline.revisit import left_by
from harvester.runs.folders import articles
from harvester.storage import inside, stated
from harvester.workers import Doing, Workers

AT_ONCE = 8
Tell = Callable[[Checked], None]


class Audit(Struct, kw_only=True):
    """What a look at a whole output found; *wrong* holds the damaged and missing files."""

    articles: int = 0
    bytes: int = 0
    found: Counter[str] = Counter()
    wrong: list[Checked] = []
    unreadable: list[str] = []

    @property
    def is_sound(self) -> bool:
        """Say that nothing is damaged or missing; stray files damage nothing."""
        return not self.wrong and not self.unreadable


async def audit(root: Path, workers: Workers, tell: Tell) -> Audit:
    """Look at every file of every manifest below *root*, in parallel; *tell* hears of each. Needs no lock."""
    result = Audit(found=Counter())

    async def look(folder: str) -> None:
        checked = await workers.run(Doing(f"verifying {folder}", _look), root, folder)
        result.articles += 1
        if checked is None:
            result.unreadable.append(folder)
        for one in checked or ():
            result.found[one.found] += 1
            result.bytes += one.bytes
            if one.passed is False:
                result.wrong.append(one)
            tell(one)

    await flow.for_each(flow.one_by_one(articles(root)), look, at_once=AT_ONCE)
    return result


async def repair(wrong: Iterable[Checked], kit: Kit) -> None:
    """Make damaged and missing files whole: from a good copy in the output where there is one, else from the network.

    What is damaged is removed first; a picture that the publisher replaced meanwhile is told in the history.
    """
    by_article: dict[str, list[Checked]] = defaultdict(list)
    for checked in wrong:
        by_article[checked.folder].append(checked)
    for folder, files in by_article.items():
        for file in files:
            await kit.workers.run(_restore, file, kit)
        await _mend(folder, kit)


def _look(root: Path, folder: str) -> list[Checked] | None:
    try:
        raw = storage.read(inside(root, folder) / "manifest.json")
        return list(check_article(root, folder, codec.load(raw or b"")))
    except StorageError:
        return None


def _restore(file: Checked, kit: Kit) -> None:
    """Remove what is damaged, and put a good copy of the same content in its place if the output holds one."""
    path = inside(kit.store.root, f"{file.folder}/{file.path}")
    with stated(path):
        path.unlink(missing_ok=True)
    for copy in kit.state.copies(file.sha256) if file.sha256 else ():
        other = inside(kit.store.root, copy.path)
        if other != path and hash_of(other) == file.sha256:
            kit.store.share(other, path, kit.config.output.link)
            return


async def _mend(folder: str, kit: Kit) -> None:
    known = kit.state.in_folder(folder)
    before = left_by(known, kit.store, kit.journal) if known is not None else None
    if before is not None:
        await mend(before, kit)
