"""The arguments of a Bot API request, whichever way they were sent."""

import re
from collections.abc import Mapping

from simulator.errors import bad_request
from simulator.files import Upload
from simulator.wire import decode, encode

ATTACHED = "attach://"

_LEADING_INTEGER = re.compile(r"\s*-?[0-9]{1,20}")
_TRUE = frozenset({"true", "yes", "1"})


class Arguments:
    """Reads arguments as leniently as the real server: what is not a number counts as 0."""

    def __init__(self, values: Mapping[str, object], files: Mapping[str, Upload]) -> None:
        self._values = values
        self._files = files

    def has(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """Return the argument as text; an absent one is empty."""
        value = self._values.get(name, "")
        if isinstance(value, str):
            return value
        return str(value) if type(value) is int else encode(value)

    def required(self, name: str) -> str:
        """Return the argument as text or refuse the request."""
        text = self.text(name)
        if not text:
            raise bad_request(f'parameter "{name}" is required')
        return text

    def flag(self, name: str) -> bool:
        return name in self._values and self.text(name).strip().lower() in _TRUE

    def integer(
        self, name: str, default: int = 0, *, least: int | None = None, most: int | None = None
    ) -> int:
        """Return a number, moved into the given limits."""
        text = self.text(name)
        found = _LEADING_INTEGER.match(text)
        value = int(found[0]) if found else 0 if text else default
        if least is not None:
            value = max(value, least)
        return value if most is None else min(value, most)

    def parsed(self, name: str, what: str) -> object:
        """Return the JSON value of an argument, None if it is absent."""
        value = self._values.get(name, "")
        if not isinstance(value, str):
            return value if value is not None else _Null
        if not value:
            return None
        try:
            parsed = decode(value)
        except ValueError as error:
            raise bad_request(f"can't parse {what} JSON object") from error
        return _Null if parsed is None else parsed

    def lenient(self, name: str) -> object:
        """Return the JSON value of an argument, None if it is absent or broken."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return decode(value)
        except ValueError:
            return None

    def file(self, name: str) -> Upload | None:
        """Return the file sent under this name or attached to it."""
        if name in self._files:
            return self._files[name]
        attached = self.text(name)
        return self._files.get(attached.removeprefix(ATTACHED)) if attached else None

    def attached(self, address: str) -> Upload | None:
        """Return the file an address such as attach://picture points to."""
        return self._files.get(address.removeprefix(ATTACHED))


class _Null:
    """Stands for a JSON null, which the real server does not take for an absent value."""
