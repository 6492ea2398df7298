"""Why a command cannot go on: lines for the user, and an exit status."""

from collections.abc import Iterator
from contextlib import contextmanager

FAULTY, UNUSABLE = 1, 2


class CommandError(Exception):
    """Why a command ends: lines for the user, and the exit status."""

    def __init__(self, *lines: str, status: int = UNUSABLE) -> None:
        super().__init__(*lines)
        self.lines, self.status = lines, status


def reason(error: Exception, name: str) -> str:
    """Give an error as one line that names the file.

    >>> reason(FileNotFoundError(2, "No such file or directory"), "mos.csv")
    'mos.csv: No such file or directory'
    """
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or name}: {error.strerror}"
    return f"{name}: {error}"


@contextmanager
def file_errors(name: object, *others: type[Exception]) -> Iterator[None]:
    """Turn what is wrong with a file into a `CommandError` that names it.

    Args:
        name: of the file.
        others: what else than an `OSError` is raised of what the file holds.

    """
    faults: tuple[type[Exception], ...] = (OSError, *others)
    try:
        yield
    except BrokenPipeError:
        # Nobody reads on, which is no fault of the file.
        raise
    except faults as error:
        raise CommandError(reason(error, str(name))) from None
