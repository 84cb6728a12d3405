"""What is wrong with a profile's file."""


class ProfileError(ValueError):
    """A profile's file that cannot be used.

    Attributes:
        file: its name.
        place: the key, as a path ("mapping[2].quantity"), or a line; "" for the whole file.
        problem: a slug.
        detail: what stands there, and what may have been meant.
    """

    def __init__(self, file: str, place: str, problem: str, detail: object = "") -> None:
        shown = f"{file}, {place}" if place else file
        super().__init__(f"{shown}: {problem}" + (f" ({detail})" if detail != "" else ""))
        self.file, self.place, self.problem, self.detail = file, place, problem, str(detail)
