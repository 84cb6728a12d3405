"""Figures about understanding questions: how many, how long, what was decided; never which."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
"""Buckets in seconds for what mostly takes milliseconds."""


class UnderstandingMetrics:
    """Implements `handlers.understanding.Watch`; counts what a Rasa server was asked, too."""

    def __init__(self, registry: CollectorRegistry) -> None:
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

    def decided(self, decision: str) -> None:
        self._decisions.labels(decision).inc()

    def fell_back(self, reason: str) -> None:
        self._fell_back.labels(reason).inc()

    def understood(self, seconds: float) -> None:
        self._understanding.observe(seconds)

    def waiting(self, count: int) -> None:
        self._waiting.set(count)

    def rasa_asked(self, outcome: str, seconds: float | None = None) -> None:
        """Count a question for Rasa; no seconds where it was not asked after all."""
        self._rasa.labels(outcome).inc()
        if seconds is not None:
            self._rasa_took.observe(seconds)
