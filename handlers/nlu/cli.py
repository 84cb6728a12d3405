"""`abibot nlu …`: what the understanding of questions needs and shows; one module a command."""

from importlib import import_module

import click

COMMANDS = {
    "calibrate": "handlers.nlu.calibrate_cli",
    "evaluate": "handlers.nlu.evaluate_cli",
    "explain": "handlers.nlu.explain_cli",
    "export-rasa": "handlers.nlu.rasa_cli",
    "export-taught": "handlers.nlu.export_taught_cli",
    "vectors": "handlers.nlu.vectors_cli",
}
"""Where each command stands: a module with a click command named `command`."""


class NluCommands(click.Group):
    """Imports a command only when it is asked for: some load the encoders."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[name]).command
        return command


@click.group("nlu", cls=NluCommands)
def command() -> None:
    """Prepare, measure and explain the understanding of questions."""
