"""What the browser does with the server: get a visitor's token, take binary answers apart."""

import json
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

Frame = tuple[dict[str, Any], dict[str, np.ndarray]]


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
