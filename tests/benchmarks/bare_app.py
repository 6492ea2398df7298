"""A Starlette handler that parses what `POST /inbound` parses, answers, and does nothing."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def inbound(request: Request) -> JSONResponse:
    """Answer with two fields of the body."""
    body = await request.json()
    return JSONResponse({"id": body["id"], "text": body["text"]})


app = Starlette(routes=[Route("/inbound", inbound, methods=["POST"])])
