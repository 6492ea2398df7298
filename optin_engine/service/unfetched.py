"""Why HTTPGet has no text: whoever fetches says so, and whether to ask again."""


class FetchError(OSError):
    """A text that cannot be had now, and may be had later: nobody answers, or not as hoped.

    It says why, and nothing of the URL but what kind of host it has.
    """


class FetchLate(FetchError):  # noqa: N818 - the name says what happened.
    """A text that did not come in time; to ask for another would take as long."""


class FetchRefused(FetchError):  # noqa: N818 - the name says what happened.
    """A text that may not be fetched, or cannot be used; to ask again would be in vain."""


def no_fetch(_: str) -> str:
    """Fetch nothing.

    Raises:
        FetchRefused: always.

    """
    message = "HTTPGet is off"
    raise FetchRefused(message)
