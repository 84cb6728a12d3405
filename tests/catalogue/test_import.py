"""Taking in a catalogue: all of it in one transaction, again without effect, never in silence."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.application import Application
from services.catalogue.rules import Evidence, Snapshot
from services.catalogue.service import ImportReport, UnknownServiceError
from services.golive.model import OnlineFact
from tests.catalogue.kit import (
    COUNTY,
    KOETHEN,
    STATE,
    link,
    maturity,
    office_data,
    service_data,
    write,
)
from tests.conftest import ROOT
from tests.county import TestClock

FOLDER = ROOT / "tests" / "region_folder"


class Editor:
    """Somebody who writes catalogue files and imports them."""

    def __init__(self, application: Application, folder: Path) -> None:
        self.application = application
        self.file = folder / "katalog.yaml"

    async def imports(self, *services: Any, offices: Any = None, **source: str) -> ImportReport:
        offices = [office_data()] if offices is None else offices
        return await self.imports_file(write(self.file, *services, offices=offices, **source))

    async def imports_file(self, path: Path) -> ImportReport:
        async with self.application.transaction() as services:
            return await services.catalogue.take_in(path)

    async def sees(self) -> Snapshot:
        async with self.application.work.reading() as services:
            return await services.catalogue.snapshot()


@pytest.fixture
def editor(application: Application, tmp_path: Path) -> Editor:
    return Editor(application, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "region"))


# -- what an import does


async def test_the_first_import_takes_everything_and_is_the_baseline(
    editor: Editor, folder: Path
) -> None:
    report = await editor.imports_file(folder)
    snapshot = await editor.sees()
    assert len(report.new) == len(snapshot.services) + len(snapshot.offices)
    assert report.source == "testkreis/starter"
    assert report.baseline
    assert (report.changed, report.unchanged, report.missing, report.changes) == ([], [], [], [])


async def test_the_same_again_changes_nothing_not_even_the_revision(
    editor: Editor, folder: Path
) -> None:
    first = await editor.imports_file(folder)
    before = await editor.sees()
    second = await editor.imports_file(folder)
    assert await editor.sees() is before
    assert sorted(second.unchanged) == sorted(first.new)
    assert (second.new, second.changed, second.missing, second.changes) == ([], [], [], [])
    assert not second.baseline


async def test_a_change_replaces_one_record_and_moves_the_revision(
    editor: Editor, clock: TestClock
) -> None:
    await editor.imports(service_data("a"), service_data("b"))
    before = await editor.sees()
    clock.forward(days=1)
    report = await editor.imports(service_data("a"), service_data("b", ozg="10160"))
    after = await editor.sees()
    assert report.changed == ["b"]
    assert sorted(report.unchanged) == ["a", "amt"]
    assert after.revision == before.revision + 1
    assert (before.services["b"].ozg, after.services["b"].ozg) == (None, "10160")


async def test_an_office_can_change_alone(editor: Editor) -> None:
    await editor.imports(service_data())
    moved = office_data(phone="+49 3496 600", unverified=["phone"])
    report = await editor.imports(offices=[moved])
    assert (report.changed, report.source) == (["amt"], "")
    assert (await editor.sees()).offices["amt"].phone == "+49 3496 600"


async def test_records_no_longer_delivered_are_reported_and_kept(
    editor: Editor, folder: Path
) -> None:
    await editor.imports_file(folder)
    file = folder / "services" / "alle.yaml"
    file.write_text(file.read_text().split("- id: kfz-abmelden")[0])
    report = await editor.imports_file(folder)
    assert report.missing == ["kfz-abmelden"]
    assert "kfz-abmelden" in (await editor.sees()).services


async def test_a_single_file_misses_nothing(editor: Editor, folder: Path) -> None:
    await editor.imports_file(folder)
    report = await editor.imports_file(write(editor.file, service_data("neu")))
    assert (report.new, report.missing) == (["neu"], [])


async def test_a_refused_record_is_not_missing(editor: Editor, folder: Path) -> None:
    await editor.imports_file(folder)
    file = folder / "services" / "alle.yaml"
    file.write_text(file.read_text().replace("task: kfz", "task: gibt-es-nicht"))
    report = await editor.imports_file(folder)
    assert [one.id for one in report.refused] == ["kfz-abmelden"]
    assert report.missing == []


# -- what is refused


async def test_a_bad_record_refuses_itself_and_never_the_file(editor: Editor) -> None:
    bad = [
        service_data("ohne-zustaendige", task="niemand"),
        service_data("ohne-quelle", legal_basis=[{"law": "BMG"}]),
        service_data("boeser-link", online=[link(url="https://[x")]),
        "kein Eintrag",
    ]
    report = await editor.imports(service_data("a"), *bad, service_data("b"))
    assert sorted(report.new) == ["a", "amt", "b"]
    assert [one.id for one in report.refused] == [
        "ohne-quelle",
        "boeser-link",
        "services[4]",
        "ohne-zustaendige",
    ]
    assert set((await editor.sees()).services) == {"a", "b"}


async def test_a_record_gone_bad_stays_as_it_was(editor: Editor) -> None:
    await editor.imports(service_data("a", ozg="10000"))
    report = await editor.imports(service_data("a", ozg="falsch"))
    assert [one.id for one in report.refused] == ["a"]
    assert (await editor.sees()).services["a"].ozg == "10000"


async def test_the_first_of_double_ids_is_taken(editor: Editor) -> None:
    report = await editor.imports(service_data("a", ozg="10000"), service_data("a", ozg="20000"))
    assert [one.id for one in report.refused] == ["a"]
    assert (await editor.sees()).services["a"].ozg == "10000"


@pytest.mark.parametrize(
    "broken",
    [
        b"source: testkreis/starter\nservices: {}\n",
        "source: Köthen".encode("latin-1"),
        b"- 1",
        b"source: [\n",
        b"a: &a [1]\nb: *a\n",
        b"",
    ],
)
async def test_a_problem_of_a_whole_file_writes_nothing(
    editor: Editor, folder: Path, broken: bytes
) -> None:
    (folder / "services" / "zuletzt.yaml").write_bytes(broken)
    report = await editor.imports_file(folder)
    assert [one.file for one in report.problems] == ["services/zuletzt.yaml"]
    assert (report.new, report.baseline) == ([], False)
    snapshot = await editor.sees()
    assert (snapshot.revision, snapshot.services, snapshot.offices) == (0, {}, {})
    (folder / "services" / "zuletzt.yaml").unlink()
    assert (await editor.imports_file(folder)).baseline, "the failed import was none"


async def test_two_sources_never_overwrite_each_other(editor: Editor) -> None:
    await editor.imports(service_data("a", ozg="10000"))
    report = await editor.imports(
        service_data("a", ozg="20000"), service_data("b"), source="land/feed"
    )
    assert [one.id for one in report.refused] == ["a"]
    assert report.new == ["b"]
    assert report.baseline
    assert report.changes == []
    assert (await editor.sees()).services["a"].ozg == "10000"


# -- one transaction, one copy in memory


async def test_an_error_later_in_the_transaction_undoes_the_import(
    editor: Editor, application: Application
) -> None:
    await editor.imports(service_data("a"))
    before = await editor.sees()
    write(editor.file, service_data("a", ozg="10160"), service_data("b"))

    async def fails_late() -> None:
        async with application.transaction() as services:
            report = await services.catalogue.take_in(editor.file)
            assert report.new == ["b"]
            assert [one.id for one in await services.catalogue.stored(["b", "a"])] == ["b", "a"]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails_late()
    after = await editor.sees()
    assert after.revision == before.revision
    assert after.services["a"].ozg is None
    report = await editor.imports(service_data("a", ozg="20000"), service_data("b"))
    assert (await editor.sees()).services["a"].ozg == "20000"
    assert report.new == ["b"]


async def test_another_process_sees_an_import_at_once(
    editor: Editor, application: Application, clock: TestClock
) -> None:
    other = Application(application.settings, application.region, clock)
    try:
        elsewhere = Editor(other, editor.file.parent)
        await editor.imports(service_data("a"))
        assert set((await elsewhere.sees()).services) == {"a"}
        await elsewhere.imports(service_data("a"), service_data("b"))
        assert set((await editor.sees()).services) == {"a", "b"}
    finally:
        await other.close()


async def test_an_unchanged_catalogue_is_read_once(editor: Editor) -> None:
    await editor.imports(service_data("a"))
    assert await editor.sees() is await editor.sees()


# -- looking up


async def test_services_are_found_by_id_key_and_exact_name(
    editor: Editor, application: Application
) -> None:
    await editor.imports(service_data("a"), service_data("b", leika=[]))
    async with application.work.reading() as services:
        find = services.catalogue.find
        assert [one.id for one in await find("a")] == ["a"]
        assert [one.id for one in await find("99102007104000")] == ["a"]
        for name in (
            "Hund anmelden",
            "HUND ANMELDEN ",
            "hund anmelden (en)",
            "Hundesteuer Anmeldung",
        ):
            assert [one.id for one in await find(name)] == ["a", "b"], name
        for nothing in ("", "Hund", "99", "*", "x" * 10_000, "🙂"):
            assert await find(nothing) == (), nothing
        assert (await services.catalogue.get("b")).id == "b"
        with pytest.raises(UnknownServiceError):
            await services.catalogue.get("c")


# -- what it means for going online


async def test_an_import_reports_what_went_online(editor: Editor) -> None:
    await editor.imports(
        service_data("stufe", maturity=[maturity(2)]),
        service_data("unbekannt", maturity=[maturity(None)]),
        service_data("modell-2", maturity=[maturity(2, model="2.0")]),
        service_data("link"),
        service_data("kaputt", online=[link(area=KOETHEN)]),
    )
    report = await editor.imports(
        service_data("stufe", maturity=[maturity(3)]),
        service_data("unbekannt", maturity=[maturity(4)]),
        service_data("modell-2", maturity=[maturity(7, model="2.0")]),
        service_data("link", online=[link()]),
        service_data("kaputt", online=[link("broken", KOETHEN)]),
        service_data("neu", online=[link()], maturity=[maturity(4)]),
    )
    assert [(one.service_id, one.area, one.online, one.evidence) for one in report.changes] == [
        ("stufe", COUNTY, True, Evidence.MATURITY),
        ("link", STATE, True, Evidence.FEED_LINK),
        ("kaputt", KOETHEN, False, Evidence.FEED_LINK),
    ]


async def announced(editor: Editor, application: Application, *services: Any) -> Any:
    write(editor.file, *services, offices=[office_data()])
    async with application.transaction() as house:
        report = await house.catalogue.take_in(editor.file)
        return await house.golive.announce_import(report)


async def facts(application: Application, *ids: str, ars: str = KOETHEN) -> dict[str, OnlineFact]:
    async with application.work.reading() as house:
        found = {one: await house.golive.online(one, ars) for one in ids}
    return {one: fact for one, fact in found.items() if fact}


async def test_the_baseline_makes_facts_and_no_news(
    editor: Editor, application: Application
) -> None:
    news = await announced(
        editor,
        application,
        service_data("link", online=[link()]),
        service_data("stufe", maturity=[maturity(3)]),
        service_data("unter-stufe", maturity=[maturity(2)]),
        service_data("kaputt", online=[link("broken")]),
        service_data("ungeprueft", online=[link("unverified")]),
        service_data("modell-2", maturity=[maturity(7, model="2.0")]),
    )
    assert news is None
    ids = ("link", "stufe", "unter-stufe", "kaputt", "ungeprueft", "modell-2")
    known = await facts(application, *ids)
    assert {one: fact.evidence for one, fact in known.items()} == {
        "link": Evidence.FEED_LINK,
        "stufe": Evidence.MATURITY,
    }


async def test_only_the_newest_level_makes_a_fact(
    editor: Editor, application: Application
) -> None:
    old, new = maturity(4, as_of="2024-01-01"), maturity(2, as_of="2026-01-01")
    await announced(editor, application, service_data("gefallen", maturity=[old, new]))
    assert await facts(application, "gefallen") == {}


async def test_the_same_import_again_is_no_news(editor: Editor, application: Application) -> None:
    await announced(editor, application, service_data("a"))
    assert await announced(editor, application, service_data("a", online=[link()])) is not None
    assert await announced(editor, application, service_data("a", online=[link()])) is None


async def test_a_broken_link_ends_the_fact(editor: Editor, application: Application) -> None:
    await announced(editor, application, service_data("a", online=[link()]))
    assert "a" in await facts(application, "a")
    assert await announced(editor, application, service_data("a", online=[link("broken")]))
    assert await facts(application, "a") == {}


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(ids=st.lists(st.sampled_from("abcdef"), max_size=6, unique=True), data=st.data())
async def test_the_order_of_records_does_not_matter(
    editor: Editor, ids: list[str], data: Any
) -> None:
    await editor.imports(*(service_data(one) for one in ids), service_data("z"))
    before = await editor.sees()
    shuffled = data.draw(st.permutations(ids))
    report = await editor.imports(service_data("z"), *(service_data(one) for one in shuffled))
    assert (report.new, report.changed) == ([], [])
    assert await editor.sees() is before
