"""/sensor in the chat: register, adopt, place, test, release, maintain; and by whom."""

from datetime import timedelta

import pytest

from bot.run import build
from services.devices.model import State
from services.staff.rules import Role
from tests.county import County, Person
from tests.devices.field import EUI, alter, device, heard, hourly, sends
from tests.rigging import everything_stored, files_of, label, rows_of, words

KOETHEN, ZERBST = "150820180180", "150820430430"
QR = "LW:D0:1122334455667788:70B3D57ED0051E7A:AABB1122:SYYWW1"
KEY = "2B7E151628AED2A6ABF7158809CF4F3C"
HERE = {"location": {"latitude": 51.6231, "longitude": 12.3325}}


@pytest.fixture
async def sabine(county: County) -> Person:
    return await county.staff(2001, Role.EDITOR)


async def test_the_overview_counts_and_explains(county: County, sabine: Person) -> None:
    assert words(county, "devices.overview-empty") in await sabine.says("/sensor")
    await heard(county.application)
    await heard(county.application, "70b3d57ed0000002", state=State.RELEASED)
    county.clock.forward(days=2)
    answer = await sabine.says("/sensor")
    assert "unbekannt, wartet auf Übernahme: 1" in answer
    assert "in Betrieb: 1" in answer
    assert words(county, "devices.overview-silent", number=1) in answer
    assert "schweigt" in await sabine.taps(label(county, "devices.button-silent"))


async def test_registered_by_its_qr_code_with_the_guided_form(
    county: County, sabine: Person
) -> None:
    answer = await sabine.says(f"/sensor {QR}")
    assert words(county, "devices.registered", address=EUI) in answer
    assert "Wie soll das Gerät heißen" in answer
    assert "Wo hängt" in await sabine.says("Pegel Muldebrücke")
    said = await sabine.sends(HERE)
    assert "Was für ein Gerät" in said[0].text
    assert "Gemeinde" in await sabine.taps("Pegel")
    found = await device(county.application)
    assert (found.name, found.type, found.state) == ("Pegel Muldebrücke", "gauge", State.TEST)
    assert (found.latitude, found.longitude) == (51.6231, 12.3325)
    assert (found.join_eui, found.serial) == ("1122334455667788", "YYWW1")
    answer = await sabine.says("Zerbst")
    assert "Profil" in answer
    assert "Pegelnullpunkt" in await sabine.says("später")
    answer = await sabine.says("5,40 m")
    assert "Pegel Muldebrücke" in answer
    found = await device(county.application)
    assert (found.ars, found.mounting_height) == (ZERBST, 5.4)
    assert "openstreetmap.org/?mlat=51.623100" in str(county.telegram.log[-1])


async def test_a_scanned_code_needs_no_command(county: County, sabine: Person) -> None:
    assert EUI in await sabine.says(QR.lower())
    assert (await device(county.application)).state == State.TEST
    citizen = county.citizen()
    assert EUI not in await citizen.says(QR.replace("7A:", "7B:"))
    assert len(await rows_of(county.application, "device")) == 1


async def test_the_same_label_twice_shows_the_device(county: County, sabine: Person) -> None:
    await sabine.says(f"/sensor {EUI}")
    await sabine.says("abbrechen")
    answer = await sabine.says(f"/sensor {EUI.upper()}")
    assert words(county, "devices.address", address=EUI) in answer
    assert "Wie soll" not in answer
    assert len(await rows_of(county.application, "device")) == 1


async def test_a_misread_code_registers_nothing(county: County, sabine: Person) -> None:
    answer = await sabine.says(f"/sensor {QR}:C0000")
    assert answer == words(county, "devices.torn-label")
    assert await rows_of(county.application, "device") == []


@pytest.mark.parametrize(
    "form",
    [
        "DevEUI: {eui}\nAppEUI: 1122334455667788\nAppKey: {key}",
        "{eui};1122334455667788;{key}",
        "AppKey {key}",
    ],
)
async def test_keys_are_never_stored_and_never_said(
    county: County, sabine: Person, form: str
) -> None:
    spaced = " ".join(KEY[at : at + 2] for at in range(0, 32, 2))
    for key in (KEY, KEY.lower(), spaced):
        answer = await sabine.says("/sensor " + form.format(eui=EUI, key=key))
        assert words(county, "devices.key-warning") in answer
        assert key not in answer
    assert await sabine.says(f"AppKey: {KEY}") != ""
    stored = await everything_stored(county.application)
    said = "\n".join(str(one) for one in county.telegram.log)
    for planted in (KEY, KEY.lower(), spaced, spaced.lower()):
        assert planted not in stored
        assert planted not in said
        assert planted.encode() not in files_of(county.application)


async def test_unknown_devices_are_adopted_or_ignored_in_two_taps(
    county: County, sabine: Person
) -> None:
    await heard(county.application, model="Modell X", profile="some-profile")
    await heard(county.application, "70b3d57ed0000002")
    await sabine.says("/sensor")
    answer = await sabine.taps(label(county, "devices.button-unknown"))
    assert "sendet seit" in answer
    assert "Modell X" in answer
    assert "some-profile" in answer
    await sabine.taps(label(county, "devices.button-ignore-number", number=1))
    first = await device(county.application, "70b3d57ed0000002")
    assert first.state == State.IGNORED
    await sabine.says("/sensor")
    await sabine.taps(label(county, "devices.button-unknown"))
    answer = await sabine.taps(label(county, "devices.button-adopt-number", number=1))
    assert "Wie soll das Gerät heißen" in answer
    assert (await device(county.application)).state == State.TEST


async def test_the_operators_hear_once_a_day_of_new_devices(county: County) -> None:
    operator = await county.staff(2002, Role.OPERATOR)
    await county.runs("tell unknown devices")
    assert operator.heard == []
    await heard(county.application)
    for _ in range(3):
        await county.runs("tell unknown devices")
    assert operator.heard == [words(county, "devices.new-unknown", count=1)]
    county.clock.forward(days=1, hours=1)
    await county.runs("tell unknown devices")
    assert len(operator.heard) == 1, "nothing new since"


async def test_a_place_far_away_is_asked_back(county: County, sabine: Person) -> None:
    await sabine.says(f"/sensor {EUI}")
    await sabine.says("Pegel")
    assert "weit außerhalb" in await sabine.says("48,1371 11,5754")
    assert (await device(county.application)).latitude is None
    await sabine.taps(label(county, "devices.button-far"))
    assert (await device(county.application)).latitude == 48.1371


@pytest.mark.parametrize(
    ("spoken", "key"),
    [
        ("0.000 0.000", "devices.no-such-place"),
        ("91,000 12,000", "devices.no-such-place"),
        ("x" * 121, "devices.too-long"),
    ],
)
async def test_places_that_are_none(county: County, sabine: Person, spoken: str, key: str) -> None:
    await sabine.says(f"/sensor {EUI}")
    await sabine.says("Pegel")
    assert await sabine.says(spoken) == words(county, key, most=120)
    assert "Was für ein Gerät" in await sabine.says("Muldebrücke, Südseite"), "it is still asked"
    assert (await device(county.application)).place == "Muldebrücke, Südseite"


async def test_a_location_is_no_name(county: County, sabine: Person) -> None:
    await sabine.says(f"/sensor {EUI}")
    said = await sabine.sends(HERE)
    assert said[0].text == words(county, "devices.no-place-asked")


async def test_the_form_survives_a_restart(county: County, sabine: Person, texts: object) -> None:
    await sabine.says(f"/sensor {EUI}")
    await sabine.says("Pegel Muldebrücke")
    old = county.worker
    county.worker, county.delivery = build(
        county.application, old.bot, old.texts, old.tasks, old.given["understanders"]
    )
    assert "Was für ein Gerät" in (await sabine.sends(HERE))[0].text
    assert (await device(county.application)).latitude == 51.6231


async def test_after_hours_a_text_is_a_question_again(county: County, sabine: Person) -> None:
    await sabine.says(f"/sensor {EUI}")
    county.clock.forward(hours=3)
    await sabine.says("Personalausweis beantragen")
    assert (await device(county.application)).name == EUI.upper()
    await county.runs("forget questions about devices")
    assert await rows_of(county.application, "device_question") == []


async def test_two_people_at_once(county: County, sabine: Person) -> None:
    other = await county.staff(2002, Role.OPERATOR)
    number = await heard(county.application, state=State.TEST)
    await sabine.says(f"/sensor {EUI}")
    await sabine.taps(label(county, "devices.button-change"))
    await sabine.taps(label(county, "devices.button-name"))
    await other.presses(f"ds|{number}|0|name|Der Andere")
    answer = await sabine.says("Mein Name")
    assert words(county, "devices.changed") in answer
    assert "Der Andere" in answer, "what it is now is shown"
    assert (await device(county.application)).name == "Der Andere"
    assert await other.presses(f"ds|{number}|0|name|Alt") == words(county, "devices.changed")


async def test_an_editor_of_one_municipality_keeps_to_it(county: County) -> None:
    editor = await county.staff(2003, Role.EDITOR, KOETHEN)
    number = await heard(county.application, state=State.TEST, ars=ZERBST, name="Fremd")
    refused = words(county, "staff.not-allowed", area="Zerbst/Anhalt")
    assert "Fremd" in await editor.says(f"/sensor {EUI}")
    assert label(county, "devices.button-change") not in editor.buttons
    for press in (
        f"ds|{number}|0|name|Meins",
        f"dm:{number}:0:retired:1",
        f"dq:{number}:name",
        f"dt:{number}:1",
        f"dd:{number}:0",
    ):
        assert await editor.presses(press) == refused
    await editor.says("/sensor 70b3d57ed0000009")
    mine = await device(county.application, "70b3d57ed0000009")
    assert mine.ars == KOETHEN, "what they register is theirs"
    taken = await editor.presses(f"ds|{mine.id}|{mine.revision}|ars|{ZERBST}")
    assert taken == refused


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.TEAM_LEAD])
async def test_others_of_the_staff_have_no_right_to_it(county: County, role: Role) -> None:
    other = await county.staff(2002, role)
    number = await heard(county.application)
    for answer in (
        await other.says("/sensor"),
        await other.says(f"/sensor {EUI}"),
        await other.presses("dv:n:0"),
        await other.presses(f"dc:{number}:c"),
        await other.presses(f"dm:{number}:0:test:1"),
    ):
        assert "Recht" in answer
        assert EUI not in answer
    assert (await device(county.application)).state == State.UNKNOWN


async def test_citizens_have_no_such_command(county: County) -> None:
    await heard(county.application, name="Geheimer Pegel")
    assert "Geheimer" not in await county.citizen().says("/sensor Geheimer")


async def test_a_failed_test_needs_a_reason_and_a_good_one_does_not(
    county: County, sabine: Person
) -> None:
    now = county.clock()
    number = await heard(
        county.application,
        state=State.TEST,
        name="Pegel",
        created_at=now - timedelta(days=9),
        profile="x",
        type="gauge",
        mounting_height=5.0,
        ars=ZERBST,
    )
    await sends(county.application, number, hourly(now, 30))
    await sabine.says("/sensor Pegel")
    await sabine.taps(label(county, "devices.button-test"))
    answer = await sabine.taps(label(county, "acceptance.button-days", count=1))
    assert words(county, "acceptance.failed") in answer
    assert f"✗ <b>{words(county, 'acceptance.place')}</b>" in answer
    assert f"✓ {words(county, 'acceptance.profile')}" in answer
    assert label(county, "acceptance.button-release") not in sabine.buttons
    kept = await rows_of(county.application, "device_acceptance")
    assert await sabine.presses(f"dr:{kept[0]['id']}:{number}:0") == words(
        county, "acceptance.not-passed"
    )
    await alter(county.application, latitude=51.6, longitude=12.3)
    await sabine.says("/sensor Pegel")
    await sabine.taps(label(county, "devices.button-test"))
    answer = await sabine.taps(label(county, "acceptance.button-days", count=1))
    assert words(county, "acceptance.passed") in answer
    answer = await sabine.taps(label(county, "acceptance.button-release"))
    assert words(county, "acceptance.released") in answer
    assert (await device(county.application)).state == State.RELEASED
    kept = await rows_of(county.application, "device_acceptance")
    assert [one["passed"] for one in kept] == [False, True]
    assert kept[1]["decided_by"] is not None
    assert kept[1]["report"]["received"] == 24


async def test_released_all_the_same_for_a_reason_that_is_kept(
    county: County, sabine: Person
) -> None:
    await heard(county.application, state=State.TEST, name="Pegel")
    await sabine.says("/sensor Pegel")
    await sabine.taps(label(county, "devices.button-test"))
    await sabine.taps(label(county, "acceptance.button-days", count=1))
    assert "Warum" in await sabine.taps(label(county, "acceptance.button-all-the-same"))
    assert words(county, "acceptance.not-passed") == await sabine.says("   \u00a0")
    assert words(county, "acceptance.released") in await sabine.says("Hochwasser kommt")
    assert (await device(county.application)).state == State.RELEASED
    acts = await rows_of(county.application, "audit_entry")
    [release] = [one for one in acts if one["action"] == "devices.release"]
    assert release["after"]["reason"] == "Hochwasser kommt"


async def test_a_maintenance_ends_by_itself_and_is_told(county: County, sabine: Person) -> None:
    await heard(county.application, state=State.RELEASED, name="Pegel")
    await sabine.says("/sensor Pegel")
    await sabine.taps(label(county, "devices.button-maintain"))
    assert await sabine.says("hundert Jahre") == words(county, "devices.no-span")
    assert "in Wartung" in await sabine.says("2 h")
    await county.runs("end maintenances")
    assert (await device(county.application)).state == State.MAINTENANCE
    county.clock.forward(hours=2)
    await county.runs("end maintenances")
    await county.runs("end maintenances")
    assert (await device(county.application)).state == State.RELEASED
    told = words(county, "devices.maintenance-over", name="Pegel")
    assert sabine.heard.count(told) == 1


async def test_what_ends_a_use_is_asked_twice(county: County, sabine: Person) -> None:
    await heard(county.application, state=State.RELEASED, name="Pegel")
    await sabine.says("/sensor Pegel")
    answer = await sabine.taps(label(county, "devices.button-retire"))
    assert answer == words(county, "devices.sure-retire", name="Pegel")
    assert (await device(county.application)).state == State.RELEASED
    await sabine.taps(label(county, "devices.button-retire"))
    assert (await device(county.application)).state == State.RETIRED
    shown = county.telegram.said[-2].buttons
    assert label(county, "devices.button-back-to-test") in shown


@pytest.mark.parametrize("state", ["released", "unknown", "broken", ""])
async def test_a_made_up_button_leads_nowhere(county: County, sabine: Person, state: str) -> None:
    number = await heard(county.application, state=State.TEST)
    answer = await sabine.presses(f"dm:{number}:0:{state}:1")
    assert answer == words(county, "devices.wrong-state")
    assert (await device(county.application)).state == State.TEST


async def test_every_keyboard_fits_a_phone(county: County, sabine: Person) -> None:
    for at in range(20):
        await heard(county.application, f"70b3d57ed00000{at:02}", name="n" * 80)
    number = await heard(
        county.application, state=State.RELEASED, type="gauge", latitude=51.6, longitude=12.3
    )
    await sabine.says("/sensor")
    for press in ("dv:n:0", "dv:n:1", "dv:u:0", f"dc:{number}:c", f"dc:{number}:e"):
        await sabine.presses(press)
    for field in ("name", "place", "type", "ars", "profile", "visibility", "maintenance"):
        await sabine.presses(f"dq:{number}:{field}")
    for said in county.telegram.said:
        assert said.keyboard is None or len(said.keyboard.inline_keyboard) <= 8


async def test_names_cannot_break_out_of_a_card(county: County, sabine: Person) -> None:
    await heard(county.application, name="<b>x</b> & <y>", model="<z>", state=State.TEST)
    answer = await sabine.says(f"/sensor {EUI}")
    assert "<y>" not in answer
    assert "<z>" not in answer
    assert "&lt;y&gt;" in answer


async def test_a_profile_is_chosen_by_a_tap_or_by_its_name(county: County, sabine: Person) -> None:
    number = await heard(county.application, state=State.TEST, type="gauge")
    await sabine.presses(f"dq:{number}:profile")
    assert "Decentlab DL-MBX" in sabine.buttons
    assert "Adeunis Temp 4" not in sabine.buttons, "reads weather"
    await sabine.taps("Decentlab DL-MBX")
    assert (await device(county.application)).profile == "decentlab-dl-mbx"
    await sabine.presses(f"dq:{number}:profile")
    assert await sabine.says("quark") == words(county, "devices.no-choice")
    await sabine.says("browan-tbdw100")
    assert (await device(county.application)).profile == "browan-tbdw100"
    answer = await sabine.presses(f"ds|{number}|2|profile|made-up")
    assert answer == words(county, "devices.no-choice")


async def test_a_gauge_is_told_its_water_height_and_interval(
    county: County, sabine: Person
) -> None:
    number = await heard(county.application, state=State.TEST, type="gauge", name="Pegel")
    for field, said in (
        ("water", "Mulde"),
        ("gauge_datum", "70,25 m ü. NHN"),
        ("mounting_height", "5,4"),
        ("interval_seconds", "15 min"),
        ("visibility", "öffentlich"),
    ):
        await sabine.presses(f"dq:{number}:{field}")
        await sabine.says(said)
    found = await device(county.application)
    assert (found.water, found.gauge_datum, found.mounting_height) == ("Mulde", 70.25, 5.4)
    assert (found.interval_seconds, found.visibility) == (900, "public")
    await sabine.presses(f"dq:{number}:mounting_height")
    answer = await sabine.says("540")
    assert answer == words(county, "devices.metres-range", lowest=0.1, highest=60.0)


async def test_the_card_shows_how_a_device_is_heard_and_what_it_measures(
    county: County, sabine: Person
) -> None:
    number = await heard(
        county.application, state=State.RELEASED, name="Pegel", battery=12.0, latitude=51.6
    )
    await alter(county.application, longitude=12.3)
    times = hourly(county.clock(), 20)
    await sends(county.application, number, times, counters=[*range(10), *range(11, 21)])
    answer = await sabine.says("/sensor Pegel")
    assert words(county, "devices.signal-good") in answer
    assert words(county, "devices.battery-weak") in answer
    assert "4,8 % (20 empfangen, 1 verloren)" in answer
    assert "water.level: 2,05 m" in answer
    await sabine.taps(label(county, "devices.button-location"))
    venue = county.telegram.log[-1]
    assert type(venue).__name__ == "SendVenue"
    assert (venue.latitude, venue.longitude) == (51.6, 12.3)


async def test_danger_comes_before_the_form(county: County, sabine: Person) -> None:
    await sabine.says(f"/sensor {EUI}")
    assert "112" in await sabine.says("Hilfe, es brennt in meiner Wohnung!")
    assert (await device(county.application)).name == EUI.upper()
    assert "Wo hängt" in await sabine.says("Pegel"), "it is still asked"
