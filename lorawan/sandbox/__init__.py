"""Runs a vendor's JavaScript codec so that it harms nobody.

    async with Sandbox() as sandbox:
        outcome = await sandbox.run(Script.of(source), Call(payload, f_port, time))

The scripts run in processes of their own (`worker`), which give up everything but computing
(`kernel`); here stands what asks them (`sandbox`). It is loaded when somebody asks for it: the
worker imports this package, too, and should stay small.
"""

from typing import TYPE_CHECKING, Any

from lorawan.sandbox.call import Call, Outcome, Script

if TYPE_CHECKING:
    from lorawan.sandbox.sandbox import Sandbox

__all__ = ["Call", "Outcome", "Sandbox", "Script"]


def __getattr__(name: str) -> Any:
    """Load what the bot needs and the worker does not."""
    if name == "Sandbox":
        from lorawan.sandbox.sandbox import Sandbox  # noqa: PLC0415 - see above

        return Sandbox
    raise AttributeError(name)
