"""Errors a person may see; each carries the key of its text."""


class ServiceError(Exception):
    """A rule of the house was not met; the edge shows `text_key` with `params`."""

    text_key = "error.unknown"

    def __init__(self, **params: object) -> None:
        super().__init__(self.text_key, params)
        self.params = params
