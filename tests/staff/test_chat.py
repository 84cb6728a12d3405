"""Staff in their private chat; for everybody else staff commands do not exist."""

from typing import Any

import pytest
from aiogram.methods import DeleteMyCommands, SetMyCommands

from handlers.commands import CITIZEN, STAFF
from services.staff.model import StaffRole
from services.staff.rules import Role
from tests.county import County, Person
from tests.golive.town_hall import COUNTY, DOG, LINK, ZERBST, rows

ADMIN, EDITOR = 2001, 2002


@pytest.fixture
async def boss(county: County) -> Person:
    return await county.staff(ADMIN)


def menus(county: County, person: int) -> list[Any]:
    """Return the command menus a chat was given: the names, or None for the citizens' one."""
    found: list[Any] = []
    for method in county.telegram.log:
        if isinstance(method, SetMyCommands | DeleteMyCommands):
            assert method.scope is not None
            if getattr(method.scope, "chat_id", None) == person:
                commands = getattr(method, "commands", None)
                found.append([one.command for one in commands] if commands else None)
    return found


def code_in(answer: str) -> str:
    return answer.partition("<code>")[2].partition("</code>")[0]


FOR_ALL_AS_WELL = {"alarme"}
"""To people it shows their own thresholds."""


async def test_a_citizen_sees_no_staff_command(county: County) -> None:
    erika = county.citizen()
    unknown = await erika.says("/gibtesnicht")
    assert "Diesen Befehl kenne ich nicht" in unknown
    commands = [f"/{name}" for name, _ in STAFF if name not in FOR_ALL_AS_WELL]
    more = [f"/online {DOG} {LINK} Köthen", f"/offline {DOG}", "/team x", "/einladen admin Ich"]
    for words in [*commands, *more]:
        county.clock.forward(minutes=1)
        assert await erika.says(words) == unknown, words
    assert menus(county, erika.id) == []


async def test_who_had_a_role_is_a_citizen_again(county: County, boss: Person) -> None:
    anna = await county.staff(EDITOR, Role.EDITOR)
    unknown = await anna.says("/gibtesnicht")
    assert await anna.says("/dienst") != unknown
    async with county.application.transaction() as house:
        chat = await house.chats.find(ADMIN)
        assert chat is not None
        await house.staff.off_board(await house.staff.actor(chat.id), 2)
    for name in ("dienst", "online", "team"):
        assert await anna.says(f"/{name}") == unknown, name


WHERE_ALARMS_ARE_TOLD = {"alarme", "lage", "uebernehmen"}


async def test_staff_commands_do_not_exist_in_groups(county: County, boss: Person) -> None:
    group = {"id": -500, "type": "group", "title": "Amt"}
    for name, _ in STAFF:
        if name not in WHERE_ALARMS_ARE_TOLD:
            await boss.sends({"text": f"/{name}", "chat": group})
    assert county.told(-500) == []


@pytest.mark.parametrize("how", ["/einschreiben {}", "/enrol {}", "/start e-{}"])
async def test_a_code_makes_a_citizen_a_colleague_with_a_menu(
    county: County, boss: Person, how: str
) -> None:
    anna = county.citizen(EDITOR)
    code = code_in(await boss.says("/einladen Redaktion Serviceportal 2 in Zerbst"))
    answer = await anna.says(how.format(code))
    assert "Redaktion" in answer
    assert "Zerbst/Anhalt" in answer
    [menu] = menus(county, EDITOR)
    assert menu == [name for name, _ in (*CITIZEN["de"], *STAFF)]
    assert "/online" in await anna.says("/dienst")

    otto = county.citizen(1002)
    assert "nicht gültig" in await otto.says(how.format(code))
    assert menus(county, 1002) == []
    [role] = [one for one in await rows(county, StaffRole) if one.staff_id == 2]
    assert (role.role, role.area) == ("editor", ZERBST)


async def test_a_wrong_code_is_refused_in_the_same_words_whatever_is_wrong(
    county: County, boss: Person
) -> None:
    erika = county.citizen()
    used = code_in(await boss.says("/einladen admin Platz 2"))
    await county.citizen(1002).says(f"/einschreiben {used}")
    old = code_in(await boss.says("/einladen admin Platz 3"))
    county.clock.forward(days=1)
    answers = {
        await erika.says(f"/einschreiben {code}")
        for code in (used, old, "ABCDEFGH2345", "", "🐕" * 900)
    }
    assert len(answers) == 1


async def test_a_code_in_a_group_is_not_taken(county: County, boss: Person) -> None:
    code = code_in(await boss.says("/einladen admin Platz 2"))
    group = {"id": -500, "type": "group", "title": "Amt"}
    await county.citizen(1002).sends({"text": f"/einschreiben {code}", "chat": group})
    assert len(await rows(county, StaffRole)) == 1


ROLES = [
    ("Redaktion", "editor"),
    ("editor", "editor"),
    ("Sachbearbeitung", "case-worker"),
    ("Teamleitung", "team-lead"),
    ("Betrieb", "operator"),
    ("ADMIN", "admin"),
]


async def test_roles_are_named_in_one_s_language_or_by_their_key(
    county: County, boss: Person
) -> None:
    for words, role in ROLES:
        code = code_in(await boss.says(f"/einladen {words} Platz 7"))
        async with county.application.transaction() as house:
            chat = await house.chats.meet(EDITOR, "private", "de")
            grant = await house.staff.enrol(chat.id, code)
        assert (grant.role, grant.area) == (role, COUNTY)


async def test_an_invitation_needs_role_label_and_a_clear_place(
    county: County, boss: Person
) -> None:
    for words in (
        "",
        "admin",
        "admin  ",
        "Kaiser Platz 1",
        "admin Platz 1 in Entenhausen",
        "admin Platz 1 in Steutz",
        "admin  in Zerbst",
    ):
        county.clock.forward(minutes=1)
        assert "So geht es: /einladen" in await boss.says(f"/einladen {words}"), words


async def test_a_long_label_is_cut_and_a_wild_one_is_only_text(
    county: County, boss: Person
) -> None:
    for person, label in enumerate(("x" * 3000, "<b>" * 100, "\u202eمكتب" * 50, "🐕" * 500)):
        code = code_in(await boss.says(f"/einladen editor {label}"))
        async with county.application.transaction() as house:
            chat = await house.chats.meet(3001 + person, "private", "de")
            await house.staff.enrol(chat.id, code)
    team = await boss.says("/team")
    assert "<b><b>" not in team
    assert "x" * 60 in team
    assert "x" * 61 not in team


async def test_the_team_shows_who_may_what_where(county: County, boss: Person) -> None:
    await county.staff(EDITOR, Role.EDITOR, ZERBST)
    team = await boss.says("/team")
    assert "Platz 2001: Admin" in team
    assert "Platz 2002: Redaktion" in team
    assert "Zerbst/Anhalt" in team
    assert boss.buttons == ["Beenden: Platz 2002"], "nobody ends their own role by mistake"


async def test_off_boarding_asks_once_and_takes_the_menu_away(
    county: County, boss: Person
) -> None:
    code = code_in(await boss.says("/einladen editor Platz 2002"))
    anna = county.citizen(EDITOR)
    await anna.says(f"/einschreiben {code}")
    await boss.says("/team")
    assert "jetzt beenden?" in await boss.taps("Beenden: Platz 2002")
    assert "/online" in await anna.says("/dienst"), "one tap ends nothing"
    assert "Beendet" in await boss.taps("Ja, beenden")
    assert "Diesen Befehl kenne ich nicht" in await anna.says("/dienst")
    staff_menu, none = menus(county, EDITOR)
    assert "online" in staff_menu
    assert none is None
    assert "Platz 2002" not in await boss.says("/team")


async def test_who_blocked_the_bot_can_be_off_boarded_all_the_same(
    county: County, boss: Person
) -> None:
    anna = await county.staff(EDITOR, Role.EDITOR)
    await anna.blocks()
    await boss.says("/team")
    await boss.taps("Beenden: Platz 2002")
    await boss.taps("Ja, beenden")
    await anna.blocks(back=True)
    assert "Diesen Befehl kenne ich nicht" in await anna.says("/dienst")


async def test_forged_presses_end_nobody_s_role(county: County, boss: Person) -> None:
    zita = await county.staff(EDITOR, Role.ADMIN, ZERBST)
    erika = county.citizen()
    for staff_id in (1, 2, 999):
        for sure in (0, 1):
            assert "fehlt Ihnen das Recht" in await erika.presses(f"ob:{staff_id}:{sure}")
    assert "fehlt Ihnen das Recht" in await zita.presses("ob:1:1")
    assert "/online" in await boss.says("/dienst")
    assert "/online" in await zita.says("/dienst")


async def test_a_right_that_ended_before_the_second_press_ends_nothing(
    county: County, boss: Person
) -> None:
    await county.staff(EDITOR, Role.ADMIN)
    await county.staff(2003, Role.EDITOR)
    await boss.says("/team")
    await boss.taps("Beenden: Platz 2003")
    async with county.application.transaction() as house:
        chat = await house.chats.find(EDITOR)
        assert chat is not None
        await house.staff.off_board(await house.staff.actor(chat.id), 1)
    assert "fehlt Ihnen das Recht" in await boss.taps("Ja, beenden")
    assert "/online" in await county.citizen(2003).says("/dienst")


async def test_each_role_sees_its_own_part(county: County) -> None:
    parts = [
        (Role.ADMIN, True, True),
        (Role.EDITOR, False, True),
        (Role.OPERATOR, False, True),
        (Role.TEAM_LEAD, False, False),
        (Role.CASE_WORKER, False, False),
    ]
    refused = "fehlt Ihnen das Recht"
    for number, (role, team, figures) in enumerate(parts, 3001):
        person = await county.staff(number, role)
        assert (refused not in await person.says("/team")) == team
        assert (refused not in await person.says("/statistik")) == figures


async def test_figures_count_what_was_asked_and_by_how_many(county: County, boss: Person) -> None:
    erika, otto = county.citizen(1001), county.citizen(1002)
    await erika.says("Welpe gekauft in Köthen")
    await erika.taps("Bescheid geben, wenn online")
    await otto.says("Quantenchromodynamik")
    said = await boss.says("/statistik")
    assert "Letzte 30 Tage" in said
    assert "Personen (Pseudonyme): 2" in said
    assert "Direkt beantwortet: 1" in said
    assert "Ohne Antwort: 1" in said
    assert "Neue Benachrichtigungen: 1" in said
