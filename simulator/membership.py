"""Who comes, goes, rises and falls in a chat; the bot and the chat learn of it."""

from simulator.chats import Chat, ChatType, Status
from simulator.messages import Message
from simulator.posting import post
from simulator.updates import DAY, Lane
from simulator.views import chat_json, member_json, user_json
from simulator.wire import Json
from simulator.world import World


def set_status(world: World, chat: Chat, actor_id: int, user_id: int, status: Status) -> None:
    """Make somebody a member, an administrator or a stranger; the bot learns of it."""
    old = chat.status(user_id)
    chat.members[user_id] = status
    if not status.present:
        chat.keyboards.pop(user_id, None)
    _tell_bot(world, chat, actor_id, user_id, old)
    if chat.is_group and old.present is not status.present:
        post(world, chat, _arrival(world, chat, actor_id, user_id))
    world.events.publish_to_all("world", {})


def upgrade(world: World, chat: Chat, actor_id: int) -> Chat:
    """Turn a basic group into a supergroup with the same people; both chats say so."""
    new_id = world.directory.next_chat_id(ChatType.SUPERGROUP)
    members = dict(chat.members)
    grown = world.directory.add_chat(Chat(new_id, ChatType.SUPERGROUP, chat.title, None, members))
    moved = Message(chat.id, world.unix_time(), {"migrate_to_chat_id": grown.id}, actor_id)
    post(world, chat, moved)
    chat.migrated_to = grown.id
    arrived = Message(grown.id, world.unix_time(), {"migrate_from_chat_id": chat.id}, actor_id)
    post(world, grown, arrived)
    world.events.publish_to_all("world", {})
    return grown


def _arrival(world: World, chat: Chat, actor_id: int, user_id: int) -> Message:
    """Return the note that somebody has come or gone, with the old fields the server keeps."""
    user = user_json(world, user_id)
    if chat.present(user_id):
        fields = {"new_chat_participant": user, "new_chat_member": user}
        content: Json = fields | {"new_chat_members": [user]}
    else:
        content = {"left_chat_participant": user, "left_chat_member": user}
    return Message(chat.id, world.unix_time(), content, actor_id)


def _tell_bot(world: World, chat: Chat, actor_id: int, user_id: int, old: Status) -> None:
    """Tell the bot that somebody's status in a chat is no longer `old`."""
    mine = user_id == world.bot.id
    new = chat.status(user_id)
    if old is new or not (mine or chat.status(world.bot.id).administers):
        return
    payload = {
        "chat": chat_json(world, chat),
        "from": user_json(world, actor_id),
        "date": world.unix_time(),
        "old_chat_member": member_json(world, chat, user_id, old),
        "new_chat_member": member_json(world, chat, user_id, new),
    }
    kind, lane = ("my_chat_member", Lane.MY_MEMBERSHIP.of(chat.id))
    if not mine:
        kind, lane = ("chat_member", Lane.MEMBERSHIP.of(user_id))
    world.updates.push(kind, payload, lifetime=DAY, lane=lane)
