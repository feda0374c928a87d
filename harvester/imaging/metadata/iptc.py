"""IPTC-IIM (version 4.2): the older of the two forms in which agencies describe their pictures."""

from __future__ import annotations

from collections.abc import Iterator

MARK = 0x1C
ENVELOPE, APPLICATION = 1, 2
CHARACTER_SET = 90
UTF_8 = b"\x1b%G"
FIELDS = {80: "creator", 110: "credit", 116: "copyright", 115: "source", 120: "caption", 55: "date"}
"""Data sets of the application record, under the names of `model.Rights`."""


def read_iptc(block: bytes) -> dict[str, str]:
    """Return the fields of a block; reading stops where the block makes no sense."""
    encoding = "utf-8"
    found: dict[str, list[str]] = {}
    for record, number, value in _data_sets(block):
        if (record, number) == (ENVELOPE, CHARACTER_SET) and value != UTF_8:
            encoding = "cp1252"
        elif record == APPLICATION and number in FIELDS:
            found.setdefault(FIELDS[number], []).append(_text(value, encoding))
    texts = {name: ", ".join(values) for name, values in found.items()}
    if "date" in texts:
        texts["date"] = _with_hyphens(texts["date"])
    return texts


def _data_sets(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while position + 5 <= len(block) and block[position] == MARK:
        record, number = block[position + 1], block[position + 2]
        length = int.from_bytes(block[position + 3 : position + 5])
        value = block[position + 5 : position + 5 + length]
        if length & 0x8000 or len(value) < length:
            return  # an extended data set, which holds pictures, or a truncated one
        yield record, number, value
        position += 5 + length


def _text(value: bytes, encoding: str) -> str:
    """Return *value* decoded as declared; undeclared UTF-8 and Windows-1252 are common too."""
    try:
        return value.decode(encoding)
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def _with_hyphens(date: str) -> str:
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 and date.isdigit() else date
