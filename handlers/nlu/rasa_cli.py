"""`abibot nlu export-rasa`: write what a Rasa server is trained with."""

from pathlib import Path

import click

from handlers.entries import entries_of
from handlers.terminal import Terminal
from nlu.rasa.export import export
from nlu.training import read_training
from nlu.understanding import Kind
from services.catalogue.reading import read_catalogue


@click.command("export-rasa")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/rasa/training"),
    show_default=True,
    help="Folder for config.yml, domain.yml and nlu.yml.",
)
@click.pass_obj
def command(terminal: Terminal, out: Path) -> None:
    """Write what can be asked for and its examples as training files for Rasa.

    Left out are services of others: they would double the intents, and the index knows them.
    """
    training = read_training()
    services = [found.record for found in read_catalogue(terminal.region_folder).services]
    others = [one for one in terminal.understanding.others if one.kind is not Kind.ELSEWHERE]
    entries = entries_of(services, training, others)
    export(out, entries, training.out_of_scope)
    click.echo(terminal.text("nlu.rasa-exported", count=len(entries), folder=str(out)))
