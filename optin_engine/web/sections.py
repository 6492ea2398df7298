"""Reads one table of a configuration field by field; whatever is wrong is noted, all of it."""

import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self, TypeVar

import attrs

from optin_engine.fields import Wrong, is_unset

T = TypeVar("T")

# A name is shown only where it cannot be a secret that was put in the wrong place.
_NAME_OF_VARIABLE = re.compile(r"[A-Z]+(_[A-Z0-9]+)+")


@attrs.frozen
class Source:
    """Where a configuration comes from, and what is wrong with it so far.

    Attributes:
        folder: what the names of files are relative to.
        environment: the variables that may hold secrets.
        faults: each with its field and the mend.

    """

    folder: Path
    environment: Mapping[str, str] = attrs.field(repr=False)
    faults: list[str] = attrs.field(factory=list)


class Section:
    """One table of the file.

    Args:
        source: where it comes from; faults are noted there.
        name: what faults call it, such as `service`; empty for the file itself.
        given: the table; whatever is none is a fault, and read as an empty one.

    >>> from optin_engine.fields import whole
    >>> source = Source(Path(), {})
    >>> with Section(source, "service", {"prompts_per_day": 0, "public_ur": ""}) as section:
    ...     section.value("prompts_per_day", whole(1, 9), 5), section.value("public_url", str, "")
    (5, '')
    >>> for fault in source.faults:
    ...     print(fault)
    service.prompts_per_day is invalid. It must be a whole number from 1 to 9.
    service.public_ur is not known. Did you mean public_url?

    """

    def __init__(self, source: Source, name: str, given: object) -> None:
        self._source, self._name = source, name
        self._known: list[str] = []
        self._given: Mapping[str, object] = {}
        if isinstance(given, Mapping):
            self._given = given
        elif given is not None:
            self._refuse(f"{name} is invalid. It must be a table.")

    def __enter__(self) -> Self:
        """Read it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Refuse what was not read: a slip in a name must not pass for a default."""
        for name in self._given:
            if name not in self._known:
                near = difflib.get_close_matches(name, self._known, 1)
                mend = f"Did you mean {near[0]}?" if near else f"It has {', '.join(self._known)}."
                self._refuse(f"{self._named(name)} is not known. {mend}")

    @property
    def is_there(self) -> bool:
        """Tell whether the file has anything in it."""
        return bool(self._given)

    def table(self, name: str) -> "Section":
        """Give a table inside of it; an empty one where it is not there."""
        return Section(self._source, self._named(name), self._take(name))

    def tables(self, name: str, label: str) -> list["Section"]:
        """Give a list of tables; faults call each by its field `label`, where it has one."""
        given = self._take(name)
        if given is None:
            return []
        if not isinstance(given, list):
            self._refuse(f"{name} is invalid. It must be a list of tables: [[{name}]].")
            return []
        found = []
        for place, entry in enumerate(given, 1):
            called = entry.get(label) if isinstance(entry, Mapping) else None
            fit = isinstance(called, str) and called.isprintable() and called.strip()
            found.append(Section(self._source, f"{name}.{called if fit else place}", entry))
        return found

    def raw(self, name: str) -> object:
        """Give a value as it is; None where it is not there."""
        return self._take(name)

    def value(self, name: str, read: Callable[[str, object], T], default: T) -> T:
        """Read a value; the default where it is unset or cannot be taken."""
        given = self._take(name)
        if is_unset(given):
            return default
        try:
            return read(self._named(name), given)
        except Wrong as wrong:
            self._refuse(*wrong.args)
            return default

    def needed(self, name: str, read: Callable[[str, object], T], default: T) -> T:
        """Read a value that must be given; the default after it was refused."""
        if is_unset(self._given.get(name)):
            self._refuse(f"{self._named(name)} must be specified.")
        return self.value(name, read, default)

    def secret(self, name: str, *, least: int = 1, is_needed: bool = True) -> str:
        """Read a secret from the environment or a file; empty where there is none.

        Args:
            name: of the secret; the fields are `name_env` and `name_file`.
            least: how many characters it must have.
            is_needed: refuse its absence.

        """
        variable, file = self._take(f"{name}_env"), self._take(f"{name}_file")
        named = self._named(name)
        if name in self._given:
            self._take(name)
            self._refuse(f"{named} must not be in the file. {_elsewhere(name)}")
        elif not is_unset(variable) and not is_unset(file):
            self._refuse(f"{named}_env and {named}_file cannot be specified at the same time.")
        elif not is_unset(variable):
            return self._long_enough(f"{named}_env", self._from_environment(name, variable), least)
        elif not is_unset(file):
            return self._long_enough(f"{named}_file", self._from_file(name, file), least)
        elif is_needed:
            self._refuse(f"{named} must be specified. {_elsewhere(name)}")
        return ""

    def refuse(self, name: str, rule: str) -> None:
        """Note a fault of a field that its reader could not know."""
        self._refuse(f"{self._named(name)} {rule}")

    def _from_environment(self, name: str, variable: object) -> str | None:
        found = self._source.environment.get(variable) if isinstance(variable, str) else None
        if found and found.strip():
            return found.strip()
        shows = isinstance(variable, str) and _NAME_OF_VARIABLE.fullmatch(variable)
        which = f"The environment variable {variable}" if shows else "The variable that it names"
        self._refuse(f"{self._named(name)}_env is invalid. {which} is not set.")
        return None

    def _from_file(self, name: str, file: object) -> str | None:
        named = f"{self._named(name)}_file"
        try:
            found = (self._source.folder / str(file)).read_text(encoding="utf-8").strip()
        except OSError as error:
            self._refuse(f"{named} cannot be read: {error.strerror}.")
        except ValueError:
            self._refuse(f"{named} cannot be read: it is not UTF-8.")
        else:
            if found:
                return found
            self._refuse(f"{named} is invalid. The file is empty.")
        return None

    def _long_enough(self, named: str, secret: str | None, least: int) -> str:
        if secret is not None and len(secret) < least:
            self._refuse(f"{named} is invalid. The secret must have at least {least} characters.")
        return secret or ""

    def _take(self, name: str) -> object:
        self._known.append(name)
        return self._given.get(name)

    def _named(self, name: str) -> str:
        return f"{self._name}.{name}" if self._name else name

    def _refuse(self, *faults: str) -> None:
        self._source.faults.extend(faults)


def _elsewhere(name: str) -> str:
    return f"Name an environment variable in {name}_env, or a file in {name}_file."
