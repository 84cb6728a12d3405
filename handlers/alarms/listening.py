"""What staff write as the answer to a form about alarms; danger and commands come first."""

from aiogram.enums import ChatType
from aiogram.filters import BaseFilter
from aiogram.types import Message

from handlers.alarms import forming, quiet_form, window_form
from handlers.alarms.desk import AlarmDesk
from handlers.alarms.vocabulary import words
from handlers.buttons.alarms import Part
from handlers.messages import Reply
from nlu.emergencies import emergency_in
from services.alarms.drafts import Draft, Form
from services.staff.rules import Action

ANSWERED = {*(one.value for one in forming.WRITTEN), *quiet_form.WRITTEN, *window_form.WRITTEN}


class AnswersAlarmForm(BaseFilter):
    """Words from somebody who was asked about a rule, a silence or a window a while ago."""

    async def __call__(self, message: Message, alarm_desk: AlarmDesk) -> bool:
        desk, said = alarm_desk, message.text or ""
        if message.chat.type != ChatType.PRIVATE or not said or said.startswith("/"):
            return False
        if not desk.actor.may_somewhere(Action.HANDLE_ALARMS, desk.now):
            return False
        draft = await desk.drafts.waiting(desk.actor)
        if draft is None or draft.asked not in ANSWERED or await _asked_since(desk, draft):
            return False
        return emergency_in(said) is None


async def _asked_since(desk: AlarmDesk, draft: Draft) -> bool:
    """Whether this chat was asked about a device later than about its alarms."""
    asked = await desk.device_form.asked(desk.chat.id)
    return asked is not None and draft.asked_at is not None and asked.asked_at > draft.asked_at


async def answer(message: Message, alarm_desk: AlarmDesk) -> Reply:
    """Understand the answer to what was asked last; then ask on, or show what it would mean."""
    desk, said = alarm_desk, message.text or ""
    draft = await desk.drafts.waiting(desk.actor)
    if draft is None:
        return None
    if said.strip().casefold() in words(desk.text, "alarms.words-stop"):
        return desk.says(message, await forming.dropped(desk))
    if draft.form is Form.WINDOW:
        return desk.says(message, await window_form.told(desk, draft, said))
    if draft.form is not Form.RULE:
        return desk.says(message, await quiet_form.told(desk, draft, said))
    desk.ruling.require(desk.actor)
    card = await forming.told(desk, draft, Part(draft.asked), draft.level, said)
    return desk.says(message, card)
