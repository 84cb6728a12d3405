"""The menu of life situations: /menu, and turning its pages."""

from aiogram.types import CallbackQuery, Message

from handlers.ask.desk import Desk, menu_button
from handlers.buttons.citizens import ShowMenu, ShowService
from handlers.messages import Reply, Row, button, say, show
from services.text import Text

PAGE = 8


async def menu(message: Message, desk: Desk) -> Reply:
    """/menu: the life situations."""
    return say(desk.chat.telegram_id, *await menu_page(desk, ShowMenu()))


async def show_menu(query: CallbackQuery, callback_data: ShowMenu, desk: Desk) -> Reply:
    """Turn the pages of the menu."""
    return show(query, *await menu_page(desk, callback_data))


async def menu_page(desk: Desk, wanted: ShowMenu) -> tuple[str, list[Row]]:
    """Return the life situations, or a page of the services of one."""
    text, snapshot = desk.text, await desk.catalogue.snapshot()
    names = {one.id: one.name.of(text.language) for one in desk.region.situations}
    if wanted.situation not in names:
        buttons = [
            button(name, ShowMenu(situation=key))
            for key, name in names.items()
            if snapshot.by_situation.get(key)
        ]
        return text("ask.menu"), [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    services = sorted(
        snapshot.by_situation.get(wanted.situation, ()),
        key=lambda one: one.name.of(text.language).casefold(),
    )
    first = wanted.page * PAGE
    rows: list[Row] = [
        [button(one.name.of(text.language), ShowService(service_id=one.id))]
        for one in services[first : first + PAGE]
    ]
    rows += [_turn(wanted, text, last=first + PAGE >= len(services)), [menu_button(text)]]
    return text("ask.menu-situation", name=names[wanted.situation], count=len(services)), rows


def _turn(shown: ShowMenu, text: Text, *, last: bool) -> Row:
    turn = []
    if shown.page > 0:
        before = ShowMenu(situation=shown.situation, page=shown.page - 1)
        turn.append(button(text("ask.button-previous"), before))
    if not last:
        after = ShowMenu(situation=shown.situation, page=shown.page + 1)
        turn.append(button(text("ask.button-next"), after))
    return turn
