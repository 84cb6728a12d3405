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
    """Write the region's services and their examples as training files for Rasa."""
    training = read_training()
    services = [found.record for found in read_catalogue(terminal.region_folder).services]
    entries = [one for one in entries_of(services, training) if one.kind is not Kind.ELSEWHERE]
    export(out, entries, training.out_of_scope)
    click.echo(terminal.text("nlu.rasa-exported", count=len(entries), folder=str(out)))
