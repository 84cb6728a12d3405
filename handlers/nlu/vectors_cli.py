"""`abibot nlu vectors`: compute what the encoders need, so that the bot understands at once."""

import math
import sys
import time
from collections.abc import Callable

import click

from handlers.entries import entries_of
from handlers.terminal import Terminal
from nlu.encoders import works
from nlu.index import texts_of
from nlu.training import read_training
from nlu.vectors import VectorStore
from services.catalogue.reading import read_catalogue

PERCENT = 10
"""Where nobody watches, a line each ten percent is enough."""
MINUTE = 60


@click.command("vectors")
@click.pass_obj
def command(terminal: Terminal) -> None:
    """Compute the vectors of the region's catalogue; goes on where it was broken off."""
    options, training = terminal.understanding, read_training()
    services = [found.record for found in read_catalogue(terminal.region_folder).services]
    texts = texts_of(entries_of(services, training, options.others))
    names = []
    for name in options.encoders:
        encoder = options.load(name)
        store = VectorStore(options.vectors, encoder) if encoder else None
        new = store.missing(texts, training.generic) if store else 0
        if encoder is None or store is None or (new and not works(encoder)):
            click.echo(terminal.text("nlu.no-encoder", name=name))
            continue
        names.append(encoder.name)
        store.fill(texts, training.generic, progress(terminal, encoder.name))
    key = "nlu.vectors-ready" if names else "nlu.words-alone"
    click.echo(terminal.text(key, texts=terminal.text.number(len(texts)), names=", ".join(names)))


def progress(terminal: Terminal, name: str) -> Callable[[int, int], None]:
    """Return what tells how far it is and how long it will still take, in one line."""
    began, watched, told = time.monotonic(), sys.stdout.isatty(), 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        left = (time.monotonic() - began) / done * (total - done)
        line = terminal.text(
            "nlu.vectors-progress",
            name=name,
            done=terminal.text.number(done),
            total=terminal.text.number(total),
            minutes=math.ceil(left / MINUTE),
        ).unescape()
        if watched:
            click.echo(f"\r{line:78}", nl=done == total)
        elif done == total or done * 100 >= (told + PERCENT) * total:
            told = done * 100 // total
            click.echo(line)

    return tell
