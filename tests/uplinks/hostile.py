"""Hostile and broken requests, as bytes, each with the status it must get."""

import gzip
import zlib
from base64 import b64encode
from dataclasses import dataclass

from handlers.uplinks.body import BODY_LIMIT
from tests.uplinks.test_http import OLD_TOKEN, PASSWORD, TOKEN, body

PATH = "/hooks/lorawan/chirpstack?event=up"
GOOD = body(1)


@dataclass(frozen=True)
class Case:
    """A request, the status it must get, and how many messages it must leave."""

    name: str
    raw: bytes
    status: int
    stored: int = 0


def ask(
    target: str = PATH,
    content: bytes = GOOD,
    *lines: str,
    method: str = "POST",
    token: str | None = TOKEN,
    length: str | None = "",
    version: str = "HTTP/1.1",
) -> bytes:
    """Return a request; `length` "" is the right one, None none at all."""
    head = [f"{method} {target} {version}", "Host: localhost"]
    if token is not None:
        head.append(f"Authorization: Bearer {token}")
    if length is not None:
        head.append(f"Content-Length: {length or len(content)}")
    return "\r\n".join([*head, *lines, "", ""]).encode("utf-8", "surrogateescape") + content


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return ask(PATH, framed + end, "Transfer-Encoding: chunked", length=None)


def zipped(content: bytes, name: str = "gzip") -> bytes:
    return ask(PATH, content, f"Content-Encoding: {name}")


def shown(*lines: str) -> bytes:
    return ask(PATH, GOOD, *lines, token=None)


def basic(given: str, target: str = "/hooks/lorawan/tts") -> bytes:
    encoded = b64encode(given.encode()).decode()
    return ask(target, GOOD, f"Authorization: Basic {encoded}", token=None)


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
LIES = [
    Case("no token", shown(), 401),
    Case("empty token", shown("Authorization:"), 401),
    Case("only the word Bearer", shown("Authorization: Bearer"), 401),
    Case("wrong token", ask(token="x" * 23), 401),
    Case("beginning of the token", ask(token=TOKEN[:-1]), 401),
    Case("token and more", ask(token=TOKEN + "0"), 401),
    Case("token in capitals", ask(token=TOKEN.upper()), 401),
    Case("two tokens in one", ask(token=f"{TOKEN},{OLD_TOKEN}"), 401),
    Case("token with a space inside", ask(token=f"{TOKEN[:5]} {TOKEN[5:]}"), 401),
    Case("token with a trailing space, which is none", ask(token=f"{TOKEN} "), 204, 1),
    Case("token twice", ask(PATH, GOOD, f"Authorization: Bearer {TOKEN}"), 401),
    Case("wrong and right token", ask(PATH, GOOD, "Authorization: Bearer wrong"), 401),
    Case("token in the query", ask(f"{PATH}&token={TOKEN}", GOOD, token=None), 401),
    Case("token in another header", shown(f"X-Api-Key: {TOKEN}"), 401),
    Case("token as bytes that are no text", ask(token="\udcff\udcfe"), 401),
    Case("token in another alphabet", ask(token="токен-0123456789"), 401),
    Case("token as basic", basic(TOKEN, PATH), 401),
    Case("password of another source", basic(f"ttn:{PASSWORD}", PATH), 401),
    Case("bearer instead of basic", ask("/hooks/lorawan/tts", token=PASSWORD), 401),
    Case("wrong user", basic(f"ttx:{PASSWORD}"), 401),
    Case("no user", basic(f":{PASSWORD}"), 401),
    Case("no password", basic("ttn:"), 401),
    Case("user with the colon moved", basic(f"ttn{PASSWORD}"), 401),
    Case("basic that is no base64", ask("/hooks/lorawan/tts", GOOD, "Authorization: Basic %%%",
         token=None), 401),
    Case("bearer where a header of its own is agreed", ask("/hooks/lorawan/own"), 401),
    Case("from an address not allowed", ask("/hooks/lorawan/far"), 403),
    Case("forged forwarding without a proxy of ours in it",
         ask("/hooks/lorawan/far", GOOD, "X-Forwarded-For: 192.0.2.7, 198.51.100.9"), 403),
    Case("forwarding that is no address",
         ask("/hooks/lorawan/far", GOOD, "X-Forwarded-For: 192.0.2.7, unknown"), 403),
    Case("forwarding where no proxy is trusted",
         ask("/hooks/lorawan/near", GOOD, "X-Forwarded-For: 198.51.100.9"), 204, 1),
    Case("wrong token from an address not allowed", ask("/hooks/lorawan/far", token="x"), 403),
]  # fmt: skip
PLACES = [
    *(Case(method, ask(method=method), 405) for method in ("GET", "PUT", "DELETE", "PATCH")),
    Case("HEAD", ask(PATH, b"", "Connection: close", method="HEAD"), 405),
    Case("OPTIONS", ask(method="OPTIONS"), 405),
    Case("TRACE", ask(method="TRACE"), 405),
    Case("a method nobody knows", ask(method="BREW"), 400),
    Case("CONNECT", ask("localhost:80", method="CONNECT"), 404),
    Case("unknown source", ask("/hooks/lorawan/unknown?event=up"), 404),
    Case("no source", ask("/hooks/lorawan/"), 404),
    Case("source that only publishes", ask("/hooks/lorawan/broker"), 404),
    Case("source in capitals", ask("/hooks/lorawan/ChirpStack"), 404),
    Case("source and a slash", ask("/hooks/lorawan/chirpstack/"), 404),
    Case("source in another alphabet", ask("/hooks/lorawan/%D1%81hirpstack"), 404),
    Case("source in bytes that belong into no address", ask("/hooks/lorawan/сhirpstack"), 400),
    Case("source with a NUL", ask("/hooks/lorawan/chirpstack%00"), 404),
    Case("source with a line break", ask("/hooks/lorawan/chirpstack%0d%0aX: y"), 400),
    Case("source longer than a line may be", ask("/hooks/lorawan/" + "x" * 9_000), 400),
    Case("up and down again", ask("/hooks/lorawan/x/../../../etc/passwd"), 404),
    Case("encoded dots", ask("/hooks/lorawan/%2e%2e/%2e%2e/etc/passwd"), 404),
    Case("encoded slash", ask("/hooks/lorawan/x%2fchirpstack"), 404),
    Case("an address for a proxy", ask(f"http://example.org{PATH}"), 204, 1),
    Case("half a percent sign", ask("/hooks/lorawan/%"), 404),
    Case("event with a line break", ask("/hooks/lorawan/chirpstack?event=up%0d%0aX-A:%20b"), 400),
    Case("event too long", ask("/hooks/lorawan/chirpstack?event=" + "x" * 41), 400),
    Case("event in another alphabet", ask("/hooks/lorawan/chirpstack?event=%D1%83p"), 400),
    Case("event with a slash", ask("/hooks/lorawan/chirpstack?event=../up"), 400),
    Case("two events", ask("/hooks/lorawan/chirpstack?event=up&event=join"), 400),
    Case("event nobody knows", ask("/hooks/lorawan/chirpstack?event=quantum-leap"), 204, 1),
]  # fmt: skip
SIZES = [
    Case("as large as allowed", ask(content=b'{"a":"' + b"x" * (BODY_LIMIT - 8) + b'"}'), 204, 1),
    Case("one byte too large", ask(content=b'{"a":"' + b"x" * (BODY_LIMIT - 7) + b'"}'), 413),
    Case("announced too large", ask(length=str(BODY_LIMIT + 1)), 413),
    Case("announced larger than any disk", ask(length="9" * 18), 413),
    Case("too large in pieces", chunked(*[b"x" * 65_000] * 5), 413),
    Case("too large and not allowed to", ask(content=b"x" * (BODY_LIMIT + 1), token="x"), 401),
    Case("gzip bomb", zipped(gzip.compress(b"0" * 50_000_000)), 413),
    Case("gzip bomb in itself", zipped(gzip.compress(gzip.compress(b"0" * 50_000_000))), 400),
    Case("gzip cut off", zipped(gzip.compress(GOOD)[:-5]), 400),
    Case("gzip and more", zipped(gzip.compress(GOOD) + b"more"), 400),
    Case("gzip twice", zipped(gzip.compress(GOOD) * 2), 400),
    Case("no gzip", zipped(GOOD), 400),
    Case("nothing as gzip", zipped(b""), 400),
    Case("gzip of nothing", zipped(gzip.compress(b"")), 400),
    Case("deflate", zipped(zlib.compress(GOOD), "deflate"), 415),
    Case("brotli", zipped(GOOD, "br"), 415),
    Case("gzip of gzip, as announced", zipped(GOOD, "gzip, gzip"), 415),
    Case("header of a mebibyte", ask(PATH, GOOD, "X-Much: " + "x" * 1_048_576), 400),
    Case("ten thousand headers", ask(PATH, GOOD, *[f"X-{n}: 1" for n in range(10_000)]), 400),
]  # fmt: skip
BODIES = [
    Case("empty", ask(content=b""), 400),
    Case("blank", ask(content=b" \r\n\t "), 400),
    Case("half an object", ask(content=b'{"fCnt": 1'), 400),
    Case("two objects", ask(content=GOOD + GOOD), 400),
    Case("a list", ask(content=b"[" + GOOD + b"]"), 400),
    Case("null", ask(content=b"null"), 400),
    Case("a number", ask(content=b"7"), 400),
    Case("a text", ask(content=b'"fCnt"'), 400),
    Case("NaN", ask(content=b'{"fCnt": NaN}'), 400),
    Case("Infinity", ask(content=b'{"fCnt": -Infinity}'), 400),
    Case("half a surrogate", ask(content=b'{"name": "\\ud800"}'), 400),
    Case("no UTF-8", ask(content=b'{"name": "\xff\xfe"}'), 400),
    Case("overlong UTF-8", ask(content=b'{"name": "\xc0\xaf"}'), 400),
    Case("UTF-16", ask(content=GOOD.decode().encode("utf-16")), 400),
    Case("UTF-16, and says so", ask(PATH, GOOD.decode().encode("utf-16-le"),
         "Content-Type: application/json; charset=utf-16"), 400),
    Case("byte order mark", ask(content=b"\xef\xbb\xbf" + GOOD), 400),
    Case("100,000 levels", ask(PATH, DEEP[:BODY_LIMIT]), 400),
    Case("33 levels", ask(content=b'{"a":' * 33 + b"1" + b"}" * 33), 400),
    Case("200 levels of lists", ask(content=b'{"a":' + b"[" * 200 + b"]" * 200 + b"}"), 400),
    Case("a form", ask(PATH, b"fCnt=1", "Content-Type: application/x-www-form-urlencoded"), 400),
    Case("XML", ask(PATH, b"<?xml version='1.0'?><x/>", "Content-Type: text/xml"), 400),
    Case("empty protobuf", ask(PATH, b"", "Content-Type: application/octet-stream"), 400),
    Case("garbage as protobuf",
         ask(PATH, b"\xff" * 999, "Content-Type: application/octet-stream"), 204, 1),
    Case("a NUL in a text", ask(content=b'{"name": "\\u0000"}'), 204, 1),
    Case("an object of nothing", ask(content=b"{}"), 204, 1),
    Case("a number of 400 digits", ask(content=b'{"fCnt": ' + b"9" * 400 + b"}"), 400),
    Case("a number like a star's mass", ask(content=b'{"fCnt": 1e308}'), 204, 1),
    Case("the same key twice", ask(content=b'{"fCnt": 1, "fCnt": 2}'), 204, 1),
    Case("a device that never was right", ask(content=b'{"deviceInfo": 7, "object": []}'), 204, 1),
]  # fmt: skip
FRAMES = [
    Case("two lengths", ask(PATH, GOOD, "Content-Length: 5"), 400),
    Case("two equal lengths", ask(PATH, GOOD, f"Content-Length: {len(GOOD)}"), 400),
    Case("negative length", ask(length="-5"), 400),
    Case("length with a plus", ask(length=f"+{len(GOOD)}"), 400),
    Case("length in words", ask(length="many"), 400),
    Case("length and pieces", ask(PATH, b"0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
    Case("pieces and another coding",
         ask(PATH, b"0\r\n\r\n", "Transfer-Encoding: chunked, gzip", length=None), 400),
    Case("a piece with a wrong size", chunked(end=b"zz\r\nabc\r\n0\r\n\r\n"), 400),
    Case("no pieces", chunked(), 400),
    Case("good pieces", chunked(GOOD[:5], GOOD[5:]), 204, 1),
    Case("no length", ask(length=None), 400),
    Case("a header with a line break", ask(PATH, GOOD, "X-A: b\r\n continued"), 400),
    Case("a header with a NUL", ask(PATH, GOOD, "X-A: \0"), 400),
    Case("a space before the colon", ask(PATH, GOOD, "X-A : b"), 400),
    Case("a header without a colon", ask(PATH, GOOD, "XA"), 400),
    Case("HTTP of tomorrow", ask(version="HTTP/9.9"), 400),
    Case("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", 400),
    Case("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n", 400),
]  # fmt: skip
GROUPS = {
    "lies": LIES,
    "places": PLACES,
    "sizes": SIZES,
    "bodies": BODIES,
    "frames": FRAMES,
}
