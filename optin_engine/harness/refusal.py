"""Why a command cannot go on: lines for the user, and an exit status."""

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
