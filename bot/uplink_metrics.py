"""Figures of sensor data: what came, what was refused, what was worked off; never a secret."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.understanding_metrics import FAST


class UplinkMetrics:
    """Messages of network servers, by the names of configured sources alone."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._received = Counter(
            "abibot_uplinks",
            "Messages of network servers by source and outcome: stored, or why refused",
            ["source", "outcome"],
            registry=registry,
        )
        self._worked_off = Counter(
            "abibot_uplinks_worked_off",
            "Messages of network servers turned into frames and values",
            registry=registry,
        )
        self._stored = Histogram(
            "abibot_uplink_acknowledgement_seconds",
            "How long a network server waited until its message was stored",
            buckets=FAST,
            registry=registry,
        )
        self._broker = Gauge(
            "abibot_mqtt_connected",
            "1 while this process listens to the source's broker",
            ["source"],
            registry=registry,
        )

    def received(self, source: str, outcome: str, seconds: float | None = None) -> None:
        """Count a message of a configured source ("" for any other name)."""
        self._received.labels(source, outcome).inc()
        if seconds is not None:
            self._stored.observe(seconds)

    def broker(self, source: str, *, connected: bool) -> None:
        self._broker.labels(source).set(connected)

    def worked_off(self, count: int) -> None:
        self._worked_off.inc(count)
