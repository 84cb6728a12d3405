"""Starts the local Telegram: python -m simulator --port 8081 --token 42:DEMO."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from simulator.chats import Bot
from simulator.messages import KEPT_UNDER_LOAD
from simulator.server import serving
from simulator.world import World
from simulator.world_file import WorldError, build_world, read_world

DEFAULT_TOKEN = "42:DEMO"  # noqa: S105 - opens nothing but this local Telegram


def main() -> int:
    """Serve until the process is told to stop."""
    options = _options()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        world = _world(options)
        asyncio.run(_serve(world, options.host, options.port))
    except (OSError, WorldError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    parser.add_argument(
        "--token", action="append", help="token of the bot; repeated, each of them opens it"
    )
    parser.add_argument("--world", type=Path, metavar="FILE.json", help="people and chats")
    parser.add_argument(
        "--strict-limits", action="store_true", help="answer 429 to a bot that sends too fast"
    )
    parser.add_argument(
        "--load", action="store_true", help="keep next to no history, so as to be fast"
    )
    parser.add_argument("--seed", type=int, default=0, help="what is left to chance goes by it")
    parser.add_argument("--name", default="Anhalt-Bitterfeld", help="name of the bot")
    parser.add_argument("--username", default="abi_demo_bot", help="@name of the bot")
    return parser.parse_args()


def _world(options: argparse.Namespace) -> World:
    tokens = tuple(options.token or [DEFAULT_TOKEN])
    bot_id = tokens[0].partition(":")[0]
    if not bot_id.isdecimal() or any(":" not in token for token in tokens):
        raise WorldError("a token is a number, a colon and a secret, such as 42:DEMO")
    bot = Bot(int(bot_id), options.name, options.username.removeprefix("@"))
    world = build_world(read_world(options.world), bot, tokens, seed=options.seed)
    world.limits.strict = options.strict_limits
    if options.load:
        world.messages.kept_per_chat = KEPT_UNDER_LOAD
    return world


async def _serve(world: World, host: str, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for stop in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(stop, stopped.set)
    async with serving(world, host, port) as actual_port:
        sys.stdout.write(
            f"Local Telegram of @{world.bot.username} on http://{host}:{actual_port}/\n"
        )
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
