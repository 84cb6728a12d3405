"""`abibot sensors`: play recorded values through the real hook, and record what came."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click

from handlers.sensors.playing import Sensor, Timed, from_values, play, session_of
from handlers.sensors.posting import PostingError, open_hook
from handlers.sensors.recordings import line_of, read_recording
from handlers.terminal import Terminal
from lorawan.replay import Column, ReplayError, read_csv
from lorawan.vocabulary import QUANTITIES
from services.clock import utc_now

HOOK = "http://127.0.0.1:8080/hooks/lorawan/replay"
RECORDED, NOW, UNTIL_NOW = "recorded", "now", "until-now"
PROBLEMS = {
    "away": "sensors.posting-away",
    "cells": "sensors.replay-cells",
    "column": "sensors.replay-column",
    "empty": "sensors.replay-empty",
    "line": "sensors.replay-line",
    "no-column": "sensors.replay-no-column",
    "no-time-column": "sensors.replay-no-time-column",
    "no-token": "sensors.replay-no-token",
    "number": "sensors.replay-number",
    "quantity": "sensors.replay-quantity",
    "refused": "sensors.posting-refused",
    "time": "sensors.replay-time",
}
AT_A_TIME = 1000
A_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("sensors")
def command() -> None:
    """Play recorded sensor values through the real hook."""


@command.command()
@click.argument("file", type=A_FILE)
@click.option("--to", "url", default=HOOK, show_default=True, help="Address of the hook.")
@click.option("--token-file", type=A_FILE, help="The hook's token, on the first line.")
@click.option("--speed", type=click.FloatRange(0), default=0.0, help="60: an hour in a minute.")
@click.option(
    "--column", "columns", multiple=True, help="CSV: NAME=quantity or NAME=quantity*0.01"
)
@click.option("--times", type=click.Choice([RECORDED, NOW, UNTIL_NOW]), default=RECORDED)
@click.option("--device", default="feedfacecafe0001", show_default=True, help="CSV: EUI.")
@click.option("--name", default="replay", show_default=True, help="CSV: name of the device.")
@click.option("--real", is_flag=True, help="CSV: do not mark the values as simulated.")
@click.pass_obj
def replay(
    terminal: Terminal,
    file: Path,
    url: str,
    token_file: Path | None,
    speed: float,
    columns: tuple[str, ...],
    times: str,
    device: str,
    name: str,
    real: bool,
) -> None:
    """Post FILE to a hook: a CSV (with --column), or a recording in JSON lines."""
    sensor = Sensor(device, name, simulated=not real)
    began = time.monotonic()
    try:
        if columns:
            timed = _values(file, columns, sensor, times, ZoneInfo(terminal.region.facts.timezone))
        else:
            with file.open("rb") as lines:
                timed = list(read_recording(lines))
        count = asyncio.run(_play(timed, speed, url, _token(token_file)))
    except ReplayError as error:
        what = terminal.text(PROBLEMS[error.problem], detail=error.detail)
        line = terminal.text("sensors.replay-where", file=file.name, line=error.line, what=what)
        raise click.ClickException(line.unescape()) from None
    except PostingError as error:
        what = terminal.text(PROBLEMS[error.problem], detail=error.detail)
        raise click.ClickException(what.unescape()) from None
    seconds = f"{time.monotonic() - began:.1f}"
    click.echo(terminal.text("sensors.replayed", count=count, seconds=seconds).unescape())


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--source", help="Only what this source sent.")
@click.option("--hours", type=click.FloatRange(0), default=24.0, show_default=True)
@click.pass_obj
def record(terminal: Terminal, file: Path, source: str | None, hours: float) -> None:
    """Write the messages of the last hours to FILE, as they came; `replay` plays them."""
    since = utc_now() - timedelta(hours=hours)
    try:
        with file.open("xb") as lines:
            count = asyncio.run(_record(terminal, lines, source, since))
    except FileExistsError:
        there = terminal.text("sensors.record-exists", file=file.name)
        raise click.ClickException(there.unescape()) from None
    except OSError as error:
        away = terminal.text("sensors.record-unwritable", file=file.name, detail=error.strerror)
        raise click.ClickException(away.unescape()) from None
    click.echo(terminal.text("sensors.recorded", count=count).unescape())


async def _record(terminal: Terminal, lines: BinaryIO, source: str | None, since: datetime) -> int:
    count = after = 0
    while True:
        async with terminal.transaction() as services:
            found = await services.uplinks.recorded(source, since, after, AT_A_TIME)
        if not found:
            return count
        lines.writelines(line_of(one.received_at, one.event, one.form, one.body) for one in found)
        count, after = count + len(found), found[-1].id


def _values(
    file: Path, columns: Sequence[str], sensor: Sensor, times: str, zone: ZoneInfo
) -> list[Timed]:
    chosen = [Column.parse(one, QUANTITIES) for one in columns]
    with file.open(encoding="utf-8-sig", newline="") as lines:
        moments = list(read_csv(lines, chosen, zone))
    if not moments:
        raise ReplayError("empty")
    if times == NOW:
        return from_values(moments, sensor, session_of(f"{file} {utc_now()}"), sent_as=None)
    shift = utc_now() - moments[-1].time if times == UNTIL_NOW else timedelta()
    session = session_of(f"{file} {moments[0].time + shift}")
    return from_values(moments, sensor, session, sent_as=shift)


def _token(file: Path | None) -> str | None:
    if file is None:
        return None
    if not (tokens := file.read_text(encoding="utf-8").split()):
        raise ReplayError("no-token")
    return tokens[0]


async def _play(timed: Sequence[Timed], speed: float, url: str, token: str | None) -> int:
    async with open_hook(url, token) as hook:
        return await play(hook, timed, speed, utc_now)
