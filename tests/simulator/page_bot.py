"""A tiny echo bot over plain HTTP, so that the page is tested with nothing but the Bot API."""

import json
import threading
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Any

INLINE = [
    [{"text": "Ja", "callback_data": "yes"}, {"text": "Achtung", "callback_data": "alert"}],
    [{"text": "Amt im Netz", "url": "https://example.org/amt"}],
    [{"text": "Aktenzeichen", "copy_text": {"text": "AZ-15-082"}}],
]
REPLY = {
    "keyboard": [["Leistung suchen"], [{"text": "Standort senden", "request_location": True}]],
    "resize_keyboard": True,
    "one_time_keyboard": True,
    "input_field_placeholder": "Wählen oder schreiben",
}
COMMANDS = [
    {"command": "start", "description": "Gespräch beginnen"},
    {"command": "hilfe", "description": "Was der Bot kann"},
    {"command": "heute", "description": "Was heute wichtig ist"},
]
DESCRIPTION = "Ich antworte auf alles.\nBitte keine vertraulichen Daten."


class EchoBot:
    """Polls in a thread until stopped; each word it knows shows one feature of the page."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> "EchoBot":
        self.call("setMyCommands", commands=COMMANDS)
        self.call("setMyDescription", description=DESCRIPTION)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()

    def call(self, method: str, **parameters: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - a loopback address
            f"{self.address}/{method}",
            json.dumps(parameters).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return json.load(answer)["result"]
        except urllib.error.HTTPError as refusal:
            with refusal:
                reason = json.load(refusal)
            if refusal.code != HTTPStatus.TOO_MANY_REQUESTS:
                raise RuntimeError(f"{method}: {reason}") from None
            time.sleep(reason["parameters"]["retry_after"])
            return self.call(method, **parameters)

    def run(self) -> None:
        offset = 0
        while not self.stopped.is_set():
            for update in self.call("getUpdates", offset=offset, timeout=1):
                offset = update["update_id"] + 1
                if "message" in update:
                    self.on_message(update["message"])
                elif "callback_query" in update:
                    self.on_press(update["callback_query"])

    def on_message(self, message: dict[str, Any]) -> None:
        chat = message["chat"]["id"]
        if "photo" in message:
            photo = message["photo"][-1]["file_id"]
            self.call("sendPhoto", chat_id=chat, photo=photo, caption="Ihr Foto")
        elif "document" in message:
            document = message["document"]["file_id"]
            self.call("sendDocument", chat_id=chat, document=document, caption="Ihre Datei")
        elif "location" in message:
            self.call("sendLocation", chat_id=chat, **message["location"])
        elif "text" in message:
            self.on_text(chat, message["text"])

    def on_text(self, chat: int, text: str) -> None:
        word = text.partition("@")[0].partition(" ")[0].lower()
        answer = {"start": self.greet, "knöpfe": self.offer, "bearbeiten": self.edit}
        answer |= {"löschen": self.delete, "tippen": self.type}
        answer.get(word.removeprefix("/"), self.echo)(chat, text)

    def echo(self, chat: int, text: str) -> Any:
        return self.call("sendMessage", chat_id=chat, text=f"Echo: {text}")

    def greet(self, chat: int, text: str) -> None:
        greeting = "<b>Willkommen</b> <script> beim <i>Echo</i>"
        safe = greeting.replace("<script>", "&lt;script&gt;")
        self.call("sendMessage", chat_id=chat, text=safe, parse_mode="HTML", reply_markup=REPLY)

    def offer(self, chat: int, text: str) -> None:
        markup = {"inline_keyboard": INLINE}
        self.call("sendMessage", chat_id=chat, text="Bitte wählen", reply_markup=markup)

    def edit(self, chat: int, text: str) -> None:
        sent = self.echo(chat, "vorher")
        self.call(
            "editMessageText", chat_id=chat, message_id=sent["message_id"], text="Echo: nachher"
        )

    def delete(self, chat: int, text: str) -> None:
        sent = self.echo(chat, "gleich weg")
        time.sleep(0.4)
        self.call("deleteMessage", chat_id=chat, message_id=sent["message_id"])

    def type(self, chat: int, text: str) -> None:
        self.call("sendChatAction", chat_id=chat, action="typing")

    def on_press(self, query: dict[str, Any]) -> None:
        time.sleep(0.3)
        alert = query["data"] == "alert"
        text = "Bitte beachten" if alert else "Gemerkt"
        self.call(
            "answerCallbackQuery", callback_query_id=query["id"], text=text, show_alert=alert
        )
