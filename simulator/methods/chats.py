"""What the bot may know of a chat and who is in it."""

from simulator.access import Right, accessible_chat
from simulator.arguments import Arguments
from simulator.chats import Chat, Status
from simulator.errors import bad_request
from simulator.membership import set_status
from simulator.methods.registry import Call, method
from simulator.views import full_chat_json, member_json
from simulator.wire import Json


@method("getChat")
def get_chat(call: Call) -> Json:
    """Return all there is to know of a chat."""
    return full_chat_json(call.world, _chat(call, Right.READ))


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """Return what somebody is in a chat; a stranger has left."""
    user_id = read_user_id(call.arguments)
    right = Right.READ if user_id == call.world.bot.id else Right.MEMBERS
    chat = _chat(call, right)
    if user_id not in call.world.directory.people and user_id != call.world.bot.id:
        raise bad_request("member not found")
    status = chat.status(user_id)
    if chat.private:
        # The real server says so of a private chat, blocked or not.
        if user_id not in chat.members:
            raise bad_request("member not found")
        status = Status.MEMBER
    return member_json(call.world, chat, user_id, status)


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """Return the administrators, the bot among them if it is one."""
    chat = _chat(call, Right.MEMBERS)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    return [
        member_json(call.world, chat, user_id, status)
        for user_id, status in chat.members.items()
        if status.administers
    ]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """Return how many are in a chat, the bot counted."""
    chat = _chat(call, Right.MEMBERS)
    return len(chat.members) if chat.private else len(chat.present_ids())


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """Have the bot leave a group or channel."""
    chat = _chat(call, Right.READ)
    if chat.private:
        raise bad_request("can't leave private chats")
    bot_id = call.world.bot.id
    if chat.present(bot_id):
        set_status(call.world, chat, bot_id, bot_id, Status.LEFT)
    return True


def read_user_id(arguments: Arguments, name: str = "user_id") -> int:
    """Return the id of a user or refuse the request."""
    user_id = arguments.integer(name)
    if user_id <= 0:
        raise bad_request(f"invalid {name} specified")
    return user_id


def _chat(call: Call, right: Right) -> Chat:
    return accessible_chat(call.world, call.arguments.text("chat_id"), right)
