"""The encoding of a page: what it declares, checked against its bytes; a detector where it declares nothing.

Sources: https://html.spec.whatwg.org/#determining-the-character-encoding,
https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from harvester.markup.tags import ATTRIBUTE, START, attributes_end

_HEAD = 65_536  # bytes searched for a meta element: more than the standard's 1,024, as in browsers
_SAMPLE = 8_192  # bytes passed to the detector
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_FALLBACK = "windows-1252"

# The standard's encodings, the codec of each, and the codecs whose labels the standard assigns to it: a page labelled
# iso-8859-1 is in windows-1252, one labelled gb2312 may use all of gb18030.
_ENCODINGS = {
    "utf-8": ("utf-8", ""),
    "windows-1252": ("cp1252", "ascii iso8859-1"),
    "windows-1250": ("cp1250", ""),
    "windows-1251": ("cp1251", ""),
    "windows-1253": ("cp1253", ""),
    "windows-1254": ("cp1254", "iso8859-9"),
    "windows-1255": ("cp1255", ""),
    "windows-1256": ("cp1256", ""),
    "windows-1257": ("cp1257", ""),
    "windows-1258": ("cp1258", ""),
    "windows-874": ("cp874", "iso8859-11 tis-620"),
    "gbk": ("gb18030", "gb2312 gbk"),
    "gb18030": ("gb18030", ""),
    "big5": ("big5hkscs", "big5 cp950"),
    "shift_jis": ("cp932", "shift_jis"),
    "euc-jp": ("euc_jp", ""),
    "iso-2022-jp": ("iso2022_jp", ""),
    "euc-kr": ("cp949", "euc_kr"),
    "koi8-r": ("koi8-r", ""),
    "koi8-u": ("koi8-u", ""),
    "ibm866": ("cp866", ""),
    "macintosh": ("mac-roman", ""),
    "x-mac-cyrillic": ("mac-cyrillic", ""),
    "utf-16le": ("utf-16-le", "utf-16"),
    "utf-16be": ("utf-16-be", ""),
    **{f"iso-8859-{part}": (f"iso8859-{part}", "") for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
_BY_CODEC = {codec: name for name, (own, others) in _ENCODINGS.items() for codec in (own, *others.split())}
_BY_CODEC["gb18030"] = "gb18030"
_DETECTABLE = {
    _ENCODINGS[name][0].replace("-", "_"): name
    for name in (
        *(f"windows-125{page}" for page in (0, 1, 2, 3, 4, 5, 6)),
        *("windows-874", "iso-8859-2", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"),
    )
}
_LABEL = re.compile(r"[\w:.-]{1,40}", re.ASCII)
_CHARSET = re.compile(r"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r ;\"']+))", re.IGNORECASE)
_XML = re.compile(r"\A<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")
_BEYOND_ASCII = re.compile(rb"(?<=>)[^<>\x80-\xff]*+[\x80-\xff][^<>]*+")


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return the text of *body* and the standard's name of its encoding; never raises.

    In this order: byte order mark, UTF-8 that could be nothing else, charset of *content_type*, meta element, a
    detector. A declaration is ignored if it would break most of what is not ASCII.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], name), name
    plain = _strictly(body)
    if plain is not None and not plain.isascii():
        return plain, "utf-8"
    for name in _stated(body, content_type):
        text = _read(body, name)
        if _is_plausible(text) and (b"\0" in body[:_HEAD] or not name.startswith("utf-16")):
            return text, name
    if plain is not None:
        return plain, "utf-8"
    name = _detected(body)
    return _read(body, name), name


def encoding_of(label: str) -> str | None:
    """Return the standard's name of the encoding that *label* stands for, or None for an unknown label."""
    label = label.strip().lower()
    spellings = (label, label.removeprefix("x-"), label.replace("windows-", "cp"), re.sub("-[ei]$", "", label))
    for known in spellings:
        try:
            found = codecs.lookup(known).name if _LABEL.fullmatch(known) else ""
        except LookupError:
            continue
        if found in _BY_CODEC:
            return _BY_CODEC[found]
    return None


def reader_of(label: str) -> codecs.IncrementalDecoder:
    """Return an incremental decoder for the encoding that *label* stands for; UTF-8 for an unknown label.

    A label that says UTF-16 also means UTF-8, since it could not have been read in UTF-16.
    """
    name = encoding_of(label) or "utf-8"
    return codecs.getincrementaldecoder("utf-8" if name.startswith("utf-16") else _ENCODINGS[name][0])("replace")


def _strictly(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _read(body: bytes, name: str) -> str:
    return body.decode(_ENCODINGS[name][0], "replace")


def _is_plausible(text: str) -> bool:
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return not broken or 2 * broken <= len(text) - len(text.encode("ascii", "ignore"))


def _stated(body: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the encodings that the header and the page declare, in the order of the standard."""
    if content_type is not None and (found := _CHARSET.search(content_type)):
        yield from filter(None, [encoding_of(found[1] or found[2] or found[3] or "")])
    head = body[:_HEAD].decode("latin-1")
    named = head.lower()
    for label in _labels_in(head) if "charset" in named or "encoding" in named else ():
        name = encoding_of(label)
        if label.lower() == "x-user-defined":
            yield _FALLBACK
        elif name is not None:
            yield "utf-8" if name.startswith("utf-16") else name  # a page that could be read up to here is not UTF-16


def _labels_in(head: str) -> Iterator[str]:
    position = 0
    while (tag := START.search(head, position)) is not None:
        position = attributes_end(head, tag.end()) if tag["name"] else tag.end()
        if tag["name"] and tag["name"].lower() == "meta" and not tag["end"] and head.endswith(">", 0, position):
            yield from filter(None, [_label_of(_values(head, tag.end()))])
    if declared := _XML.match(head):
        yield declared[1]


def _values(text: str, position: int) -> dict[str, str]:
    """Return the attributes that start at *position*; of duplicates the first counts."""
    values: dict[str, str] = {}
    while (attribute := ATTRIBUTE.match(text, position)) is not None:
        values.setdefault(attribute["name"].lower(), (attribute["value"] or "").strip("\"'"))
        position = attribute.end()
    return values


def _label_of(meta: dict[str, str]) -> str | None:
    if "charset" in meta:
        return meta["charset"]
    found = _CHARSET.search(meta.get("content", "")) if meta.get("http-equiv", "").lower() == "content-type" else None
    return (found[1] or found[2] or found[3]) if found else None


def _detected(body: bytes) -> str:
    """Return the encoding that a detector finds for the text between the tags."""
    from charset_normalizer import from_bytes  # takes 30 ms, and hardly any page needs it

    sample = b" ".join(_BEYOND_ASCII.findall(b">" + body))[:_SAMPLE] or body[:_SAMPLE]
    matches = from_bytes(sample, cp_isolation=list(_DETECTABLE))
    best = matches.best()
    if best is None or any("cp1252" in match.could_be_from_charset for match in matches if match.chaos <= best.chaos):
        return _FALLBACK  # the Latin encodings differ in few letters, and pages in this one seldom declare it
    return _DETECTABLE[best.encoding]
