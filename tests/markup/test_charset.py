"""A page's charset: byte order mark, UTF-8 that can be nothing else, header, meta, a detector."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.markup import decode
from harvester.markup.charset import encoding_of

RUSSIAN = "Президент подписал указ о мерах поддержки экономики, сообщили в пятницу."
FRENCH = "L'été dernier, le gouvernement a décidé d'élargir les mesures déjà prises à la rentrée."
CHINESE = "港口周六重新开放，渔民们说他们等了三天。"
JAPANESE = "首相は金曜日、新しい経済対策を発表した。"

STATED = [
    ("byte order mark over the header", "é".encode("utf-8-sig"), "text/html; charset=koi8-r", "é", "utf-8"),
    ("UTF-16 by its mark", "é".encode("utf-16"), None, "é", "utf-16le"),
    ("header over meta", b'<meta charset="windows-1251">\xcf', "text/html; charset=koi8-r", None, "koi8-r"),
    ("header in quotes", b"\xcf", 'text/html; Charset="WINDOWS-1251"', "П", "windows-1251"),
    ("meta charset", b"<meta charset=windows-1251>\xcf", None, None, "windows-1251"),
    (
        "meta http-equiv",
        b'<META content="text/html; charset=windows-1251" http-equiv=Content-Type>\xcf',
        None,
        None,
        "windows-1251",
    ),
    (
        "content without http-equiv",
        b'<meta content="charset=windows-1251"><meta charset=koi8-r>\xcf',
        None,
        None,
        "koi8-r",
    ),
    ("not in a comment", b"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>\xcf", None, None, "windows-1251"),
    (
        "not in an attribute",
        b"<p title='<meta charset=koi8-r>'><meta charset=windows-1251>\xcf",
        None,
        None,
        "windows-1251",
    ),
    ("an unknown header label", b"<meta charset=koi8-r>\xcf", "text/html; charset=klingon", None, "koi8-r"),
    ("a meta element beyond the first kilobyte", b" " * 2000 + b"<meta charset=koi8-r>\xcf", None, None, "koi8-r"),
    ("UTF-16 in a meta element", b"<meta charset=utf-16>\xc3\xa9 \xff", None, None, "utf-8"),
    ("an XML declaration", b'<?xml version="1.0" encoding="windows-1251"?><html>\xcf', None, None, "windows-1251"),
    ("nothing but ASCII", b"plain", None, "plain", "utf-8"),
    ("nothing at all", b"", None, "", "utf-8"),
]


@pytest.mark.parametrize(("rule", "body", "header", "text", "name"), STATED, ids=[row[0] for row in STATED])
def test_a_page_is_read_in_the_encoding_it_states(
    rule: str, body: bytes, header: str | None, text: str | None, name: str
) -> None:
    decoded, encoding = decode(body, header)

    assert encoding == name
    assert text is None or decoded == text


def test_utf8_is_utf8_whatever_the_page_says() -> None:
    body = f"<meta charset=gb2312><p>{FRENCH}".encode()

    assert decode(body, "text/html; charset=iso-8859-1") == (body.decode(), "utf-8")


def test_a_page_that_lies_about_utf8_is_read_by_its_next_statement() -> None:
    body = b"<meta charset=windows-1251>" + RUSSIAN.encode("windows-1251")

    text, encoding = decode(body, "text/html; charset=utf-8")

    assert (RUSSIAN in text, encoding) == (True, "windows-1251")


def test_a_few_broken_characters_do_not_refute_utf8() -> None:
    body = RUSSIAN.encode()[:-2] + b"\xff"

    assert decode(body, "text/html; charset=utf-8")[1] == "utf-8"


def test_a_page_that_claims_utf16_without_being_it_is_read_on() -> None:
    assert decode(b"<p>plain</p>", "text/html; charset=utf-16") == ("<p>plain</p>", "utf-8")


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (FRENCH, "cp1252", "windows-1252"),
        (CHINESE, "gb18030", "gb18030"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "euc_jp", "euc-jp"),
    ],
)
def test_a_page_that_states_nothing_is_judged_by_its_text(text: str, codec: str, name: str) -> None:
    body = f"<html><body><p>{text}</p></body></html>".encode(codec)

    decoded, encoding = decode(body)

    assert (text in decoded, encoding) == (True, name)


LABELS = [
    ("ISO-8859-1", "windows-1252"),
    ("latin1", "windows-1252"),
    ("us-ascii", "windows-1252"),
    ("iso-8859-9", "windows-1254"),
    ("gb2312", "gbk"),
    ("x-gbk", "gbk"),
    ("x-sjis", "shift_jis"),
    ("ks_c_5601-1987", "euc-kr"),
    ("windows-949", "euc-kr"),
    ("tis-620", "windows-874"),
    ("iso-8859-8-i", "iso-8859-8"),
    (" UTF8 ", "utf-8"),
    ("base64", None),
    ("rot13", None),
    ("utf-7", None),
    ("unicode_escape", None),
    ("idna", None),
    ("a\0b", None),
    ("", None),
]


@pytest.mark.parametrize(("label", "name"), LABELS)
def test_labels_mean_what_the_standard_says(label: str, name: str | None) -> None:
    assert encoding_of(label) == name


@given(st.binary(max_size=300), st.none() | st.text(max_size=60).map(lambda label: f"text/html; charset={label}"))
def test_any_bytes_give_text_that_can_be_written_down(body: bytes, content_type: str | None) -> None:
    text, _ = decode(body, content_type)

    assert text.encode().decode() == text
