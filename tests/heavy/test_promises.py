"""The promises of heavy work, on both databases, with a real process that really dies."""

import asyncio
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.application import Application
from handlers.heavy import Finishing
from handlers.messages import Reply, say
from services.outbox.model import Lane
from services.staff.service import NotAllowedError
from tests.heavy import children
from tests.heavy.conftest import Bench
from tests.rigging import eventually, rows_of

ERIKA = 1001


async def jobs(bench: Bench) -> list[dict[str, Any]]:
    return await rows_of(bench.application, "heavy_job")


async def a_chat(application: Application, telegram_id: int = ERIKA) -> int:
    async with application.transaction() as services:
        chat = await services.chats.meet(telegram_id, "private", "de")
        return chat.id


async def said(bench: Bench) -> list[str]:
    rows = await rows_of(bench.application, "outbox")
    return [row["payload"]["text"] for row in rows if row["payload"]]


async def test_a_committed_job_is_done_in_another_process(bench: Bench) -> None:
    bench.offers("who", children.who)
    await bench.defer("add", a=2, b=3)
    await bench.defer("who")
    await bench.works()
    total, process = bench.results
    assert total == 5
    assert process != os.getpid()
    assert await jobs(bench) == []


async def test_a_job_of_a_transaction_that_was_rolled_back_never_was(bench: Bench) -> None:
    with suppress(RuntimeError):
        async with bench.application.transaction() as services:
            await services.heavy.defer("add", a=2, b=3)
            raise RuntimeError
    await bench.works()
    assert bench.results == []
    assert await jobs(bench) == []


async def test_no_process_is_started_before_the_first_job(bench: Bench) -> None:
    await bench.works()
    assert not bench.workshop.pool.started
    await bench.defer("add", a=1, b=1)
    await bench.works()
    assert bench.workshop.pool.started


async def test_a_killed_process_costs_an_attempt_and_the_next_one_succeeds_once(
    bench: Bench, tmp_path: Path
) -> None:
    bench.offers("die-once", children.die_once)
    await bench.defer("die-once", mark=str(tmp_path / "mark"))
    await bench.works_through_all_waits()
    assert bench.results == ["survived"]
    await bench.defer("add", a=1, b=1)
    await bench.works()
    assert bench.results == ["survived", 2], "the new process works for the others, too"


async def test_a_bot_killed_in_the_middle_repeats_the_job_and_it_counts_once(
    bench: Bench, tmp_path: Path
) -> None:
    """The attempt is cancelled without a trace, as when the whole process is gone."""
    mark = tmp_path / "mark"
    bench.offers("hang", children.hang)
    job_id = await bench.defer("hang", mark=str(mark))
    dying = asyncio.ensure_future(bench.workshop.attempt(job_id))
    await eventually(lambda: _is_there(mark), 10)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    with pytest.raises(ProcessLookupError):
        await _gone(int(mark.read_text()))
    assert [row["state"] for row in await jobs(bench)] == ["running"]
    bench.offers("hang", children.who)
    await bench.starts_again()
    await bench.works()
    await bench.delivered_again(job_id)
    assert len(bench.results) == 1
    assert await jobs(bench) == []


async def _is_there(mark: Path) -> bool:
    return mark.exists() and bool(mark.read_text())  # noqa: ASYNC240 - a tiny file


async def _gone(process: int) -> None:
    """Raise `ProcessLookupError` as soon as the process is no more."""
    for _ in range(500):
        os.kill(process, 0)
        await asyncio.sleep(0.01)


async def test_two_attempts_at_once_take_effect_once(bench: Bench) -> None:
    """The first was only believed dead: both come to an end."""
    chat = await a_chat(bench.application)

    async def answer(scene: Finishing, result: Any) -> Reply:
        assert scene.chat
        return say(scene.chat.telegram_id, f"Ergebnis {result}")

    bench.offers("tell", children.add, answer)
    job_id = await bench.defer("tell", chat_id=chat, a=1, b=2)
    await asyncio.gather(*(bench.workshop.attempt(job_id) for _ in range(3)))
    assert await said(bench) == ["Ergebnis 3"]


async def test_a_finish_that_fails_leaves_no_half_of_its_effects(bench: Bench) -> None:
    chat = await a_chat(bench.application)
    attempts = []

    async def answer(scene: Finishing, result: Any) -> Reply:
        assert scene.chat
        await scene.services.outbox.tell(chat, "heavy.working", dedup_key=f"half:{len(attempts)}")
        attempts.append(result)
        if len(attempts) < 3:
            raise RuntimeError
        return None

    bench.offers("tell", children.add, answer)
    await bench.defer("tell", chat_id=chat, a=1, b=2)
    await bench.works_through_all_waits()
    assert [row["dedup_key"] for row in await rows_of(bench.application, "outbox")] == ["half:2"]


async def test_after_five_attempts_people_look_at_it(bench: Bench) -> None:
    chat = await a_chat(bench.application)
    async with bench.application.transaction() as services:
        boss = await services.chats.meet(2001, "private", "de")
        code = await services.staff.invite(None, role="admin", area="15082", label="Platz 1")
        await services.staff.enrol(boss.id, code)
    bench.offers("fail", children.fail)
    job_id = await bench.defer("fail", chat_id=chat)
    await bench.works_through_all_waits()
    [job] = await jobs(bench)
    assert (job["state"], job["attempts"]) == ("set-aside", 5)
    alarms = [row for row in await rows_of(bench.application, "outbox") if row["text_key"]]
    assert [(row["chat_id"], row["text_key"], row["params"]) for row in alarms] == [
        (boss.id, "heavy.set-aside", {"number": job_id})
    ]
    [sorry] = await said(bench)
    assert str(job_id) in sorry
    await bench.delivered_again(job_id)
    assert len(await said(bench)) == 1


async def test_a_failed_attempt_is_not_repeated_at_once(bench: Bench) -> None:
    bench.offers("fail", children.fail)
    await bench.defer("fail")
    before = bench.clock()
    await bench.workshop.attempt((await jobs(bench))[0]["id"])
    [job] = await jobs(bench)
    assert (job["state"], job["attempts"]) == ("waiting", 1)
    assert job["not_before"] == before + timedelta(seconds=10)


async def test_a_job_nobody_offers_waits_for_a_newer_program(bench: Bench) -> None:
    await bench.defer("later")
    await bench.workshop.attempt((await jobs(bench))[0]["id"])
    bench.offers("later", children.who)
    await bench.works_through_all_waits()
    assert len(bench.results) == 1


async def test_a_hanging_job_is_cut_off_and_holds_nobody_up(bench: Bench, tmp_path: Path) -> None:
    bench.offers("hang", children.hang)
    mark = tmp_path / "mark"
    job_id = await bench.defer("hang", mark=str(mark))
    bench.workshop.pool.limit = timedelta(seconds=1.5)
    await bench.workshop.attempt(job_id)
    [job] = await jobs(bench)
    assert (job["state"], job["attempts"]) == ("waiting", 1)
    with pytest.raises(ProcessLookupError):
        await _gone(int(mark.read_text()))
    bench.workshop.pool.limit = timedelta(seconds=20)
    bench.offers("hang", children.who)
    await bench.defer("add", a=1, b=1)
    await bench.works()
    assert 2 in bench.results


async def test_a_broken_rule_is_said_and_the_job_is_done(bench: Bench) -> None:
    chat = await a_chat(bench.application)

    async def refuse(scene: Finishing, result: Any) -> Reply:
        raise NotAllowedError(area="Köthen")

    bench.offers("refuse", children.who, refuse)
    await bench.defer("refuse", chat_id=chat)
    await bench.works()
    [answer] = await said(bench)
    assert "Köthen" in answer
    assert await jobs(bench) == []


async def test_an_erased_person_s_job_is_done_without_them(bench: Bench) -> None:
    chat_id = await a_chat(bench.application)
    seen = []

    async def look(scene: Finishing, result: Any) -> Reply:
        seen.append((scene.chat, scene.actor.staff_id))
        return None

    bench.offers("look", children.who, look)
    await bench.defer("look", chat_id=chat_id)
    async with bench.application.transaction() as services:
        chat = await services.chats.get(chat_id)
        assert chat
        [kept] = [one for one in await services.privacy.kept(chat) if one.table == "heavy_job"]
        assert kept.rows[0]["name"] == "look"
        await services.privacy.erase(chat)
    await bench.works()
    assert seen == [(None, None)]


async def test_what_was_set_aside_is_forgotten_after_a_month(bench: Bench) -> None:
    bench.offers("fail", children.fail)
    await bench.defer("fail")
    await bench.works_through_all_waits()
    for days, left in ((29, 1), (2, 0)):
        bench.clock.forward(days=days)
        async with bench.application.transaction() as services:
            await services.heavy.forget_old()
        assert len(await jobs(bench)) == left


async def test_the_loop_breathes_while_a_job_computes(bench: Bench) -> None:
    bench.offers("compute", children.compute)
    await bench.defer("add", a=1, b=1)
    await bench.works()
    await bench.defer("compute", seconds=0.5)
    working = asyncio.ensure_future(bench.works())
    breaths = 0
    while not working.done():
        await asyncio.sleep(0.01)
        breaths += 1
    await working
    assert breaths > 10


async def test_a_stopping_runner_ends_its_process_and_leaves_the_job(
    bench: Bench, tmp_path: Path
) -> None:
    bench.offers("hang", children.hang)
    mark = tmp_path / "mark"
    await bench.defer("hang", mark=str(mark))
    running = asyncio.ensure_future(bench.runner.run())
    await eventually(lambda: _is_there(mark), 15)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ProcessLookupError):
        await _gone(int(mark.read_text()))
    [job] = await jobs(bench)
    assert (job["state"], job["attempts"]) == ("running", 1)


async def test_what_it_needs_is_looked_up_before_each_attempt(bench: Bench) -> None:
    async def look(scene: Finishing) -> dict[str, Any] | None:
        return {"b": 5} if scene.arguments["a"] else None

    seen: list[Any] = []

    async def finish(scene: Finishing, result: Any) -> Reply:
        seen.append((dict(scene.arguments), result))
        return None

    bench.offers("sum", children.add, finish, prepare=look)
    await bench.defer("sum", a=2)
    await bench.defer("sum", a=0)
    await bench.works()
    assert seen == [({"a": 2, "b": 5}, 7)]
    assert await jobs(bench) == [], "what is not wanted any more is done with"


async def test_what_nobody_asked_for_waits_for_others_and_fails_in_silence(bench: Bench) -> None:
    async def finish(scene: Finishing, result: Any) -> Reply:
        assert scene.chat is not None
        return say(scene.chat.telegram_id, str(result))

    async def refuses(_scene: Finishing, _result: Any) -> Reply:
        raise NotAllowedError(area="x")

    chat = await a_chat(bench.application)
    bench.offers("sum", children.add, finish, unasked=True)
    bench.offers("refused", children.add, refuses, unasked=True)
    bench.offers("fails", children.fail, unasked=True)
    await bench.defer("sum", chat_id=chat, a=1, b=2)
    await bench.defer("refused", chat_id=chat, a=1, b=2)
    await bench.defer("fails", chat_id=chat)
    await bench.works_through_all_waits()
    [row] = await rows_of(bench.application, "outbox")
    assert row["lane"] == Lane.ATTACHMENT
    assert row["payload"]["text"] == "3"
    [left] = await jobs(bench)
    assert (left["name"], left["state"]) == ("fails", "set-aside")
