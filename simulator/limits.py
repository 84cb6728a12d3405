"""The one place where limits on sending are asked; none are enforced yet."""


class Limits:
    """Decides whether a message may leave now."""

    def before_send(self, chat_id: int) -> None:
        """Raise an ApiError with 429 when the chat or the bot is over its limit."""
