"""What an operator's monitoring reads: counts and durations, never a person, a chat or a text."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from services.outbox.model import Lane

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
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

        self._decisions = Counter(
            "abibot_questions", "Questions by what was decided", ["decision"], registry=registry
        )
        self._fell_back = Counter(
            "abibot_questions_by_words",
            "Questions that words alone decided, and why: full, slow or failed",
            ["reason"],
            registry=registry,
        )
        self._understanding = Histogram(
            "abibot_understanding_seconds",
            "How long a question took that nobody had asked before, waiting included",
            buckets=FAST,
            registry=registry,
        )
        self._waiting = Gauge(
            "abibot_questions_waiting", "Questions that wait for the encoders", registry=registry
        )
        self._rasa = Counter(
            "abibot_rasa_questions",
            "Questions for the Rasa server and what came of them",
            ["outcome"],
            registry=registry,
        )
        self._rasa_took = Histogram(
            "abibot_rasa_seconds", "How long Rasa took", buckets=FAST, registry=registry
        )

        self._uplinks = Counter(
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
        self._uplink_stored = Histogram(
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

    def broker(self, source: str, *, connected: bool) -> None:
        self._broker.labels(source).set(connected)

    def uplinks_worked_off(self, count: int) -> None:
        self._worked_off.inc(count)

    def uplink(self, source: str, outcome: str, seconds: float | None = None) -> None:
        """Count a message of a configured source ("" for any other name)."""
        self._uplinks.labels(source, outcome).inc()
        if seconds is not None:
            self._uplink_stored.observe(seconds)

    def decided(self, decision: str) -> None:
        self._decisions.labels(decision).inc()

    def fell_back(self, reason: str) -> None:
        self._fell_back.labels(reason).inc()

    def understood(self, seconds: float) -> None:
        self._understanding.observe(seconds)

    def waiting(self, count: int) -> None:
        self._waiting.set(count)

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

    def rasa_asked(self, outcome: str, seconds: float | None = None) -> None:
        """Count a question for Rasa; no seconds where it was not asked after all."""
        self._rasa.labels(outcome).inc()
        if seconds is not None:
            self._rasa_took.observe(seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
