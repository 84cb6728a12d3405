"""Codecs written for these tests, in the ways vendors write theirs."""

# ruff: noqa: E501 - JavaScript stays on its line

from datetime import UTC, datetime

from lorawan.sandbox import Call, Script

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)

ROOM = Script.of("""
// Temperature and humidity of a room, The Things Stack's way.
function decodeUplink(input) {
  if (input.fPort !== 103) return { errors: ["unknown port " + input.fPort] };
  var status = input.bytes[0], battery = 25 + (input.bytes[1] & 0x0f);
  return {
    data: {
      alarm: (status & 1) === 1,
      battery: battery / 10,
      temperature: (input.bytes[2] & 0x7f) - 32,
      humidity: input.bytes[3] & 0x7f,
    },
    warnings: battery < 30 ? ["battery low"] : [],
  };
}
function normalizeUplink(input) {
  return { data: { air: {
    temperature: input.data.temperature, relativeHumidity: input.data.humidity,
  }, battery: input.data.battery } };
}
""")

LEVEL = Script.of("""
/* A pressure probe in a river: protocol byte, number, flags, then two values a group. */
const SENSORS = [
  { length: 2, values: { pressure: (x) => (x[0] - 32768) / 1000, temperature: (x) => (x[1] - 32768) / 100 } },
  { length: 1, values: { battery: (x) => x[0] / 1000 } },
];
const word = (bytes, at) => (bytes[at] << 8) | bytes[at + 1];
const decodeUplink = ({ bytes }) => {
  if (bytes[0] !== 2) return { errors: [`protocol ${bytes[0]}`] };
  const data = { device: word(bytes, 1) };
  let flags = word(bytes, 3), at = 5;
  for (const { length, values } of SENSORS) {
    if (flags & 1) {
      const words = Array.from({ length }, (_, index) => word(bytes, at + 2 * index));
      for (const name in values) data[name] = values[name](words);
      at += 2 * length;
    }
    flags >>= 1;
  }
  return { data };
};
""")

OLD_CHIRPSTACK = Script.of("""
function Decode(fPort, bytes, variables) {
  return { port: fPort, distance: bytes[0] * 256 + bytes[1] + Number(variables.offset || 0) };
}
""")

OLD_TTN = Script.of("""
function Decoder(bytes, port) {
  var decoded = {};
  if (port === 2) decoded.open = bytes[0] === 1;
  return decoded;
}
""")

MODULE = Script.of("""
'use strict';
function decodeUplink(input) {
  return { data: { at: input.recvTime.toISOString(), first: input.bytes[0], key: input.variables.key } };
}
export function encodeDownlink() { return { bytes: [] }; }
export { decodeUplink };
""")

COMMON_JS = Script.of("""
function read(input) { console.log("noise"); return { data: { length: input.bytes.length } }; }
module.exports = { decodeUplink: read };
""")


def call(payload: str = "00", f_port: int = 1, **variables: str) -> Call:
    return Call(bytes.fromhex(payload), f_port, NOON, variables)


def returning(expression: str) -> Script:
    """Return a codec whose whole answer is this expression."""
    return Script.of(f"function decodeUplink(input) {{ return {expression}; }}")


def doing(statements: str) -> Script:
    """Return a codec that does something before it answers."""
    return Script.of(
        f"function decodeUplink(input) {{ {statements}; return {{ data: {{ done: true }} }}; }}"
    )
