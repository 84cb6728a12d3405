"""Turns what stands in a profile's file into a profile, refusing what is wrong where it stands."""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from lorawan.decoders import DECODERS
from lorawan.profiles.errors import ProfileError
from lorawan.profiles.paths import Path, PathError, parse_path, stars
from lorawan.profiles.profile import SERVER, Condition, Derivation, Profile, Rule, Type
from lorawan.profiles.values import as_text
from lorawan.vocabulary import QUANTITIES

LONGEST_KEY = 60
PROFILE_KEYS = {
    "key", "name", "maker", "type", "decoder", "models", "mapping", "derive", "vocabulary",
    "fallback", "prefer-server",
}  # fmt: skip
RULE_KEYS = {
    "path", "quantity", "factor", "offset", "channel", "words", "suffix", "absent", "when", "time",
}  # fmt: skip
Value = TypeVar("Value")


class Reader:
    """Checks one file's data; every method names the place it is about."""

    def __init__(self, file: str) -> None:
        self.file = file

    def refuse(self, place: str, problem: str, detail: object = "") -> ProfileError:
        return ProfileError(self.file, place, problem, detail)

    def profile(self, data: Any) -> Profile:
        found = self.mapping(data, "", PROFILE_KEYS)
        rules = self.items(found, "mapping", "", self.rule)
        profile = Profile(
            key=self.text(found, "key", ""),
            name=self.text(found, "name", ""),
            maker=self.text(found, "maker", "", ""),
            type=Type(self.one_of(found, "type", "", tuple(Type))),
            decoder=self.one_of(found, "decoder", "", (*DECODERS, SERVER)),
            models=self.items(found, "models", "", self.pattern),
            mapping=rules,
            derive=self.items(found, "derive", "", self.derivation),
            vocabulary=self.flag(found, "vocabulary", otherwise=False),
            fallback=self.flag(found, "fallback", otherwise=False),
            prefer_server=self.flag(found, "prefer-server", otherwise=True),
        )
        if len(profile.key) > LONGEST_KEY or profile.key.startswith("script:"):
            raise self.refuse("key", "bad-key", profile.key)
        if not rules and not profile.vocabulary:
            raise self.refuse("mapping", "nothing-mapped")
        return profile

    def rule(self, data: Any, place: str) -> Rule:
        found = self.mapping(data, place, RULE_KEYS)
        path = self.path(found.get("path"), f"{place}.path")
        time = self.path(found["time"], f"{place}.time") if "time" in found else None
        if time is not None and stars(time) > stars(path):
            raise self.refuse(f"{place}.time", "more-stars-than-path")
        return Rule(
            path=path,
            quantity=self.one_of(found, "quantity", place, tuple(QUANTITIES)),
            factor=self.number(found, "factor", place, 1.0),
            offset=self.number(found, "offset", place, 0.0),
            channel=self.channel(found, place),
            words=self.words(found, place),
            suffix=self.text(found, "suffix", place, ""),
            absent=self.items(found, "absent", place, self.scalar),
            when=self.conditions(found, place),
            time=time,
        )

    def mapping(self, data: Any, place: str, known: Iterable[str] | None = None) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self.refuse(place, "not-a-mapping")
        for key in data:
            if not isinstance(key, str):  # yes, no, on and off are no texts in YAML
                raise self.refuse(place, "put-in-quotes", key)
            if known is not None and key not in known:
                raise self.refuse(_join(place, key), "unknown-key", _meant(key, known))
        return data

    def items(
        self, data: Mapping[str, Any], key: str, place: str, read: Callable[[Any, str], Value]
    ) -> tuple[Value, ...]:
        here = _join(place, key)
        found = data.get(key, [])
        if not isinstance(found, list):
            raise self.refuse(here, "not-a-list")
        return tuple(read(one, f"{here}[{index}]") for index, one in enumerate(found))

    def text(
        self, data: Mapping[str, Any], key: str, place: str, otherwise: str | None = None
    ) -> str:
        value = data.get(key, otherwise)
        if value is None:
            raise self.refuse(_join(place, key), "missing")
        if not isinstance(value, str) or not (value.strip() or otherwise is not None):
            raise self.refuse(_join(place, key), "not-a-text", value)
        return value

    def one_of(self, data: Mapping[str, Any], key: str, place: str, known: tuple[str, ...]) -> str:
        value = self.text(data, key, place)
        if value not in known:
            raise self.refuse(_join(place, key), f"unknown-{key}", _meant(value, known))
        return value

    def flag(self, data: Mapping[str, Any], key: str, *, otherwise: bool) -> bool:
        value = data.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.refuse(key, "not-true-or-false", value)
        return value

    def number(self, data: Mapping[str, Any], key: str, place: str, otherwise: float) -> float:
        value = data.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(_join(place, key), "not-a-number", value)
        if not math.isfinite(value):
            raise self.refuse(_join(place, key), "not-a-number", value)
        return float(value)

    def channel(self, data: Mapping[str, Any], place: str) -> int:
        value = self.number(data, "channel", place, 0)
        if not value.is_integer() or not 0 <= value < 10_000:  # noqa: PLR2004 - four digits, as in paths
            raise self.refuse(_join(place, "channel"), "not-a-channel", value)
        return int(value)

    def path(self, value: Any, place: str) -> Path:
        if not isinstance(value, str):
            raise self.refuse(place, "missing" if value is None else "not-a-text", value or "")
        try:
            return parse_path(value)
        except PathError:
            raise self.refuse(place, "not-a-path", value) from None

    def words(self, data: Mapping[str, Any], place: str) -> dict[str, float]:
        here = _join(place, "words")
        found = data.get("words", {})
        if isinstance(found, dict):  # 0 and 1 may stand without quotes
            found = {str(key) if _is_whole(key) else key: one for key, one in found.items()}
        found = self.mapping(found, here)
        return {as_text(word): self.number(found, word, here, 0.0) for word in found}

    def conditions(self, data: Mapping[str, Any], place: str) -> tuple[Condition, ...]:
        here = _join(place, "when")
        found = self.mapping(data.get("when", {}), here)
        return tuple(
            Condition(self.path(path, here), self.items(found, path, here, self.scalar))
            for path in found
        )

    def scalar(self, value: Any, place: str) -> str:
        if not isinstance(value, str | int | float):
            raise self.refuse(place, "not-a-value", value)
        return as_text(value)

    def pattern(self, value: Any, place: str) -> str:
        if not isinstance(value, str) or not value.strip("*? "):
            raise self.refuse(place, "not-a-pattern", value)
        return value.casefold()

    def derivation(self, value: Any, place: str) -> Derivation:
        if value not in tuple(Derivation):
            raise self.refuse(place, "unknown-derivation", _meant(str(value), tuple(Derivation)))
        return Derivation(value)


def _is_whole(key: object) -> bool:
    return isinstance(key, int) and not isinstance(key, bool)


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _meant(value: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(value, list(known), n=1)
    return f"{value}; {near[0]}?" if near else value
