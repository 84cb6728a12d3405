"""Tries out links before they are announced to thousands of people."""

import asyncio
import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from services.golive.rules import is_allowed_link
from services.region.service import Region

TIMEOUT = ClientTimeout(total=10)
REDIRECTS = 5
CLIENT_ERROR = 400


class LinkCheck:
    """Implements `handlers.schedule.Links` over HTTP; follows redirects only to allowed hosts."""

    def __init__(self, region: Region) -> None:
        self.region = region

    async def problem(self, url: str) -> str | None:
        """Return None when the link answers, else the key of a text that says what is wrong."""
        try:
            async with ClientSession(timeout=TIMEOUT) as session:
                return await self._follow(session, url)
        except (ClientError, OSError, TimeoutError, ValueError):
            return "golive.link-no-answer"

    async def _follow(self, session: ClientSession, url: str) -> str | None:
        for _ in range(REDIRECTS):
            if not is_allowed_link(url, self.region):
                return "golive.link-leads-away"
            if not await _is_public(urlsplit(url).hostname or ""):
                return "golive.link-no-answer"
            async with session.get(url, allow_redirects=False) as response:
                if response.status in {301, 302, 303, 307, 308}:
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                return None if response.status < CLIENT_ERROR else "golive.link-error"
        return "golive.link-leads-away"


async def _is_public(host: str) -> bool:
    """Whether a name leads only to public addresses; the county's inner network is no answer."""
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(address[4][0]).is_global for address in found)
