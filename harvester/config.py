"""What can be configured: one struct a section, its defaults, and errors that name the nearest right key.

`config.toml` at the top of the repository says every key again, with its unit and a sentence; a test keeps the two in
step. Nothing here reads the environment: the command line says where to look.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from harvester.errors import UsageError

Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]
Policy = Annotated[str, Meta(pattern=r"^(largest|at-least:\d+|at-most-bytes:\d+)$")]
Revisit = Annotated[str, Meta(pattern=r"^(never|changed|\d+[smhd])$")]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of config.toml."""


class Output(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where results go, and how they are kept."""

    directory: str = "downloads"
    save_page: bool = False
    link: Literal["hard", "copy"] = "hard"
    fsync: Literal["article", "never"] = "article"
    keep_history: bool = True
    min_free_space: Count = 100_000_000


class Web(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How servers are asked. Times in seconds, sizes in bytes."""

    concurrency: Positive = 32
    per_host: Positive = 6
    delay: Seconds = 0.0
    page_per_host: Positive = 2
    page_delay: Seconds = 0.5
    connect_timeout: Seconds = 15.0
    read_timeout: Seconds = 30.0
    timeout: Seconds = 300.0
    min_rate: Count = 1_000
    retries: Count = 3
    backoff: Seconds = 0.5
    max_wait: Seconds = 120.0
    max_page_bytes: Positive = 20_000_000
    max_image_bytes: Positive = 100_000_000
    max_video_bytes: Positive = 4_000_000_000
    max_image_pixels: Positive = 40_000_000
    user_agent: str = ""
    contact: str = ""
    robots: bool = True
    respect_opt_out: tuple[str, ...] = ()
    proxy: str = ""
    ca_file: str = ""
    cookies: str = ""
    headers: dict[str, dict[str, str]] = {}
    referer: bool = True
    allow_downgrade: bool = False
    ports: tuple[int, ...] = ()
    allow_networks: tuple[str, ...] = ()


class Candidates(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which pictures of a page count. Sizes in pixels, patterns as regular expressions on the URL."""

    scope: Literal["article", "page"] = "article"
    min_width: Count = 0
    min_height: Count = 0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Choice(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rendition of a picture is taken."""

    policy: Policy = "largest"
    prefer: tuple[str, ...] = ()
    upgrade: bool = True
    uncropped: bool = False
    max_attempts: Positive = 6


class Thumbnails(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The smaller copies. Widths in pixels; never enlarged."""

    widths: tuple[Positive, ...] = (320, 640)
    format: Literal["auto", "jpeg", "webp", "png", "avif"] = "auto"
    quality: Annotated[int, Meta(ge=1, le=100)] = 80
    animated: bool = False


class Videos(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which videos are downloaded, and how. Times in seconds, sizes in bytes, heights in pixels; 0 is no limit."""

    download: bool = True
    providers: tuple[str, ...] = ("youtube",)
    linked: bool = False
    metadata_only: bool = False
    max_height: Count = 0
    max_duration: Count = 0
    max_bytes: Count = 0
    format: str = ""
    sort: tuple[str, ...] = ()
    audio_only: bool = False
    captions: tuple[str, ...] = ()
    automatic_captions: bool = False
    info_json: bool = False
    rate: Count = 0
    timeout: Seconds = 3600.0
    retries: Count = 3
    cookies: str = ""


class State(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is remembered between runs."""

    revisit: Revisit = "changed"
    file: str = ""


class Config(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of config.toml."""

    output: Output = Output()
    web: Web = Web()
    candidates: Candidates = Candidates()
    choice: Choice = Choice()
    thumbnails: Thumbnails = Thumbnails()
    videos: Videos = Videos()
    state: State = State()


def load(path: Path) -> Config:
    """Read and check a configuration file; raises UsageError that names the file, the key and the remedy."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text ({error}). Give another file with -c.") from None
    return parse(text, str(path))


def parse(text: str, where: str = "config.toml") -> Config:
    """Check the text of a configuration; *where* is what its errors call it."""
    try:
        raw = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise UsageError(f"{where}: not valid TOML: {error}") from None
    return build(raw, where)


def build(raw: Any, where: str = "config.toml") -> Config:
    """Make a Config of decoded tables, as TOML or the command line's flags give them."""
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {_explained(str(error))}") from None
    _check_patterns(config, where)
    return config


def digest(config: Config) -> str:
    """Name what of a configuration decides the content of a manifest, in 16 hexadecimal digits, alike on any machine.

    How servers are asked and where results lie is left out: it may change without anything being chosen differently.
    """
    deciding = (config.candidates, config.choice, config.thumbnails, config.videos)
    shown = msgspec.json.encode(deciding, order="deterministic")
    return hashlib.sha256(shown).hexdigest()[:16]


def tables(config: Config) -> dict[str, Any]:
    """Give the configuration as plain tables, in the order of the sections."""
    result: dict[str, Any] = msgspec.to_builtins(config)
    return result


def dump(config: Config) -> str:
    """Write the configuration as TOML text that `parse` reads back to the same value."""
    lines: list[str] = []
    for section, keys in tables(config).items():
        lines.append(f"[{section}]")
        lines.extend(f"{key} = {_toml(value)}" for key, value in keys.items())
        lines.append("")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + "}"
    return msgspec.json.encode(value).decode()


def _check_patterns(config: Config, where: str) -> None:
    for key in ("include", "exclude"):
        for pattern in getattr(config.candidates, key):
            try:
                re.compile(pattern)
            except re.error as error:
                raise UsageError(f"{where}: candidates.{key}: {pattern!r} is no regular expression: {error}") from None


def _explained(message: str) -> str:
    """Put msgspec's words in the reader's: the key first, then what was expected, then the nearest right name."""
    found = re.fullmatch(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?", message, re.DOTALL)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    unknown = re.search(r"unknown field `([^`]*)`", what)
    if unknown is None:
        return f"{path or 'the file'}: {what[:1].lower()}{what[1:]}"
    known = _keys_of(path)
    key = ".".join(filter(None, (path, unknown[1])))
    near = difflib.get_close_matches(unknown[1], known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys here: {', '.join(sorted(known))}"
    return f"unknown key {key!r}; {hint}"


def _keys_of(path: str) -> Sequence[str]:
    section: Any = Config
    for name in filter(None, path.split(".")):
        section = next((f.type for f in msgspec.structs.fields(section) if f.name == name), None)
        if not (isinstance(section, type) and issubclass(section, msgspec.Struct)):
            return ()
    return [field.name for field in msgspec.structs.fields(section)]
