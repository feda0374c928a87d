"""manifest.json says everything, validates, and reads back to the same values."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from harvester.errors import StorageError
from harvester.manifest import codec
from harvester.model import (
    Article,
    Attempt,
    Best,
    Derived,
    Failed,
    File,
    Image,
    LeftOut,
    Manifest,
    Outcome,
    Page,
    Planned,
    Problem,
    Repair,
    Rights,
    Saved,
    Skipped,
    Source,
    Thumbnail,
    Variant,
    Video,
)
from tests.support.command import environment

FILE = File(
    path="images/01-a.png", url="https://cdn.example/a.png", sha256="0" * 64, bytes=3, type="image/png", width=9
)
SAVED = Saved(
    file=FILE,
    duplicate_of="example.org/other/images/03-b.png",
    fingerprint="00ff00ff00ff00ff",
    rights=Rights(creator="Ana Example"),
    thumbnails=(Thumbnail(path="thumbnails/01-a-320.jpg", width=320, height=180, type="image/jpeg", bytes=12),),
)
FAILED = Failed(error=Problem(code="http_404", message="gone", retryable=False))
OUTCOMES: list[Outcome] = [Planned(), SAVED, Skipped(reason="not asked for"), FAILED]


def manifest(*images: Image, videos: tuple[Video, ...] = ()) -> Manifest:
    article = Article(
        url="https://example.org/a",
        canonical_url=None,
        urls=("https://example.org/a",),
        key="abcdefghijklmnop",
        site="Example",
        title="Title \u202e with <b>",
        published="2023-09-15T15:45:01Z",
        modified=None,
        language="en",
        authors=("Ana Example",),
        description=None,
        source=Source(kind="page", given="https://example.org/a"),
        page=Page(status=200),
        repairs=(Repair(kind="glued-tag", count=3),),
    )
    return Manifest(
        generator="harvester 0",
        run="r",
        config_digest="d",
        harvested_at="2026-01-01T00:00:00+00:00",
        article=article,
        images=images,
        left_out=(LeftOut(url="https://example.org/logo.png", reason="logo"),),
        videos=videos,
    )


def image(outcome: Outcome, number: int = 1) -> Image:
    return Image(
        number=number,
        variants=(Variant(url="https://cdn.example/a.png", width=9, density=1.5, origin="img srcset"),),
        derived=(Derived(url="https://cdn.example/o.png", rule="x", expects="original"),),
        best=Best(url="https://cdn.example/a.png", width=9, reason="the only one"),
        attempts=(Attempt(url="https://cdn.example/a.png", result="accepted", status=200),),
        outcome=outcome,
    )


def full() -> Manifest:
    images = [image(outcome, number) for number, outcome in enumerate(OUTCOMES, 1)]
    videos = tuple(
        Video(
            number=n,
            provider="youtube",
            id="6lTJUeCKJXE",
            url="https://y.example",
            outcome=outcome,
            poster=image(outcome),
        )
        for n, outcome in enumerate(OUTCOMES, 1)
    )
    return manifest(*images, videos=videos)


def written(value: Manifest) -> Any:
    return msgspec.json.decode(codec.dump(value))


def test_what_is_written_is_read_back_the_same() -> None:
    without_poster_extras = full()
    assert codec.load(codec.dump(without_poster_extras)).images == without_poster_extras.images
    assert codec.load(codec.dump(manifest())) == manifest()


def test_every_written_manifest_validates_against_its_own_schema() -> None:
    schema = codec.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for value in (full(), manifest()):
        jsonschema.validate(written(value), schema)


def test_an_outcome_stands_flat_beside_its_image_and_absent_facts_are_null() -> None:
    saved = written(manifest(image(SAVED)))["images"][0]
    planned = written(manifest(image(Planned())))["images"][0]

    assert (saved["status"], saved["file"]["sha256"], saved["error"]) == ("saved", "0" * 64, None)
    assert (planned["status"], planned["file"], planned["thumbnails"]) == ("planned", None, [])
    assert "outcome" not in saved


@pytest.mark.parametrize(
    ("status", "field"), [("saved", "file"), ("failed", "error"), ("skipped", "reason")], ids=lambda v: str(v)
)
def test_the_schema_refuses_a_status_without_what_it_promises(status: str, field: str) -> None:
    plain = written(full())
    item = next(item for item in plain["images"] if item["status"] == status)
    item[field] = None

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, codec.schema())


def test_keys_of_another_version_are_kept_when_a_manifest_is_written_again() -> None:
    plain = written(full())
    plain["annotations"] = ["mine"]
    plain["article"]["desk"] = "foreign"
    plain["images"][1]["stars"] = 5
    again = msgspec.json.decode(codec.dump(full(), msgspec.json.encode(plain)))

    assert again["annotations"] == ["mine"]
    assert again["article"]["desk"] == "foreign"
    assert again["images"][1]["stars"] == 5


def test_unknown_keys_do_not_stop_a_reader() -> None:
    plain = written(manifest(image(SAVED)))
    plain["images"][0]["stars"] = 5
    plain["images"][0]["file"]["colour"] = "red"

    assert codec.load(msgspec.json.encode(plain)).images[0].outcome == SAVED


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "manifest_damaged"),
        (b"{", "manifest_damaged"),
        (b"[]", "manifest_damaged"),
        (b"\xff\xfe", "manifest_damaged"),
        (b'{"format": 1}', "manifest_damaged"),
        (b'{"format": 1, "images": [1]}', "manifest_damaged"),
        (b'{"format": 2}', "manifest_newer"),
        (b'{"format": "1"}', "manifest_newer"),
    ],
)
def test_a_damaged_or_newer_manifest_is_refused_in_words(data: bytes, code: str) -> None:
    with pytest.raises(StorageError) as told:
        codec.load(data)
    assert told.value.code == code


def test_one_line_is_one_line() -> None:
    line = codec.line(full())

    assert b"\n" not in line
    assert msgspec.json.decode(line) == written(full())


_TOGETHER = """
import sys, threading
from pathlib import Path
from harvester.manifest import codec

raw, begin = Path(sys.argv[1]).read_bytes(), threading.Barrier(8)

def read():
    begin.wait()
    codec.load(raw)

sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_the_first_manifests_of_a_process_may_be_read_by_many_threads_at_once(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(codec.dump(full()))
    command = [sys.executable, "-c", _TOGETHER, str(path)]
    ends = [subprocess.run(command, env=environment(), timeout=60, check=False).returncode for _ in range(3)]

    assert ends == [0, 0, 0]
