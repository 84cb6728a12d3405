"""`abibot nlu`: measure the understanding of questions, and see why it decides as it does."""

import click

from handlers.nlu.evaluate_cli import evaluate

COMMANDS = (evaluate,)


@click.group("nlu")
def command() -> None:
    """Measure and explain how questions are understood."""


for one in COMMANDS:
    command.add_command(one)
