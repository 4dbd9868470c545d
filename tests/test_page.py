"""The page's frame, without a browser: who comes and goes, and what is never passed on."""

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from visualizer.errors import GoneError
from visualizer.page import NoProxy
from visualizer.ui.visitors import Visitors


def test_addresses_are_never_fetched_for_a_visitor() -> None:
    async def reached(_request: object) -> PlainTextResponse:
        return PlainTextResponse("reached")

    routes = [Route("/{path:path}", reached)]
    client = TestClient(Starlette(routes=routes, middleware=[Middleware(NoProxy)]))
    for path in (
        "/gradio_api/file=http://127.0.0.1/secret",
        "/gradio_api/file=https:/example.org/x.png",
        "/gradio_api/proxy/file=ftp://example.org",
    ):
        assert client.get(path).status_code == 403
    assert client.get("/gradio_api/file=/tmp/gradio/picture.png").text == "reached"
    assert client.get("/vz/catalogue").text == "reached"


def test_handles_are_secret_and_never_repeat() -> None:
    visitors = Visitors()
    tokens = {visitors.welcome(f"session {number}") for number in range(50)}
    assert len(tokens) == 50
    assert all(len(token) == 32 for token in tokens)
    assert visitors.welcome("session 7") in tokens  # the same page keeps its token
    assert visitors.leave("nobody") == []


def test_all_uploads_together_stay_in_budget() -> None:
    visitors = Visitors(budget_bytes=1000)
    handles = [
        visitors.keep(visitors.welcome(f"session {number}"), np.zeros((10, 10, 3), np.uint8))
        for number in range(5)
    ]
    for gone in handles[:2]:
        with pytest.raises(GoneError, match="no longer kept"):
            visitors.picture(gone)
    assert all(visitors.picture(handle).shape == (10, 10, 3) for handle in handles[2:])
