"""Addresses: public ones are asked, inner ones never, however they are written and whoever sends us there."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import config, urls
from harvester.errors import FetchError, UsageError
from harvester.web import Web
from harvester.web.network.guard import Guard
from harvester.web.network.network import Network
from tests.support.fetching import body_of, failure, fetch, local
from tests.support.names import Table
from tests.support.servers import Site

FORGED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.0.170/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:a00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2001:db8::1]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://public.example@127.0.0.1/",
    "http://public.example:80@127.0.0.1:8080/",
    "http://public.example%40127.0.0.1@10.0.0.1/",
    "http:\\\\127.0.0.1/",
    "http:127.0.0.1/",
    "http:///127.0.0.1/",
]


@pytest.mark.parametrize("url", FORGED)
async def test_an_inner_address_is_refused_in_every_spelling(url: str, tmp_path: Path) -> None:
    result = await fetch(url, tmp_path, allow_networks=())

    assert failure(result) == "blocked_address"


UNASKABLE = [
    "file:///etc/passwd",
    "ftp://ftp.example/a.png",
    "data:image/png;base64,AAAA",
    "/etc/passwd",
    "../../etc/passwd",
    "http://",
    "https://?",
    "http://[::1",
    "http://[fe80::1%25eth0]/",
    "http://a b/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://news.example:99999/",
    "http://\udc80/",
    "",
]


@pytest.mark.parametrize("url", UNASKABLE)
async def test_what_is_no_web_address_is_refused(url: str, tmp_path: Path) -> None:
    assert failure(await fetch(url, tmp_path)) == "bad_url"


@pytest.mark.parametrize("label", ["a" * 64, "a" * 300, "a..b"])
async def test_names_that_cannot_exist_are_told(label: str, tmp_path: Path) -> None:
    assert failure(await fetch(f"http://{label}.example/", tmp_path, retries=0)) in ("bad_url", "dns")


@pytest.mark.parametrize("port", [0, 22, 25, 6667])
async def test_ports_that_browsers_refuse_are_refused(port: int, tmp_path: Path) -> None:
    assert failure(await fetch(f"http://127.0.0.1:{port}/", tmp_path)) == "bad_port"


async def test_only_listed_ports_are_asked_when_some_are_listed(tmp_path: Path) -> None:
    with Site({"/a": b"a"}) as site:
        refused = await fetch(f"{site.url}/a", tmp_path, ports=(443,))
        asked = await fetch(f"{site.url}/a", tmp_path, ports=(443, site.port))

    assert failure(refused) == "bad_port"
    assert body_of(asked) == b"a"


PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001:82f::200e", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_admitted(address: str) -> None:
    assert Guard(config.Web()).admits(address)


@given(st.ip_addresses(v=4))
def test_no_private_address_is_admitted_directly_or_inside_another(address: ipaddress.IPv4Address) -> None:
    guard = Guard(config.Web())
    if address.is_private or address.is_multicast or address.is_reserved:
        assert not guard.admits(str(address))
    if not guard.admits(str(address)):
        bits = int(address)
        sixtofour = ipaddress.IPv6Address(0x2002 << 112 | bits << 80)
        spellings = (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}", sixtofour)
        assert not any(guard.admits(str(spelling)) for spelling in spellings)


@given(st.ip_addresses(v=6))
def test_of_ipv6_only_what_is_routed_publicly_is_admitted(address: ipaddress.IPv6Address) -> None:
    if Guard(config.Web()).admits(str(address)):
        assert any(address in ipaddress.ip_network(network) for network in ("2000::/3", "64:ff9b::/96", "::/80"))


@given(st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_a_listed_network_is_admitted_in_every_spelling(address: ipaddress.IPv4Address) -> None:
    guard = Guard(config.Web(allow_networks=("127.0.0.0/8",)))
    for url in (f"http://{address}/", f"http://{int(address)}/", f"http://[::ffff:{address}]/"):
        guard.check(str(urls.resolve_web(url)))


def test_a_network_that_is_none_is_told() -> None:
    with pytest.raises(UsageError, match="allow_networks"):
        Guard(config.Web(allow_networks=("localhost",)))


async def ask(names: Table, url: str, **more: object) -> str:
    """Ask for a page with a name service of ours; gives its text or the code of the error."""
    settings = local(**more)
    async with Web(settings, transport=Network(settings, names=names)) as web:
        try:
            return (await web.page(url)).body.decode()
        except FetchError as error:
            return error.code


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1"])
async def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with Site({"/": "secret"}) as site:
        result = await ask(
            Table({"inside.example": [address]}), f"http://inside.example:{site.port}/", allow_networks=()
        )

    assert result == "blocked_address"
    assert site.connections == 0


async def test_of_a_name_with_both_only_the_admitted_address_is_connected_to() -> None:
    with Site({"/": "welcome"}) as site:
        names = Table({"both.example": ["10.255.255.1", "127.0.0.1"]})
        result = await ask(names, f"http://both.example:{site.port}/")

    assert result == "welcome"


async def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    """A name that answers differently the second time is asked once for a connection."""
    names = Table({"rebound.example": ["127.0.0.1"]})
    with Site({"/": "welcome"}) as site:
        first = await ask(names, f"http://rebound.example:{site.port}/")
        names.entries["rebound.example"] = ["169.254.169.254"]
        second = await ask(names, f"http://rebound.example:{site.port}/")

    assert (first, second) == ("welcome", "blocked_address")
    assert names.asked == ["rebound.example", "rebound.example"]


async def test_a_name_is_looked_up_once_for_many_requests() -> None:
    names = Table({"news.example": ["127.0.0.1"]})
    settings = local()
    with Site({"/": "welcome"}) as site:
        async with Web(settings, transport=Network(settings, names=names)) as web:
            for _ in range(5):
                await web.page(f"http://news.example:{site.port}/")

    assert names.asked == ["news.example"]
    assert site.connections == 1
