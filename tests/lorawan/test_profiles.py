"""Profiles: those that come with the program, and files that are wrong."""

from pathlib import Path

import pytest

from lorawan.decoders import DECODERS
from lorawan.events import Dialect, Event, Kind
from lorawan.profiles import ProfileError, choose, load_profiles, profiles
from lorawan.profiles.loading import OWN_FOLDER

GAUGE = """
key: radar
name: RADAR-1
maker: Example
type: gauge
decoder: server
models: ["*radar-1*"]
mapping:
  - path: distance
    quantity: water.distance
    factor: 0.001
derive: [level-from-distance]
"""


def write(folder: Path, text: str, name: str = "radar.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def event(model: str) -> Event:
    return Event(Dialect.CHIRPSTACK_V4, Kind.UPLINK, "up", model=model)


def test_every_decoder_has_a_profile() -> None:
    assert set(DECODERS) <= {profile.decoder for profile in profiles().values()}


def test_a_file_is_called_like_its_profile() -> None:
    assert {path.stem for path in OWN_FOLDER.glob("*.yaml")} == set(profiles())


@pytest.mark.parametrize("key", sorted(profiles()))
def test_a_profile_is_chosen_by_what_the_network_server_calls_the_model(key: str) -> None:
    for pattern in profiles()[key].models:
        model = pattern.replace("*", " ").strip().upper()
        chosen = choose(event(f"Some maker/{model}"))
        assert chosen == key


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("decentlab/dl-pr26", None),  # the wrong range would give a wrong level
        ("decentlab/dl-pr26-0-1", "decentlab-dl-pr26"),
        ("Decentlab DL-PR26-0-10", "decentlab-dl-pr26-0-10"),
        ("decentlab/dl-pm", "decentlab-dl-pm"),
        ("milesight-iot/em500-udl", "milesight-em500-udl"),
        ("milesight-iot/ws302", "milesight-ws302"),
        ("milesight-iot/ws999", "milesight"),
        ("elsys/ers-sound", "elsys-ers-sound"),
        ("elsys/ers-co2", "elsys"),
        ("Dragino LDDS75 (EU868)", "dragino-ldds75"),
        ("dev-prof-Decentlab", None),
        ("", None),
    ],
)
def test_the_most_telling_pattern_wins(model: str, key: str | None) -> None:
    assert choose(event(model)) == key


def test_two_that_fit_equally_well_leave_it_to_a_person(tmp_path: Path) -> None:
    folder = write(tmp_path, GAUGE)
    write(folder, GAUGE.replace("key: radar", "key: other"), "other.yaml")
    assert choose(event("RADAR-1"), load_profiles(folder)) is None


def test_a_county_adds_profiles_and_replaces_ours(tmp_path: Path) -> None:
    folder = write(tmp_path / "profiles", GAUGE)
    ours = GAUGE.replace("key: radar", "key: dragino-ldds75").replace("*radar-1*", "*ldds75*")
    write(folder, ours, "ours.yaml")
    known = load_profiles(OWN_FOLDER, folder)
    assert len(known) == len(profiles()) + 1
    assert known["radar"].mapping[0].factor == 0.001
    assert known["dragino-ldds75"].maker == "Example"
    assert choose(event("my radar-1"), known) == "radar"


def test_a_folder_that_is_not_there_has_no_profiles(tmp_path: Path) -> None:
    assert load_profiles(tmp_path / "none") == {}


RULE = "  - {path: x, quantity: water.level"
WRONG = [
    ("key: radar", "key: ''", "key: not-a-text"),
    ("key: radar\n", "", "key: missing"),
    ("key: radar", "key: script:7", "key: bad-key"),
    ("key: radar", "ky: radar", "ky: unknown-key (ky; key?)"),
    ("type: gauge", "type: gauges", "type: unknown-type (gauges; gauge?)"),
    ("decoder: server", "decoder: dragino-ldds57", "decoder: unknown-decoder"),
    ("decoder: server", "decoder: 7", "decoder: not-a-text"),
    ("models: [", "models: [7, ", "models[0]: not-a-pattern"),
    ('"*radar-1*"', '"*"', "models[0]: not-a-pattern"),
    ("models: [", "models: x\nx: [", "unknown-key"),
    (
        "water.distance",
        "water.distanz",
        "mapping[0].quantity: unknown-quantity (water.distanz; wa",
    ),
    ("path: distance", "path: distance..x", "mapping[0].path: not-a-path"),
    ("path: distance", "path: 7", "mapping[0].path: not-a-text"),
    ("  - path: distance\n    quantity", "  - quantity", "mapping[0].path: missing"),
    ("factor: 0.001", "factor: 0,001", "mapping[0].factor: not-a-number (0,001)"),
    ("factor: 0.001", "factor: true", "mapping[0].factor: not-a-number"),
    ("factor: 0.001", "factor: .inf", "mapping[0].factor: not-a-number"),
    ("factor: 0.001", "factr: 0.001", "mapping[0].factr: unknown-key (factr; factor?)"),
    ("factor: 0.001", "channel: -1", "mapping[0].channel: not-a-channel"),
    ("factor: 0.001", "channel: 1.5", "mapping[0].channel: not-a-channel"),
    ("factor: 0.001", "words: {no: 0}", "mapping[0].words: put-in-quotes (False)"),
    ("factor: 0.001", "words: [a]", "mapping[0].words: not-a-mapping"),
    ("factor: 0.001", "words: {leak: high}", "mapping[0].words.leak: not-a-number (high)"),
    ("factor: 0.001", "absent: 7", "mapping[0].absent: not-a-list"),
    ("factor: 0.001", "absent: [[7]]", "mapping[0].absent[0]: not-a-value"),
    ("factor: 0.001", "when: {mod: 1}", "mapping[0].when.mod: not-a-list"),
    ("factor: 0.001", 'time: "a[*].b"', "mapping[0].time: more-stars-than-path"),
    ("factor: 0.001", "factor: 1\n    factor: 2", "line 12: not-yaml (factor stands twice)"),
    ("factor: 0.001", "factor: &x 1\n    offset: *x", "line 12: not-yaml (no aliases here)"),
    ("name: RADAR-1", "name: [", "not-yaml"),
    ("name: RADAR-1", 'name: "\x07"', "not-yaml"),
    ("[level-from-distance]", "[level]", "derive[0]: unknown-derivation"),
    ("[level-from-distance]", "[[]]", "derive[0]: unknown-derivation"),
    ("[level-from-distance]", "level-from-distance", "derive: not-a-list"),
    ("key: radar", "key: radar\nvocabulary: 1", "vocabulary: not-true-or-false"),
]


@pytest.mark.parametrize(("right", "wrong", "problem"), WRONG)
def test_a_wrong_file_is_refused_naming_file_key_and_problem(
    tmp_path: Path, right: str, wrong: str, problem: str
) -> None:
    assert right in GAUGE
    with pytest.raises(ProfileError) as refused:
        load_profiles(write(tmp_path, GAUGE.replace(right, wrong, 1)))
    assert str(refused.value).startswith("radar.yaml")
    assert problem in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "7", "[" * 5000])
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProfileError, match=r"radar\.yaml"):
        load_profiles(write(tmp_path, text))


def test_a_profile_that_maps_nothing_is_refused(tmp_path: Path) -> None:
    text = GAUGE[: GAUGE.index("mapping:")]
    with pytest.raises(ProfileError, match="nothing-mapped"):
        load_profiles(write(tmp_path, text))


def test_a_file_in_another_encoding_or_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "radar.yaml").write_bytes("name: Höhe".encode("latin-1"))
    with pytest.raises(ProfileError, match="not-utf8"):
        load_profiles(tmp_path)
    (tmp_path / "radar.yaml").write_bytes(b"#" * 300_000)
    with pytest.raises(ProfileError, match="too-large"):
        load_profiles(tmp_path)
    (tmp_path / "radar.yaml").unlink()
    (tmp_path / "radar.yaml").mkdir()
    with pytest.raises(ProfileError, match="unreadable"):
        load_profiles(tmp_path)


def test_a_key_twice_in_one_folder_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, GAUGE)
    write(folder, GAUGE, "second.yaml")
    with pytest.raises(ProfileError, match=r"second\.yaml, key: double-key \(also in radar\.yaml"):
        load_profiles(folder)
