"""`GET /openapi.json` and `GET /docs`: the documentation, which loads nothing from elsewhere.

The page is Swagger UI as the package `offapi` brings it. The document stands in the page
itself, so that a browser, which cannot send a token in a header by itself, opens all of it
by `/docs?access_token=...`. What the page loads is public anyway, and needs no token.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.openapi import document

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>optin-engine</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{folder}swagger-ui.css">
<div id="page"></div>
<script type="application/json" id="document">{document}</script>
<script src="{folder}swagger-ui.js"></script>
<script src="{folder}page.js"></script>
</html>
"""

# Swagger UI shows a document's faults by a service elsewhere, unless it is told not to.
SCRIPT = b"""SwaggerUIBundle({
  spec: JSON.parse(document.getElementById("document").textContent),
  domNode: document.getElementById("page"),
  deepLinking: true,
  validatorUrl: null,
});
"""

# A token may stand in the page's address, which nobody else must learn. Swagger UI writes
# styles into its elements.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FOR_A_DAY = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


def documenting(others: Sequence[Call]) -> tuple[Call, ...]:
    """Give the calls that document a table, and themselves.

    Args:
        others: the rest of the table.

    """

    async def openapi(asked: Asked) -> Answered:
        """Give the document."""
        return Answered(200, document(calls, asked.settings.public_url))

    async def docs(asked: Asked) -> Answered:
        """Give the page."""
        written = msgspec.json.encode(document(calls, asked.settings.public_url)).decode()
        folder = "" if asked.request.scope["path"].endswith("/") else "docs/"
        # Without this character nothing in a script element can seem to be its end.
        page = PAGE.format(folder=folder, document=written.replace("<", r"\u003c"))
        return Answered(200, page.encode(), "text/html; charset=utf-8", HEADERS)

    calls = (
        *others,
        Call(
            "GET",
            "/openapi.json",
            "sms_read",
            openapi,
            "Give this document",
            None,
            {200: {"type": "object"}},
            is_open_in_dev=True,
        ),
        Call(
            "GET",
            "/docs",
            "sms_read",
            docs,
            "Show this document to a person",
            None,
            {200: {"type": "string", "contentMediaType": "text/html"}},
            is_open_in_dev=True,
        ),
        _asset(SCRIPT_NAME, "text/javascript"),
        *(_asset(name, media_type) for name, (_, media_type) in FILES.items()),
    )
    return calls[len(others) :]


def _asset(name: str, media_type: str) -> Call:
    async def give(_: Asked) -> Answered:
        return Answered(200, _content(name), media_type, FOR_A_DAY)

    schema = {"type": "string", "contentMediaType": media_type}
    return Call("GET", f"/docs/{name}", None, give, f"Give {name} to the page", None, {200: schema})


# What the page loads, by its name here: the file in `offapi`, and its media type.
SCRIPT_NAME = "page.js"
FILES = {
    "swagger-ui.css": ("swagger_style.css", "text/css"),
    "swagger-ui.js": ("swagger_bundle.js", "text/javascript"),
}


@cache
def _content(name: str) -> bytes:
    if name == SCRIPT_NAME:
        return SCRIPT
    return files("offapi").joinpath(FILES[name][0]).read_bytes()
