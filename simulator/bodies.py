"""Reads requests and webhook replies: query string, form, multipart or JSON."""

from http import HTTPStatus
from typing import NamedTuple

import aiohttp
from aiohttp import web
from aiohttp.multipart import MultipartResponseWrapper

from simulator.arguments import Arguments
from simulator.errors import ApiError, bad_request, refusal
from simulator.files import Upload
from simulator.json_body import read_object
from simulator.wire import Json

JSON_TYPES = frozenset({"application/json"})


class Body(NamedTuple):
    """Values by name and files by name."""

    values: dict[str, object]
    files: dict[str, Upload]


async def read_arguments(request: web.Request) -> Arguments:
    """Return the arguments of a Bot API request; those in the URL come first."""
    body = await read_body(request)
    values = body.values | dict(request.query) if "?" in request.raw_path else body.values
    return Arguments(values, body.files)


async def read_body(request: web.Request) -> Body:
    """Return what the body says."""
    try:
        if request.headers.get("Content-Type") in JSON_TYPES or request.content_type in JSON_TYPES:
            return Body(read_object((await request.read()).decode()), {})
        return await _read_form(request)
    except web.HTTPRequestEntityTooLarge as error:
        raise refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from error
    except UnicodeDecodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    except ValueError as error:
        raise bad_request("can't parse form data headers") from error


async def _read_form(request: web.Request) -> Body:
    values: dict[str, object] = {}
    files: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file:
                content = value.file.read()
            files[name] = Upload(value.filename, value.content_type, content)
        elif isinstance(value, str):
            values.setdefault(name, value)
    return Body(values, files)


async def read_reply(response: aiohttp.ClientResponse) -> Json:
    """Return the arguments in an endpoint's reply to a webhook call, nothing if there are none."""
    try:
        if response.content_type in JSON_TYPES:
            return read_object(await response.text())
        if response.content_type == "multipart/form-data":
            return await _read_parts(aiohttp.MultipartReader.from_response(response))
    except (ApiError, ValueError):
        pass
    return {}


async def _read_parts(parts: MultipartResponseWrapper) -> Json:
    values: Json = {}
    while part := await parts.next():
        if isinstance(part, aiohttp.BodyPartReader) and part.name and not part.filename:
            values[part.name] = await part.text()
    return values
