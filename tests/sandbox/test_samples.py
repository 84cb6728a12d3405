"""Own codecs of two real devices give what the vendors' examples promise."""

import json
from typing import Any

import pytest

from lorawan.sandbox import Call, Sandbox, Script
from services.codecs.rules import difference
from tests.conftest import SHARED
from tests.sandbox.codecs import NOON

SAMPLES = SHARED / "data" / "lorawan" / "codec_examples.json"

TBHH100 = Script.of("""
function decodeUplink({ bytes, fPort }) {
  if (fPort !== 103) return { errors: ["unknown FPort"] };
  const [status, battery, temperature, humidity] = bytes;
  return { data: {
    status: (status >> 3) & 1,
    battery: (25 + (battery & 15)) / 10,
    temperature: (temperature & 127) - 32,
    humidity: humidity & 127,
  } };
}
""")
PR26 = Script.of("""
const value = (displayName, unit, value) => ({ displayName, unit, value });
module.exports.decodeUplink = ({ bytes }) => {
  const view = new DataView(new Uint8Array(bytes).buffer);
  const data = { protocol_version: view.getUint8(0), device_id: view.getUint16(1) };
  let flags = view.getUint16(3), at = 5;
  const next = () => { const found = view.getUint16(at); at += 2; return found; };
  if (flags & 1) {
    data.pressure = value("Pressure", "bar", (next() - 16384) / 32768);
    data.temperature = value("Temperature", "°C", (next() - 384) * 0.003125 - 50);
  }
  if (flags & 2) data.battery_voltage = value("Battery voltage", "V", next() / 1000);
  return { data };
};
""")
OURS = {"tbhh100": TBHH100, "dl-pr26-0-1": PR26}


def cases() -> list[Any]:
    if not SAMPLES.exists():
        return []
    return [one for one in json.loads(SAMPLES.read_text())["cases"] if one["codec"] in OURS]


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared LoRaWAN samples are not here")
async def test_real_frames_of_real_devices(sandbox: Sandbox) -> None:
    found = cases()
    assert {one["codec"] for one in found} == OURS.keys()
    for case in found:
        given = Call(bytes.fromhex(case["bytes_hex"]), case["f_port"], NOON)
        outcome = await sandbox.run(OURS[case["codec"]], given)
        assert outcome.problem is None, outcome
        expected = case["expected"]
        assert difference(expected.get("data"), outcome.data) is None, case
        assert list(outcome.errors) == expected.get("errors", [])
