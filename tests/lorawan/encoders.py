"""One frame, written the way each network server writes it.

An `Uplink` is what a sensor sent and who heard it; `RENDERINGS` writes it in all dialects:

    message = RENDERINGS["tts"](Uplink(f_cnt=7, payload=b"..."))
    await client.post(url, params=message.query, data=message.body, headers=message.headers)

What a dialect does not carry (LORIOT knows no device names) is left out, and what the real servers
write in their own way (bandwidth in kHz, numbers as texts, EUIs in base64) is written so here.
"""

from collections.abc import Callable, Mapping

from tests.lorawan.encoders_chirpstack import (
    chirpstack_v3,
    chirpstack_v3_hexadecimal,
    chirpstack_v4,
    chirpstack_v4_lean,
    chirpstack_v4_protobuf,
)
from tests.lorawan.encoders_others import (
    loriot_gw,
    loriot_rx,
    milesight,
    thingpark,
    thingpark_untyped,
    tts,
    tts_normalized,
)
from tests.lorawan.uplink import NOON, Heard, Rendering, Uplink

RENDERINGS: Mapping[str, Callable[[Uplink], Rendering]] = {
    "chirpstack-v4": chirpstack_v4,
    "chirpstack-v4-lean": chirpstack_v4_lean,
    "chirpstack-v4-protobuf": chirpstack_v4_protobuf,
    "chirpstack-v3": chirpstack_v3,
    "chirpstack-v3-hexadecimal": chirpstack_v3_hexadecimal,
    "tts": tts,
    "loriot-rx": loriot_rx,
    "loriot-gw": loriot_gw,
    "thingpark": thingpark,
    "thingpark-untyped": thingpark_untyped,
    "milesight": milesight,
}
"""The message in which each dialect tells of a frame; see `tts_normalized` for a second one."""

__all__ = ["NOON", "RENDERINGS", "Heard", "Rendering", "Uplink", "milesight", "tts_normalized"]
