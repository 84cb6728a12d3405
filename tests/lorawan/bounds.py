"""What everybody who reads an event relies on."""

from lorawan.events import Event
from lorawan.identity import content_of, key_of


def check(event: Event) -> None:
    """What the tables hold, and what everybody else relies on."""
    assert event.time is None or event.time.utcoffset() is not None
    assert event.f_cnt is None or 0 <= event.f_cnt < 2**32
    assert event.f_port is None or 1 <= event.f_port <= 255
    assert event.payload is None or 1 <= len(event.payload) <= 255
    assert event.spreading_factor is None or 5 <= event.spreading_factor <= 12
    assert event.frequency is None or abs(event.frequency) < 2**63
    assert event.battery is None or 0 <= event.battery <= 100
    assert event.margin is None or abs(event.margin) < 2**63
    assert len(event.address) <= 120
    assert len(event.name) <= 40
    assert len(event.session) <= 40
    assert all(len(one.gateway) <= 40 for one in event.receptions)
    assert len(key_of(event, bytes(16))) == 16
    assert content_of(event) is None or len(content_of(event)) == 16
