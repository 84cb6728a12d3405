"""Which of several equal probes a value is of, as people call it."""

from markupsafe import Markup

from handlers.readings.quantities import QUANTITIES, name_of
from services.devices.lookups import Sensor
from services.text import Text


def probe_words(sensor: Sensor, quantity: str, channel: int, text: Text) -> Markup:
    """Return what a quantity of a sensor is called: with staff's word for the probe, or a number.

    What a sensor measures once needs neither; of several the first has a number, too.
    """
    several = sum(one == quantity for one, _ in sensor.series) > 1
    label = sensor.probes.get(channel, "") if quantity in QUANTITIES else ""
    if several and not label and not channel:
        name = name_of(quantity, 0, text)
        return text("readings.probe", quantity=name, number=1)
    return name_of(quantity, channel, text, label)
