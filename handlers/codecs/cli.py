"""`abibot codecs`: try a vendor's codec out on this machine, take it in, list them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from handlers.codecs.pages import described, problems
from handlers.terminal import Terminal
from lorawan.sandbox import Sandbox
from services.codecs.checking import Checked, check
from services.codecs.records import Listed
from services.codecs.rules import MOST_EXAMPLE_BYTES, UploadError
from services.errors import ServiceError
from services.text import Text

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_READ = 2 * MOST_EXAMPLE_BYTES


@click.group("codecs")
def command() -> None:
    """Vendors' codecs (JavaScript) for sensors."""


@command.command("check")
@click.argument("file", type=FILE)
@click.option("--examples", type=FILE, help="JSON list of examples; else a comment in FILE.")
@click.pass_obj
def check_(terminal: Terminal, file: Path, examples: Path | None) -> None:
    """Try FILE with its examples; needs no database."""
    asyncio.run(_try_out(terminal.text, file, examples))


@command.command()
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--examples", type=FILE, help="JSON list of examples; else a comment in FILE.")
@click.pass_obj
def add(terminal: Terminal, name: str, file: Path, examples: Path | None) -> None:
    """Check FILE and take it in as NAME; somebody of the staff has to release it."""
    number = asyncio.run(_add(terminal, name, file, examples))
    click.echo(terminal.text("codecs.added", number=number).unescape())


@command.command("list")
@click.pass_obj
def list_(terminal: Terminal) -> None:
    """List the newest codecs."""
    found = asyncio.run(_list(terminal))
    if not found:
        click.echo(terminal.text("codecs.none").unescape())
    for one in found:
        click.echo(described(one, terminal.text).striptags())


async def _try_out(text: Text, file: Path, examples: Path | None, name: str = "") -> Checked:
    """Return what was checked; print what is wrong and leave with 1."""
    name = name or "check"
    script, written = _read(file), _read(examples) if examples else None
    async with Sandbox() as sandbox:
        try:
            checked = await check(sandbox, name, script, written)
        except UploadError as error:
            words = text(error.problem.text_key, **error.problem.params)
            raise click.ClickException(words.striptags()) from None
    for line in problems([one.as_json() for one in checked.problems], text):
        click.echo(line.striptags())
    count, right = len(checked.examples), checked.right
    click.echo(text("codecs.result", right=right, total=count, digest=checked.script.sha256))
    if checked.problems:
        raise SystemExit(1)
    return checked


async def _add(terminal: Terminal, name: str, file: Path, examples: Path | None) -> int:
    checked = await _try_out(terminal.text, file, examples, name)
    try:
        async with terminal.transaction() as services:
            number: int = await services.codecs.take_in(checked, None)
            return number
    except ServiceError as error:
        words = terminal.text(error.text_key, **error.params)
        raise click.ClickException(words.striptags()) from None


async def _list(terminal: Terminal) -> Sequence[Listed]:
    async with terminal.transaction() as services:
        found: Sequence[Listed] = await services.codecs.all_listed()
        return found


def _read(path: Path) -> bytes:
    """Return a file's content, not much more than can be used."""
    with path.open("rb") as file:
        return file.read(MOST_READ)
