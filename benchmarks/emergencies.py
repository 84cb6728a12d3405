"""How many emergencies nobody foresaw are heard: by rules alone, by meaning alone, by both.

The figures are those of the blind file that neither rules nor numbers were made from. Vectors are
kept in the folder given. `abibot nlu calibrate` learns the numbers anew.

    python -m benchmarks.emergencies FOLDER
"""

import json
import sys
from pathlib import Path

from nlu.emergencies import emergency_in
from nlu.encoders import available_encoders
from nlu.listener import Listener, shipped_listeners
from nlu.vectors import VectorStore

ROOT = Path(__file__).resolve().parent.parent
BLIND = ROOT / "tests" / "nlu" / "emergencies_blind_3.jsonl"


def main(folder: Path) -> None:
    """Print the figures."""
    stores = [VectorStore(folder, encoder) for encoder in available_encoders()]
    rows = [json.loads(line) for line in BLIND.read_text("utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    rules = [emergency_in(text) is not None for text in texts]
    _say("rules", rows, rules)
    for name, listener in shipped_listeners().items():
        heard = _heard(listener, stores, texts)
        _say(f"meaning ({name})", rows, heard)
        both = [one or other for one, other in zip(rules, heard, strict=True)]
        _say(f"rules, then meaning ({name})", rows, both)


def _heard(listener: Listener, stores: list[VectorStore], texts: list[str]) -> list[bool]:
    found = {store.encoder.name: store.queries(texts) for store in stores}
    return [
        listener.kind_of({name: vectors[at] for name, vectors in found.items()}) is not None
        for at in range(len(texts))
    ]


def _say(what: str, rows: list[dict[str, str | None]], heard: list[bool]) -> None:
    real = [one for one, row in zip(heard, rows, strict=True) if row["kind"]]
    others = [one for one, row in zip(heard, rows, strict=True) if not row["kind"]]
    found = f"{sum(real)} of {len(real)} emergencies"
    print(f"{what}: {found}, {sum(others)} of {len(others)} look-alikes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
