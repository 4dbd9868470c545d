"""What the browser does with the server: reach it, arrive as a visitor, read binary answers."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from visualizer.ui.http import Endpoint
from visualizer.ui.service import Service

Frame = tuple[dict[str, Any], dict[str, np.ndarray]]


def serving(service: Service, endpoints: Iterable[Endpoint], **options: Any) -> TestClient:
    """Serve endpoints to a client, as the page's server does."""
    return TestClient(Starlette(routes=[one.route(service) for one in endpoints]), **options)


def newcomer(client: TestClient) -> str:
    """Arrive as a new visitor; the token comes back."""
    token: str = client.post("/vz/visitors").json()["visitor"]
    return token


def unpack(body: bytes) -> Frame:
    """Read one container: its header, which is strict JSON, and its arrays by name."""
    length = int.from_bytes(body[:4], "little")
    header = json.loads(body[4 : 4 + length], parse_constant=lambda word: pytest.fail(word))
    arrays = {}
    for name, entry in header.get("arrays", {}).items():
        start, count = 4 + length + entry["offset"], int(np.prod(entry["shape"]))
        arrays[name] = np.frombuffer(body, entry["dtype"], count, start).reshape(entry["shape"])
    return header, arrays


def frames_of(body: bytes) -> list[Frame]:
    """Cut a stream into its frames; the header of the last one has ``done``."""
    frames = []
    while body:
        length = int.from_bytes(body[:4], "little")
        frames.append(unpack(body[4 : 4 + length]))
        body = body[4 + length :]
    return frames
