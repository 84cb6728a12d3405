"""/online and /offline as a clerk sees them: preview, link check, two minutes for a stop."""

import pytest

from bot.settings import DatabaseSettings, GoLiveSettings, Settings
from handlers.golive.jobs import JOBS
from services.golive.model import Batch, Item, State
from services.staff.rules import Role
from tests.conftest import ROOT
from tests.county import County, Person
from tests.golive.town_hall import (
    COUNTY,
    DOG,
    KOETHEN,
    LINK,
    MOVE,
    SABINE,
    ZERBST,
    announces,
    colleague,
    facts,
    rows,
    stops,
    time_is_over,
    waiting_news,
    wishes,
)

PREVIEW = "<b>Vorschau</b>"


@pytest.fixture
async def sabine(county: County) -> Person:
    return await county.staff(SABINE)


async def test_the_preview_shows_news_and_recipients_before_anything_happens(
    county: County, sabine: Person
) -> None:
    await wishes(county, 1001, DOG)
    await wishes(county, 1002, MOVE)
    await wishes(county, 1003, town=ZERBST)
    preview = await sabine.says(f"/online {DOG} {LINK} Köthen")
    assert PREVIEW in preview
    assert "Hund anmelden" in preview
    assert "Köthen (Anhalt)" in preview
    assert LINK in preview
    assert "Empfängerinnen und Empfänger: 1" in preview
    assert "zweite Person" not in preview
    assert sabine.buttons == ["Jetzt melden", "Verwerfen"]
    assert await facts(county) == []
    assert await waiting_news(county) == []


async def test_service_and_town_may_be_written_in_several_ways(
    county: County, sabine: Person
) -> None:
    for words in (
        f"{DOG} {LINK} koethen",
        f"99102007104000 {LINK} 06366",
        f"Hund anmelden {LINK} Köthen (Anhalt)",
        f"hund ANMELDEN   {LINK}   Baasdorf",
        f"{DOG}\n{LINK}\nKöthen",
    ):
        await sabine.says(f"/online {words}")
    items = await rows(county, Item)
    assert len(items) == 5
    assert {(one.service_id, one.area, one.url) for one in items} == {(DOG, KOETHEN, LINK)}


async def test_without_a_town_the_whole_county_is_meant(county: County, sabine: Person) -> None:
    await sabine.says(f"/online {DOG} {LINK}")
    await sabine.taps("Jetzt melden")
    assert await facts(county) == [(DOG, COUNTY, "staff")]


REFUSED = [
    ("/online", "So geht es: /online"),
    (f"/online {DOG}", "So geht es: /online"),
    (f"/online {LINK}", "So geht es: /online"),
    (f"/online {DOG} http://www.koethen-anhalt.de", "So geht es: /online"),
    (f"/online {DOG} HTTPS://www.koethen-anhalt.de", "So geht es: /online"),
    ("/offline", "So geht es: /offline"),
    (f"/online {DOG} https://", "nicht erlaubt"),
    (f"/online {DOG} https://koethen-anhalt.de.evil.example Köthen", "nicht erlaubt"),
    (f"/online {DOG} https://evil.example/koethen-anhalt.de", "nicht erlaubt"),
    (f"/online {DOG} https://koethen-anhalt.de@evil.example", "nicht erlaubt"),
    (f"/online {DOG} https://koethen-anhalt.de:8443/ Köthen", "nicht erlaubt"),
    (f"/online {DOG} https://köthen-anhalt.de/ Köthen", "nicht erlaubt"),
    (f"/online {DOG} https://koethen-anhalt.de/{'x' * 4000} Köthen", "nicht erlaubt"),
    (f"/online {DOG} {LINK} Entenhausen", "„Entenhausen“"),
    (f"/online {DOG} {LINK} Steutz", "„Steutz“"),
    (f"/online {DOG} {LINK} 06369", "„06369“"),
    (f"/offline {DOG} Steutz", "„Steutz“"),
    (f"/online 99999999999999 {LINK}", "99999999999999"),
    (f"/offline {DOG} Köthen", "nicht als online gemeldet"),
    (f"/online <b>{'🐕' * 1000}</b> {LINK}", "&lt;b&gt;🐕"),
    (f"/online \u202e{'س' * 1000} {LINK}", "س"),
]


async def test_what_cannot_be_announced_is_explained(county: County, sabine: Person) -> None:
    for command, answer in REFUSED:
        county.clock.forward(minutes=1)
        said = await sabine.says(command)
        assert answer in said, command
        assert len(said) <= 4096
    assert await rows(county, Batch) == []


async def test_a_clerk_drops_a_proposal(county: County, sabine: Person) -> None:
    erika = await wishes(county, 1001, DOG)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    assert "Verworfen" in await sabine.taps("Verwerfen")
    assert "schon entschieden" in await sabine.taps("Jetzt melden")
    await time_is_over(county)
    assert erika.heard == []


async def test_two_minutes_for_a_stop(county: County, sabine: Person) -> None:
    erika = await wishes(county, 1001, DOG)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    scheduled = await sabine.taps("Jetzt melden")
    assert "12:02" in scheduled, "until then it can be stopped"
    county.clock.forward(seconds=119)
    await county.settle()
    assert "Gestoppt. 1 Nachricht" in await sabine.taps("Stopp")
    assert "Frist zum Stoppen ist vorbei" in await sabine.taps("Stopp")
    await time_is_over(county)
    assert erika.heard == []
    assert await facts(county) == []

    await sabine.says(f"/online {DOG} {LINK} Köthen")
    await sabine.taps("Jetzt melden")
    county.clock.forward(minutes=2)
    assert "Frist zum Stoppen ist vorbei" in await sabine.taps("Stopp")
    assert len(erika.heard) == 1
    assert await facts(county) == [(DOG, KOETHEN, "staff")]


@pytest.mark.parametrize("where", ["Köthen", ""])
async def test_a_correction_by_chat(county: County, sabine: Person, where: str) -> None:
    erika = await wishes(county, 1001, DOG)
    await announces(county, area=KOETHEN if where else COUNTY)
    await time_is_over(county)
    preview = await sabine.says(f"/offline Hund anmelden {where}")
    assert "zurzeit nicht online" in preview
    await sabine.taps("Jetzt melden")
    await time_is_over(county)
    assert "Korrektur" in erika.heard[-1]
    assert await facts(county) == []


async def test_what_is_online_is_named_with_its_link(county: County, sabine: Person) -> None:
    await announces(county, area=COUNTY)
    assert LINK in await sabine.says(f"/online {DOG} https://koethen-anhalt.de/neu Köthen")


@pytest.mark.parametrize("press", ["Jetzt melden", "Verwerfen"])
async def test_a_role_that_ended_between_preview_and_press_counts_no_more(
    county: County, sabine: Person, press: str
) -> None:
    await county.staff(2002)
    await wishes(county, 1001, DOG)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    await ends_roles(county, of=1, by=2002)
    assert "fehlt Ihnen das Recht" in await sabine.taps(press)
    [batch] = await rows(county, Batch)
    assert batch.state == State.READY
    assert await waiting_news(county) == []


async def test_a_role_that_ended_cannot_stop_either(county: County, sabine: Person) -> None:
    await county.staff(2002)
    await wishes(county, 1001, DOG)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    await sabine.taps("Jetzt melden")
    await ends_roles(county, of=1, by=2002)
    assert "fehlt Ihnen das Recht" in await sabine.taps("Stopp")
    assert await stops(county, 1, by=2002) == 1


async def ends_roles(county: County, *, of: int, by: int) -> None:
    async with county.application.transaction() as house:
        chat = await house.chats.meet(by, "private", "de")
        assert await house.staff.off_board(await house.staff.actor(chat.id), of) is not None


async def test_a_clerk_of_zerbst_speaks_for_zerbst_only(county: County) -> None:
    zita = await colleague(county, 2002, Role.EDITOR, ZERBST)
    for words in (f"/online {DOG} {LINK} Köthen", f"/online {DOG} {LINK}"):
        assert "fehlt Ihnen das Recht" in await zita.says(words)
    assert PREVIEW in await zita.says(f"/online {DOG} {LINK} Zerbst")
    batch = await announces(county)
    for step in "yns":
        assert "fehlt Ihnen das Recht" in await zita.presses(f"gl:{batch}:{step}")
    assert "fehlt Ihnen das Recht" in await zita.says(f"/offline {DOG} Köthen")


async def test_other_roles_do_not_publish(county: County) -> None:
    for number, role in enumerate((Role.CASE_WORKER, Role.TEAM_LEAD, Role.OPERATOR), 3001):
        person = await colleague(county, number, role)
        assert "fehlt Ihnen das Recht" in await person.says(f"/online {DOG} {LINK} Köthen")
    assert await rows(county, Batch) == []


async def test_a_citizen_s_forged_press_does_nothing(county: County) -> None:
    await wishes(county, 1002, DOG)
    batch = await announces(county)
    erika = county.citizen()
    for step in "yns":
        assert "fehlt Ihnen das Recht" in await erika.presses(f"gl:{batch}:{step}")
    assert len(await waiting_news(county)) == 1
    for data in ("gl:999:y", "gl:0:s", "gl:-1:n", "ap:1:1", "ap:999:0"):
        assert await erika.presses(data)
    assert len(await waiting_news(county)) == 1
    assert await facts(county) == [(DOG, KOETHEN, "staff")]


PROBLEMS = [
    ("golive.link-no-answer", "Er antwortet nicht"),
    ("golive.link-error", "mit einem Fehler"),
    ("golive.link-leads-away", "nicht erlaubte Domain"),
]


class TestLinkCheck:
    """The link is tried before the preview is shown."""

    @pytest.fixture
    def settings(self, database_url: str, clean_environment: None) -> Settings:
        return Settings(
            _env_file=None,
            region=str(ROOT / "tests" / "region_folder"),
            database=DatabaseSettings(url=database_url),
            golive=GoLiveSettings(check_links=True),
        )

    async def test_a_link_that_answers_leads_to_the_preview(
        self, county: County, sabine: Person
    ) -> None:
        await wishes(county, 1001, DOG)
        assert "prüfe" in await sabine.says(f"/online {DOG} {LINK} Köthen")
        assert "schon entschieden" in await sabine.presses("gl:1:y")
        for _ in range(2):
            await county.runs("check links")
        previews = [one for one in sabine.heard if PREVIEW in one]
        assert len(previews) == 1
        assert "Empfängerinnen und Empfänger: 1" in previews[0]
        await sabine.taps("Jetzt melden")
        assert await facts(county) == [(DOG, KOETHEN, "staff")]

    async def test_a_link_with_a_problem_is_not_announced(
        self, county: County, sabine: Person
    ) -> None:
        for batch, (problem, words) in enumerate(PROBLEMS, 1):
            county.links.problems[LINK] = problem
            await sabine.says(f"/online {DOG} {LINK} Köthen")
            await county.runs("check links")
            assert words in sabine.heard[-1]
            assert LINK in sabine.heard[-1]
            assert "schon entschieden" in await sabine.presses(f"gl:{batch}:y")
        county.links.problems.clear()
        await county.runs("check links")
        assert not any(PREVIEW in one for one in sabine.heard)

    async def test_each_proposal_is_tried(self, county: County, sabine: Person) -> None:
        broken = "https://www.koethen-anhalt.de/kaputt"
        county.links.problems[broken] = "golive.link-error"
        await sabine.says(f"/online {DOG} {broken} Köthen")
        await sabine.says(f"/online {MOVE} {LINK} Köthen")
        await county.runs("check links")
        assert [PREVIEW in one for one in sabine.heard[-2:]] == [False, True]

    async def test_what_was_dropped_meanwhile_stays_dropped(
        self, county: County, sabine: Person
    ) -> None:
        await sabine.says(f"/online {DOG} {LINK} Köthen")
        await sabine.presses("gl:1:n")
        await county.runs("check links")
        assert not any(PREVIEW in one for one in sabine.heard)

    async def test_who_left_meanwhile_gets_no_preview(
        self, county: County, sabine: Person
    ) -> None:
        await county.staff(2002)
        await sabine.says(f"/online {DOG} {LINK} Köthen")
        await ends_roles(county, of=1, by=2002)
        before = len(sabine.heard)
        await county.runs("check links")
        assert len(sabine.heard) == before

    async def test_a_correction_has_no_link_to_try(self, county: County, sabine: Person) -> None:
        await sabine.says(f"/online {DOG} {LINK} Köthen")
        await county.runs("check links")
        await sabine.taps("Jetzt melden")
        assert PREVIEW in await sabine.says(f"/offline {DOG} Köthen")


def test_jobs_come_often_enough() -> None:
    rhythm = {job.name: job.seconds for job in JOBS}
    assert rhythm == {"check links": 1, "weekly digests": 300, "channel post": 2}
