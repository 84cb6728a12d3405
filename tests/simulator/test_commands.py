"""Command menus, names and descriptions by scope and language; the menu button."""

from typing import Any

import pytest

from tests.simulator.telegram import (
    AMY,
    CHANNEL,
    ERIKA,
    GROUP,
    JOERG,
    OLEKSANDR,
    LocalTelegram,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


def menu(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"Zu {name}"} for name in names]


async def shown(telegram: LocalTelegram, person: int, chat: int) -> list[str]:
    commands = await telegram.sim(f"people/{person}/chats/{chat}/commands")
    return [one["command"] for one in commands]


async def test_set_get_delete(telegram: LocalTelegram) -> None:
    assert await telegram.call("setMyCommands", commands=menu("start")) is True
    assert await telegram.call("getMyCommands") == menu("start")
    assert await telegram.call("getMyCommands", language_code="de") == []
    assert await telegram.call("deleteMyCommands") is True
    assert await telegram.call("getMyCommands") == []


async def test_blanks_and_a_slash_are_cut(telegram: LocalTelegram) -> None:
    await telegram.call("setMyCommands", commands=[{"command": " /a", "description": " b "}])
    assert await telegram.call("getMyCommands") == [{"command": "a", "description": "b"}]


async def test_the_narrowest_scope_wins_in_private(telegram: LocalTelegram) -> None:
    for scope, language, name in (
        ({"type": "default"}, "", "alle"),
        ({"type": "default"}, "uk", "ukr"),
        ({"type": "all_private_chats"}, "", "privat"),
        ({"type": "all_private_chats"}, "en", "english"),
        ({"type": "chat", "chat_id": ERIKA}, "", "leicht"),
    ):
        await telegram.call(
            "setMyCommands", commands=menu(name), scope=scope, language_code=language
        )
    assert await shown(telegram, ERIKA, ERIKA) == ["leicht"]
    assert await shown(telegram, AMY, AMY) == ["english"]
    assert await shown(telegram, OLEKSANDR, OLEKSANDR) == ["privat"]
    await telegram.call("deleteMyCommands", scope={"type": "all_private_chats"})
    assert await shown(telegram, OLEKSANDR, OLEKSANDR) == ["ukr"]
    assert await shown(telegram, ERIKA, CHANNEL) == []


async def test_the_narrowest_scope_wins_in_groups(telegram: LocalTelegram) -> None:
    scopes: list[dict[str, Any]] = [
        {"type": "all_group_chats"},
        {"type": "all_chat_administrators"},
        {"type": "chat", "chat_id": GROUP},
        {"type": "chat_administrators", "chat_id": GROUP},
        {"type": "chat_member", "chat_id": GROUP, "user_id": JOERG},
    ]
    seen = []
    for scope in scopes:
        await telegram.call("setMyCommands", commands=menu(scope["type"]), scope=scope)
        seen.append((await shown(telegram, JOERG, GROUP))[0])
    assert seen == ["all_group_chats", "all_group_chats", "chat", "chat", "chat_member"]
    await telegram.call("deleteMyCommands", scope=scopes[-1])
    await telegram.changes_member(GROUP, "promote", JOERG)
    assert await shown(telegram, JOERG, GROUP) == ["chat_administrators"]
    await telegram.call("deleteMyCommands", scope=scopes[3])
    await telegram.call("deleteMyCommands", scope=scopes[2])
    assert await shown(telegram, JOERG, GROUP) == ["all_chat_administrators"]


@pytest.mark.parametrize(
    ("commands", "complaint"),
    [
        ("{", "can't parse commands JSON object"),
        ({}, "expected an Array of BotCommand"),
        (["x"], "can't parse BotCommand: expected an Object"),
        (
            [{"command": "x"}],
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        ([{"command": "/", "description": "x"}], "command must be non-empty"),
        ([{"command": "x" * 33, "description": "x"}], "command length must not exceed 32"),
        ([{"command": "x", "description": " "}], "command description must be non-empty"),
        (
            [{"command": "x", "description": "x" * 257}],
            "command description length must not exceed 256",
        ),
        ([{"command": "Hilfe", "description": "x"}], "BOT_COMMAND_INVALID"),
        (menu("x") * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_wrong_commands(telegram: LocalTelegram, commands: object, complaint: str) -> None:
    refusal = await telegram.complaint("setMyCommands", commands=commands)
    assert refusal == f"Bad Request: {complaint}"


async def test_the_most_commands(telegram: LocalTelegram) -> None:
    longest = [{"command": "x" * 32, "description": "x" * 256}] * 100
    assert await telegram.call("setMyCommands", commands=longest) is True


@pytest.mark.parametrize(
    ("scope", "complaint"),
    [
        ("{", "can't parse BotCommandScope JSON object"),
        ([], "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ({"type": "x"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat"}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ({"type": "chat", "chat_id": ""}, "can't parse BotCommandScope: Empty chat_id specified"),
        (
            {"type": "chat_member", "chat_id": GROUP, "user_id": 0},
            "can't parse BotCommandScope: Invalid user_id specified",
        ),
        ({"type": "chat", "chat_id": 7}, "chat not found"),
        (
            {"type": "chat_administrators", "chat_id": ERIKA},
            "can't use specified scope in private chats",
        ),
        ({"type": "chat", "chat_id": CHANNEL}, "can't change commands in channel chats"),
    ],
)
async def test_wrong_scopes(telegram: LocalTelegram, scope: object, complaint: str) -> None:
    for method in ("setMyCommands", "getMyCommands", "deleteMyCommands"):
        refusal = await telegram.complaint(method, commands=menu("x"), scope=scope)
        assert refusal == f"Bad Request: {complaint}"


@pytest.mark.parametrize("language", ["d", "deu", "DE", "1x"])
async def test_wrong_languages(telegram: LocalTelegram, language: str) -> None:
    for method in ("setMyCommands", "getMyName", "setMyDescription", "getMyShortDescription"):
        refusal = await telegram.complaint(method, language_code=language)
        assert refusal == "Bad Request: invalid language code specified"


@pytest.mark.parametrize(
    ("field", "method", "longest"),
    [
        ("name", "MyName", 64),
        ("description", "MyDescription", 512),
        ("short_description", "MyShortDescription", 120),
    ],
)
async def test_profile_texts(
    telegram: LocalTelegram, field: str, method: str, longest: int
) -> None:
    await telegram.call(f"set{method}", **{field: "x" * longest})
    await telegram.call(f"set{method}", **{field: "uk"}, language_code="uk")
    refusal = await telegram.refused(f"set{method}", **{field: "x" * (longest + 1)})
    assert refusal.code == 400
    assert await telegram.call(f"get{method}") == {field: "x" * longest}
    assert await telegram.call(f"get{method}", language_code="uk") == {field: "uk"}
    assert await telegram.call(f"get{method}", language_code="pl") == {field: "x" * longest}
    profile = await telegram.sim(f"people/{OLEKSANDR}/chats/{OLEKSANDR}/profile")
    assert profile[field] == "uk"


async def test_the_name_shows_everywhere(telegram: LocalTelegram) -> None:
    assert await telegram.call("getMyName") == {"name": "Test"}
    await telegram.call("setMyName", name="Kreisbot")
    assert (await telegram.call("getMe"))["first_name"] == "Kreisbot"
    assert (await telegram.sim("world"))["bot"]["first_name"] == "Kreisbot"


async def test_the_menu_button(telegram: LocalTelegram) -> None:
    app = {"type": "web_app", "text": "Karte", "web_app": {"url": "https://x.de/"}}
    assert await telegram.call("getChatMenuButton") == {"type": "commands"}
    assert await telegram.call("setChatMenuButton", menu_button=app) is True
    assert await telegram.call("getChatMenuButton", chat_id=ERIKA) == app
    await telegram.call("setChatMenuButton", chat_id=ERIKA, menu_button={"type": "commands"})
    assert await telegram.call("getChatMenuButton", chat_id=ERIKA) == {"type": "commands"}
    await telegram.call("setChatMenuButton", chat_id=ERIKA)
    assert await telegram.call("getChatMenuButton", chat_id=ERIKA) == app
    complaint = await telegram.complaint("setChatMenuButton", menu_button={"type": "x"})
    assert complaint == "Bad Request: can't parse menu button: MenuButton has unsupported type"
    complaint = await telegram.complaint("getChatMenuButton", chat_id=-5)
    assert complaint == "Bad Request: invalid chat_id specified"
