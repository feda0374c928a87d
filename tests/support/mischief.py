"""A child in the place of yt-dlp's that does not keep to what was agreed; the end of an order's URL says how.

That is its fragment, or in an article, where it has none, the video's id with its underscores taken off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

FILM = b"\0\0\0\x18ftypmp42" + bytes(500)


def main() -> None:
    sys.stdin.readline()
    for line in sys.stdin:
        order = json.loads(line)
        deed = order["url"].partition("#")[2] or order["url"].rpartition("=")[2].rstrip("_")
        folder = Path(order["folder"])
        (folder / "film.mp4").write_bytes(FILM)
        if deed in DEEDS:
            DEEDS[deed](folder)
        else:
            say(deed.encode())


def say(*lines: bytes) -> None:
    for line in lines:
        sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def fetched(name: str = "film.mp4", **more: object) -> bytes:
    return json.dumps({"type": "fetched", "name": name, **more}).encode()


def _names_a_link(folder: Path) -> None:
    (folder / "link.mp4").symlink_to(folder.parent / "private.txt")
    say(fetched("link.mp4"))


def _names_a_folder(folder: Path) -> None:
    (folder / "inner").mkdir()
    say(fetched("inner"))


def _names_what_is_deeper(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "film.mp4").write_bytes(FILM)
    say(fetched("deep/film.mp4"))


def _names_foreign_captions(folder: Path) -> None:
    foreign = str(folder.parent / "private.txt")
    captions = [{"name": name, "language": "en", "kind": "manual"} for name in (foreign, "film.mp4", "gone.vtt")]
    say(fetched(captions=captions, info_json=foreign))


def _writes_without_end(folder: Path) -> None:
    for piece in repeat(b"x" * 65_536):
        sys.stdout.buffer.write(piece)


def _tells_without_end(folder: Path) -> None:
    for line in repeat(b'{"type":"progressed","phase":"download","bytes":1}'):
        say(line)


def _empty_lines_without_end(folder: Path) -> None:
    for piece in repeat(b"\n" * 65_536):
        sys.stdout.buffer.write(piece)


def _complains_without_end(folder: Path) -> None:
    for piece in repeat(b"what a day\n" * 5_000):
        sys.stderr.buffer.write(piece)


def _complains_at_length(folder: Path) -> None:
    sys.stderr.buffer.write(b"what a day\n" * 1_000_000)
    say(fetched())


def _leaves_somebody_behind(folder: Path) -> None:
    """End, while somebody in a session of its own still holds the pipes."""
    left = subprocess.Popen(["sleep", "60"], start_new_session=True)
    (folder / "left.pid").write_text(str(left.pid))
    os._exit(3)


def _last_words(folder: Path) -> None:
    sys.stderr.write("Unable to connect to proxy http://reader:s3cret@proxy.example:1/ \x1b]0;owned\x07")
    sys.stderr.flush()
    os._exit(3)


DEEDS: dict[str, Callable[[Path], None]] = {
    "good": lambda folder: say(fetched()),
    "twice": lambda folder: say(fetched(), fetched("other.mp4")),
    "absolute": lambda folder: say(fetched(str(folder.parent / "private.txt"))),
    "above": lambda folder: say(fetched("../private.txt")),
    "backslash": lambda folder: say(fetched("..\\private.txt")),
    "itself": lambda folder: say(fetched(".")),
    "parent": lambda folder: say(fetched("..")),
    "nothing": lambda folder: say(fetched("")),
    "nul": lambda folder: say(fetched("film.mp4\0")),
    "long": lambda folder: say(fetched("f" * 5_000)),
    "missing": lambda folder: say(fetched("gone.mp4")),
    "link": _names_a_link,
    "folder": _names_a_folder,
    "deeper": _names_what_is_deeper,
    "captions": _names_foreign_captions,
    "blank": lambda folder: say(b""),
    "bytes": lambda folder: say(b'{"type":"passed","reason":"\xff\xfe"}'),
    "nested": lambda folder: say(b'{"type":"passed","x":' + b"[" * 200_000),
    "number": lambda folder: say(b'{"type":"progressed","phase":"merge","bytes":' + b"9" * 400 + b"}"),
    "below zero": lambda folder: say(b'{"type":"progressed","phase":"merge","bytes":-1}'),
    "half letter": lambda folder: say(b'{"type":"passed","reason":"\\ud800"}'),
    "endless line": _writes_without_end,
    "endless lines": _tells_without_end,
    "endless nothing": _empty_lines_without_end,
    "endless complaints": _complains_without_end,
    "complaints": _complains_at_length,
    "left behind": _leaves_somebody_behind,
    "last words": _last_words,
}

if __name__ == "__main__":
    main()
