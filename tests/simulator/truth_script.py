"""What the truth test asks: everything the libraries have in common, each limit at n and n + 1."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.simulator.pictures import png
from tests.simulator.telegram import CHANNEL, ERIKA, GROUP, JOERG, SABINE, LocalTelegram
from tests.simulator.truth_clients import Caller

Call = Callable[..., Awaitable[Any]]

LANGUAGES = ["de", "en", "uk", "ru", "ar", "tr", "pl", "vi", "fa", "ro"]
MARKUP = [
    ("HTML", "<b>a <i>b</i></b> <code>c</code> <a href='https://abi.de'>d</a>"),
    ("HTML", "<b>offen"),
    ("HTML", "<b>a</i>"),
    ("HTML", "<x>a</x>"),
    ("HTML", "a &amp; b &lt; 😀 <u>c</u> <s>d</s> <tg-spoiler>e</tg-spoiler>"),
    ("HTML", "<blockquote expandable>lang</blockquote><pre>x\ny</pre>"),
    ("HTML", "<a href='tg://user?id=1001'>Erika</a>"),
    ("MarkdownV2", "*a* _b_ __c__ ~d~ `e` ||f|| [g](https://abi.de)"),
    ("MarkdownV2", "1.5"),
    ("MarkdownV2", "*offen"),
    ("MarkdownV2", "> Zitat\nweiter"),
    ("MarkdownV2", r"1\.5 \- gut\!"),
    ("Wiki", "x"),
]
TEXTS = [
    "Guten Tag",
    " \n viel Platz \n ",
    "@test_bot /hilfe #Köthen $EUR",
    "Netz: koethen.de und https://abi.de/x?y=1#z",
    "post@abi.de",
    "😀 أهلا Łódź",
    "   ",
    "",
    "x" * 4096,
    "x" * 4097,
    "😀" * 4096,
]


WORD = {"type": "paragraph", "text": ["a ", {"type": "bold", "text": "b"}, " abi.de"]}
CELL = {"text": "Mo", "align": "left", "valign": "top"}
RICH: list[dict[str, Any]] = [
    {"blocks": [WORD]},
    {"blocks": [{"type": "heading", "text": "Amt", "size": 2}, {"type": "divider"}, WORD]},
    {"blocks": [{"type": "table", "cells": [[CELL]], "is_striped": True, "caption": "Zeiten"}]},
    {"blocks": [{"type": "list", "items": [{"blocks": [WORD], "value": 4, "type": "i"}]}]},
    {"blocks": [{"type": "details", "summary": "Mehr", "blocks": [WORD], "is_open": True}]},
    {"blocks": [{"type": "buttons", "buttons": [{"text": "a", "callback_data": "b"}]}]},
    {"blocks": [{"type": "map", "location": {"latitude": 51.75, "longitude": 11.97}}]},
    {"blocks": [{"type": "pre", "text": "x", "language": "py"}, {"type": "footer", "text": "y"}]},
    {"html": "<h1>Amt</h1><p>a <i>b</i></p><ol><li>c</li></ol>", "is_rtl": True},
    {"html": "<b>offen"},
    {"html": "x" * 32_768},
    {"html": "x" * 32_769},
    {"markdown": "# x\n\n- **a** b\n- c"},
    {"blocks": [{"type": "thinking", "text": "x"}]},
    {"blocks": []},
]


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def data(text: str) -> dict[str, Any]:
    return inline({"text": "a", "callback_data": text})


class Script:
    """Runs the questions and keeps the answers."""

    def __init__(self, telegram: LocalTelegram, client: Caller) -> None:
        self.telegram = telegram
        self.client = client
        self.seen: list[tuple[str, Any]] = []

    async def ask(self, method: str, files: Any = None, **arguments: Any) -> Any:
        answer = await self.client.call(method, files or {}, **arguments)
        self.seen.append((method, answer))
        return answer

    async def run_newest(self) -> list[tuple[str, Any]]:
        """Ask what python-telegram-bot does not know yet."""
        await self.rich()
        await self.ephemeral()
        return self.seen

    async def run(self) -> list[tuple[str, Any]]:
        await self.telegram.starts(ERIKA)
        for part in (
            self.texts,
            self.buttons,
            self.presses,
            self.edits,
            self.files,
            self.places,
            self.polls,
            self.menus,
            self.profile,
            self.chats,
            self.copies,
            self.reactions,
            self.inline_mode,
            self.refusals,
            self.limits,
        ):
            await part()
        return self.seen

    async def texts(self) -> None:
        for text in TEXTS:
            await self.ask("sendMessage", chat_id=ERIKA, text=text)
        for mode, text in MARKUP:
            await self.ask("sendMessage", chat_id=ERIKA, text=text, parse_mode=mode)
        for offset, length in ((0, 2), (1, 3), (0, 99), (9, 1)):
            entities = [{"type": "bold", "offset": offset, "length": length}]
            await self.ask("sendMessage", chat_id=ERIKA, text="😀 abc", entities=entities)
        first = await self.ask("sendMessage", chat_id=ERIKA, text="Frage")
        for number, lenient in ((first["message_id"], False), (999, False), (999, True)):
            reply = {"message_id": number, "allow_sending_without_reply": lenient}
            await self.ask("sendMessage", chat_id=ERIKA, text="Antwort", reply_parameters=reply)
        for option in ("is_disabled", "prefer_small_media", "show_above_text"):
            preview = {option: True}
            await self.ask(
                "sendMessage", chat_id=ERIKA, text="abi.de", link_preview_options=preview
            )
        await self.ask("sendMessage", chat_id=ERIKA, text="x", protect_content=True)
        for draft in (0, 5):
            await self.ask("sendMessageDraft", chat_id=ERIKA, draft_id=draft, text="Mo")
        for action in ("typing", "upload_document", "dance"):
            await self.ask("sendChatAction", chat_id=ERIKA, action=action)

    async def buttons(self) -> None:
        markups = [
            data("x" * 64),
            data("x" * 65),
            data("ä" * 32),
            data("ä" * 33),
            inline({"text": "a", "copy_text": {"text": "x" * 256}}),
            inline({"text": "a", "copy_text": {"text": "x" * 257}}),
            inline({"text": "a", "url": "https://example.org"}),
            inline({"text": "a", "url": "nirgends"}),
            inline({"text": "a", "url": "ftp://x.de"}),
            inline({"text": "a", "switch_inline_query": "x"}),
            {"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 13]},
            {"keyboard": [["Ja", "Nein"], ["Vielleicht"]], "resize_keyboard": True},
            {"remove_keyboard": True},
            {"force_reply": True},
        ]
        for markup in markups:
            await self.ask("sendMessage", chat_id=ERIKA, text="x", reply_markup=markup)
        for markup in (data("a"), {"force_reply": True}):
            await self.ask("sendMessage", chat_id=CHANNEL, text="x", reply_markup=markup)

    async def presses(self) -> None:
        await self.telegram.new_updates()
        for text in ("gut", "x" * 200, "x" * 201):
            sent = await self.ask("sendMessage", chat_id=ERIKA, text="?", reply_markup=data("a"))
            await self.telegram.presses(ERIKA, sent, 0, 0)
            (update,) = await self.ask("getUpdates", timeout=0)
            query = update["callback_query"]["id"]
            await self.ask("answerCallbackQuery", callback_query_id=query, text=text)
            await self.ask("answerCallbackQuery", callback_query_id=query, show_alert=True)
            await self.ask("getUpdates", offset=update["update_id"] + 1)

    async def edits(self) -> None:
        sent = await self.ask("sendMessage", chat_id=ERIKA, text="alt", reply_markup=data("a"))
        place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
        for text in ("neu", "neu", "x" * 4096, "x" * 4097, "<b>fett</b>"):
            await self.ask("editMessageText", **place, text=text, parse_mode="HTML")
        for markup in (data("b"), data("b"), data("x" * 65)):
            await self.ask("editMessageReplyMarkup", **place, reply_markup=markup)
        await self.ask("editMessageCaption", **place, caption="x")
        await self.ask("editMessageText", chat_id=ERIKA, message_id=1, text="fremd")
        await self.ask("editMessageText", chat_id=ERIKA, message_id=9999, text="weg")
        for method in ("pinChatMessage", "pinChatMessage", "unpinChatMessage", "unpinChatMessage"):
            await self.ask(method, **place)
        for _ in range(2):
            await self.ask("deleteMessage", **place)
        await self.ask("deleteMessages", chat_id=ERIKA, message_ids=[2, 3, 9999])
        await self.ask("deleteMessages", chat_id=ERIKA, message_ids=list(range(5000, 5100)))
        await self.ask("deleteMessages", chat_id=ERIKA, message_ids=list(range(5000, 5101)))

    async def files(self) -> None:
        photo = await self.ask("sendPhoto", {"photo": (png(4, 3), "x.png")}, chat_id=ERIKA)
        document = await self.ask("sendDocument", {"document": (b"abc", "Ü.txt")}, chat_id=ERIKA)
        await self.ask("sendVoice", {"voice": (b"OggS", "a.oga")}, chat_id=ERIKA, duration=3)
        await self.ask("sendPhoto", {"photo": (b"kein Bild", "x.png")}, chat_id=ERIKA)
        picture = photo["photo"][0]["file_id"]
        paper = document["document"]["file_id"]
        for caption in ("x" * 1024, "x" * 1025, "<b>x</b>", "<b>"):
            for method, name, known in (
                ("sendPhoto", "photo", picture),
                ("sendDocument", "document", paper),
            ):
                given = {name: known, "caption": caption, "parse_mode": "HTML"}
                await self.ask(method, chat_id=ERIKA, **given)
        await self.ask("sendPhoto", chat_id=ERIKA, photo=paper)
        await self.ask("sendDocument", chat_id=ERIKA, document="unbekannt")
        item = {"type": "photo", "media": picture}
        for count in (1, 2, 10, 11):
            await self.ask("sendMediaGroup", chat_id=ERIKA, media=[item] * count)
        mixed = [item, {"type": "document", "media": paper}]
        await self.ask("sendMediaGroup", chat_id=ERIKA, media=mixed)
        place = {"chat_id": ERIKA, "message_id": photo["message_id"]}
        for caption in ("neu", "neu", "x" * 1025):
            await self.ask("editMessageCaption", **place, caption=caption)
        for media in ({**item, "caption": "b"}, mixed[1]):
            await self.ask("editMessageMedia", **place, media=media)

    async def places(self) -> None:
        for north, east in ((51.75, 11.97), (90, 180), (90.1, 1), (1, 180.1)):
            place = {"chat_id": ERIKA, "latitude": north, "longitude": east}
            await self.ask("sendLocation", **place)
            await self.ask("sendVenue", **place, title="Rathaus", address="Markt 1")
        for period in (59, 60, 86_400, 86_401, 0x7FFF_FFFF):
            await self.ask(
                "sendLocation", chat_id=ERIKA, latitude=51.5, longitude=12.5, live_period=period
            )

        await self.replies()

    async def replies(self) -> None:
        """A place and a picture as silent replies, also to what is not there."""
        asked = await self.ask("sendMessage", chat_id=ERIKA, text="Alarm")
        place = {"latitude": 51.62, "longitude": 12.33, "title": "Pegel", "address": "Mulde"}
        for reply in (
            {"message_id": asked["message_id"], "allow_sending_without_reply": True},
            {"message_id": 999_999, "allow_sending_without_reply": True},
            {"message_id": 999_999},
        ):
            common = {"chat_id": ERIKA, "reply_parameters": reply, "disable_notification": True}
            await self.ask("sendVenue", **common, **place)
            picture = {"photo": (png(4, 3), "x.png")}
            await self.ask("sendPhoto", picture, **common, caption="<b>x</b>", parse_mode="HTML")

    async def polls(self) -> None:
        base = {"chat_id": ERIKA, "question": "Gut?", "options": ["Ja", "Nein"]}
        changes: list[dict[str, Any]] = [
            {},
            {"question": "x" * 300},
            {"question": "x" * 301},
            {"options": list("abcdefghijkl")},
            {"options": list("abcdefghijklm")},
            {"options": ["a"]},
            {"options": ["x" * 100]},
            {"options": ["x" * 101]},
            {"description": "x" * 1024},
            {"description": "x" * 1025},
            {"open_period": 600},
            {"is_anonymous": False, "allows_multiple_answers": True},
            {"type": "quiz", "correct_option_ids": [1], "explanation": "x" * 200},
            {"type": "quiz", "correct_option_ids": [1], "explanation": "x" * 201},
            {"type": "quiz", "correct_option_ids": [2]},
        ]
        sent = [await self.ask("sendPoll", **(base | change)) for change in changes]
        for poll in (sent[0], sent[11]):
            body = {"message_id": poll["message_id"], "option_ids": [0]}
            await self.telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/vote", body)
        await self.ask("getUpdates")
        for _ in range(2):
            await self.ask("stopPoll", chat_id=ERIKA, message_id=sent[0]["message_id"])
        await self.ask("getUpdates", offset=-1)

    async def menus(self) -> None:
        item = {"command": "hilfe", "description": "Was ich kann"}
        for language in LANGUAGES:
            await self.ask("setMyCommands", commands=[item], language_code=language)
            await self.ask("getMyCommands", language_code=language)
        for command in (
            {"command": "x" * 32, "description": "a"},
            {"command": "x" * 33, "description": "a"},
            {"command": "x", "description": "a" * 256},
            {"command": "x", "description": "a" * 257},
            {"command": "Ä", "description": "a"},
        ):
            await self.ask("setMyCommands", commands=[command])
        for count in (100, 101):
            many = [{"command": f"c{number}", "description": "d"} for number in range(count)]
            await self.ask("setMyCommands", commands=many)
        for kind in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
            scope = {"type": kind}
            await self.ask("setMyCommands", commands=[item], scope=scope)
            await self.ask("getMyCommands", scope=scope)
            await self.ask("deleteMyCommands", scope=scope)
        for scope in (
            {"type": "chat", "chat_id": ERIKA},
            {"type": "chat", "chat_id": CHANNEL},
            {"type": "chat_administrators", "chat_id": GROUP},
            {"type": "chat_member", "chat_id": GROUP, "user_id": JOERG},
        ):
            await self.ask("setMyCommands", commands=[item], scope=scope)

    async def profile(self) -> None:
        for name, field, most in (
            ("Name", "name", 64),
            ("Description", "description", 512),
            ("ShortDescription", "short_description", 120),
        ):
            for length in (most, most + 1):
                await self.ask(f"setMy{name}", **{field: "x" * length})
                await self.ask(f"getMy{name}")
            for language in LANGUAGES[:3]:
                await self.ask(f"setMy{name}", **{field: language}, language_code=language)
                await self.ask(f"getMy{name}", language_code=language)
        for button in ({"type": "commands"}, {"type": "default"}):
            await self.ask("setChatMenuButton", chat_id=ERIKA, menu_button=button)
            await self.ask("getChatMenuButton", chat_id=ERIKA)

    async def chats(self) -> None:
        for chat in (ERIKA, GROUP, CHANNEL, "@corona_abi", 5, "@niemand"):
            await self.ask("getChat", chat_id=chat)
            await self.ask("getChatMemberCount", chat_id=chat)
            await self.ask("getChatAdministrators", chat_id=chat)
            for user in (42, SABINE):
                await self.ask("getChatMember", chat_id=chat, user_id=user)
        await self.ask("getMe")
        await self.ask("getWebhookInfo")
        await self.ask("setWebhook", url="http://127.0.0.1:9/", secret_token="x" * 256)
        await self.ask("setWebhook", url="http://127.0.0.1:9/", secret_token="x" * 257)
        await self.ask("deleteWebhook", drop_pending_updates=True)

    async def copies(self) -> None:
        sent = await self.ask("sendMessage", chat_id=ERIKA, text="Vorlage")
        source = {"from_chat_id": ERIKA, "message_id": sent["message_id"]}
        for chat in (ERIKA, GROUP, CHANNEL, 5):
            for method in ("forwardMessage", "copyMessage"):
                await self.ask(method, chat_id=chat, **source)

    async def reactions(self) -> None:
        sent = await self.ask("sendMessage", chat_id=ERIKA, text="Danke")
        place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
        for emoji in ("👍", "x"):
            reaction = [{"type": "emoji", "emoji": emoji}]
            await self.ask("setMessageReaction", **place, reaction=reaction)
        kinds = ["message", "message_reaction", "inline_query", "chosen_inline_result"]
        await self.ask("getUpdates", allowed_updates=kinds)
        body = {"message_id": sent["message_id"], "reaction": [{"type": "emoji", "emoji": "👎"}]}
        await self.telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/react", body)
        await self.ask("getUpdates", offset=-1)

    async def inline_mode(self) -> None:
        for count in (1, 50, 51):
            await self.telegram.sim(f"people/{ERIKA}/inline", {"query": "pass"})
            (update,) = await self.ask("getUpdates", offset=-1)
            query = update["inline_query"]["id"]
            found = [
                {
                    "type": "article",
                    "id": str(number),
                    "title": "T",
                    "input_message_content": {"message_text": "x"},
                }
                for number in range(count)
            ]
            await self.ask("answerInlineQuery", inline_query_id=query, results=found)
        await self.ask("answerInlineQuery", inline_query_id="1", results=[])

    async def refusals(self) -> None:
        text = {"text": "x"}
        await self.telegram.sim(f"people/{ERIKA}/block", {})
        await self.ask("sendMessage", chat_id=ERIKA, **text)
        await self.telegram.sim(f"people/{ERIKA}/unblock", {})
        await self.telegram.sim(f"people/{ERIKA}/deactivate", {})
        await self.ask("sendMessage", chat_id=ERIKA, **text)
        await self.ask("sendMessage", chat_id=SABINE, **text)
        await self.telegram.sim(f"people/{ERIKA}/deactivate", {"deactivated": False})
        grown = (await self.telegram.sim(f"chats/{GROUP}/upgrade", {}))["id"]
        await self.ask("sendMessage", chat_id=GROUP, **text)
        await self.ask("sendMessage", chat_id=grown, **text)
        await self.ask("createForumTopic", chat_id=grown, name="x")
        await self.telegram.changes_member(grown, "remove")
        await self.ask("sendMessage", chat_id=grown, **text)
        body = {"type": "supergroup", "title": "Stab", "members": [SABINE], "is_forum": True}
        forum = (await self.telegram.sim("chats", body))["id"]
        await self.telegram.changes_member(forum, "add")
        await self.telegram.changes_member(forum, "promote")
        for name in ("x" * 128, "x" * 129, " "):
            await self.ask("createForumTopic", chat_id=forum, name=name)
        place = {"chat_id": forum, "message_thread_id": 2}
        await self.ask("editForumTopic", **place, name="y")
        await self.ask("sendMessage", **place, **text)
        for _ in range(2):
            await self.ask("closeForumTopic", **place)
        await self.ask("leaveChat", chat_id=forum)
        await self.ask("sendMessage", chat_id=forum, **text)

    async def rich(self) -> None:
        """Ask what only Bot API 10.1 and later knows."""
        await self.telegram.starts(ERIKA)
        for content in RICH:
            await self.ask("sendRichMessage", chat_id=ERIKA, rich_message=content)
        sent = await self.ask("sendRichMessage", chat_id=ERIKA, rich_message=RICH[0])
        place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
        for content in RICH[:2]:
            await self.ask("editMessageText", **place, rich_message=content)
        for chat, draft in ((ERIKA, 5), (ERIKA, 0), (GROUP, 5)):
            await self.ask(
                "sendRichMessageDraft", chat_id=chat, draft_id=draft, rich_message=RICH[0]
            )

    async def ephemeral(self) -> None:
        """Ask what only Bot API 10.2 and later knows."""
        to_joerg = {"chat_id": GROUP, "receiver_user_id": JOERG}
        await self.ask("sendMessage", **to_joerg, text="ohne Recht")
        await self.telegram.changes_member(GROUP, "promote")
        for receiver in (JOERG, ERIKA):
            parameters = {"receiver_user_id": receiver}
            await self.ask(
                "sendMessage", chat_id=GROUP, text="x", ephemeral_message_parameters=parameters
            )
        picture = {"photo": (png(4, 3), "x.png")}
        await self.ask("sendPhoto", picture, **to_joerg)
        await self.ask(
            "sendRichMessage",
            chat_id=GROUP,
            rich_message=RICH[0],
            ephemeral_message_parameters={"receiver_user_id": JOERG},
        )
        for number in (1, 2, 9):
            place = to_joerg | {"ephemeral_message_id": number}
            await self.ask("editEphemeralMessageText", **place, text="neu")
            await self.ask("editEphemeralMessageText", **place, rich_message=RICH[0])
            await self.ask("editEphemeralMessageCaption", **place, caption="neu")
            await self.ask("editEphemeralMessageReplyMarkup", **place, reply_markup=data("a"))
            for _ in range(2):
                await self.ask("deleteEphemeralMessage", **place)

    async def limits(self) -> None:
        await self.telegram.sim("limits", {"strict": True, "reset": True})
        for _ in range(2):
            await self.ask("sendMessage", chat_id=ERIKA, text="schnell")
        for _ in range(21):
            await self.ask("sendMessage", chat_id=CHANNEL, text="schnell")
        await self.telegram.sim("limits", {"strict": False})
        await self.ask("close")
        await self.ask("logOut")
