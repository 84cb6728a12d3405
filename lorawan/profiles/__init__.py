"""How the payload of a kind of device becomes measurements: decoder and mapping, as data."""
