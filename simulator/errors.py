"""Refusals of the Bot API, worded as the real server words them."""

from http import HTTPStatus

from simulator.wire import Json

_PREFIXES = {
    HTTPStatus.BAD_REQUEST: "Bad Request",
    HTTPStatus.UNAUTHORIZED: "Unauthorized",
    HTTPStatus.FORBIDDEN: "Forbidden",
    HTTPStatus.NOT_FOUND: "Not Found",
    HTTPStatus.CONFLICT: "Conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.TOO_MANY_REQUESTS: "Too Many Requests",
}


class ApiError(Exception):
    """A request that is answered with {"ok": false}."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> Json:
        """Return the body the bot receives."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def refusal(status: HTTPStatus, reason: str = "", parameters: Json | None = None) -> ApiError:
    """Return the error with the real server's prefix and its habit of a small first letter."""
    prefix = _PREFIXES[status]
    return ApiError(status, f"{prefix}: {_lowered(reason)}" if reason else prefix, parameters)


def bad_request(reason: str) -> ApiError:
    """Return the 400 for a wrong parameter."""
    return refusal(HTTPStatus.BAD_REQUEST, reason)


def forbidden(reason: str) -> ApiError:
    """Return the 403 for a chat that is closed to the bot."""
    return refusal(HTTPStatus.FORBIDDEN, reason)


def _lowered(reason: str) -> str:
    # Codes such as BUTTON_DATA_INVALID keep their capitals: their second letter is one, too.
    second = reason[1:2]
    return reason if second == "_" or second.isupper() else reason[:1].lower() + reason[1:]
