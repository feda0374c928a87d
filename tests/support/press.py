"""A small newspaper for tests: articles with pictures that can be edited, served with validators."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from PIL import Image, ImageDraw

from harvester.config import Config, parse
from harvester.runs.batch import harvest
from harvester.runs.execution import Options
from harvester.runs.report import Report
from tests.support.servers import Reply, Seen, Site

TEXT = (
    "The council met for the third time this week and spoke for four hours about the bridge, which has been closed "
    "since the flood; the engineers presented two plans, and the members asked what either of them would cost. "
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of an article: what its page says of it, and its bytes."""

    name: str
    data: bytes
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """An article."""

    title: str
    pictures: tuple[Picture, ...]
    videos: tuple[str, ...] = ()
    noise: str = ""


@lru_cache(maxsize=512)
def drawn(seed: int, width: int = 400, height: int = 300) -> bytes:
    """A picture of its own for each seed, as JPEG."""
    picture = Image.new("RGB", (width, height), (seed * 37 % 200 + 30, seed * 91 % 200 + 30, seed * 53 % 200 + 30))
    pen = ImageDraw.Draw(picture)
    for number in range(12):
        x, y = (seed * 7919 + number * 104729) % width, (seed * 6151 + number * 15485863) % height
        pen.ellipse((x - 30, y - 30, x + 30, y + 30), fill=(number * 20, 255 - number * 15, seed * 11 % 255))
    pen.text((10, 10), f"#{seed}", fill=(255, 255, 255))
    file = BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def story(number: int, pictures: int = 2) -> Story:
    """Article *number* with pictures of its own."""
    named = (
        Picture(name=f"p{number}-{n}.jpg", data=drawn(number * 10 + n), caption=f"Picture {n} of story {number}")
        for n in range(1, pictures + 1)
    )
    return Story(title=f"Story {number} about the bridge", pictures=tuple(named))


@dataclass
class Press:
    """A site of stories and an output folder. Change `stories`, harvest again, look at the manifests."""

    folder: Path
    stories: dict[str, Story] = field(default_factory=dict)
    settings: str = ""
    web: str = ""

    def __enter__(self) -> Self:
        self.site = Site()
        self.site.__enter__()
        self.refresh()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.site.__exit__(kind, error, at)

    @property
    def output(self) -> Path:
        return self.folder / "out"

    def refresh(self) -> None:
        """Serve what the stories are now; what is gone from them is 404."""
        self.site.routes.clear()
        for name, one in self.stories.items():
            self.site.routes[f"/news/{name}.html"] = validated(page(one, name).encode(), "text/html; charset=utf-8")
            for picture in one.pictures:
                self.site.routes[f"/pictures/{picture.name}"] = validated(picture.data, "image/jpeg")

    def edit(self, name: str, **changes: Any) -> None:
        """Publish a story again with changes."""
        self.stories[name] = replace(self.stories[name], **changes)
        self.refresh()

    def url(self, name: str) -> str:
        return f"{self.site.url}/news/{name}.html"

    def config(self) -> Config:
        return parse(self.config_text())

    def config_text(self) -> str:
        return (
            f'[web]\n{self.web}allow_networks = ["127.0.0.0/8"]\nrobots = false\npage_delay = 0\npage_per_host = 16\n'
            "retries = 0\n[choice]\nupgrade = false\n[videos]\ndownload = false\nproviders = []\n[output]\n"
            f'fsync = "never"\n{self.settings}'
        )

    async def harvest(self, *names: str, **options: Any) -> Report:
        """Harvest stories (all of them unless named) into the output."""
        self.site.requests.clear()
        sources = [self.url(name) for name in names or self.stories]
        return await harvest(sources, self.config(), output=self.output, options=Options(**options))

    def manifests(self) -> dict[str, Any]:
        """The manifests in the output by story, each with its folder."""
        found = {}
        for path in self.output.glob("*/*/*/*/manifest.json"):
            manifest = msgspec.json.decode(path.read_bytes())
            found[manifest["article"]["url"].rpartition("/")[2].removesuffix(".html")] = {
                **manifest,
                "folder": path.parent,
            }
        return found

    def history(self, name: str) -> list[Any]:
        """The earlier states of a story."""
        path = self.manifests()[name]["folder"] / "history.jsonl"
        return [msgspec.json.decode(line) for line in path.read_bytes().splitlines()] if path.exists() else []

    def asked(self, kind: str = "") -> list[str]:
        """What was asked for since the last harvest began: pages, pictures, or both."""
        return [target for target in self.site.asked() if kind in target]


def page(one: Story, name: str) -> str:
    """Write a story as HTML."""
    figures = "".join(
        f'<figure><img src="/pictures/{p.name}" width="400" height="300" alt="">'
        f'<figcaption>{p.caption}<span class="credit">{p.credit}</span></figcaption></figure><p>{TEXT}</p>'
        for p in one.pictures
    )
    videos = "".join(f'<iframe src="https://www.youtube.com/embed/{video}"></iframe>' for video in one.videos)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{one.title}</title>'
        f'<meta property="article:published_time" content="2026-03-04T05:06:07Z"></head><body><!-- {one.noise} -->'
        f"<article><h1>{one.title}</h1><p>{TEXT}{name}</p>{figures}{videos}<p>{TEXT}</p></article></body></html>"
    )


def validated(body: bytes, kind: str) -> Any:
    """Answer 304 to whoever has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def answer(seen: Seen) -> Reply:
        headers: Mapping[str, str] = {"ETag": etag}
        if seen.headers.get("if-none-match") == etag:
            return Reply(status=304, headers=headers)
        return Reply(body, kind, headers=headers)

    return answer
