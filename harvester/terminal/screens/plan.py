"""What an article has, drawn for people: the plan as `inspect` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from harvester.choice.chain import start
from harvester.config import Choice
from harvester.model import Article, Image, LeftOut, Manifest, Repair, Video
from harvester.terminal.screens.columns import Row, laid_out
from harvester.terminal.screens.console import counted, safe


def planned(manifest: Manifest, choice: Choice, room: int) -> Iterator[Text]:
    """Draw a plan, no wider than *room*: every image's renditions in the order in which they are tried, the videos,
    and what is left out."""
    yield from _heading(manifest.article)
    for image in manifest.images:
        yield from _image(image, choice, room)
    if manifest.videos:
        yield from _section("Videos")
        yield from laid_out(
            [_video(video) for video in manifest.videos], room, ("video", "provider", "found in", "what")
        )
    if manifest.left_out:
        yield from _section("Left out")
        yield from laid_out([_left_out(picture) for picture in manifest.left_out], room)
    yield Text()
    yield Text(f"{_counts(manifest)}. Nothing was downloaded.", "dim")


def told(repairs: tuple[Repair, ...]) -> str:
    """Return what was mended in a page, and how often: glued-tag ×4."""
    return ", ".join(f"{repair.kind} ×{repair.count}" for repair in repairs)


def _heading(article: Article) -> Iterator[Text]:
    said = [article.site, f"published {article.published}" if article.published else None, article.language]
    about = " · ".join(filter(None, [*said, ", ".join(article.authors)]))
    yield safe(article.title or "(without a title)", "bold")
    yield safe(article.url)
    if about:
        yield safe(about, "dim")
    if article.repairs:
        yield safe(f"markup repaired: {told(article.repairs)}", "yellow")


def _section(name: str) -> Iterator[Text]:
    yield Text()
    yield Text(name, "bold")


def _image(image: Image, choice: Choice, room: int) -> Iterator[Text]:
    yield Text()
    yield _name(image)
    yield from laid_out(list(_order(image, choice)), room, ("try", "type", "found in", "why, and where it is"))


def _name(image: Image) -> Text:
    name = Text.assemble((f"Image {image.number}", "bold"), "  ", (image.role, "cyan"))
    if image.caption or image.alt:
        name.append("  ").append(safe(image.caption or image.alt))
    return name.append("  ").append(safe(f"({image.credit})", "dim")) if image.credit else name


def _order(image: Image, choice: Choice) -> Iterator[Row]:
    """Yield what is tried, numbered, then the declared renditions that `max_attempts` leaves no try for."""
    origins = {variant.url: variant.origin for variant in image.variants}
    chain = start(image, choice)
    tried = chain.left
    beyond = [candidate for candidate in chain.declared if candidate not in tried]
    for place, candidate in enumerate((*tried, *beyond), 1):
        found = "proposed" if candidate.rule else origins.get(candidate.url, "")
        turn = str(place) if place <= len(tried) else "-"
        kind = (candidate.type or "").removeprefix("image/")
        why = (candidate.reason, "green" if place == 1 else "")
        yield [(turn, "")], [(kind, "")], [(found, "")], [why, (candidate.url, "dim")]


def _video(video: Video) -> Row:
    name = [(str(video.number), "")], [(video.provider, "")], [(video.origin, "")]
    return *name, [(_what(video), "green"), (video.url, "dim")]


def _what(video: Video) -> str:
    said = [video.kind, video.id or video.list, None if video.embedded else "linked, not embedded"]
    said += [f"from {video.start} s" if video.start else None]
    said += [f"confidence {video.confidence:.0%}" if video.confidence < 1 else None]
    return ", ".join(filter(None, said))


def _left_out(picture: LeftOut) -> Row:
    return [(picture.reason, "")], [(picture.url, "dim")]


def _counts(manifest: Manifest) -> str:
    said = [counted(len(manifest.images), "picture"), counted(len(manifest.videos), "video")]
    said += [f"{len(manifest.left_out)} left out"] if manifest.left_out else []
    return ", ".join(said)
