"""The methods of the Bot API by name; each module of this package adds its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from inspect import isawaitable
from typing import NamedTuple, TypeVar

from simulator.arguments import Arguments
from simulator.errors import refusal
from simulator.world import World


@dataclass(slots=True, frozen=True)
class Call:
    """One request of the bot."""

    world: World
    arguments: Arguments


class Answer(NamedTuple):
    """A result with the remark the real server adds to it."""

    result: object
    description: str = ""


Method = Callable[[Call], object | Awaitable[object]]
_Function = TypeVar("_Function", bound=Method)

_methods: dict[str, Method] = {}


def method(name: str) -> Callable[[_Function], _Function]:
    """Register a function as a method of the Bot API; upper and lower case do not matter."""

    def register(function: _Function) -> _Function:
        _methods[name.lower()] = function
        return function

    return register


def method_names() -> list[str]:
    """Return all names in small letters."""
    return sorted(_methods)


async def perform(name: str, call: Call) -> Answer:
    """Carry out a request, or raise the ApiError the bot is answered with."""
    function = _methods.get(name.lower())
    if function is None:
        raise refusal(HTTPStatus.NOT_FOUND, "method not found")
    result = function(call)
    if type(result) is not dict and isawaitable(result):
        result = await result
    return result if isinstance(result, Answer) else Answer(result)
