"""What a new rule is about: which devices, what they measure, on which side the danger lies."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.rule_questions import Offer, buttons, leaving
from handlers.buttons.alarms import DraftRule, Part
from handlers.devices.desk import TYPES
from handlers.messages import Row, button
from handlers.readings.quantities import in_order, name_of
from lorawan.vocabulary import QUANTITIES
from services.alarms.drafting import BadRuleError
from services.alarms.drafts import Draft
from services.alarms.records import FIGURES, AppliesTo
from services.alarms.rules.records import Direction
from services.alarms.ruling import Meant

MOST = 20
KINDS = {
    Part.DEVICE: "alarms.button-by-device",
    Part.TYPE: "alarms.button-by-type",
    Part.PLACE: "alarms.button-by-place",
    Part.WATER: "alarms.button-by-water",
    Part.TAG: "alarms.button-by-tag",
}
SIDES = {
    Direction.ABOVE: "alarms.button-above",
    Direction.BELOW: "alarms.button-below",
}
ALL = "*"


def ask_where(desk: AlarmDesk, draft: Draft) -> Card:
    """Ask how the devices are to be chosen."""
    text = desk.text
    rows: list[Row] = [[button(text(key), DraftRule(part=one))] for one, key in KINDS.items()]
    everything = DraftRule(part=Part.WHERE, value=ALL)
    rows.append([button(text("alarms.all-types"), everything)])
    return text("alarms.ask-where"), [*rows, leaving(desk, draft)]


async def ask_which(desk: AlarmDesk, draft: Draft, part: Part) -> Card:
    """Show the devices, or what they have in common, of those that measure something."""
    text, meant = desk.text, await desk.ruling.meant(desk.actor)
    offered = _choices(desk, part, meant)
    key = "alarms.ask-which" if offered else "alarms.none-such"
    return text(key), [*buttons(part, offered[:MOST]), leaving(desk, draft)]


def _choices(desk: AlarmDesk, part: Part, meant: Sequence[Meant]) -> list[Offer]:
    if part is Part.DEVICE:
        return [(one.sensor.name, str(one.sensor.id)) for one in meant]
    if part is Part.TYPE:
        found = sorted({one.device.type for one in meant if one.device.type})
        return [(desk.text(TYPES[one]) if one in TYPES else one, one) for one in found]
    if part is Part.PLACE:
        areas = sorted({one.device.ars for one in meant if one.device.ars})
        return [(desk.region.area_name(one), one) for one in areas]
    if part is Part.WATER:
        return [(one, one) for one in sorted({one.device.water for one in meant} - {""})]
    return [
        (one, one) for one in sorted({tag for one in meant for tag in one.device.tags.split()})
    ]


async def aimed(desk: AlarmDesk, draft: Draft, part: Part, said: str) -> Draft:
    """Return the draft with its devices: as tapped, or as somebody wrote their name."""
    if part is Part.WHERE:
        if said != ALL:
            raise BadRuleError("alarms.no-such-choice", words=said)
        return _about(draft, AppliesTo(), "")
    meant = await desk.ruling.meant(desk.actor)
    label, value = _chosen(_choices(desk, part, meant), said)
    if part is Part.DEVICE:
        device = next(one.device for one in meant if str(one.sensor.id) == value)
        return _about(draft, AppliesTo(device=device.address), label)
    field = {Part.TYPE: "type", Part.PLACE: "ars", Part.WATER: "water", Part.TAG: "tag"}[part]
    return _about(draft, AppliesTo.model_validate({field: value}), label)


def _about(draft: Draft, where: AppliesTo, label: str) -> Draft:
    if draft.rule is not None:
        kept = draft.rule.applies_to.channel
        rule = draft.rule.model_copy(
            update={"applies_to": where.model_copy(update={"channel": kept})}
        )
        return replace(draft, rule=rule)
    given = {"applies_to": where.model_dump(mode="json", exclude_defaults=True), "label": label}
    return replace(draft, given={**draft.given, **given})


def _chosen(offered: Sequence[Offer], said: str) -> Offer:
    """Return the one choice that was tapped, or whose name was written."""
    wanted = said.strip().casefold()
    exact = [one for one in offered if wanted in {one[0].casefold(), one[1].casefold()}]
    found = exact or [one for one in offered if wanted and wanted in one[0].casefold()]
    if len(found) != 1:
        raise BadRuleError("alarms.no-such-choice", words=said.strip())
    return found[0]


async def meant_by(desk: AlarmDesk, draft: Draft) -> Sequence[Meant]:
    """Return the devices a draft is about."""
    where = draft.rule.applies_to if draft.rule else draft.given.get("applies_to", {})
    return await desk.ruling.meant(desk.actor, AppliesTo.model_validate(where))


async def ask_quantity(desk: AlarmDesk, draft: Draft) -> Card:
    """Ask for one of the quantities that the devices report."""
    offered = _quantities(desk, await meant_by(desk, draft))
    key = "alarms.ask-quantity" if offered else "alarms.none-such"
    return desk.text(key), [*buttons(Part.QUANTITY, offered[:MOST]), leaving(desk, draft)]


def _quantities(desk: AlarmDesk, meant: Sequence[Meant]) -> list[Offer]:
    found = {quantity for one in meant for quantity, _ in one.sensor.series}
    known = [one for one in found if one in QUANTITIES or one in FIGURES]
    return [(name_of(one, 0, desk.text), one) for one, _ in in_order((one, 0) for one in known)]


async def measuring(desk: AlarmDesk, draft: Draft, said: str) -> Draft:
    """Return the draft with its quantity."""
    _, quantity = _chosen(_quantities(desk, await meant_by(desk, draft)), said)
    return replace(draft, given={**draft.given, "quantity": quantity})


def ask_side(desk: AlarmDesk, draft: Draft) -> Card:
    """Ask on which side of a value the danger lies."""
    offered = [(desk.text(key), one.value) for one, key in SIDES.items()]
    return desk.text("alarms.ask-side"), [*buttons(Part.SIDE, offered), leaving(desk, draft)]


def sided(desk: AlarmDesk, draft: Draft, said: str) -> Draft:
    """Return the draft with its direction."""
    offered = [(desk.text(key).unescape(), one.value) for one, key in SIDES.items()]
    _, side = _chosen(offered, said)
    return replace(draft, given={**draft.given, "direction": side})
