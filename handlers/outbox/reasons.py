"""Why a message did not arrive, in plain words; the stored reasons are Telegram's own."""

from services.delivery.service import Life
from services.outbox.model import Lane, Status
from services.text import Text

LANES = {
    Lane.CONVERSATION: "outbox.lane-conversation",
    Lane.ALARM: "outbox.lane-alarm",
    Lane.NOTICE: "outbox.lane-notice",
    Lane.BROADCAST: "outbox.lane-broadcast",
    Lane.ATTACHMENT: "outbox.lane-attachment",
}
STATUSES = {
    Status.QUEUED: "outbox.status-queued",
    Status.SENDING: "outbox.status-sending",
    Status.SENT: "outbox.status-sent",
    Status.UNKNOWN: "outbox.status-unknown",
    Status.FAILED: "outbox.status-failed",
    Status.CANCELLED: "outbox.status-cancelled",
}
REASONS = (
    ("blocked", "outbox.reason-blocked"),
    ("deactivated", "outbox.reason-deactivated"),
    ("kicked", "outbox.reason-removed"),
    ("not a member", "outbox.reason-removed"),
    ("chat not found", "outbox.reason-no-chat"),
    ("not rendered", "outbox.reason-not-rendered"),
    ("nothing to say", "outbox.reason-nothing-to-say"),
    ("stopped while sending", "outbox.reason-stopped"),
    ("token refused", "outbox.reason-token"),
    ("Too Many Requests", "outbox.reason-too-many"),
    ("Bad Gateway", "outbox.reason-telegram-down"),
    ("Internal Server Error", "outbox.reason-telegram-down"),
    ("Service Unavailable", "outbox.reason-telegram-down"),
    ("Connect", "outbox.reason-unreachable"),
)


def reason(life: Life, text: Text) -> str:
    """Return in plain words why a message did not arrive, or in Telegram's own."""
    if life.status is Status.UNKNOWN and "stopped" not in (life.error or ""):
        return text("outbox.reason-unknown")
    error = life.error or ""
    key = next((key for words, key in REASONS if words in error), None)
    return text(key) if key else text("outbox.reason-other", why=error)
