"""Opens the understanding of questions as the settings say."""

from functools import partial
from typing import TYPE_CHECKING

from bot.rasa import rasa_of
from bot.settings import NluSettings, Settings
from handlers.entries import faq_entries
from handlers.understanding import Options, Understanders
from nlu.encoders import Encoder, installed_encoder
from nlu.onnx import OnnxEncoder, OnnxFolder
from services.faq.reading import read_book

if TYPE_CHECKING:
    from bot.application import Application


def understanding_options(settings: Settings) -> Options:
    """Return how questions are understood."""
    own = settings.nlu
    return Options(
        encoders=own.names,
        vectors=own.vectors,
        most_waiting=own.most_waiting,
        seconds=own.seconds,
        others=faq_entries(read_book(settings.region_folder).faqs.values()),
        load=partial(_encoder, own),
    )


def _encoder(own: NluSettings, name: str) -> Encoder | None:
    """Return an encoder by its name; the one of a folder of one's own is called "onnx"."""
    if own.onnx is None or name != OnnxEncoder.name:
        return installed_encoder(name)
    return OnnxEncoder(OnnxFolder(own.onnx, own.onnx_query, own.onnx_passage))


def open_understanders(application: "Application") -> Understanders:
    """Return what understands questions; nothing is loaded before it is needed."""
    options = understanding_options(application.settings)
    metrics = application.work.metrics.understanding
    first = rasa_of(application.settings.nlu, metrics)
    return Understanders(application.region, options, watch=metrics, first=first)
