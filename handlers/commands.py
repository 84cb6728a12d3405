"""The command menus: names and what they do, per language.

Names are Latin letters only, so every language but German has the English ones.
"""

from aiogram.types import BotCommand

from services.text import Text

CITIZEN = {
    "de": (
        ("menu", "commands.menu"),
        ("suche", "commands.search"),
        ("ort", "commands.town"),
        ("sensoren", "commands.sensors"),
        ("abos", "commands.subscriptions"),
        ("sprache", "commands.language"),
        ("hilfe", "commands.help"),
        ("datenschutz", "commands.privacy"),
        ("auskunft", "commands.access"),
        ("loeschen", "commands.erase"),
        ("impressum", "commands.imprint"),
    ),
    "en": (
        ("menu", "commands.menu"),
        ("search", "commands.search"),
        ("place", "commands.town"),
        ("sensors", "commands.sensors"),
        ("subscriptions", "commands.subscriptions"),
        ("language", "commands.language"),
        ("help", "commands.help"),
        ("privacy", "commands.privacy"),
        ("mydata", "commands.access"),
        ("delete", "commands.erase"),
        ("imprint", "commands.imprint"),
    ),
}
GROUP = {
    "de": (
        ("hilfe", "commands.help"),
        ("suche", "commands.search"),
        ("sensoren", "commands.sensors"),
        ("alarme", "commands.alarms"),
    ),
    "en": (
        ("help", "commands.help"),
        ("search", "commands.search"),
        ("sensors", "commands.sensors"),
        ("alarms", "commands.alarms"),
    ),
}
STAFF = (
    ("online", "commands.online"),
    ("offline", "commands.offline"),
    ("einladen", "commands.invite"),
    ("team", "commands.team"),
    ("statistik", "commands.figures"),
    ("einlesen", "commands.read"),
    ("zustellung", "commands.delivery"),
    ("fragen", "commands.questions"),
    ("sensor", "commands.sensor"),
    ("codec", "commands.codec"),
    ("lage", "commands.board"),
    ("alarme", "commands.alarms"),
    ("stumm", "commands.silence"),
    ("wartung", "commands.maintenance"),
    ("uebung", "commands.exercise"),
    ("stufe", "commands.stage"),
    ("regeln", "commands.rules"),
    ("uebernehmen", "commands.take-alarm"),
    ("dienst", "commands.service"),
)


def citizen_commands(text: Text) -> list[BotCommand]:
    """Return the menu of a private chat."""
    return _commands(CITIZEN.get(text.language, CITIZEN["en"]), text)


def group_commands(text: Text) -> list[BotCommand]:
    """Return the menu of a group."""
    return _commands(GROUP.get(text.language, GROUP["en"]), text)


def staff_commands(text: Text) -> list[BotCommand]:
    """Return what staff see in addition."""
    return _commands(STAFF, text)


def _commands(names: tuple[tuple[str, str], ...], text: Text) -> list[BotCommand]:
    return [BotCommand(command=name, description=str(text(key))) for name, key in names]
