"""The texts of a send whose text is a template: each member's own."""

from datetime import datetime

from optin_engine.stores import Member, Send, Text
from optin_engine.templating import TemplateError, compile_template, message_context
from optin_engine.wording import segments


class Rendering:
    """Makes the texts of one page of a send; a `Render` for the store.

    A member whose attributes the template cannot take, such as a word where it adds a number,
    is told nothing, and holds up nobody else.

    Args:
        send: with a template.
        now: the time, for Now().

    Attributes:
        failures: why members were told nothing, each place in the template once, and how often.

    Raises:
        TemplateError: the text is no template.

    >>> from datetime import UTC
    >>> from optin_engine.stores import SendKind
    >>> now = datetime(2026, 11, 21, tzinfo=UTC)
    >>> text = Text("Hi %%Name%%!", "", 0)
    >>> rendering = Rendering(Send(1, SendKind.LIST, "123456", "", 30, 1, text, now), now)
    >>> rendering(Member("+15555550123", attributes={"Name": "Ann"}))
    Text(text='Hi Ann!', encoding='GSM-7', segments=1)

    """

    def __init__(self, send: Send, now: datetime) -> None:
        self._template = compile_template(send.text.text)
        self._send, self._now = send, now
        self.failures: dict[tuple[int, int], int] = {}

    def __call__(self, member: Member) -> Text | None:
        """Give what a member is told; None where that is nothing, or cannot be made."""
        try:
            return self.text(member)
        except TemplateError as error:
            place = error.line, error.column
            self.failures[place] = self.failures.get(place, 0) + 1
            return None

    def text(self, member: Member) -> Text | None:
        """Give what a member is told, white space around it gone; None where that is nothing.

        Raises:
            TemplateError: it cannot be made.

        """
        known = member.attributes or {}
        send = self._send
        context = message_context(member.number, send.code, "", send.keyword, known)
        text = self._template.render(context, self._now).strip()
        return Text(text, *segments(text)) if text else None
