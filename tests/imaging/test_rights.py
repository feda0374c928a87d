"""Who made a picture and what may be done with it, as the file itself says; nothing is believed that is malformed."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from harvester.imaging.examine import opened
from harvester.imaging.metadata.iptc import read_iptc
from harvester.imaging.metadata.xmp import read_xmp
from harvester.model import Rights
from tests.support.pictures import chunk, exif, jpeg_with, photo, png_with, saved

C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
  xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
  photoshop:Credit="Harbour Press" xmpRights:WebStatement="https://press.example/licence">
 <dc:creator><rdf:Seq><rdf:li>Ida Larsen</rdf:li><rdf:li>Olu Ade</rdf:li></rdf:Seq></dc:creator>
 <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2024 Harbour Press</rdf:li>
   <rdf:li xml:lang="de">Alle Rechte</rdf:li></rdf:Alt></dc:rights>
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Ships at dawn</rdf:li></rdf:Alt></dc:description>
 <photoshop:Source>Harbour Archive</photoshop:Source>
 <photoshop:DateCreated>2024-05-01T06:12:00+02:00</photoshop:DateCreated>
 <ext:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture</ext:DigitalSourceType>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()

FROM_XMP = Rights(
    creator="Ida Larsen, Olu Ade",
    credit="Harbour Press",
    copyright="© 2024 Harbour Press",
    license="https://press.example/licence",
    source="Harbour Archive",
    c2pa=False,
    caption="Ships at dawn",
    date="2024-05-01T06:12:00+02:00",
    digital_source_type="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
)


def rights(source: bytes) -> Rights | None:
    with opened(source, max_pixels=1_000_000) as picture:
        return picture.measured.rights


def data_set(number: int, text: str, record: int = 2, encoding: str = "utf-8") -> bytes:
    value = text.encode(encoding)
    return bytes([0x1C, record, number]) + len(value).to_bytes(2) + value


def photoshop(block: bytes) -> bytes:
    padding = b"\0" * (len(block) % 2)
    return b"Photoshop 3.0\0" + b"8BIM" + struct.pack(">HBBI", 0x0404, 0, 0, len(block)) + block + padding


IPTC = b"".join(
    [
        data_set(80, "Ida Larsen"),
        data_set(80, "Olu Ade"),
        data_set(110, "Harbour Press"),
        data_set(115, "Harbour Archive"),
        data_set(116, "© 2024 Harbour Press"),
        data_set(120, "Ships at dawn"),
        data_set(55, "20240501"),
    ]
)
FROM_IPTC = Rights(
    creator="Ida Larsen, Olu Ade",
    credit="Harbour Press",
    copyright="© 2024 Harbour Press",
    source="Harbour Archive",
    c2pa=False,
    caption="Ships at dawn",
    date="2024-05-01",
)


def test_a_picture_that_says_nothing_has_no_rights() -> None:
    assert rights(saved(photo(), "JPEG")) is None


def xmp_in_tiff() -> bytes:
    fields = ImageFileDirectory_v2()
    fields[700] = XMP
    fields.tagtype[700] = 1
    return saved(photo(), "TIFF", tiffinfo=fields)


WITH_XMP: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved(photo(), "JPEG", xmp=XMP),
    "png": lambda: png_with(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "png, behind the pixels": lambda: (
        saved(photo(), "PNG")[:-12] + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP) + chunk(b"IEND", b"")
    ),
    "webp": lambda: saved(photo(), "WEBP", xmp=XMP),
    "avif": lambda: saved(photo(), "AVIF", xmp=XMP, speed=10),
    "tiff": xmp_in_tiff,
}


@pytest.mark.parametrize("name", WITH_XMP)
def test_xmp_is_read_wherever_it_lies(name: str) -> None:
    assert rights(WITH_XMP[name]()) == FROM_XMP


def test_iptc_is_read() -> None:
    assert rights(jpeg_with((0xED, photoshop(IPTC)))) == FROM_IPTC


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_exif_is_read(form: str) -> None:
    block = exif(artist="Ida Larsen", copyright="Harbour Press", description="Ships", taken="2024:05:01 06:12:00")

    told = rights(saved(photo(), form, exif=block))

    assert told == Rights(
        creator="Ida Larsen", copyright="Harbour Press", c2pa=False, caption="Ships", date="2024-05-01T06:12:00"
    )


def test_xmp_is_trusted_before_iptc_and_iptc_before_exif() -> None:
    block = exif(artist="from EXIF", copyright="from EXIF", description="from EXIF")
    iptc = photoshop(data_set(80, "from IPTC") + data_set(116, "from IPTC"))
    xmp = XMP.replace(b"Ida Larsen", b"from XMP").replace(b"<rdf:li>Olu Ade</rdf:li>", b"")
    xmp = xmp.replace(b"dc:rights", b"dc:wrongs").replace(b"dc:description", b"dc:subject")

    told = rights(jpeg_with((0xED, iptc), picture=saved(photo(), "JPEG", exif=block, xmp=xmp)))

    assert told is not None
    assert (told.creator, told.copyright, told.caption) == ("from XMP", "from IPTC", "from EXIF")


LINK = b'<cc:license xmlns:cc="http://creativecommons.org/ns#" rdf:resource="https://cc.example/by"/>'
ALTERNATIVES = b"<xmpRights:UsageTerms><rdf:Alt><rdf:li>News only</rdf:li></rdf:Alt></xmpRights:UsageTerms>"


@pytest.mark.parametrize(
    ("property_", "field", "value"),
    [
        (LINK, "license", "https://cc.example/by"),
        (ALTERNATIVES, "license", "News only"),
        (b"<dc:creator>One name</dc:creator>", "creator", "One name"),
        (b"<dc:creator><rdf:Bag><rdf:li/></rdf:Bag></dc:creator>", "creator", None),
    ],
)
def test_a_property_may_be_text_a_link_or_a_list(property_: bytes, field: str, value: str | None) -> None:
    head = XMP[: XMP.index(b"  photoshop:Credit")] + b">" + property_
    packet = head + b"</rdf:Description></rdf:RDF></x:xmpmeta>"

    assert read_xmp(packet).get(field) == value


BAD_XMP = {
    "billion laughs": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + XMP.replace(b"Ships", b"&b;"),
    "a file from the disk": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + XMP.replace(b"Ships", b"&a;"),
    "cut": XMP[:700],
    "not XML": b"\xff\xfe\0nonsense",
    "too large": XMP.replace(b"Ships", b"S" * 2_000_001),
    "empty": b"",
}


@pytest.mark.parametrize("name", BAD_XMP)
def test_a_bad_packet_says_nothing(name: str) -> None:
    assert read_xmp(BAD_XMP[name]) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("announcement", [b"\x1c\x01\x5a\0\x03\x1b%G", b""], ids=["announced", "unsaid"])
def test_iptc_is_decoded_whatever_it_says_of_its_encoding(encoding: str, announcement: bytes) -> None:
    assert read_iptc(announcement + data_set(80, "Zoë Müller", encoding=encoding)) == {"creator": "Zoë Müller"}


@given(st.binary(max_size=200))
def test_iptc_of_any_bytes_is_read_without_an_error(block: bytes) -> None:
    read_iptc(b"\x1c\x02" + block)


@given(st.binary(max_size=200))
def test_xmp_of_any_bytes_is_read_without_an_error(packet: bytes) -> None:
    read_xmp(packet)


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ("2024:05:01 06:12:00", "2024-05-01T06:12:00"),
        ("2024:05:01", "2024-05-01"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_iso_8601_or_nothing(told: str, date: str | None) -> None:
    told_rights = rights(saved(photo(), "JPEG", exif=exif(artist="A", taken=told)))

    assert told_rights is not None
    assert told_rights.date == date


def test_control_characters_and_endless_texts_do_not_pass() -> None:
    told = rights(jpeg_with((0xED, photoshop(data_set(80, "A\x1b[31m\r\nB\0") + data_set(120, "x" * 20_000)))))

    assert told is not None
    assert told.creator == "A [31m \nB"
    assert len(told.caption or "") == 4_000


@pytest.mark.parametrize(
    "block",
    [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", exif(artist="A", copyright="B")[:30], b"Exif\0\0"],
    ids=["nonsense", "far away", "cut", "empty"],
)
@pytest.mark.filterwarnings(r"ignore:::PIL\.")
def test_a_damaged_exif_block_spoils_nothing(block: bytes) -> None:
    with opened(jpeg_with((0xE1, block)), max_pixels=1_000_000) as picture:
        assert picture.measured.width == 200


WITH_C2PA: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: jpeg_with((0xEB, b"JP\0\1\0\0\0\1\0\0\0\x60jumb\0\0\0\x28jumdc2pa\0\x11\0\x10")),
    "png": lambda: png_with(chunk(b"caBX", b"\0\0\0\x20jumb")),
    "webp": lambda: _riff_with(saved(photo(), "WEBP"), b"C2PA" + struct.pack("<I", 8) + b"\0\0\0\x08jumb"),
    "gif": lambda: _gif_with(saved(photo().quantize(8), "GIF"), b"\x21\xff\x0bC2PA_GIF\x01\0\0\x02ab\0"),
    "avif": lambda: saved(photo(), "AVIF", speed=10) + struct.pack(">I", 40) + b"uuid" + C2PA_BOX + bytes(16),
    "tiff": lambda: saved(photo(), "TIFF", tiffinfo={0xCD41: b"jumb"}),
}


def _riff_with(whole: bytes, added: bytes) -> bytes:
    return whole[:4] + (len(whole) + len(added) - 8).to_bytes(4, "little") + whole[8:] + added


def _gif_with(whole: bytes, block: bytes) -> bytes:
    return whole[:-1] + block + b";"


@pytest.mark.parametrize("name", WITH_C2PA)
def test_a_c2pa_manifest_is_told_and_not_judged(name: str) -> None:
    assert rights(WITH_C2PA[name]()) == Rights(c2pa=True)
