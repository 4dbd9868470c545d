"""Answers over HTTP: JSON, binary arrays, and one sentence for everything that goes wrong."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from visualizer.errors import (
    BusyError,
    CollectionError,
    GoneError,
    NetworkGoneError,
    PictureError,
    UnknownNameError,
    VisualizerError,
    WeightsError,
)
from visualizer.ui.container import container
from visualizer.ui.service import Service

PREFIX = "/vz"
STATUS = {UnknownNameError: 404, WeightsError: 409, GoneError: 410, BusyError: 503}
GZIP_LEVEL = 6

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Query:
    """What a request asks: its parameters, its body, the visitor's token."""

    parameters: Mapping[str, str]
    body: bytes
    visitor: str
    path: Mapping[str, Any]

    def whole_number(self, name: str) -> int:
        """Read a parameter that must be a whole number of at least 0."""
        text = self.parameters.get(name, "")
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise VisualizerError(f"{name}={text!r} is no whole number; give 0 or more.")
        return int(text)


@dataclass(frozen=True)
class Endpoint:
    """A path below ``/vz`` and the plain function that answers it, in a worker thread.

    ``owned`` ones are for pages that have a visitor's token: without it not a byte is read.
    """

    path: str
    answer: Callable[[Service, Query], Response]
    method: str = "GET"
    body_bytes: int = 0
    owned: bool = False

    def route(self, service: Service) -> BaseRoute:
        """Bind the function to the running service."""
        return Route(PREFIX + self.path, _runner(self, service), methods=[self.method])


def _runner(endpoint: Endpoint, service: Service) -> Callable[[Request], Awaitable[Response]]:
    async def run(request: Request) -> Response:
        try:
            visitor = request.headers.get("x-visitor", "")
            if endpoint.owned:
                await run_in_threadpool(service.visitors.touch, visitor)
            body = await _body(request, endpoint.body_bytes)
            query = Query(request.query_params, body, visitor, request.path_params)
            return await run_in_threadpool(endpoint.answer, service, query)
        except VisualizerError as error:
            return problem(error)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody is there to read it
        except Exception:  # our bug: logged, and still answered with a sentence
            log.exception("%s failed", endpoint.path)  # the real path may hold a secret handle
            return JSONResponse(
                {"error": "This went wrong on the server. Reload the page and try again."}, 500
            )

    return run


async def _body(request: Request, limit_bytes: int) -> bytes:
    if not limit_bytes:
        return b""
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > limit_bytes:
            raise PictureError(
                f"The file is larger than {limit_bytes / 1e6:g} MB, the limit. "
                "Save it smaller and try again."
            )
    return bytes(chunks)


def problem(error: VisualizerError) -> Response:
    """Turn an error into its sentence and a fitting status."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    body: dict[str, Any] = {"error": str(error)}
    if isinstance(error, WeightsError):
        body["weights_missing"] = True
    if isinstance(error, CollectionError):
        body["of_pictures"] = True
    if isinstance(error, NetworkGoneError):
        body["network_gone"] = True
    return JSONResponse(body, status)


def binary(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Response:
    """Answer with header and arrays as one compressed container; kept by nobody on the way."""
    body = gzip.compress(container(header, arrays), GZIP_LEVEL)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "no-store"}
    return Response(body, media_type="application/octet-stream", headers=headers)
