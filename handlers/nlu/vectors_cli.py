"""`abibot nlu vectors`: compute what the encoders need, so that the bot understands at once."""

import click

from handlers.terminal import Terminal


@click.command("vectors")
@click.pass_obj
def command(terminal: Terminal) -> None:
    """Compute the vectors of the region's catalogue; goes on where it was broken off."""
