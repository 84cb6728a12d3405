"""`abibot nlu export-taught`: what staff released, in the form of the files of examples.

Editors take it over into the examples that are shipped; the checks of those files keep out what
the understanding is measured with.
"""

import asyncio
from collections.abc import Mapping, Sequence

import click
import yaml

from handlers.terminal import Terminal

WIDTH = 118


@click.command("export-taught")
@click.pass_obj
def command(terminal: Terminal) -> None:
    """Print the released examples as YAML, by service and language."""
    click.echo(terminal.text("learning.export-heading").unescape())
    click.echo(as_yaml(asyncio.run(_written(terminal))), nl=False)


async def _written(terminal: Terminal) -> Mapping[str, Mapping[str, Sequence[str]]]:
    async with terminal.transaction() as services:
        found: Mapping[str, Mapping[str, Sequence[str]]] = await services.learning.written()
        return found


def as_yaml(examples: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """Return a block for each entry with one line a language, as in the files of examples."""
    blocks = [
        yaml.safe_dump(
            {entry_id: {language: list(texts) for language, texts in by_language.items()}},
            default_flow_style=None,
            allow_unicode=True,
            sort_keys=False,
            width=WIDTH,
        )
        for entry_id, by_language in examples.items()
    ]
    return "\n".join(blocks)
