"""What an operator's monitoring reads: counts and durations, never a person, a chat or a text."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot.understanding_metrics import FAST, UnderstandingMetrics
from bot.uplink_metrics import UplinkMetrics
from services.outbox.model import Lane

CALLS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one process; each has a registry of its own, so nothing is global."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._handled = Histogram(
            "abibot_handling_seconds",
            "Updates worked off, and how long each took",
            buckets=FAST,
            registry=registry,
        )
        self._failed = Counter(
            "abibot_updates_failed", "Attempts at updates that failed", registry=registry
        )
        self._sent = Counter(
            "abibot_messages",
            "Calls of Telegram by lane and outcome: sent, or the kind of error",
            ["lane", "outcome"],
            registry=registry,
        )
        self._sending = Histogram(
            "abibot_sending_seconds",
            "How long Telegram took for a call",
            ["lane"],
            buckets=CALLS,
            registry=registry,
        )
        self._acknowledged = Histogram(
            "abibot_acknowledgement_seconds",
            "How long Telegram waited until an update was stored",
            buckets=FAST,
            registry=registry,
        )
        self._leader = Gauge(
            "abibot_leader", "1 where this process holds the role", ["role"], registry=registry
        )
        self._lag = Histogram(
            "abibot_event_loop_lag_seconds",
            "How late the event loop was",
            buckets=FAST,
            registry=registry,
        )
        self.understanding = UnderstandingMetrics(registry)
        self.uplinks = UplinkMetrics(registry)

    def update_handled(self, seconds: float) -> None:
        self._handled.observe(seconds)

    def update_failed(self) -> None:
        self._failed.inc()

    def message_sent(self, lane: int, outcome: str, seconds: float) -> None:
        """Count a call of Telegram; the outcome is `sent` or the name of an error's class."""
        name = Lane(lane).name.lower()
        self._sent.labels(name, outcome).inc()
        self._sending.labels(name).observe(seconds)

    def acknowledged(self, seconds: float) -> None:
        self._acknowledged.observe(seconds)

    def leads(self, role: str, *, yes: bool) -> None:
        self._leader.labels(role).set(yes)

    def late(self, seconds: float) -> None:
        """Note by how much the event loop was late."""
        self._lag.observe(seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
