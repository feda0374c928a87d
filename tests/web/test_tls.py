"""Certificates are checked."""

from __future__ import annotations

import pytest

from harvester.errors import FetchError
from harvester.web import Web
from harvester.web.network.network import Network
from tests.support.certificates import Authority
from tests.support.fetching import local
from tests.support.names import Table
from tests.support.servers import Site

NAMES = Table({"news.example": ["127.0.0.1"]})


async def ask(site: Site, ca_file: str) -> str:
    """Ask https://news.example, which is *site*; gives what it says or the code of the error."""
    settings = local(ca_file=ca_file)
    async with Web(settings, transport=Network(settings, names=NAMES)) as web:
        try:
            return (await web.page(f"https://news.example:{site.port}/")).body.decode()
        except FetchError as error:
            return error.code


async def test_a_certificate_of_the_configured_authority_is_trusted() -> None:
    with Authority() as authority, Site({"/": "secure"}, tls=authority.context("news.example")) as site:
        assert await ask(site, authority.ca_file) == "secure"


@pytest.mark.parametrize("fault", ["expired", "for another host", "of another authority", "no certificate at all"])
async def test_a_certificate_that_proves_nothing_is_refused(fault: str) -> None:
    with Authority() as authority, Authority() as stranger:
        contexts = {
            "expired": authority.context("news.example", expired=True),
            "for another host": authority.context("other.example"),
            "of another authority": stranger.context("news.example"),
            "no certificate at all": None,
        }
        with Site({"/": "secure"}, tls=contexts[fault]) as site:
            assert await ask(site, authority.ca_file) == "tls"

    assert site.requests == []


async def test_without_a_ca_file_our_own_authority_is_a_stranger() -> None:
    with Authority() as authority, Site({"/": "secure"}, tls=authority.context("news.example")) as site:
        assert await ask(site, "") == "tls"
