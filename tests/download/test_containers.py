"""Video and sound files are known by their first bytes."""

from __future__ import annotations

import pytest

from harvester.download.media_types import LOOKED_AT, container, is_playlist
from tests.support import films
from tests.support.pictures import photo, saved


@pytest.mark.parametrize(
    ("start", "mime"),
    [
        (films.both(), "video/mp4"),
        (films.sound(), "audio/mp4"),
        (films.webm(), "video/webm"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x93B\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"OggS\0\x02", "application/ogg"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"FLV\x01\x05", "video/x-flv"),
        (b"G" + bytes(187) + b"G" + bytes(187) + b"G", "video/mp2t"),
        (b"ID3\x04\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
    ],
)
def test_a_film_is_known_by_its_bytes(start: bytes, mime: str) -> None:
    found = container(start[:LOOKED_AT])

    assert found is not None
    assert found.mime == mime


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"<html>",
        b"#EXTM3U\n",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"\0\0\0\x1cftypavif",
        b"\0\0\0\x18ftypheic",
        saved(photo(), "JPEG"),
        saved(photo(), "PNG"),
        b"\x1aE\xdf\xa3",
        b"G" + bytes(400),
    ],
)
def test_pictures_markup_and_fragments_are_no_films(start: bytes) -> None:
    assert container(start[:LOOKED_AT]) is None


@pytest.mark.parametrize("start", [b"#EXTM3U\n#EXT-X-VERSION:3", b'<?xml version="1.0"?>\n<MPD xmlns="x">', b"<MPD>"])
def test_lists_of_pieces_are_known(start: bytes) -> None:
    assert is_playlist(start)


def test_markup_is_no_list_of_pieces() -> None:
    assert not is_playlist(b"<html><body>#EXTM3U")
