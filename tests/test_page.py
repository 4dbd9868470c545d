"""What Gradio offers and this page refuses."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from visualizer.page import Closed


def test_addresses_are_never_fetched_for_a_visitor_and_the_disk_is_never_filled() -> None:
    async def reached(_request: object) -> PlainTextResponse:
        return PlainTextResponse("reached")

    routes = [Route("/{path:path}", reached, methods=["GET", "POST"])]
    client = TestClient(Starlette(routes=routes, middleware=[Middleware(Closed)]))
    for path in (
        "/gradio_api/file=http://127.0.0.1/secret",
        "/gradio_api/file=https:/example.org/x.png",
        "/gradio_api/proxy/file=ftp://example.org",
    ):
        assert client.get(path).status_code == 403
    assert client.post("/gradio_api/upload", content=b"x").status_code == 403
    assert client.get("/gradio_api/file=/tmp/gradio/picture.png").text == "reached"
    assert client.get("/vz/catalogue").text == "reached"
