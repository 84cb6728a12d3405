"""Hears emergencies no rule was written for, by what a question means.

Rules come first (nlu/emergencies.py): a person can read why they held. Of sentences nobody
foresaw they know about half; what encoders see in them raises that to seven of eight. The numbers
were learned by `nlu.listener_learning` and stand in a file, with the digest of their data.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from pydantic import TypeAdapter

from nlu.emergencies import EmergencyKind
from nlu.encoders import Vectors
from nlu.training import DATA

FILE = "listener.json"


@dataclass(frozen=True)
class Listener:
    """What was learned for one encoder or several.

    Attributes:
        encoders: whose vectors are needed, by name and version, in the order of the weights.
        weights: of each place of the vectors, one after another.
        bias: added to the weighted sum.
        threshold: from this sum on it is an emergency.
        kinds: what tells each kind from the others: weights and, last, their bias.
    """

    encoders: Mapping[str, str]
    weights: tuple[float, ...]
    bias: float
    threshold: float
    kinds: Mapping[EmergencyKind, tuple[float, ...]]

    def kind_of(self, vectors: Mapping[str, Vectors]) -> EmergencyKind | None:
        """Return the kind of emergency a question speaks of, None for no emergency.

        Args:
            vectors: by the encoder's name the vector of the question, as `queries` returns it.
        """
        question = np.concatenate([vectors[name] for name in self.encoders])
        if float(question @ np.array(self.weights)) + self.bias < self.threshold:
            return None
        extended = np.append(question, 1.0)
        return max(self.kinds, key=lambda kind: float(extended @ np.array(self.kinds[kind])))


@cache
def shipped_listeners() -> Mapping[str, Listener]:
    """Return the learned listeners by their encoders ("use+e5"); empty before the first time."""
    file = DATA.joinpath(FILE)
    if not file.is_file():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Listener]).validate_python(content["listeners"])


def listener_for(encoders: Mapping[str, str]) -> Listener | None:
    """Return the listener for exactly these encoders (name and version), None without one."""
    for listener in shipped_listeners().values():
        if listener.encoders == encoders:
            return listener
    return None
