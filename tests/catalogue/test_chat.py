"""/einlesen: what staff see when the region folder is read again."""

import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.application import Application
from bot.dispatcher import heavy_work
from bot.heavy import OneProcessRunner, Workshop
from bot.heavy_pool import Pool
from handlers.buttons.alarms import EditRule, RuleField
from services.staff.rules import Role
from services.text import Texts
from tests.conftest import ROOT
from tests.county import County
from tests.rigging import label, rows_of, words

COUNTY, KOETHEN = "15082", "150820180180"


@pytest.fixture
def database_url(tmp_path: Path, empty_sqlite: Path) -> str:
    """One database is enough here: the queues are tried out in tests/heavy."""
    path = tmp_path / "test.db"
    shutil.copy(empty_sqlite, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests" / "region_folder", tmp_path / "region"))


@pytest.fixture
async def runner(
    county: County, folder: Path, texts: Texts, application: Application
) -> AsyncIterator[OneProcessRunner]:
    county.worker.given["region_folder"] = folder
    workshop = Workshop(application.work, heavy_work(), Pool(), texts)
    yield OneProcessRunner(workshop)
    workshop.pool.close()


def change(folder: Path, old: str, new: str) -> int:
    """Change the services as an editor would; return the line."""
    file = folder / "services" / "alle.yaml"
    content = file.read_text()
    assert old in content
    file.write_text(content.replace(old, new, 1))
    return content[: content.index(old)].count("\n") + 1


async def read_again(county: County, runner: OneProcessRunner, person: int = 2001) -> str:
    """Have the folder read; return what the message says in the end."""
    before = len(county.told(person))
    async with county.application.transaction() as services:
        chat = await services.chats.find(person)
    assert chat
    tapper = county.citizen(person)
    assert await tapper.says("/einlesen") == words(county, "catalogue.read-question")
    assert await tapper.taps(label(county, "catalogue.button-read")) == words(
        county, "heavy.working"
    )
    await runner.work_off()
    await county.settle()
    _, _, report, *news = county.told(person)[before:]
    assert len(news) <= 1, "what went online can be stopped, which is said in a message of its own"
    return report


async def test_nothing_new_is_said_as_such_in_the_same_message(
    county: County, runner: OneProcessRunner
) -> None:
    await county.staff(2001)
    report = await read_again(county, runner)
    assert re.search(r": 0 neu, 0 geändert, \d+ unverändert", report)
    assert "\n" not in report
    _, working, result = [one for one in county.telegram.said if one.chat_id == 2001][-3:]
    assert working.message_id == result.message_id


async def test_what_changed_is_named_and_what_is_online_now_announced(
    county: County, runner: OneProcessRunner, folder: Path
) -> None:
    await county.staff(2001)
    change(folder, "level: 2", "level: 3")
    report = await read_again(county, runner)
    assert "1 geändert" in report
    assert re.search(r"^Geändert: [a-z-]+$", report, re.MULTILINE)
    assert words(county, "catalogue.import-announced", count=1) in report
    acts = [row["action"] for row in await rows_of(county.application, "audit_entry")]
    assert "catalogue.read-again" in acts


async def test_a_mistake_is_named_with_its_line_and_the_rest_is_taken(
    county: County, runner: OneProcessRunner, folder: Path
) -> None:
    await county.staff(2001)
    line = change(folder, "unit: week", "unit: hour")
    report = await read_again(county, runner)
    assert "1 abgelehnt" in report
    assert words(county, "catalogue.check-failed", count=1) in report
    assert f"services/alle.yaml:{line}: services." in report


async def test_more_mistakes_than_fit_are_counted(
    county: County, runner: OneProcessRunner, folder: Path
) -> None:
    await county.staff(2001)
    file = folder / "services" / "alle.yaml"
    file.write_text(file.read_text().replace("situations: [", "situations: [dies, das, "))
    report = await read_again(county, runner)
    lines = [line for line in report.split("\n") if line.startswith("services/alle.yaml:")]
    assert len(lines) == 10
    [count] = re.findall(r"(\d+) Stellen sind zu verbessern", report)
    assert int(count) > 10


@pytest.mark.parametrize(
    ("role", "area", "may"),
    [
        (Role.EDITOR, COUNTY, True),
        (Role.OPERATOR, COUNTY, True),
        (Role.EDITOR, KOETHEN, False),
        (Role.CASE_WORKER, COUNTY, False),
    ],
)
async def test_only_who_publishes_or_operates_for_the_county(
    county: County, runner: OneProcessRunner, role: Role, area: str, may: bool
) -> None:
    anna = await county.staff(2001, role, area)
    asked = await anna.says("/einlesen") == words(county, "catalogue.read-question")
    assert asked is may
    await anna.presses("rf")
    assert bool(await rows_of(county.application, "heavy_job")) is may


async def test_to_citizens_the_command_does_not_exist(county: County) -> None:
    erika = county.citizen(1001)
    assert await erika.says("/einlesen") == await erika.says("/gibtesnicht")


async def test_rights_count_as_they_are_when_the_work_is_done(
    county: County, runner: OneProcessRunner, folder: Path
) -> None:
    boss = await county.staff(2002)
    anna = await county.staff(2001, Role.EDITOR)
    change(folder, "level: 2", "level: 3")
    await anna.says("/einlesen")
    await anna.taps(label(county, "catalogue.button-read"))
    await boss.says("/team")
    await boss.taps(label(county, "staff.button-off-board", label="Platz 2001"))
    await boss.taps(label(county, "staff.button-sure"))
    before = await rows_of(county.application, "catalogue_revision")
    await runner.work_off()
    await county.settle()
    refusal = words(county, "staff.not-allowed", area=county.application.region.facts.name)
    assert refusal in anna.heard
    assert await rows_of(county.application, "catalogue_revision") == before
    assert await rows_of(county.application, "heavy_job") == []


@pytest.mark.parametrize("name", sorted(heavy_work()))
def test_the_other_process_imports_little(name: str) -> None:
    """It starts in a moment, and holds no second copy of the whole bot."""
    module = heavy_work()[name].work.__module__
    loaded = f"import {module}, sys; print(*sys.modules)"
    run = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"aiogram", "aiohttp", "sqlalchemy", "matplotlib"} & set(run.stdout.split())


RULE = """
- id: {key}
  name: {{de: "{key}", en: "{key}"}}
  quantity: water.level
  levels:
  - {{severity: notice, at: {at}, hysteresis: 0.1}}
"""


def write_rules(folder: Path, **thresholds: float) -> None:
    """Write the folder's rules for alarms: a threshold for each key."""
    rules = "".join(RULE.format(key=key, at=at) for key, at in thresholds.items())
    (folder / "alarms.yaml").write_text(f"rules:{rules}", encoding="utf-8")


async def test_rules_for_alarms_come_along_but_the_chat_s_stay(
    county: County, runner: OneProcessRunner, folder: Path, application: Application
) -> None:
    operator = await county.staff(2001)
    write_rules(folder, same=1.0, moved=1.0, ours=1.0)
    report = await read_again(county, runner)
    assert "Alarmregeln: 3 neu, 0 geändert, 0 im Chat geändert (bleibt), 0 entfallen." in report
    edit = EditRule(key="ours", version=1, field=RuleField.EXERCISE, value=1, sure=True)
    await operator.presses(edit.pack())
    write_rules(folder, same=1.0, moved=2.0, ours=2.0, one=1.0, two=1.0)
    report = await read_again(county, runner)
    assert "Alarmregeln: 2 neu, 1 geändert, 1 im Chat geändert (bleibt), 0 entfallen." in report
    assert words(county, "alarms.read-kept", names="ours") in report
    async with application.transaction() as services:
        rules = (await services.alarms.rules()).by_key
    assert {key: one.record.levels[0].at for key, one in rules.items()} == {
        "same": 1.0, "moved": 2.0, "ours": 1.0, "one": 1.0, "two": 1.0,
    }  # fmt: skip
    report = await read_again(county, runner)
    assert "Alarmregeln: 0 neu, 0 geändert, 1 im Chat geändert (bleibt), 0 entfallen." in report


async def test_a_wrong_rule_is_named_and_takes_none_away(
    county: County, runner: OneProcessRunner, folder: Path, application: Application
) -> None:
    await county.staff(2001)
    write_rules(folder, one=1.0, two=1.0)
    await read_again(county, runner)
    write_rules(folder, one=99.0)
    report = await read_again(county, runner)
    assert "0 entfallen" in report
    assert "alarms.yaml:2: rules.0" in report
    async with application.transaction() as services:
        assert (await services.alarms.rules()).by_key.keys() == {"one", "two"}
    write_rules(folder, one=1.0)
    assert "1 entfallen" in await read_again(county, runner)
