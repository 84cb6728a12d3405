"""Places the bot sends."""

import math

from simulator.arguments import Arguments
from simulator.errors import bad_request
from simulator.methods.registry import Call, method
from simulator.methods.sending import send
from simulator.wire import Json

FARTHEST_NORTH = 90
FARTHEST_EAST = 180
LONGEST_ACCURACY = 1500
LIVE_PERIODS = range(60, 86_401)
FOR_EVER = 0x7FFF_FFFF
HEADINGS = range(361)
ALERT_RADII = range(100_001)


@method("sendLocation")
def send_location(call: Call) -> Json:
    """Send a place, possibly one that is going to move."""
    location = _location(call.arguments)
    live = _live_fields(call.arguments)

    def content() -> Json:
        what = "live location" if live else "location"
        if not _on_earth(location):
            raise bad_request(f"invalid {what} specified")
        _check_live(live)
        return {"location": location | {name: value for name, value in live.items() if value}}

    return send(call, content)


@method("sendVenue")
def send_venue(call: Call) -> Json:
    """Send a place with a name and an address."""
    arguments = call.arguments
    location = _location(arguments)
    named = {name: arguments.text(name).strip() for name in ("title", "address")}
    names = ("google_place_id", "google_place_type")
    if arguments.text("foursquare_id") or arguments.text("foursquare_type"):
        names = ("foursquare_id", "foursquare_type")
    provided = {name: arguments.text(name) for name in names if arguments.text(name)}

    def content() -> Json:
        if not _on_earth(location):
            raise bad_request("wrong venue location specified")
        if not named["title"] or not named["address"]:
            raise bad_request("MESSAGE_EMPTY")
        return {"location": location, "venue": {"location": location} | named | provided}

    return send(call, content)


def _on_earth(location: Json) -> bool:
    north, east = abs(location["latitude"]), abs(location["longitude"])
    return bool(north <= FARTHEST_NORTH and east <= FARTHEST_EAST)


def _location(arguments: Arguments) -> Json:
    location: Json = {}
    for name in ("latitude", "longitude"):
        text = arguments.text(name).strip()
        if not text:
            raise bad_request(f"{name} is empty")
        location[name] = _number(text)
    accuracy = min(max(_number(arguments.text("horizontal_accuracy")), 0), LONGEST_ACCURACY)
    return location | ({"horizontal_accuracy": accuracy} if accuracy else {})


def _live_fields(arguments: Arguments) -> Json:
    if not arguments.integer("live_period"):
        return {}
    names = ("live_period", "heading", "proximity_alert_radius")
    return {name: arguments.integer(name) for name in names}


def _check_live(live: Json) -> None:
    if not live:
        return
    if live["live_period"] != FOR_EVER and live["live_period"] not in LIVE_PERIODS:
        raise bad_request("wrong live location period specified")
    if live["heading"] not in HEADINGS:
        raise bad_request("wrong live location heading specified")
    if live["proximity_alert_radius"] not in ALERT_RADII:
        raise bad_request("wrong live location proximity alert radius specified")


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
