"""The menu of life situations: /menu, and turning its pages."""

from aiogram.types import CallbackQuery, Message

from handlers.ask.desk import menu_button
from handlers.buttons import ShowMenu, ShowService
from handlers.messages import Reply, Row, button, say, show
from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.region.service import Region
from services.text import Text

PAGE = 8


async def menu(
    message: Message, text: Text, chat: Chat, region: Region, catalogue: Catalogue
) -> Reply:
    """/menu: the life situations."""
    words, rows = await menu_page(ShowMenu(), text, region, catalogue)
    return say(chat.telegram_id, words, rows)


async def show_menu(
    query: CallbackQuery, callback_data: ShowMenu, text: Text, region: Region, catalogue: Catalogue
) -> Reply:
    """Turn the pages of the menu."""
    return show(query, *await menu_page(callback_data, text, region, catalogue))


async def menu_page(
    wanted: ShowMenu, text: Text, region: Region, catalogue: Catalogue
) -> tuple[str, list[Row]]:
    """Return the life situations, or a page of the services of one."""
    snapshot = await catalogue.snapshot()
    names = {one.id: one.name.of(text.language) for one in region.situations}
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
