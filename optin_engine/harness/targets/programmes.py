"""The programmes of a target that has our HTTP API: seen to be a story's, or made so."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import quote

import attrs

from optin_engine.account import Account
from optin_engine.harness.targets.calling import Tokens
from optin_engine.harness.targets.defining import Definition, Definitions, code_of, written
from optin_engine.harness.targets.dev import Dev
from optin_engine.harness.targets.target import UnableError

OTHERS = "the target has other programmes on {}; set up the story's there, or say --define"
# No call sets up a code.
NO_CODE = "the target has no code {}; start it with one: `serve --dev --config DEFINITIONS`"
OTHER_CODE = (
    "the target's code {} has another {}; start it with the story's: "
    "`serve --dev --config DEFINITIONS`"
)

Programs = list[Definition]


@attrs.define
class Programmes:
    """The programmes of a running target; shared by the targets of a run, one after another.

    Args:
        api: calls with a token.
        dev: tells what is defined; None where nothing does.
        is_defining: programmes may be defined, and keywords deleted that a story does not have.

    """

    _api: Tokens
    _dev: Dev | None
    _is_defining: bool
    # What each code has, of a target that does not tell: what it was asked to have last.
    _asked: dict[str, Programs] = attrs.field(factory=dict, init=False)

    def define(self, account: Account) -> None:
        """Make an account's programmes those of its codes, or see that they are.

        Where the target does not tell, and nothing may be defined, a code is taken to have
        the programmes that it is first asked for, and no others.

        Raises:
            UnableError: they are others, and may not or cannot be defined.
            TargetError: it is broken.

        """
        definitions = written(account)
        codes = [code_of(code) for code in definitions.codes]
        wanted, there = definitions.programs, self._there(definitions)
        if self._is_defining:
            gone = _gone(wanted, there)
            self._delete(gone.values())
            left = [program for program in there if _place(program)[:2] not in gone]
            for program in wanted:
                if program not in left:
                    self._define(program)
            self._asked |= {code: _on([code], wanted) for code in codes}
        elif len(wanted) != len(there) or any(program not in there for program in wanted):
            raise UnableError(OTHERS.format(", ".join(codes)))

    def _there(self, wanted: Definitions) -> Programs:
        """Give the programmes on the codes of an account."""
        codes = [code_of(code) for code in wanted.codes]
        if self._dev:
            there = self._dev.definitions()
            _judge_codes(wanted.codes, there.codes)
            return _on(codes, there.programs)
        for code in codes:
            self._asked.setdefault(code, [] if self._is_defining else _on([code], wanted.programs))
        return [program for code in codes for program in self._asked[code]]

    def _delete(self, gone: Iterable[Definition]) -> None:
        for program in gone:
            place = [program["keyword"], code_of(program)]
            place += [program["countryCode"]] if "shortCode" in program else []
            path = "/".join(quote(part, safe="") for part in place)
            self._api.call("DELETE", f"/sms/v1/keyword/{path}").told(dict)

    def _define(self, program: Definition) -> None:
        reply = self._api.call("POST", "/sms/v1/message/optin", json=program)
        if reply.status != HTTPStatus.CREATED:
            message = f"{reply.where}: {program['messageName']} is refused, {reply.faults()}"
            raise UnableError(message)


def _judge_codes(wanted: Sequence[Definition], there: Sequence[Definition]) -> None:
    """Refuse a code that is not there, or that says something else; no call can set one up."""
    known = {code_of(code): code for code in there}
    for code in wanted:
        digits = code_of(code)
        found = known.get(digits)
        if found is None:
            raise UnableError(NO_CODE.format(digits))
        for name in {**found, **code}:
            if found.get(name) != code.get(name):
                raise UnableError(OTHER_CODE.format(digits, name))


def _on(codes: Sequence[str], programs: Iterable[Definition]) -> Programs:
    return [program for program in programs if code_of(program) in codes]


def _gone(wanted: Programs, there: Programs) -> Mapping[tuple[str, ...], Definition]:
    """Give each keyword to delete, by code, with a programme on it that is not wanted.

    A programme that keeps its name is changed, and not deleted.
    """
    places = {_place(program) for program in wanted}
    gone = [program for program in there if _place(program) not in places]
    return {_place(program)[:2]: program for program in gone}


def _place(program: Definition) -> tuple[str, ...]:
    return code_of(program), program["keyword"], program["messageName"]
