"""What an article has and what became of it, drawn for people: the plan for `inspect`, the outcome for `demo`."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harvester.choice.chain import start
from harvester.choice.rank import candidates
from harvester.config import Choice
from harvester.model import Article, Image, LeftOut, Manifest, Repair, Video
from harvester.terminal.console import Shortened, counted, safe


def planned(manifest: Manifest, choice: Choice) -> RenderableType:
    """Draw a plan: every image's renditions in the order in which they are tried, the videos, what is left out."""
    parts: list[RenderableType] = [_heading(manifest.article)]
    parts += [_image(image, choice) for image in manifest.images]
    parts += [_videos(manifest.videos)] if manifest.videos else []
    parts += [_left_out(manifest.left_out)] if manifest.left_out else []
    return Group(*parts, "", _closing(manifest))


def told(repairs: tuple[Repair, ...]) -> str:
    """Say what was mended in a page, and how often: glued-tag ×4."""
    return ", ".join(f"{repair.kind} ×{repair.count}" for repair in repairs)


def _heading(article: Article) -> RenderableType:
    said = [article.site, f"published {article.published}" if article.published else None, article.language]
    about = " · ".join(filter(None, [*said, ", ".join(article.authors)]))
    lines: list[RenderableType] = [safe(article.title or "(without a title)", "bold"), safe(article.url)]
    lines += [safe(about, "dim")] if about else []
    if article.repairs:
        lines.append(safe(f"markup repaired: {told(article.repairs)}", "yellow"))
    return Group(*lines)


def _image(image: Image, choice: Choice) -> RenderableType:
    return Group("", _name(image), Padding(_order(image, choice), (0, 0, 0, 2), expand=False))


def _name(image: Image) -> Text:
    name = Text(f"Image {image.number}", "bold").append(f"  {image.role}", "cyan")
    if image.caption or image.alt:
        name.append("  ").append(safe(image.caption or image.alt))
    return name.append("  ").append(safe(f"({image.credit})", "dim")) if image.credit else name


def _order(image: Image, choice: Choice) -> Table:
    """List what is tried, numbered, then the declared renditions that `max_attempts` leaves no try for."""
    origins = {variant.url: variant.origin for variant in image.variants}
    tried = start(image, choice).left
    left = [candidate for candidate in candidates(image, choice) if candidate not in tried]
    table = _grid("try", "type", "found in", "why, and where it is")
    for place, candidate in enumerate((*tried, *left), 1):
        found = "proposed" if candidate.rule else origins.get(candidate.url, "")
        kind = (candidate.type or "").removeprefix("image/")
        turn = str(place) if place <= len(tried) else "-"
        table.add_row(turn, safe(kind), safe(found), _reasoned(candidate.reason, candidate.url, first=place == 1))
    return table


def _videos(videos: tuple[Video, ...]) -> RenderableType:
    table = _grid("video", "provider", "found in", "what, and where it is")
    for video in videos:
        table.add_row(
            str(video.number), safe(video.provider), safe(video.origin), _reasoned(_what(video), video.url, first=True)
        )
    return Group("", Text("Videos", "bold"), Padding(table, (0, 0, 0, 2), expand=False))


def _what(video: Video) -> str:
    said = [video.kind, video.id or video.list, None if video.embedded else "linked, not embedded"]
    said += [f"from {video.start} s" if video.start else None]
    said += [f"confidence {video.confidence:.0%}" if video.confidence < 1 else None]
    return ", ".join(filter(None, said))


def _left_out(left_out: tuple[LeftOut, ...]) -> RenderableType:
    table = _grid("why", "picture")
    for picture in left_out:
        table.add_row(safe(picture.reason), Shortened(picture.url, "dim"))
    return Group("", Text("Left out", "bold"), Padding(table, (0, 0, 0, 2), expand=False))


def _closing(manifest: Manifest) -> Text:
    has = ", ".join(_counts(manifest))
    return Text(f"{has}. Nothing was downloaded.", "dim")


def _counts(manifest: Manifest) -> Iterator[str]:
    yield counted(len(manifest.images), "picture")
    yield counted(len(manifest.videos), "video")
    if manifest.left_out:
        yield f"{len(manifest.left_out)} left out"


def _reasoned(reason: str, url: str, *, first: bool) -> RenderableType:
    return Group(safe(reason, "green" if first else ""), Shortened(url, "dim"))


def _grid(*columns: str) -> Table:
    """A table without lines: its columns are told by their heads and by the space between them."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
