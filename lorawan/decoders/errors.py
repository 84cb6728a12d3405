"""What a payload can be refused for."""


class DecodeError(ValueError):
    """A payload that is not what its maker describes.

    Attributes:
        problem: a slug saying what is wrong: "unknown-port", "too-short", "unknown-type",
            "wrong-version", "wrong-device", "unknown-frame", "empty".
        detail: where, or what was found; "" when there is nothing to add.
    """

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem = problem
        self.detail = detail


def require_port(f_port: int | None, *known: int) -> None:
    """Refuse a port the device does not use; the detail is the one vendors' codecs give."""
    if f_port not in known:
        raise DecodeError("unknown-port", f"unknown FPort {f_port}")
