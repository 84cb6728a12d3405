"""A gauge over the Mulde: adopted from its first message, tested, released, and asked for."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.uplinks import UplinkDesk, profiles_of
from handlers.sensors.playing import play
from handlers.sensors.posting import Post, open_hook
from handlers.sensors.recordings import line_of, read_recording
from handlers.uplinks.access import Access
from handlers.uplinks.secrets import Secrets
from handlers.uplinks.sources import Sender
from lorawan.sandbox import Sandbox
from services.frames.interpreting import Interpreting
from services.staff.rules import Role
from services.uplinks.rules import Source
from tests.county import County
from tests.lorawan.encoders import RENDERINGS, Rendering, Uplink
from tests.rigging import rows_of
from tests.uplinks.hook import Hook, hook

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
TOKEN = "planted-token-0123456789"
SENDERS = {"county": Sender(Source("county"), Access(Secrets([TOKEN])))}
LEVEL = bytes.fromhex("0175640382fa00")
"""A distance sensor by Milesight: battery 100 %, 0.250 m down to the water."""
GAUGE = Uplink(
    dev_eui="24e124713b400001",
    f_port=85,
    payload=LEVEL,
    device="pegel-1",
    brand="milesight-iot",
    model="em500-udl",
)


class Radio:
    """Network servers that post to the real hook, and the duty that works off what came."""

    def __init__(self, county: County, opened: Hook, sandbox: Sandbox) -> None:
        self.county = county
        self.opened = opened
        known = profiles_of(county.application.settings.region_folder)
        self.desk = UplinkDesk(county.application.work, Interpreting(known, sandbox))

    async def brings(self, *messages: Rendering) -> None:
        for one in messages:
            event = f"?event={one.event}" if one.event else ""
            answer = await self.opened.posts(
                f"/hooks/lorawan/county{event}",
                one.body,
                {"Authorization": f"Bearer {TOKEN}", **one.headers},
            )
            assert answer.status == 204, answer.body
        while await self.desk.work_off():
            pass


@pytest.fixture
async def radio(county: County) -> AsyncIterator[Radio]:
    async with hook(county.application, SENDERS) as opened, Sandbox() as sandbox:
        yield Radio(county, opened, sandbox)


async def values(county: County) -> list[tuple[str, float]]:
    series = {one["id"]: one["quantity"] for one in await rows_of(county.application, "series")}
    found = await rows_of(county.application, "reading")
    return sorted((series[one["series_id"]], one["value"]) for one in found)


@pytest.mark.parametrize("name", sorted(RENDERINGS))
async def test_whichever_network_server_brings_it(radio: Radio, name: str) -> None:
    county = radio.county
    async with county.application.transaction() as services:
        [known] = [await services.chats.meet(2001, "private", "de")]
        code = await services.staff.invite(None, role=Role.ADMIN, area="15082", label="Platz 1")
        await services.staff.enrol(known.id, code)
    sabine = county.citizen(2001)
    uplink = replace(GAUGE, time=county.clock() - timedelta(minutes=1))
    await sabine.says("/sensor 24-E1-24-71-3B-40-00-01")
    [device] = await rows_of(county.application, "device")
    async with county.application.transaction() as services:
        actor = await services.staff.actor(known.id)
        await services.devices.change(
            actor, device["id"], device["revision"], profile="milesight-em500-udl",
            mounting_height=3.0,
        )  # fmt: skip
    await radio.brings(RENDERINGS[name](uplink), RENDERINGS[name](uplink))
    [frame] = await rows_of(county.application, "frame")
    assert (frame["f_cnt"], frame["payload"], frame["f_port"]) == (1, LEVEL, 85)
    assert frame["time"] == uplink.time
    assert await values(county) == [("water.distance", 0.25), ("water.level", 2.75)]


async def test_from_the_box_to_the_answer(radio: Radio) -> None:
    county = radio.county
    erika, sabine = county.citizen(1001), await county.staff(2001)
    begin = county.clock()

    nothing = await erika.says("Wie hoch ist die Mulde?")
    assert "2,75" not in nothing

    tts = RENDERINGS["tts"]
    await radio.brings(tts(replace(GAUGE, time=begin)))
    assert "pegel-1" in await sabine.says("/sensor") or "pegel-1" in await sabine.taps(
        next(one for one in sabine.buttons if "Unbekannte" in one)
    )
    [device] = await rows_of(county.application, "device")
    assert (device["state"], device["profile"]) == ("unknown", "milesight-em500-udl")

    async with county.application.transaction() as services:
        chat = await services.chats.find(sabine.id)
        assert chat is not None
        actor = await services.staff.actor(chat.id)
        found = await services.devices.adopt(actor, device["id"], device["revision"])
        town = county.application.region.municipalities[0].ars
        found = await services.devices.change(
            actor, found.id, found.revision,
            name="Pegel Muldebrücke", type="gauge", water="Mulde", ars=town,
            latitude=51.62, longitude=12.33, place="Muldebrücke", mounting_height=3.0,
            visibility="public", interval_seconds=1800,
        )  # fmt: skip
    for number in range(2, 60):
        county.clock.forward(minutes=30)
        await radio.brings(tts(replace(GAUGE, f_cnt=number, time=county.clock())))

    assert "2,75" not in await erika.says("Wie hoch ist die Mulde?"), "not released yet"
    async with county.application.transaction() as services:
        actor = await services.staff.actor(chat.id)
        tested = await services.acceptances.test(actor, found.id, timedelta(days=1))
        assert tested.report.passed, tested.report.as_json()
        await services.acceptances.release(actor, tested.id)

    answer = await erika.says("Wie hoch ist die Mulde?")
    assert "275 cm" in answer
    assert "Ungeprüfter Messwert" in answer
    assert "Alarmstufe" not in answer


async def test_what_was_recorded_can_be_played_again(radio: Radio) -> None:
    county = radio.county
    at = county.clock()
    sent = [
        RENDERINGS[name](replace(GAUGE, f_cnt=number, time=at - timedelta(minutes=number)))
        for number, name in enumerate(("chirpstack-v4", "tts", "chirpstack-v4-protobuf"), start=1)
    ]
    await radio.brings(*sent)
    before = await values(county)
    async with county.application.work.reading() as services:
        kept = await services.uplinks.recorded("county", at - timedelta(hours=1), 0, 100)
    lines = [line_of(one.received_at, one.event, one.form, one.body) for one in kept]
    assert [one.body for one in kept] == [one.body for one in sent]

    url = f"http://127.0.0.1:{radio.opened.port}/hooks/lorawan/county"
    async with open_hook(url, TOKEN) as again:
        assert await play(again, list(read_recording(lines)), 0, county.clock) == 3
        await again.post(Post(b'{"uplink_message": {}}'))
    while await radio.desk.work_off():
        pass
    assert len(await rows_of(county.application, "frame")) == 3
    assert await values(county) == before
