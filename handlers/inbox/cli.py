"""`abibot inbox`: what could not be handled, and trying it again once the cause is mended."""

import asyncio
from collections.abc import Sequence

import click

from handlers.terminal import Terminal
from services.inbox.service import SetAside

ALL = "all"


class UpdateNumber(click.ParamType[int | None]):
    """The number of an update, or "all"."""

    name = "update_id|all"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        """Return the number; None for all."""
        if value == ALL:
            return None
        if not value.isdecimal():
            self.fail(f"{value!r}: {self.name}", param, ctx)
        return int(value)


@click.group("inbox", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List what was set aside after three attempts; its content is never shown."""
    if context.invoked_subcommand is not None:
        return
    terminal: Terminal = context.obj
    found = asyncio.run(_set_aside(terminal))
    if not found:
        click.echo(terminal.text("inbox.none-set-aside").unescape())
    for one in found:
        line = terminal.text(
            "inbox.listed",
            update=one.update_id,
            time=terminal.text.moment(one.received_at),
            attempts=one.attempts,
            number=one.number or "–",
        )
        click.echo(line.unescape())


@command.command()
@click.argument("update", type=UpdateNumber())
@click.pass_obj
def retry(terminal: Terminal, update: int | None) -> None:
    """Try UPDATE (or "all") again; three attempts more."""
    count = asyncio.run(_retry(terminal, update))
    if not count and update is not None:
        unknown = terminal.text("inbox.not-set-aside", update=update)
        raise click.ClickException(unknown.unescape())
    click.echo(terminal.text("inbox.tried-again", count=count).unescape())


async def _set_aside(terminal: Terminal) -> Sequence[SetAside]:
    async with terminal.transaction() as services:
        found: Sequence[SetAside] = await services.inbox.set_aside()
        return found


async def _retry(terminal: Terminal, update: int | None) -> int:
    async with terminal.transaction() as services:
        count: int = await services.inbox.retry(update)
        return count
