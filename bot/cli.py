"""The command `abibot`. Heavy libraries are imported by the commands that need them."""

import asyncio
import time
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from zoneinfo import ZoneInfo

import click

import handlers
from bot.logs import configure
from bot.roles import Role, UnknownRoleError, roles_of
from bot.settings import LOCALES, SettingsError, load_settings
from bot.start import StartError, alone_where_needed
from bot.terminal import BotTerminal
from services.region.service import RegionError
from services.text import load_texts
from services.yaml_source import ProblemsError

STARTED = time.time()
DATABASE_ERRORS = "sqlalchemy.exc"  # by name: importing it would cost every command half a second


def features() -> dict[str, str]:
    """Return the features that offer a command, by its name.

    A command is called like its feature, unless the feature's folder names it in `COMMAND`.
    """
    folders = [module.name for module in iter_modules(handlers.__path__) if module.ispkg]
    offering = [name for name in folders if find_spec(f"handlers.{name}.cli")]
    return {_command_of(name): name for name in offering}


def _command_of(feature: str) -> str:
    name: str = getattr(import_module(f"handlers.{feature}"), "COMMAND", feature)
    return name


class Commands(click.Group):
    """Our own commands and those of the features, each imported only when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *features()])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        offered = features()
        if name in offered:
            command: click.Command = import_module(f"handlers.{offered[name]}.cli").command
            return command
        return super().get_command(context, name)

    def invoke(self, context: click.Context) -> object:
        """Run a command; what an operator can mend is one clear line, not a traceback."""
        try:
            return super().invoke(context)
        except ProblemsError as error:
            from handlers.catalogue.report import problem_lines  # noqa: PLC0415 - see above

            lines = [line.unescape() for line in problem_lines(error.problems, context.obj.text)]
            raise click.ClickException("\n".join(lines)) from None
        except RegionError:
            raise click.ClickException(context.obj.text("cli.doctor-region").unescape()) from None
        except Exception as error:
            if type(error).__module__ != DATABASE_ERRORS:
                raise
            line = context.obj.text("cli.database-trouble", error=type(error).__name__)
            raise click.ClickException(line.unescape()) from None


@click.group(cls=Commands)
@click.pass_context
def abibot(context: click.Context) -> None:
    """Citizen service bot of a county."""
    try:
        context.obj = BotTerminal(load_settings())
    except SettingsError as error:
        raise click.ClickException(in_words(error)) from None


def in_words(error: SettingsError) -> str:
    """Return one line that names the setting and says what is wrong with it."""
    text = load_texts(LOCALES, ZoneInfo("Europe/Berlin")).of(error.language)
    what = text(error.text_key, **error.params)
    if error.text_key == "cli.no-region":
        return what.unescape()
    return text("cli.settings-wrong", name=error.name, detail=what).unescape()


@abibot.command()
@click.pass_obj
def migrate(terminal: BotTerminal) -> None:
    """Create or upgrade the database schema."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - only where it is used

    from bot.migrate import migrate as upgrade  # noqa: PLC0415

    try:
        upgrade(terminal.settings.database.url)
    except (OSError, SQLAlchemyError) as error:
        line = terminal.text("cli.doctor-database-unreachable", error=type(error).__name__)
        raise click.ClickException(line.unescape()) from None
    click.echo(terminal.text("cli.migrated"))


@abibot.command()
@click.option(
    "--port",
    default=8081,
    help="Port of the local Telegram and its chat page; 0 takes a free one.",
)
@click.pass_obj
def demo(terminal: BotTerminal, port: int) -> None:
    """Try everything on this machine: local Telegram, chat page, bot; no token needed."""
    from bot.demo import demo as start  # noqa: PLC0415

    configure(terminal.settings.log)
    start(terminal, port, STARTED)


@abibot.command()
@click.option(
    "--roles",
    default=",".join(Role),
    show_default=True,
    help="What this process does, separated by commas.",
)
@click.pass_obj
def run(terminal: BotTerminal, roles: str) -> None:
    """Serve Telegram, by long polling or by webhook."""
    settings, text = terminal.settings, terminal.text
    try:
        chosen = roles_of(roles)
        configure(settings.log)
        with alone_where_needed(settings.database.url, chosen):
            asyncio.run(serve_until_stopped(terminal, chosen))
    except UnknownRoleError as error:
        line = text("cli.unknown-role", name=str(error), roles=", ".join(Role))
    except StartError as error:
        line = text(error.text_key, **error.params)
    except asyncio.CancelledError:
        raise SystemExit(1) from None  # told twice to stop
    else:
        return
    raise click.ClickException(line.unescape())


async def serve_until_stopped(terminal: BotTerminal, roles: frozenset[Role]) -> None:
    """Run the bot with a token and on a database whose schema fits; else raise `StartError`."""
    if terminal.settings.telegram.token is None:
        raise StartError("cli.no-token")
    from bot.application import open_application  # noqa: PLC0415 - costs seconds to import
    from bot.migrate import Schema, schema_of  # noqa: PLC0415
    from bot.run import open_bot, serve  # noqa: PLC0415

    application = open_application(terminal.settings, terminal.region)
    try:
        schema = await schema_of(application.database)
        if schema is Schema.OLD:
            raise StartError("cli.doctor-database-old")
        if schema is Schema.NEW:
            raise StartError("cli.database-newer")
        await serve(application, open_bot(terminal.settings), roles=roles)
    finally:
        await application.close()


@abibot.command()
@click.pass_obj
def doctor(terminal: BotTerminal) -> None:
    """Check settings, database, token, webhook and clock; print what to do."""
    configure(terminal.settings.log)
    from bot.doctor import findings  # noqa: PLC0415

    async def examine() -> bool:
        healthy = True
        async for fine, what in findings(terminal):
            key = "cli.doctor-ok" if fine else "cli.doctor-wrong"
            click.echo(terminal.text(key, what=what).unescape())
            healthy = healthy and fine
        return healthy

    if not asyncio.run(examine()):
        raise SystemExit(1)


def main() -> None:
    """Run the command line; mistakes of the operator get one clear line."""
    abibot()
