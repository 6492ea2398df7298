"""What every transport does: hand one MT over, once, or say whether to try again."""

from typing import Protocol

from optin_engine.stores import Mt


class Failed(Exception):  # noqa: N818 - the name says what happened.
    """The MT was not handed over, and another attempt may succeed.

    Args:
        reason: why, without the text or the number.
        retry_after: seconds that the other side wants to be left alone; None if it did not say.

    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Rejected(Exception):  # noqa: N818
    """The MT was refused for good; another attempt would be refused too.

    Args:
        reason: why, without the text or the number.
        is_blocked: the provider blocks the contact (Twilio's 21610).

    """

    def __init__(self, reason: str, *, is_blocked: bool = False) -> None:
        super().__init__(reason)
        self.is_blocked = is_blocked


class Transport(Protocol):
    """Hands MTs over to whoever sends them; used by several threads at once."""

    def send(self, mt: Mt, key: str) -> str:
        """Hand an MT over.

        Args:
            mt: what to send.
            key: its idempotency key; the same at every attempt.

        Returns:
            The other side's name for it; empty where it gives none.

        Raises:
            Failed: try again later.
            Rejected: never try again.

        """

    def close(self) -> None:
        """Let go of connections."""
