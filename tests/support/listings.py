"""Feeds, sitemaps and lists of feeds in every public format, written by us; the broken ones are named so."""

from __future__ import annotations

BASE = "https://news.example"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rss(items: str, *, version: str = "2.0", spaces: str = "", channel: str = "") -> str:
    """An RSS document around some items."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="{version}" {spaces}><channel><title>News</title>'
        f"<link>{BASE}/</link><description>All of it</description>{channel}{items}</channel></rss>"
    )


def item(number: int, more: str = "") -> str:
    """One item of RSS."""
    return f"<item><title>Story {number}</title><link>{BASE}/2026/03/story-{number}</link>{more}</item>"


def atom(entries: str, *, attributes: str = "") -> str:
    """An Atom document around some entries."""
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>N</title>{entries}</feed>'
    )


def entry(number: int, more: str = "") -> str:
    """One entry of Atom."""
    return (
        f"<entry><title>Story {number}</title><id>urn:story:{number}</id>"
        f'<link href="{BASE}/2026/03/story-{number}"/>{more}</entry>'
    )


_NETSCAPE = '"-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"'
_RDF = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{}" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>N</title></channel>{}</rdf:RDF>'
)

FEEDS: dict[str, str | bytes] = {
    "rss 0.90": _RDF.format("http://channel.netscape.com/rdf/simple/0.9/", item(1)),
    "rss 0.91": rss(item(1), version="0.91"),
    "rss 0.91 with its doctype": rss(item(1), version="0.91").replace("\n", f"\n<!DOCTYPE rss PUBLIC {_NETSCAPE}>\n"),
    "rss 0.92": rss(
        item(1, '<enclosure url="https://cdn.example/1.jpg" type="image/jpeg" length="9"/>'), version="0.92"
    ),
    "rss 0.93": rss(item(1), version="0.93"),
    "rss 1.0": _RDF.format("http://purl.org/rss/1.0/", item(1, "<dc:date>2026-03-02T10:00:00+01:00</dc:date>")),
    "rss 2.0": rss(item(1, "<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate>")),
    "rss 2.0 in utf-16": rss(item(1)).replace("utf-8", "utf-16").encode("utf-16"),
    "rss 2.0 in windows-1251": rss("<item><title>Мост открыт</title><link>/2026/03/story-1</link></item>")
    .replace("utf-8", "windows-1251")
    .encode("cp1251"),
    "rss 2.0 whose links are permalinks": rss(f"<item><title>A</title><guid>{BASE}/2026/03/story-1</guid></item>"),
    "rss 2.0 with a counting redirect": rss(
        "<item><title>A</title><link>https://counter.example/~r/1</link>"
        f"<feedburner:origLink>{BASE}/2026/03/story-1</feedburner:origLink></item>",
        spaces='xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
    ),
    "rss 2.0 with relative links": rss("<item><title>A</title><link>/2026/03/story-1</link></item>"),
    "atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>N</title>' + entry(1) + "</feed>",
    "atom 1.0": atom(entry(1, "<published>2026-03-02T09:00:00Z</published>")),
    "atom 1.0 with xml:base": atom(
        '<entry><title>A</title><link rel="enclosure" href="/x.jpg"/>'
        '<link rel="alternate" href="2026/03/story-1"/></entry>',
        attributes=f'xml:base="{BASE}/"',
    ),
    "atom 1.0 with a prefix": '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>N</a:title><a:entry><a:title>A</a:title>'
    f'<a:link href="{BASE}/2026/03/story-1"/></a:entry></a:feed>',
    "json feed 1.0": '{"version": "https://jsonfeed.org/version/1", "title": "N", "items": [{"id": "1", "url": '
    f'"{BASE}/2026/03/story-1", "title": "A", "author": {{"name": "Ana Ruiz"}}}}]}}',
    "json feed 1.1": '\ufeff{"version":"https:\\/\\/jsonfeed.org\\/version\\/1.1","title":"N","items":[{"id":'
    f'"{BASE}/2026/03/story-1","title":"A & B <i>","content_text":"Hi","image":"/1.jpg"}}]}}',
    "broken: an ampersand alone": rss(item(1, "<category>Arts & Letters</category>")),
    "broken: cut in the middle": rss(item(1) + item(2))[:-60],
    "broken: a prefix nobody declared": rss(item(1, '<media:thumbnail url="https://cdn.example/1.jpg"/>')),
    "broken: white space before the declaration": "\n\n " + rss(item(1)),
    "broken: html entities": rss(item(1, "<category>caf&eacute;&nbsp;</category>")),
    "broken: a control character": rss(item(1, "<category>\x08</category>")),
    "broken: another encoding than it says": rss(item(1, "<category>déjà vu</category>")).encode("cp1252"),
    "broken: two roots": rss(item(1)) + "<rss/>",
}
"""Every one of them leads to story 1."""

_SETS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_EXTENSIONS = (
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
)


def urlset(urls: str, *, spaces: str = f"{_SETS} {_EXTENSIONS}") -> str:
    """A sitemap around some urls."""
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {spaces}>{urls}</urlset>'


def page(number: int, more: str = "") -> str:
    """One url of a sitemap."""
    return f"<url><loc>{BASE}/2026/03/story-{number}</loc>{more}</url>"


SITEMAPS: dict[str, str | bytes] = {
    "plain": urlset(page(1, "<lastmod>2026-03-02</lastmod><priority>0.5</priority>")),
    "news": urlset(
        page(
            1,
            "<news:news><news:publication><news:name>N</news:name><news:language>de</news:language></news:publication>"
            "<news:publication_date>2026-03-02T09:00:00Z</news:publication_date><news:title>Brücke</news:title></news:news>",
        )
    ),
    "images": urlset(page(1, "<image:image><image:loc>https://cdn.example/1.jpg</image:loc></image:image>")),
    "videos": urlset(
        page(1, "<video:video><video:content_loc>https://cdn.example/1.mp4</video:content_loc></video:video>")
    ),
    "without a namespace": urlset(page(1), spaces=""),
    "with another prefix": urlset(page(1), spaces="").replace("<u", "<s:u").replace("</u", "</s:u"),
    "broken: a prefix nobody declared": urlset(
        page(1, "<image:image><image:loc>https://cdn.example/1.jpg</image:loc></image:image>"), spaces=_SETS
    ),
    "broken: with a comment and white space": urlset(
        f"<!-- ours -->\n<url>\n<loc>\n {BASE}/2026/03/story-1 \n</loc></url>"
    ),
}
"""Every one of them leads to story 1 and nowhere else."""

LAUGHS = '<!DOCTYPE {} [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
QUADRATIC = '<!DOCTYPE {} [<!ENTITY a "' + "x" * 10_000 + '">]>'
EXTERNAL = '<!DOCTYPE {} [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE {} [<!ENTITY % a SYSTEM "http://127.0.0.1:1/x.dtd"> %a;]>'
