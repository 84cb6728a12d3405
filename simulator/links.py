"""Links as Telegram checks and writes them."""

import re

from simulator.fields import MalformedError

LARGEST_PORT = 65_535

_SCHEME = re.compile(r"([^:/?#@\[\]]*)://")
_TELEGRAM = re.compile(r"(tg|ton|tonsite):(?://)?", re.IGNORECASE)
_USER = re.compile(r"tg:(?://)?user/?\?(?:[^#]*&)?id=([0-9]{1,19})(?:[&#]|\Z)", re.IGNORECASE)
_AUTHORITY = re.compile(
    r"(?:(?P<user>.*)@)?(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>.*))?\Z", re.DOTALL
)
_HOST = re.compile(r"(?:[\w.\-!$,~*'();&+=]|[^\x00-\x7f]|%[0-9a-fA-F]{2})+\Z")
_TELEGRAM_HOST = re.compile(r"[A-Za-z0-9_-]+")
_PORT = re.compile(r"[0-9]{1,9}\Z")
_SPACES = re.compile(r"[\x00-\x20]")


def mentioned_user(link: str) -> int:
    """Return the id in tg://user?id=…, 0 for any other link."""
    found = _USER.match(link)
    return int(found[1]) if found else 0


def checked_link(link: str) -> str:
    """Return the link in Telegram's spelling, with scheme and path."""
    found = _TELEGRAM.match(link)
    if found:
        return _telegram_link(found[1].lower(), link[found.end() :])
    return _web_link(link, need_domain=True)


def valid_link_or_nothing(link: str) -> str:
    """Return the checked link, nothing if it is none."""
    try:
        return checked_link(link)
    except MalformedError:
        return ""


def checked_button_link(link: str) -> str:
    """Return the checked link of a button, or complain as Telegram does."""
    try:
        return checked_link(link)
    except MalformedError as fault:
        raise MalformedError(f"URL '{link}' is invalid: {fault}") from fault


def checked_address(url: str) -> str:
    """Return a webhook URL in Telegram's spelling; a host without dots (localhost) is fine."""
    return _web_link(url, need_domain=False, default_scheme="https")


def _telegram_link(scheme: str, rest: str) -> str:
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if not host:
        raise MalformedError("URL host is empty")
    if not _TELEGRAM_HOST.fullmatch(host):
        raise MalformedError("Unallowed characters in URL host")
    return f"{scheme}://{host.lower()}{rest[len(host) :]}"


def _web_link(url: str, *, need_domain: bool, default_scheme: str = "http") -> str:
    scheme = default_scheme
    if found := _SCHEME.match(url):
        scheme, url = found[1].lower(), url[found.end() :]
        if scheme not in {"http", "https"}:
            raise MalformedError("Unsupported URL protocol")
    authority = re.split(r"[/?#]", url, maxsplit=1)[0]
    path = url[len(authority) :].rstrip() or "/"
    host, written = _authority(authority)
    if need_domain and "." not in host and not host.startswith("["):
        raise MalformedError("Wrong HTTP URL")
    path = _SPACES.sub(lambda space: f"%{ord(space[0]):02X}", path)
    return f"{scheme}://{written}{path if path.startswith('/') else '/' + path}"


def _authority(authority: str) -> tuple[str, str]:
    """Return the host and the whole authority as Telegram writes it."""
    parts = _AUTHORITY.match(authority)
    host = parts["host"].lower() if parts else ""
    port = parts["port"] if parts else None
    if port is not None and not (_PORT.match(port) and 0 < int(port) <= LARGEST_PORT):
        raise MalformedError("Wrong port number specified in the URL")
    if not host:
        raise MalformedError("URL host is empty")
    if host == ".":
        raise MalformedError("Host is invalid")
    if not host.startswith("[") and not _HOST.match(host):
        raise MalformedError("Disallowed character in URL host")
    user = f"{parts['user']}@" if parts and parts["user"] else ""
    return host, f"{user}{host}{f':{int(port)}' if port else ''}"
