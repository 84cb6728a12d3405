"""Case assignment: who takes which case."""

COMMAND = "assign"
