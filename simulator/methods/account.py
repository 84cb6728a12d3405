"""The bot's own session with the server."""

from simulator.methods.registry import Call, method


@method("logOut")
async def log_out(call: Call) -> bool:
    """Leave this server: the webhook and what waits are gone."""
    await call.world.webhook.remove()
    call.world.updates.clear()
    call.world.end_poll("terminated by logOut request")
    return True


@method("close")
async def close(call: Call) -> bool:
    """End the bot's instance before it moves; what waits stays."""
    await call.world.webhook.remove()
    call.world.end_poll("terminated by close request")
    return True
