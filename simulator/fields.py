"""Reads typed fields of JSON objects in requests; complaints are worded as the real server's."""

import re
from http import HTTPStatus

from simulator.errors import ApiError, refusal
from simulator.wire import Json

_INTEGER = re.compile(r"-?[0-9]{1,19}\Z")


class MalformedError(Exception):
    """A part of a request does not have the expected form."""

    def within(self, place: str) -> ApiError:
        """Return the refusal that names where the fault is."""
        return refusal(HTTPStatus.BAD_REQUEST, f"{place}: {self}" if place else str(self))


def required(item: Json, name: str) -> object:
    """Return the field or complain that it is missing."""
    if name not in item:
        raise MalformedError(f'Can\'t find field "{name}"')
    value: object = item[name]
    return value


def text_field(item: Json, name: str, default: str | None = "") -> str:
    """Return a string; a number is taken as one. Without a default the field must be there."""
    value = item.get(name, default) if default is not None else required(item, name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise MalformedError(f'Field "{name}" must be of type String')
    return str(value)


def integer_field(item: Json, name: str, default: int | None = 0) -> int:
    """Return an integer; a string of digits is taken as one."""
    value = item.get(name, default) if default is not None else required(item, name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise MalformedError(f'Field "{name}" must be a Number')
    if not _INTEGER.match(str(value)):
        raise MalformedError(f'Field "{name}" must be a valid Number')
    return int(value)


def flag_field(item: Json, name: str) -> bool:
    """Return an optional true or false."""
    value = item.get(name, False)
    if not isinstance(value, bool):
        raise MalformedError(f'Field "{name}" must be of type Boolean')
    return value


def object_field(item: Json, name: str) -> Json:
    """Return a required object."""
    value = required(item, name)
    if not isinstance(value, dict):
        raise MalformedError(f'Field "{name}" must be of type Object')
    return value


def array_field(item: Json, name: str) -> list[object]:
    """Return an optional array."""
    value = item.get(name, [])
    if not isinstance(value, list):
        raise MalformedError(f'Field "{name}" must be of type Array')
    return value
