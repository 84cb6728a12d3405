"""`abibot uplinks`: how the sources of sensor data stand, and trying again what was set aside."""

import asyncio
from collections.abc import Sequence

import click

from handlers.terminal import Terminal
from services.text import Text
from services.uplinks.model import Stage
from services.uplinks.service import Standing

ALL = "all"


@click.group("uplinks", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the sources of sensor data: last heard, waiting, not understood, set aside."""
    if context.invoked_subcommand is not None:
        return
    terminal: Terminal = context.obj
    found = asyncio.run(_standings(terminal))
    if not found:
        click.echo(terminal.text("uplinks.no-sources").unescape())
    for one in found:
        for line in _lines(one, terminal.text):
            click.echo(line)


@command.command()
@click.argument("source")
@click.option("--odd", is_flag=True, help="Also what was not understood.")
@click.pass_obj
def retry(terminal: Terminal, source: str, *, odd: bool) -> None:
    """Work off again what was set aside of SOURCE (or "all")."""
    count = asyncio.run(_retry(terminal, None if source == ALL else source, odd=odd))
    click.echo(terminal.text("uplinks.tried-again", count=count).unescape())


def _lines(standing: Standing, text: Text) -> list[str]:
    heard = standing.heard_at if standing.received else None
    lines = [
        text(
            "uplinks.listed",
            source=standing.source.name,
            heard=text.moment(heard) if heard else text("uplinks.never"),
            received=standing.received,
            waiting=standing.counts.get(Stage.NEW, 0),
            odd=standing.counts.get(Stage.NOT_UNDERSTOOD, 0),
            failed=standing.counts.get(Stage.FAILED, 0),
        )
    ]
    if standing.silent_since is not None:
        lines.append(text("uplinks.listed-silent", since=text.moment(standing.silent_since)))
    if standing.oldest is not None:
        lines.append(text("uplinks.listed-oldest", since=text.moment(standing.oldest)))
    if not standing.is_configured:
        lines.append(text("uplinks.listed-unknown"))
    first, *more = (line.unescape() for line in lines)
    return [first, *(f"    {line}" for line in more)]


async def _standings(terminal: Terminal) -> Sequence[Standing]:
    async with terminal.transaction() as services:
        found: Sequence[Standing] = await services.uplinks.standings()
        return found


async def _retry(terminal: Terminal, source: str | None, *, odd: bool) -> int:
    async with terminal.transaction() as services:
        count: int = await services.uplinks.retry(source, odd=odd)
        return count
