"""Who may send: from which address, and with which token or password."""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from multidict import CIMultiDictProxy

from handlers.uplinks.secrets import Secrets

Headers = CIMultiDictProxy[str]
Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
AUTHORIZATION = "Authorization"
FORWARDED = "X-Forwarded-For"
BEARER, BASIC = "bearer ", "basic "
MOST_HOPS = 16


@dataclass(frozen=True)
class Access:
    """What a sender must show: a token in a header, or user and password (HTTP basic).

    `Authorization` holds a token as it is or after "Bearer"; any other header as it is.
    """

    secrets: Secrets
    header: str = AUTHORIZATION
    basic: bool = False

    @property
    def challenge(self) -> str:
        """Return what is asked for, for the header WWW-Authenticate."""
        return 'Basic realm="lorawan", charset="UTF-8"' if self.basic else 'Bearer realm="lorawan"'

    def admits(self, headers: Headers) -> bool:
        """Whether a request shows one of the secrets; twice the same header shows nothing."""
        given = headers.getall(self.header, ())
        if len(given) != 1:
            return False
        shown = self._shown(given[0].encode("utf-8", "surrogateescape"))
        return shown is not None and self.secrets.admits(shown)

    def _shown(self, given: bytes) -> bytes | None:
        if self.basic:
            return _basic(given)
        if self.header == AUTHORIZATION and given[: len(BEARER)].lower() == BEARER.encode():
            return given[len(BEARER) :].strip(b" ")
        return given


def _basic(given: bytes) -> bytes | None:
    if given[: len(BASIC)].lower() != BASIC.encode():
        return None
    try:
        return b64decode(given[len(BASIC) :].strip(b" "), validate=True)
    except binascii.Error:
        return None


@dataclass(frozen=True)
class Gate:
    """From where a sender may come; the proxies whose word about it counts."""

    allowed: Sequence[Network] = ()
    proxies: Sequence[Network] = ()

    def admits(self, peer: str | None, headers: Headers) -> bool:
        """Whether the address may send; what cannot be read may not."""
        if not self.allowed:
            return True
        address = self._sender(peer, headers)
        return address is not None and _within(address, self.allowed)

    def _sender(self, peer: str | None, headers: Headers) -> Address | None:
        """Return the last address that no proxy of ours has: the others may be invented."""
        address = _address(peer or "")
        hops = ",".join(headers.getall(FORWARDED, ())).split(",")[-MOST_HOPS:]
        while address is not None and _within(address, self.proxies):
            if not hops or hops == [""]:
                break
            address = _address(hops.pop().strip())
        return address


def _address(written: str) -> Address | None:
    try:
        address = ip_address(written.partition("%")[0])  # fe80::1%eth0
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
