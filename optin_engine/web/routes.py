"""Which call a request asks for, by method and path."""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from optin_engine.web.call import Call
from optin_engine.web.envelopes import NOT_FOUND

Methods = dict[str, Call]

# Clients ask for a token at their tenant's own address, whatever stands before these.
TOKEN_PATHS = ("/v2/token", "/v1/requesttoken")


@attrs.frozen
class Resource:
    """One path: its segments in lower case, `{name}` for a parameter, and its calls."""

    segments: tuple[str, ...]
    methods: Methods = attrs.field(factory=dict)

    def parameters(self, given: Sequence[str]) -> Mapping[str, str] | None:
        """Give the parameters of a path of as many segments; None where it is another."""
        found = {}
        for segment, value in zip(self.segments, given, strict=True):
            if segment.startswith("{") and value:
                found[segment[1:-1]] = value
            elif segment != value.lower():
                return None
        return found

    def allowed(self) -> str:
        """Give its methods as the header Allow lists them."""
        also = ("HEAD", "OPTIONS") if "GET" in self.methods else ("OPTIONS",)
        return ", ".join(sorted({*self.methods, *also}))


class Routes:
    """The table of calls, by path.

    Args:
        calls: every call; a path may stand in several, with different methods.

    """

    def __init__(self, calls: Iterable[Call]) -> None:
        self._fixed: dict[str, Resource] = {}
        self._patterns: dict[int, list[Resource]] = {}
        resources: dict[tuple[str, ...], Resource] = {}
        for call in calls:
            segments = tuple(map(_folded, call.path.strip("/").split("/")))
            resource = resources.setdefault(segments, Resource(segments))
            resource.methods[call.method] = call
            if "{" in call.path:
                patterns = self._patterns.setdefault(len(segments), [])
                patterns[:] = [*(r for r in patterns if r is not resource), resource]
            else:
                # As it is written first: most requests write it so, and need no folding.
                self._fixed[call.path] = self._fixed["/" + "/".join(segments)] = resource

    def find(self, path: str) -> tuple[Resource, Mapping[str, str]]:
        """Give the resource at a path, and the path's parameters as they are written.

        Args:
            path: percent-decoded.

        Raises:
            Refused: 404; there is none.

        """
        if resource := self._fixed.get(path):
            return resource, {}
        bare = path.strip("/")
        folded = "/" + bare.lower()
        token = next((end for end in TOKEN_PATHS if folded.endswith(end)), folded)
        if resource := self._fixed.get(token):
            return resource, {}
        segments = bare.split("/")
        for resource in self._patterns.get(len(segments), ()):
            parameters = resource.parameters(segments)
            if parameters is not None:
                return resource, parameters
        raise NOT_FOUND.refused()


def _folded(segment: str) -> str:
    return segment if segment.startswith("{") else segment.lower()
