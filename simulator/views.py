"""The objects of the Bot API as JSON: users, chats, members, messages."""

from simulator.chats import Chat, ChatType, Status
from simulator.messages import Message
from simulator.wire import Json
from simulator.world import World

_BOT_ABILITIES: Json = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
    "supports_guest_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
}
_NO_GIFTS: Json = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
_ALL_PERMISSIONS: Json = dict.fromkeys(
    (
        "can_send_messages",
        "can_send_media_messages",
        "can_send_audios",
        "can_send_documents",
        "can_send_photos",
        "can_send_videos",
        "can_send_video_notes",
        "can_send_voice_notes",
        "can_send_polls",
        "can_send_other_messages",
        "can_add_web_page_previews",
        "can_react_to_messages",
        "can_edit_tag",
        "can_change_info",
        "can_invite_users",
        "can_pin_messages",
        "can_manage_topics",
    ),
    True,
)


def user_json(world: World, user_id: int) -> Json:
    """Return the User object."""
    bot = world.directory.bot
    if user_id == bot.id:
        name = world.profile.name("") or bot.first_name
        return {"id": bot.id, "is_bot": True, "first_name": name, "username": bot.username}
    person = world.directory.people[user_id]
    user: Json = {"id": person.id, "is_bot": False, "first_name": person.first_name}
    optional = {
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
    }
    return user | {field: value for field, value in optional.items() if value}


def me_json(world: World) -> Json:
    """Return the bot itself as getMe shows it."""
    return user_json(world, world.directory.bot.id) | _BOT_ABILITIES


def chat_json(world: World, chat: Chat) -> Json:
    """Return the Chat object."""
    if chat.private:
        person = world.directory.people[chat.id]
        names = {"last_name": person.last_name, "username": person.username}
        shown = {field: value for field, value in names.items() if value}
        return {"id": chat.id, "first_name": person.first_name} | shown | {"type": "private"}
    described: Json = {"id": chat.id, "title": chat.title}
    if chat.username:
        described["username"] = chat.username
    described["type"] = chat.type.value
    if chat.is_forum:
        described["is_forum"] = True
    if chat.type is ChatType.GROUP:
        # Two fields the real server adds to basic groups in every message.
        described["all_members_are_administrators"] = False
        described["accepted_gift_types"] = _NO_GIFTS
    return described


def full_chat_json(world: World, chat: Chat) -> Json:
    """Return the ChatFullInfo object."""
    full = chat_json(world, chat)
    if chat.private:
        full["can_send_gift"] = True
    username = full.get("username")
    if username:
        full["active_usernames"] = [username]
    if chat.is_group:
        full["permissions"] = _ALL_PERMISSIONS | {"can_edit_tag": False}
    full["accepted_gift_types"] = _NO_GIFTS
    pinned = world.messages.get(chat.id, chat.pinned[-1]) if chat.pinned else None
    if pinned:
        full["pinned_message"] = message_json(world, pinned, with_reply=False)
    full["max_reaction_count"] = 11
    full["accent_color_id"] = abs(chat.id) % 7
    return full


def member_json(world: World, chat: Chat, user_id: int, status: Status) -> Json:
    """Return the ChatMember object for a status, which may be a past one."""
    member: Json = {"user": user_json(world, user_id), "status": status.value}
    if status is Status.CREATOR:
        member["is_anonymous"] = False
    elif status is Status.ADMINISTRATOR:
        member |= _administrator_rights(chat.type)
    elif status is Status.KICKED:
        member["until_date"] = 0
    return member


def _administrator_rights(chat_type: ChatType) -> Json:
    channel = chat_type is ChatType.CHANNEL
    rights = ["can_manage_chat", "can_change_info"]
    if channel:
        rights += ["can_post_messages", "can_edit_messages"]
    rights += ["can_delete_messages", "can_invite_users", "can_restrict_members"]
    if not channel:
        rights.append("can_pin_messages")
    if chat_type is ChatType.SUPERGROUP:
        rights.append("can_manage_topics")
    rights += ["can_manage_video_chats", "can_post_stories", "can_edit_stories"]
    rights += ["can_delete_stories", "can_manage_voice_chats"]
    rights.append("can_manage_direct_messages" if channel else "can_manage_tags")
    # New in Bot API 10.3, which aiogram 3.31 insists on.
    rights.append("can_send_welcome_messages")
    granted: Json = {"can_be_edited": False} | dict.fromkeys(rights, True)
    return granted | {"can_promote_members": False, "is_anonymous": False}


def message_json(world: World, message: Message, *, with_reply: bool = True) -> Json:
    """Return the Message object; a replied-to message is included one level deep."""
    chat = world.directory.chats[message.chat_id]
    shown: Json = {"message_id": message.id}
    if message.sender_id is None:
        shown["sender_chat"] = chat_json(world, chat)
    else:
        shown["from"] = user_json(world, message.sender_id)
    shown |= {"chat": chat_json(world, chat), "date": message.date}
    if message.edit_date:
        shown["edit_date"] = message.edit_date
    shown |= message.origin
    replied = message.reply_to and world.messages.get(message.chat_id, message.reply_to)
    if with_reply and replied:
        shown["reply_to_message"] = message_json(world, replied, with_reply=False)
    shown |= message.content
    shown |= message.traits
    if message.reply_markup:
        shown["reply_markup"] = message.reply_markup
    if message.receiver_id:
        shown["receiver_user"] = user_json(world, message.receiver_id)
        shown["ephemeral_message_id"] = message.ephemeral_id
    return shown
