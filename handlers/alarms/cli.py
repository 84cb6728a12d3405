"""`abibot alarms export [FILE]`: the rules that hold, as the region's file."""

import asyncio
from pathlib import Path

import click

from handlers.alarms.filing import file_of
from handlers.terminal import Terminal


@click.group("alarms")
def command() -> None:
    """Rules for alarms."""


@command.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.pass_obj
def export(terminal: Terminal, file: Path | None, *, force: bool) -> None:
    """Write the rules that hold as an alarms.yaml; without FILE to the terminal."""
    content = asyncio.run(_content(terminal))
    if file is None:
        click.echo(content, nl=False)
        return
    if file.exists() and not force:
        words = terminal.text("alarms.file-exists", file=str(file))
        raise click.ClickException(words.unescape())
    file.write_text(content, encoding="utf-8")


async def _content(terminal: Terminal) -> str:
    async with terminal.transaction() as services:
        return file_of(await services.ruling.everything(), terminal.text)
