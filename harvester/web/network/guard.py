"""Which URLs and addresses may be contacted: public ones, and networks that the configuration lists.

A URL is checked by its text before each hop, an address when a connection to it is made (`names.Judged`), so that the
address checked is the one connected to.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from harvester import config, urls
from harvester.errors import FetchError, UsageError

# fmt: off
# https://fetch.spec.whatwg.org/#bad-port
BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# https://www.iana.org/assignments/iana-ipv4-special-registry: everything that is not globally reachable, and multicast
_CLOSED_4 = tuple(map(ipaddress.IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
)))
# https://www.iana.org/assignments/iana-ipv6-special-registry: global unicast, less what is set aside inside it
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48")))
# fmt: on
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Names that a resolver inside a network answers: https://www.iana.org/assignments/special-use-domain-names
_LOCAL_NAME = re.compile(
    r"(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|home\.arpa)\.?$|^[^.]+\.?$"
)
_LOOPBACK = ("127.0.0.1", "::1")


class Guard:
    """Checks URLs and addresses against `[web] allow_networks`, `ports` and `proxy`."""

    def __init__(self, settings: config.Web) -> None:
        self._ports = frozenset(settings.ports)
        self._proxied = bool(settings.proxy)
        try:
            self._allowed = tuple(ipaddress.ip_network(text, strict=False) for text in settings.allow_networks)
        except ValueError as error:
            raise UsageError(f"web.allow_networks: {error}; write networks like '10.0.0.0/8'") from None

    def check(self, url: str) -> None:
        """Raise FetchError unless the text of *url*, as returned by `urls.resolve_web`, allows a request."""
        name, port = _split(url)
        self._check_port(url, port)
        if urls.is_address(name):
            self._check_address(url, name.strip("[]"))
        elif self._proxied:
            self._check_name(url, name)

    def admits(self, address: str) -> bool:
        """Return whether a connection to *address* may be made."""
        try:
            judged, is_public = _judged(address)
        except ValueError:
            return False
        return is_public or any(judged in network for network in self._allowed)

    def _check_port(self, url: str, port: int) -> None:
        if port in self._ports if self._ports else port not in BAD_PORTS:
            return
        raise FetchError(f"{urls.legible(url)}: port {port} is not one that [web] ports allows", code="bad_port")

    def _check_address(self, url: str, address: str) -> None:
        if not self.admits(address):
            raise blocked(url, address)

    def _check_name(self, url: str, name: str) -> None:
        """Refuse names that only mean something inside a network: a proxy resolves names out of our sight."""
        if not _LOCAL_NAME.search(name):
            return
        if name.rstrip(".").endswith("localhost") and all(self.admits(address) for address in _LOOPBACK):
            return
        raise blocked(url, name)


def blocked(url: str, address: str) -> FetchError:
    """Make the error that says why an internal address was not contacted."""
    return FetchError(
        f"{urls.legible(url)}: {address} is not a public address; if it is yours, list it in [web] allow_networks",
        code="blocked_address",
    )


def _split(url: str) -> tuple[str, int]:
    scheme, _, rest = url.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    name, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        return authority, 443 if scheme == "https" else 80
    return name, int(port)


@lru_cache(maxsize=1024)
def _judged(address: str) -> tuple[IPv4Address | IPv6Address, bool]:
    """Return the address that *address* leads to, and whether it is public; raises ValueError for other text."""
    judged = _plain(ipaddress.ip_address(address))
    return judged, _is_public(judged)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that a mapped, compatible, NAT64 or 6to4 address leads to; any other unchanged."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address in _GLOBAL_6 and not any(address in network for network in _CLOSED_6)
