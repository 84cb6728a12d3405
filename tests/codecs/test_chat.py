"""/codec: a vendor's file is sent, checked by its examples, released by a second person."""

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetFile

from handlers.buttons.citizens import Erase
from handlers.buttons.sensors import CodecStep, DecideCodec
from services.staff.rules import Role
from tests.codecs.kit import (
    BARE,
    CODEC,
    DIGEST,
    EXAMPLES,
    checks,
    codecs,
    released,
    sends,
    uploads,
)
from tests.county import County, Person
from tests.learning.classroom import actor_of
from tests.rigging import label, rows_of, words

SABINE, JOERG, CLARA = 2001, 2002, 2003


@pytest.fixture
async def sabine(county: County) -> Person:
    return await county.staff(SABINE, Role.OPERATOR)


@pytest.fixture
async def joerg(county: County) -> Person:
    return await county.staff(JOERG, Role.EDITOR)


async def brings(county: County, person: Person, source: str = CODEC, name: str = "mulde") -> int:
    """Let somebody bring a codec; return its number."""
    await sends(person, source, f"/codec {name}")
    await checks(county)
    return int((await codecs(county))[-1]["id"])


async def test_from_the_file_to_the_release(county: County, sabine: Person, joerg: Person) -> None:
    answer = await sends(sabine, CODEC, "/codec mulde")
    assert answer == words(county, "codecs.checking", name="mulde")
    assert await codecs(county) == [], "nothing is downloaded in a transaction"
    await checks(county)
    assert "2 von 2 Beispielen stimmen" in sabine.heard[-1]
    assert DIGEST in joerg.heard[-1]
    assert await released(county) == {}
    answer = await joerg.taps(label(county, "codecs.button-release", number=1))
    assert words(county, "codecs.released", number=1) in answer
    assert await released(county) == {1: CODEC}
    [row] = await codecs(county)
    assert (row["sha256"], row["style"], row["state"]) == (DIGEST, "decodeUplink", "released")
    assert (row["uploaded_by"], row["decided_by"]) == (1, 2)
    assert await uploads(county) == []
    acts = [row["action"] for row in await rows_of(county.application, "audit_entry")]
    assert [one for one in acts if one.startswith("codecs")] == [
        "codecs.upload",
        "codecs.check",
        "codecs.decide",
    ]


async def test_nobody_releases_what_they_brought(
    county: County, sabine: Person, joerg: Person
) -> None:
    number = await brings(county, sabine)
    press = DecideCodec(codec=number, step=CodecStep.RELEASE).pack()
    assert await sabine.presses(press) == words(county, "codecs.own")
    assert await released(county) == {}


@pytest.mark.parametrize("role", [None, Role.CASE_WORKER, Role.TEAM_LEAD])
async def test_who_has_no_right_can_do_nothing(
    county: County, sabine: Person, role: Role | None
) -> None:
    number = await brings(county, sabine)
    other = county.citizen(3001) if role is None else await county.staff(3001, role)
    for step in CodecStep:
        await other.presses(DecideCodec(codec=number, step=step).pack())
    await sends(other, BARE, "/codec mulde")
    await other.says("/codec")
    [row] = await codecs(county)
    assert row["state"] == "checked"
    assert await uploads(county) == []
    assert not any(DIGEST[:12] in one or CODEC[:20] in one for one in other.heard)


async def test_a_clerk_of_one_town_may_not_bring_codecs_for_the_county(county: County) -> None:
    clerk = await county.staff(2005, Role.EDITOR, "150820430430")
    await sends(clerk, CODEC, "/codec mulde")
    assert await uploads(county) == []


async def test_rights_are_those_at_the_press(
    county: County, sabine: Person, joerg: Person
) -> None:
    await county.staff(CLARA)
    number = await brings(county, sabine)
    clara, gone = await actor_of(county, CLARA), await actor_of(county, JOERG)
    assert gone.staff_id is not None
    async with county.application.transaction() as services:
        await services.staff.off_board(clara, gone.staff_id)
    await joerg.presses(DecideCodec(codec=number, step=CodecStep.RELEASE).pack())
    assert await released(county) == {}


async def test_wrong_examples_are_named_with_path_and_values(
    county: County, sabine: Person, joerg: Person
) -> None:
    wrong = CODEC.replace('"level": 2.0', '"level": 2.5')
    await sends(sabine, wrong, "/codec mulde")
    await checks(county)
    told = sabine.heard[-1]
    assert "data.level" in told
    assert "<code>2.5</code>" in told
    assert "<code>2</code>" in told
    assert await codecs(county) == []
    assert joerg.heard == []


@pytest.mark.parametrize(
    ("source", "key", "params"),
    [
        (
            "/* examples: [{}] */ decodeUplink",
            "codecs.problem-example",
            {"number": 1, "field": "bytes"},
        ),
        ("/* examples: [1, */ decodeUplink", "codecs.problem-examples-no-json", {"line": 1}),
        ("/* examples: [] */ decodeUplink", "codecs.needs-examples", {"name": "mulde"}),
        (CODEC.replace("decodeUplink", "read"), "codecs.run-no-function", {}),
        (b"\xff\xfe" + CODEC.encode(), "codecs.problem-not-utf8", {"position": 0}),
        (b"", "codecs.problem-empty", {}),
        (CODEC + "}", "codecs.run-syntax", {"detail": ""}),
        (
            CODEC.replace("return { data", "for (;;); return { data"),
            "codecs.run-time",
            {"number": 1},
        ),
        ("/*" + "x" * 131072 + "*/" + CODEC, "codecs.problem-too-long", None),
    ],
)
async def test_what_is_wrong_with_a_file_is_said(
    county: County,
    sabine: Person,
    joerg: Person,
    source: str | bytes,
    key: str,
    params: dict[str, object] | None,
) -> None:
    await sends(sabine, source, "/codec mulde")
    await checks(county)
    told = sabine.heard[-1]
    if params is not None:
        assert words(county, key, **params) in told
    else:
        assert "131072" in told
    assert await codecs(county) == []


@pytest.mark.parametrize("first", ["script", "examples", "both"])
async def test_examples_in_a_file_of_their_own(
    county: County, sabine: Person, joerg: Person, first: str
) -> None:
    async def script() -> None:
        await sends(sabine, BARE, "/codec mulde")

    async def examples() -> None:
        await sends(sabine, EXAMPLES, "/codec mulde", "beispiele.json")

    if first == "examples":
        await examples()
        assert words(county, "codecs.needs-script", name="mulde") == sabine.heard[-1]
        await script()
    else:
        await script()
        if first == "script":
            await checks(county)
            assert words(county, "codecs.needs-examples", name="mulde") == sabine.heard[-1]
        await examples()
    await checks(county)
    await checks(county)
    assert "1 von 1 Beispiel stimmt" in sabine.heard[-1]
    [row] = await codecs(county)
    assert row["examples"][0]["bytes"] == "07d0"
    assert await uploads(county) == []


async def test_the_same_text_is_one_codec(county: County, sabine: Person, joerg: Person) -> None:
    number = await brings(county, sabine)
    await sends(joerg, CODEC, "/codec anders")
    await checks(county)
    assert words(county, "codecs.problem-known", number=number) in joerg.heard[-1]
    changed = await brings(county, sabine, CODEC + "\n")
    assert changed != number, "a changed text is another codec"


async def test_refused_and_brought_again(county: County, sabine: Person, joerg: Person) -> None:
    number = await brings(county, sabine)
    await joerg.taps(label(county, "codecs.button-refuse", number=number))
    assert await brings(county, joerg) == number
    [row] = await codecs(county)
    assert (row["state"], row["uploaded_by"], row["decided_by"]) == ("checked", 2, None)
    assert words(county, "codecs.own") == await joerg.presses(
        DecideCodec(codec=number, step=CodecStep.RELEASE).pack()
    )
    await sabine.presses(DecideCodec(codec=number, step=CodecStep.RELEASE).pack())
    assert await released(county) == {number: CODEC}


async def test_a_withdrawn_codec_runs_no_more(
    county: County, sabine: Person, joerg: Person
) -> None:
    number = await brings(county, sabine)
    release = DecideCodec(codec=number, step=CodecStep.RELEASE).pack()
    await joerg.presses(release)
    await sabine.presses(DecideCodec(codec=number, step=CodecStep.RETIRE).pack())
    assert await released(county) == {}
    assert await joerg.presses(release) == words(county, "codecs.unknown"), "an old button"


async def test_what_was_changed_behind_our_back_does_not_run(
    county: County, sabine: Person, joerg: Person
) -> None:
    number = await brings(county, sabine)
    await joerg.presses(DecideCodec(codec=number, step=CodecStep.RELEASE).pack())
    async with county.application.transaction() as services:
        codec = await services.codecs.by_number(number)
        assert codec is not None
        codec.source += "// more"
    assert await released(county) == {}


async def test_the_second_person_can_read_what_they_release(
    county: County, sabine: Person, joerg: Person
) -> None:
    number = await brings(county, sabine)
    answer = await joerg.taps(label(county, "codecs.button-show", number=number))
    assert DIGEST in answer
    sent = county.telegram.log[-1]
    assert sent.document.data == CODEC.encode()  # type: ignore[attr-defined]


async def test_the_list(county: County, sabine: Person, joerg: Person) -> None:
    assert words(county, "codecs.none") in await sabine.says("/codec")
    number = await brings(county, sabine)
    async with county.application.transaction() as services:
        await services.codecs.count_failures(number, 3, "time")
    answer = await joerg.says("/codec")
    assert DIGEST[:12] in answer
    assert "3 Nachrichten" in answer
    assert label(county, "codecs.button-release", number=number) in joerg.buttons


@pytest.mark.parametrize(
    ("caption", "name", "key"),
    [
        ("/codec", "x.js", "codecs.how"),
        ("/codec mulde", "x.exe", "codecs.how"),
        ("/codec mulde", "", "codecs.how"),
        ("/codec Mulde Brücke", "x.js", "codecs.problem-name"),
        ("/codec " + "x" * 41, "x.js", "codecs.problem-name"),
    ],
)
async def test_what_cannot_be_taken_is_said_at_once(
    county: County, sabine: Person, caption: str, name: str, key: str
) -> None:
    answer = await sends(sabine, CODEC, caption, name)
    given = caption.removeprefix("/codec").strip().lower()
    assert answer == words(county, key, **({"name": given} if "name" in key else {}))
    assert await uploads(county) == []


async def test_a_huge_file_is_not_even_fetched(county: County, sabine: Person) -> None:
    answer = await sends(sabine, b"x" * (256 * 1024 + 1), "/codec mulde")
    assert answer == words(county, "codecs.file-too-large")
    assert await uploads(county) == []


async def test_a_file_that_lies_about_its_size_is_cut_off(county: County, sabine: Person) -> None:
    await sends(sabine, CODEC, "/codec mulde")
    [file_id] = county.telegram.files
    county.telegram.files[file_id] = b"x" * (256 * 1024 + 1)
    await checks(county)
    assert words(county, "codecs.file-too-large") in sabine.heard[-1]


async def test_a_file_telegram_lost(county: County, sabine: Person) -> None:
    await sends(sabine, CODEC, "/codec mulde")
    county.telegram.files.clear()
    await checks(county)
    assert words(county, "codecs.file-gone") in sabine.heard[-1]


async def test_telegram_that_does_not_answer_is_asked_three_times(
    county: County, sabine: Person
) -> None:
    await sends(sabine, CODEC, "/codec mulde")
    for _ in range(3):
        county.telegram.errors.append(
            TelegramNetworkError(GetFile(file_id="x"), "bot42:TEST unreachable")
        )
        assert len(await uploads(county)) == 1
        await checks(county)
    assert words(county, "codecs.file-no-answer") in sabine.heard[-1]
    assert "TEST" not in sabine.heard[-1]
    [row] = await uploads(county)
    assert row["state"] == "failed"


async def test_too_many_at_once(county: County, sabine: Person) -> None:
    for number in range(5):
        await sends(sabine, CODEC, f"/codec mulde-{number}")
    assert await sends(sabine, CODEC, "/codec noch-einer") == words(county, "codecs.too-many")


async def test_reports_are_forgotten(county: County, sabine: Person) -> None:
    await sends(sabine, b"", "/codec mulde")
    await checks(county)
    county.clock.forward(days=8)
    await county.runs("forget codec uploads")
    assert await uploads(county) == []


async def test_who_erased_their_data_is_told_nothing(county: County, sabine: Person) -> None:
    await sends(sabine, CODEC, "/codec mulde")
    await sabine.presses(Erase(sure=True).pack())
    before = len(sabine.heard)
    await checks(county)
    assert len(await codecs(county)) == 1
    assert len(sabine.heard) == before
