"""Imports every table, so that the metadata is complete for migrations and privacy."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

import services

for feature in iter_modules(services.__path__):
    if feature.ispkg and find_spec(f"services.{feature.name}.model"):
        import_module(f"services.{feature.name}.model")
