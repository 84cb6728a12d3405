"""From free text to what the person wants; knows nothing of chats, databases or counties."""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    # Must be set before numpy is loaded: two threads on a busy machine take five times as long.
    os.environ.setdefault(_name, "1")  # noqa: TID251 - nobody's setting, and no other place is first
