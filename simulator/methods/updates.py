"""How the bot gets its updates: by asking for them or by webhook."""

import asyncio
from http import HTTPStatus

from simulator.errors import bad_request, refusal
from simulator.fields import MalformedError
from simulator.links import checked_address
from simulator.methods.registry import Answer, Call, method
from simulator.updates import DEFAULT_KINDS, KINDS, Update, kinds_in
from simulator.views import me_json
from simulator.webhook import DEFAULT_CONNECTIONS, Settings
from simulator.wire import Json
from simulator.world import World

LONGEST_POLL = 50
MOST_UPDATES = 100
MOST_CONNECTIONS = 100
LONGEST_SECRET = 256

_WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)
_OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@method("getMe")
def get_me(call: Call) -> Json:
    """Return the bot."""
    return me_json(call.world)


@method("getUpdates")
async def get_updates(call: Call) -> list[Json]:
    """Return waiting updates; with a timeout wait for one."""
    world, arguments = call.world, call.arguments
    if world.webhook.url:
        raise refusal(HTTPStatus.CONFLICT, _WEBHOOK_ACTIVE)
    offset = arguments.integer("offset")
    limit = arguments.integer("limit", MOST_UPDATES, least=1, most=MOST_UPDATES)
    timeout = arguments.integer("timeout", 0, least=0, most=LONGEST_POLL)
    _remember_allowed(call)
    world.last_poll = world.clock.now()
    updates = world.updates.fetch(offset, limit)
    if timeout and not updates:
        updates = await _poll(world, max(offset, 0), limit, timeout)
    await world.faults.delay()
    world.last_poll = world.clock.now()
    return [update.as_json() for update in world.faults.shaken(updates)]


async def _poll(world: World, offset: int, limit: int, patience: int) -> list[Update]:
    """Wait for updates until the time is up; only the latest caller may wait."""
    world.end_poll(_OTHER_POLL)
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    world.waiting_poll = ended
    arrival = world.tasks.start(world.updates.arrival(), "long poll")
    timeout = world.tasks.start(world.clock.sleep(patience), "long poll timeout")
    try:
        await asyncio.wait((ended, arrival, timeout), return_when=asyncio.FIRST_COMPLETED)
    finally:
        arrival.cancel()
        timeout.cancel()
        if world.waiting_poll is ended:
            world.waiting_poll = None
    if ended.done():
        raise refusal(HTTPStatus.CONFLICT, ended.result())
    return world.updates.fetch(offset, limit)


@method("setWebhook")
async def set_webhook(call: Call) -> Answer:
    """Have updates delivered to an address; an empty one stops that."""
    world, arguments = call.world, call.arguments
    url = arguments.text("url")
    if not url:
        return await _stop_webhook(call)
    settings = Settings(
        url=url,
        address=_address(url),
        secret_token=_checked_secret(arguments.text("secret_token")),
        max_connections=arguments.integer(
            "max_connections", DEFAULT_CONNECTIONS, least=1, most=MOST_CONNECTIONS
        ),
        ip_address=arguments.text("ip_address"),
    )
    drop = arguments.flag("drop_pending_updates")
    _remember_allowed(call)
    if settings == world.webhook.settings and not drop:
        return Answer(result=True, description="Webhook is already set")
    world.end_poll("terminated by setWebhook request")
    if drop:
        world.updates.clear()
    await world.webhook.set(settings)
    return Answer(result=True, description="Webhook was set")


@method("deleteWebhook")
async def delete_webhook(call: Call) -> Answer:
    """Stop delivery; what waits can be fetched with getUpdates."""
    return await _stop_webhook(call)


async def _stop_webhook(call: Call) -> Answer:
    was_set = bool(call.world.webhook.url)
    await call.world.webhook.remove()
    if call.arguments.flag("drop_pending_updates"):
        call.world.updates.clear()
    state = "Webhook was deleted" if was_set else "Webhook is already deleted"
    return Answer(result=True, description=state)


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """Return how delivery is set up and how it goes."""
    world = call.world
    settings, updates = world.webhook.settings, world.updates
    info: Json = {
        "url": world.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending()),
    }
    if world.webhook.last_error:
        info["last_error_date"], info["last_error_message"] = world.webhook.last_error
    if settings:
        info["max_connections"] = settings.max_connections
        info["ip_address"] = settings.ip_address or "127.0.0.1"
    if updates.allowed != DEFAULT_KINDS:
        info["allowed_updates"] = [kind for kind in KINDS if kind in updates.allowed]
    return info


def _remember_allowed(call: Call) -> None:
    kinds = kinds_in(call.arguments.text("allowed_updates"))
    if kinds is not None:
        call.world.updates.allow(kinds)


def _address(url: str) -> str:
    try:
        return checked_address(url)
    except MalformedError as fault:
        raise bad_request("invalid webhook URL specified") from fault


def _checked_secret(secret: str) -> str:
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in secret):
        raise bad_request("secret token contains unallowed characters")
    return secret
