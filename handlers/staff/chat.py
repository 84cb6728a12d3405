"""Roles by one-time code, the team, off-boarding, figures: for staff in their private chat."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from handlers.buttons.staff import OffBoard
from handlers.filters import OnlyStaff, Private
from handlers.messages import Reply, Row, button, say, show
from services.chats.model import Chat
from services.chats.service import Chats
from services.outbox.service import Outbox
from services.region.service import Region
from services.staff.rules import Action, Actor, Grant, Role
from services.staff.service import Colleague, Staff
from services.statistics.service import Statistics
from services.text import Text

DAYS = 30
LINK = "e-"
"""A start link's payload is this and an enrolment code: t.me/<bot>?start=e-<code>."""


async def service_help(message: Message, text: Text, chat: Chat) -> Reply:
    """/dienst: what staff can do here."""
    return say(chat.telegram_id, text("staff.help"))


async def enrol(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    region: Region,
    staff: Staff,
    outbox: Outbox,
) -> Reply:
    """/einschreiben CODE, or the same code in a start link: take a role."""
    grant = await staff.enrol(chat.id, (command.args or "").removeprefix(LINK))
    await outbox.tell(chat.id, "staff.menu", dedup_key=f"menu:{message.message_id}:{chat.id}")
    return say(
        chat.telegram_id,
        text("staff.enrolled", role=text(role_key(grant.role)), area=region.area_name(grant.area)),
    )


def role_key(role: Role) -> str:
    """Return the text key of a role's name."""
    return {
        Role.EDITOR: "staff.role-editor",
        Role.CASE_WORKER: "staff.role-case-worker",
        Role.TEAM_LEAD: "staff.role-team-lead",
        Role.OPERATOR: "staff.role-operator",
        Role.ADMIN: "staff.role-admin",
    }[role]


async def invite(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    actor: Actor,
    region: Region,
    staff: Staff,
) -> Reply:
    """/einladen <role> <label> [in <municipality>]: a one-time code."""
    name, _, rest = (command.args or "").partition(" ")
    roles = {str(text(role_key(role))).casefold(): role for role in Role} | {
        role.value: role for role in Role
    }
    role = roles.get(name.casefold())
    label, _, town = rest.partition(" in ")
    places = region.gazetteer.find(town) if town else ()
    if role is None or not label.strip() or (town and len(places) != 1):
        return say(chat.telegram_id, text("staff.usage-invite", roles=", ".join(sorted(roles))))
    area = places[0].ars if places else region.facts.ars
    code = await staff.invite(actor, role=role, area=area, label=label)
    return say(
        chat.telegram_id,
        text("staff.invited", code=code, role=text(role_key(role)), area=region.area_name(area)),
    )


async def team(
    message: Message,
    text: Text,
    chat: Chat,
    actor: Actor,
    region: Region,
    staff: Staff,
) -> Reply:
    """/team: who may do what; admins can end it."""
    staff.require_somewhere(actor, Action.MANAGE_STAFF)
    members = await staff.team()
    lines = [_member_line(member, text, region) for member in members]
    rows: list[Row] = [
        [button(text("staff.button-off-board", label=one.label), OffBoard(staff_id=one.staff_id))]
        for one in members
        if one.staff_id != actor.staff_id
    ]
    return say(chat.telegram_id, text("staff.team", members=text.lines(lines)), rows)


def _member_line(member: Colleague, text: Text, region: Region) -> str:
    def shown(grant: Grant) -> str:
        return text(
            "staff.grant", role=text(role_key(grant.role)), area=region.area_name(grant.area)
        )

    return text(
        "staff.member", label=member.label, grants=", ".join(shown(one) for one in member.grants)
    )


async def off_board(
    query: CallbackQuery,
    callback_data: OffBoard,
    text: Text,
    chat: Chat,
    actor: Actor,
    staff: Staff,
    chats: Chats,
    outbox: Outbox,
) -> Reply:
    """End all roles of a colleague, after one question back."""
    staff.require_somewhere(actor, Action.MANAGE_STAFF)
    if not callback_data.sure:
        sure = OffBoard(staff_id=callback_data.staff_id, sure=True)
        return show(
            query, text("staff.sure-off-board"), [[button(text("staff.button-sure"), sure)]]
        )
    chat_id = await staff.off_board(actor, callback_data.staff_id)
    if chat_id is not None:
        await outbox.tell(chat_id, "staff.menu", dedup_key=f"menu-off:{query.id}")
    return show(query, text("staff.off-boarded"))


async def figures(
    message: Message,
    text: Text,
    chat: Chat,
    actor: Actor,
    staff: Staff,
    statistics: Statistics,
) -> Reply:
    """/statistik: how much the bot is used."""
    staff.require_somewhere(actor, Action.SEE_FIGURES)
    found = await statistics.figures(DAYS)
    counts = {
        key: found.counts.get(key, 0) for key in ("answered", "choice", "unanswered", "subscribed")
    }
    return say(
        chat.telegram_id, text("staff.figures", days=found.days, people=found.people, **counts)
    )


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="staff")
    router.message.register(enrol, Command("einschreiben", "enrol"), Private())
    by_link = CommandStart(deep_link=True, magic=F.args.startswith(LINK))
    router.message.register(enrol, by_link, Private())
    router.message.register(service_help, Command("dienst"), OnlyStaff())
    router.message.register(invite, Command("einladen"), OnlyStaff())
    router.message.register(team, Command("team"), OnlyStaff())
    router.message.register(figures, Command("statistik"), OnlyStaff())
    router.callback_query.register(off_board, OffBoard.filter())
    return router
