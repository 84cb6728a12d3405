"""`python -m bot` is `abibot`."""

from bot.cli import main

main()
