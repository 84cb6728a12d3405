"""Our own decoders: from the bytes a device sends to what its maker calls them.

They are used where the network server has no codec. Each gives the names a maker's own codec
gives, so that one profile fits both. None of them knows where a device hangs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lorawan.decoders import (
    adeunis,
    browan,
    cayenne,
    decentlab,
    decentlab_devices,
    dragino,
    elsys,
    mclimate,
    milesight,
    milesight_devices,
    netvox,
    noah,
    parking,
    tektelic,
)
from lorawan.decoders.errors import DecodeError

Decoder = Callable[[bytes, int | None], dict[str, Any]]
"""Payload and LoRaWAN port to the decoded object; raises `DecodeError` and nothing else."""

DECODERS: Mapping[str, Decoder] = {
    "adeunis-temp": adeunis.temp,
    "browan-tbdw100": browan.tbdw100,
    "browan-tbhh100": browan.tbhh100,
    "browan-tbwl100": browan.tbwl100,
    "cayenne-lpp": cayenne.decode,
    "dragino-ldds75": dragino.ldds75,
    "dragino-lht65": dragino.lht65,
    "dragino-lse01": dragino.lse01,
    "dragino-lwl01": dragino.lwl01,
    "elsys": elsys.decode,
    "mclimate-co2": mclimate.co2,
    "netvox-r311w": netvox.r311w,
    "netvox-ra02a": netvox.ra02a,
    "noah-trashbin": noah.trashbin,
    "nwave-nps310sm": parking.nps310sm,
    "tektelic-t0006129": tektelic.orca,
    **{name: decentlab.decoder(groups) for name, groups in decentlab_devices.DEVICES.items()},
    **{name: milesight.decoder(table) for name, table in milesight_devices.DEVICES.items()},
}

__all__ = ["DECODERS", "DecodeError", "Decoder"]
