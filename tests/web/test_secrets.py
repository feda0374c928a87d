"""What the user configured stays with the host it was configured for."""

from __future__ import annotations

import asyncio
import base64
import sys
from pathlib import Path

import pytest

from harvester.errors import UsageError
from harvester.web import Web
from harvester.web.network.network import Network
from tests.support.fetching import local
from tests.support.names import Table
from tests.support.project import ROOT
from tests.support.proxy import StandIn
from tests.support.servers import Reply, Route, Seen, Site

TOKEN = {"Authorization": "Bearer secret", "X-Token": "secret"}


def to(location: str) -> Reply:
    return Reply(status=302, headers={"Location": location})


def decoded(seen: Seen) -> str | None:
    """Whom a request says that it comes from, byte for byte."""
    field = seen.headers.get("authorization")
    return None if field is None else base64.b64decode(field.removeprefix("Basic ")).decode("latin-1")


def cookie_file(folder: Path, *lines: str) -> str:
    path = folder / "cookies.txt"
    path.write_text("# Netscape HTTP Cookie File\n" + "".join(line.replace(" ", "\t") + "\n" for line in lines))
    return str(path)


async def test_headers_go_to_their_host_only() -> None:
    with Site({"/": "a"}) as site, Site({"/": "b"}) as other:
        async with Web(local(headers={site.authority: TOKEN})) as web:
            await web.page(site.url)
            await web.page(other.url)

    assert site.requests[0].headers["authorization"] == "Bearer secret"
    assert not {"authorization", "x-token"} & other.requests[0].headers.keys()


async def test_headers_do_not_follow_a_redirect_to_another_origin() -> None:
    """Another port of one host is another origin."""
    with Site({"/b": "b"}) as other, Site() as site:
        site.routes["/a"] = to(f"{other.url}/b")
        async with Web(local(headers={"127.0.0.1": TOKEN})) as web:
            await web.page(f"{site.url}/a")

    assert "authorization" in site.requests[0].headers
    assert not {"authorization", "x-token"} & other.requests[0].headers.keys()


async def test_headers_follow_a_redirect_from_http_to_https_of_one_host() -> None:
    routes: dict[str, Route] = {
        "http://news.example/a": to("https://news.example/a"),
        "https://news.example/a": "secure",
    }
    with StandIn(routes) as stand_in:
        settings = local(proxy=stand_in.url, ca_file=stand_in.ca_file, headers={"news.example": TOKEN})
        async with Web(settings) as web:
            await web.page("http://news.example/a")

    assert ["authorization" in seen.headers for seen in stand_in.requests] == [True, True]


async def test_headers_do_not_follow_a_redirect_to_plain_http() -> None:
    routes: dict[str, Route] = {"https://news.example/a": to("http://news.example/b"), "http://news.example/b": "plain"}
    with StandIn(routes) as stand_in:
        settings = local(
            proxy=stand_in.url, ca_file=stand_in.ca_file, headers={"news.example": TOKEN}, allow_downgrade=True
        )
        async with Web(settings) as web:
            await web.page("https://news.example/a")

    assert ["authorization" in seen.headers for seen in stand_in.requests] == [True, False]


async def test_cookies_go_where_their_file_says(tmp_path: Path) -> None:
    cookies = cookie_file(
        tmp_path,
        "news.example FALSE / FALSE 0 session 1",
        ".shared.example TRUE / FALSE 0 wide 2",
        "news.example FALSE / TRUE 0 safe 3",
        "news.example FALSE /deep FALSE 0 deep 4",
        "old.example FALSE / FALSE 1 gone 5",
    )
    hosts = ("news.example", "www.shared.example", "old.example", "other.example")
    names = Table({name: ["127.0.0.1"] for name in hosts})
    settings = local(cookies=cookies)
    with Site({"/": "", "/deep/a": ""}) as site:
        async with Web(settings, transport=Network(settings, names=names)) as web:
            for name in hosts:
                await web.page(f"http://{name}:{site.port}/")
            await web.page(f"http://news.example:{site.port}/deep/a")

    assert [seen.headers.get("cookie") for seen in site.requests] == [
        "session=1",
        "wide=2",
        None,
        None,
        "deep=4; session=1",
    ]


async def test_cookies_do_not_follow_a_redirect_to_another_origin(tmp_path: Path) -> None:
    cookies = cookie_file(tmp_path, "127.0.0.1 FALSE / FALSE 0 session 1")
    with Site({"/b": "b"}) as other, Site() as site:
        site.routes["/a"] = to(f"{other.url}/b")
        async with Web(local(cookies=cookies)) as web:
            await web.page(f"{site.url}/a")

    assert site.requests[0].headers["cookie"] == "session=1"
    assert "cookie" not in other.requests[0].headers


async def test_cookies_that_servers_set_are_not_kept() -> None:
    with Site({"/": Reply(b"<p>", headers={"Set-Cookie": "track=1; Path=/"})}) as site:
        async with Web(local()) as web:
            await web.page(site.url)
            await web.page(site.url)

    assert "cookie" not in site.requests[1].headers


async def test_user_info_goes_to_its_host_and_is_not_told() -> None:
    with Site({"/b": "b"}) as other, Site() as site:
        site.routes["/a"] = to(f"{other.url}/b")
        site.routes["/c"] = "c"
        async with Web(local()) as web:
            moved = await web.page(f"http://user:secret@{site.authority}/a")
            stayed = await web.page(f"http://user:secret@{site.authority}/c")

    assert site.requests[0].headers["authorization"].startswith("Basic ")
    assert "authorization" not in other.requests[0].headers
    assert "secret" not in moved.final_url + stayed.final_url


async def test_an_error_does_not_tell_user_info() -> None:
    with Site() as site:
        async with Web(local()) as web:
            with pytest.raises(Exception, match="404") as error:
                await web.page(f"http://user:secret@{site.authority}/a")

    assert "secret" not in str(error.value)


async def test_a_login_that_was_given_holds_for_its_origin() -> None:
    """So the pictures of a page are had whose address had a login, as in a browser."""
    with Site({"/b": "b"}) as other, Site({"/a": "a", "/p.jpg": b"p", "/robots.txt": b""}) as site:
        async with Web(local(robots=True)) as web:
            web.log_in(f"http://user:secret@{site.authority}/a")
            await web.page(f"{site.url}/a")
            async with web.asset(f"{site.url}/p.jpg"):
                pass
            await web.page(f"{other.url}/b")

    assert {seen.target for seen in site.requests if seen.headers.get("authorization")} == {
        "/robots.txt",
        "/a",
        "/p.jpg",
    }
    assert not any("authorization" in seen.headers for seen in other.requests)


async def test_two_logins_of_one_origin_are_kept_apart() -> None:
    with Site({"/a": "a", "/b": "b", "/c": "c"}) as site:
        async with Web(local()) as web:
            web.log_in(f"http://ana:one@{site.authority}/a#top")
            web.log_in(f"http://bob:two@{site.authority}/b#top")
            for path in ("/a", "/b", "/c"):
                await web.page(f"{site.url}{path}")

    assert [decoded(seen) for seen in site.requests] == ["ana:one", "bob:two", "ana:one"]


async def test_a_login_follows_a_redirect_to_https_of_its_host_only() -> None:
    routes: dict[str, Route] = {
        "http://news.example/a": to("https://news.example/a"),
        "https://news.example/a": to("https://other.example/a"),
        "https://other.example/a": "other",
    }
    with StandIn(routes) as stand_in:
        async with Web(local(proxy=stand_in.url, ca_file=stand_in.ca_file)) as web:
            await web.page("http://ana:one@news.example/a")

    assert [decoded(seen) for seen in stand_in.requests] == ["ana:one", "ana:one", None]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("ana:one", "ana:one"),
        ("ana:o%6Ee%40", "ana:one@"),
        (":one", ":one"),
        ("ana", "ana:"),
        ("ana:", "ana:"),
        ("a@b:p@s:s", "a@b:p@s:s"),
        ("%C3%A9:%E9", "Ã©:é"),
    ],
)
async def test_a_login_is_sent_as_it_was_meant(written: str, sent: str) -> None:
    with Site({"/a": "a"}) as site:
        async with Web(local()) as web:
            await web.page(f"http://{written}@{site.authority}/a")

    assert decoded(site.requests[0]) == sent


async def test_a_login_that_a_redirect_publishes_is_not_ours_to_use() -> None:
    with Site({"/b": "b"}) as site:
        site.routes["/a"] = to(f"http://user:secret@{site.authority}/b")
        async with Web(local()) as web:
            answered = await web.page(f"{site.url}/a")

    assert answered.final_url == f"{site.url}/b"
    assert not any("authorization" in seen.headers for seen in site.requests)


async def test_the_environment_names_no_proxy_and_no_passwords(tmp_path: Path) -> None:
    """Read by a child process, since an environment is not a thing to change in this one."""
    code = (
        "import asyncio, sys\n"
        "from harvester.web import Web\n"
        "from tests.support.fetching import local\n"
        "async def main():\n"
        "    async with Web(local()) as web:\n"
        "        print((await web.page(sys.argv[1])).body.decode())\n"
        "asyncio.run(main())\n"
    )
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login user password secret\n")
    with Site({"/": "direct"}) as site, Site() as proxy:
        environment = {"HOME": str(tmp_path), "http_proxy": proxy.url, "HTTP_PROXY": proxy.url, "ALL_PROXY": proxy.url}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            code,
            site.url,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        output, _ = await child.communicate()

    assert output == b"direct\n"
    assert proxy.connections == 0
    assert "authorization" not in site.requests[0].headers


@pytest.mark.parametrize(
    "setting",
    [
        {"cookies": "/no/such/file"},
        {"cookies": __file__},
        {"headers": {"news.example": {"X-Token": "a\r\nX-Forged: b"}}},
        {"headers": {"news.example": {"X Token": "a"}}},
        {"headers": {"https://news.example": {"X-Token": "a"}}},
        {"headers": {"*.news.example": {"X-Token": "a"}}},
        {"headers": {"": {"X-Token": "a"}}},
        {"user_agent": "bot\r\nX-Forged: b"},
        {"contact": "me\nyou"},
    ],
)
def test_settings_that_cannot_be_sent_are_told(setting: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"web\."):
        Web(local(**setting))


async def test_an_authority_file_that_is_none_is_told() -> None:
    with pytest.raises(UsageError, match=r"web\.ca_file"):
        async with Web(local(ca_file=__file__)):
            pass
