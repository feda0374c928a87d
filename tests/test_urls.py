"""URLs are read as browsers read them and kept as they were published."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import urls

RESOLVED = [
    ("https://a.example/x?y=%2C%3A%7E;z|", None, "https://a.example/x?y=%2C%3A%7E;z|"),
    ("//cdn.example/a b.jpg", "https://a.example/", "https://cdn.example/a%20b.jpg"),
    ("../é.png", "https://a.example/b/c/d", "https://a.example/b/%C3%A9.png"),
    ("\n  /x\t.jpg ", "https://a.example/", "https://a.example/x.jpg"),
    (r"\\cdn.example\x.jpg", "https://a.example/", "https://cdn.example/x.jpg"),
    ("http://0x7f.1/", None, "http://127.0.0.1/"),
    ("HTTP://EXAMPLE.org:80/A", None, "http://example.org/A"),
    ("https://exämple.example/", None, "https://xn--exmple-cua.example/"),
    ("?w=1", "https://a.example/x.jpg?w=2", "https://a.example/x.jpg?w=1"),
    ("https://a.example/x#part", None, "https://a.example/x"),
    ("javascript:alert(1)", "https://a.example/", None),
    ("data:image/gif;base64,AAAA", "https://a.example/", None),
    ("file:///etc/passwd", "https://a.example/", None),
    ("http://[::1", None, None),
    ("http://", None, None),
    ("relative.jpg", None, None),
    ("https://ana:secret@a.example/x?b=%2C", None, "https://a.example/x?b=%2C"),
    ("//ana:secret@b.example/@ana/x", "https://a.example/", "https://b.example/@ana/x"),
    ("https:ana:secret@a.example", None, "https://a.example/"),
    ("https:\\\\ana:s@cret@a.example\\x", None, "https://a.example/x"),
    ("x.jpg", "https://ana:secret@a.example/", "https://a.example/x.jpg"),
    ("https://a.example/@ana?mail=a@b", None, "https://a.example/@ana?mail=a@b"),
]


@pytest.mark.parametrize(("url", "base", "expected"), RESOLVED)
def test_a_url_is_resolved_as_a_browser_resolves_it(url: str, base: str | None, expected: str | None) -> None:
    assert urls.resolve_web(url, base) == expected


CANONICAL = [
    ("https://a.example/x?utm_source=n&id=3&fbclid=z#top", "https://a.example/x?id=3"),
    ("https://user:secret@a.example/x", "https://a.example/x"),
    ("https://a.example/story/amp/", "https://a.example/story"),
    ("https://a.example/story.amp.html", "https://a.example/story.html"),
    ("https://www-a-example.cdn.ampproject.org/c/s/www.a.example/story?usqp=mq331", "https://www.a.example/story"),
    ("https://a.example/x?b=2&a=1", "https://a.example/x?b=2&a=1"),
    ("https://a.example/camp", "https://a.example/camp"),
]


@pytest.mark.parametrize(("url", "expected"), CANONICAL)
def test_two_spellings_of_one_page_have_one_form(url: str, expected: str) -> None:
    assert urls.canonical(url) == expected


def test_the_key_is_the_same_for_http_and_https_and_another_for_another_page() -> None:
    assert urls.key_of("http://a.example/x?utm_medium=m") == urls.key_of("https://a.example/x#y")
    assert urls.key_of("https://a.example/x") != urls.key_of("https://a.example/y")
    assert len(urls.key_of("https://a.example/x")) == 16


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("https://a.b.example.com/x", "example.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("[::1]", "[::1]"),
        ("co.uk", "co.uk"),
        ("news.blatt.xn--55qx5d.cn", "blatt.xn--55qx5d.cn"),
    ],
)
def test_the_registered_domain_follows_the_public_suffix_list(name: str, expected: str) -> None:
    assert urls.registered_domain(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-file"),
        ("", ""),
        ("...", ""),
        ("\u202egnp.exe", "gnp-exe"),
        ("-rf", "rf"),
        ("a\0b/c\\d\x1b[31m", "a-b-c-d-31m"),
        ("Straße – Ünïcode", "strasse-ünïcode"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("漢" * 100, "漢" * 20),
        ("e\u0301", "é"),
    ],
)
def test_a_slug_is_a_safe_file_name(text: str, expected: str) -> None:
    assert urls.slug(text) == expected


@given(st.text())
def test_a_slug_never_leaves_its_folder_and_always_fits(text: str) -> None:
    name = urls.slug(text)

    assert len(name.encode()) <= 65
    assert not set(name) & set("/\\\0\n. ")
    assert urls.slug(name) in (name, name.removesuffix("-file"), f"{name}-file") or name.startswith(urls.slug(name))


@given(st.text(alphabet=string.printable + "\u202e\u2028\x1b\x9b"))
def test_printable_text_has_no_control_characters(text: str) -> None:
    assert urls.printable(text).isprintable()


@given(st.text())
def test_any_text_resolves_or_is_refused_without_an_error(text: str) -> None:
    resolved = urls.resolve_web(text, "https://a.example/b/")

    assert resolved is None or urls.resolve_web(resolved) == resolved


def test_credentials_never_show() -> None:
    assert urls.redact("https://user:secret@a.example/x?y=1") == "https://a.example/x?y=1"
    assert urls.redact("https://a.example/@user?to=a@b") == "https://a.example/@user?to=a@b"


@pytest.mark.parametrize(
    "url",
    [
        "https://user:secret@[broken/x",
        "https://user:pass/secret@a.example/",
        "https://user:pass#secret@a.example/",
        "//user:secret@a.example/",
        "\\\\user:secret@a.example/",
        "http://user:se@cret:secret@a exa mple/",
        "user:secret@a.example/x",
        "user:secret@a.example",
        "ftp://user:secret@a.example/",
        "ht\ntp://user:secret@a.example:port/",
    ],
)
def test_a_message_quotes_no_password_of_what_is_no_address(url: str) -> None:
    assert "secret" not in urls.legible(url)
    assert "a.example" in urls.legible(url) or "broken" in url or "exa mple" in url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("proxy http://ana:secret@p.example:1/ is down", "proxy http://p.example:1/ is down"),
        ("(caused by 'https://ana:s@cret@p.example')", "(caused by 'https://p.example')"),
        ("at http:ana:secret@p.example and //:secret@q.example", "at http:p.example and //q.example"),
        ("at HTTP:\\\\ana:secret@p.example", "at HTTP:\\\\p.example"),
        ("write to desk@a.example or mailto:desk@a.example", "write to desk@a.example or mailto:desk@a.example"),
        ("file:///home/a@b/c and https://a.example/@ana", "file:///home/a@b/c and https://a.example/@ana"),
    ],
)
def test_a_sentence_loses_the_logins_of_its_addresses(text: str, expected: str) -> None:
    assert urls.printable(text) == urls.without_logins(text) == expected


def test_a_login_is_gone_before_a_sentence_is_cut() -> None:
    assert urls.printable(f"{'x' * 30} http://ana:secret@a.example/", limit=44) == f"{'x' * 30} http://a.exam"


@given(st.text(alphabet="htp:/\\@ .ab?#\n"))
def test_no_text_with_a_login_survives_either_way(text: str) -> None:
    assert urls.without_logins(urls.without_logins(text)) == urls.without_logins(text)
    resolved = urls.resolve_web(f"http://ana:secret@a.example/{text}")
    assert resolved is None or urls.login(resolved) is None


@pytest.mark.parametrize("url", ["mailto:desk@a.example", "data:text/html,a@b", "file:///a@b", "a:b@c", "file:x"])
def test_a_url_that_can_have_no_credentials_is_told_as_it_is(url: str) -> None:
    assert urls.redact(url) == urls.legible(url) == urls.canonical(url) == url
