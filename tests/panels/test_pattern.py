"""Optimised pictures over HTTP: frames as they grow, errors in words, an end for closed pages."""

import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import serving
from visualizer.analyses.drive import drive, strongest, suiting
from visualizer.panels.filters import pattern
from visualizer.runtime.pattern.objective import Objective
from visualizer.runtime.pattern.visualize import visualize_filter
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service

ASKED = {"net": "lenet5", "layer": "3", "channel": "5", "steps": "6", "count": "1", "seed": "2",
         "size": "0"}  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with serving(service, pattern.ENDPOINTS) as made:
        yield made


def frames(body: bytes) -> list[tuple[dict[str, Any], dict[str, bytes]]]:
    """Cut a stream into headers and arrays, as the browser does."""
    found = []
    while body:
        length = int.from_bytes(body[:4], "little")
        frame, body = body[4 : 4 + length], body[4 + length :]
        head = int.from_bytes(frame[:4], "little")
        header = json.loads(frame[4 : 4 + head])
        arrays = {
            name: frame[4 + head + entry["offset"] :][: entry["shape"][0]]
            for name, entry in header["arrays"].items()
        }
        found.append((header, arrays))
    return found


def ask(client: TestClient, service: Service, **changes: str) -> list[Any]:
    headers = {"X-Visitor": service.visitors.welcome()}
    answer = client.post("/vz/pattern", params={**ASKED, **changes}, headers=headers)
    assert answer.status_code == 200, answer.text
    return frames(answer.content)


def test_the_stream_ends_with_the_librarys_own_picture(
    client: TestClient, service: Service
) -> None:
    found = ask(client, service, picture="sample:digit_3")
    kinds = [header.get("kind") for header, _ in found]
    assert (kinds[0], kinds[-2:]) == ("start", ["final", None])
    assert found[-1][0]["done"]
    assert sum(len(header["values"]) for header, _ in found if header.get("kind") == "step") == 6
    model = vz.load_model("lenet5", device="cpu")
    with Image.open(io.BytesIO(found[-2][1]["picture_0"])) as file:
        assert file.format == "PNG"
        sent = np.asarray(file)
    assert np.array_equal(sent, visualize_filter(model, "3", 5, steps=6, seed=2))
    maps = vz.feature_maps(model, vz.sample("digit_3"), ["3"])["3"]
    (own,) = [header["value"] for header, _ in found if header.get("kind") == "picture"]
    assert own == pytest.approx(maps[5].mean(), rel=1e-4)
    assert kinds[1] == "step"  # the picture is seen to grow before anything else is measured


def test_the_strongest_sample_is_named(client: TestClient, service: Service) -> None:
    headers = [header for header, _ in ask(client, service)]
    model = vz.load_model("lenet5", device="cpu")
    names = ("digit_2", "digit_3", "digit_5", "digit_8")
    means = [vz.feature_maps(model, vz.sample(name), ["3"])["3"][5].mean() for name in names]
    last = [header for header in headers if header.get("kind") == "strongest"][-1]
    assert last["value"] == pytest.approx(max(means), rel=1e-4)
    assert last["title"] == f"Digit {names[int(np.argmax(means))][-1]}"


def test_several_pictures_come_at_once_and_a_class_means_its_logit(
    client: TestClient, service: Service
) -> None:
    found = ask(client, service, kind="class", count="2", layer="")
    assert found[0][0]["layer"] == "11"
    assert set(found[-2][1]) == {"picture_0", "picture_1"}
    assert len(found[-2][0]["reached"]) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"layer": "33"}, "Nearest"),
        ({"channel": "16"}, "0 to 15"),
        ({"count": "7"}, "1 to 6 pictures at once, not 7"),
        ({"steps": "5000"}, "1 to 4096 steps, not 5000"),
        ({"kind": "dream"}, "Choose channel, cell, layer, class"),
        ({"size": "64", "layer": "11"}, "own size, 28 × 28"),
        ({"seed": "x"}, "whole number"),
    ],
)
def test_nonsense_gets_a_sentence(
    client: TestClient, service: Service, changes: dict[str, str], words: str
) -> None:
    assert words in ask(client, service, **changes)[-1][0]["error"]


def test_a_closed_page_cannot_start_one(client: TestClient) -> None:
    answer = client.post("/vz/pattern", params=ASKED, headers={"X-Visitor": "nobody"})
    assert answer.status_code == 410


def test_a_page_that_is_closed_ends_its_ascent_within_a_slice(service: Service) -> None:
    from visualizer.ui.http import Query

    query = Query({**ASKED, "steps": "4096"}, b"", "me", {})
    growing = pattern._frames(service, query)
    reports = [next(growing)[0] for _ in range(12)]
    growing.close()
    steps = [header["step"] for header in reports if header["kind"] == "step"]
    assert 0 < steps[-1] < 4096
    with pytest.raises(StopIteration):
        next(growing)


def test_real_pictures_are_measured_by_hand() -> None:
    maps = np.array([[[1.0, 3], [0, 0]], [[-2, 0], [4, 0]]], dtype=np.float32)
    assert drive(Objective("x", 0), maps) == 1
    assert drive(Objective("x", 1, "centre"), maps) == 4
    assert drive(Objective("x", 1, "centre", negative=True), maps) == -2
    assert drive(Objective("x"), maps) == pytest.approx(30 / 8)


def test_a_network_without_samples_of_its_own_looks_at_photos() -> None:
    model = vz.load_model("resnet_cifar10", device="cpu", weights=None)
    assert {sample.suits for sample in suiting(model)} == {"imagenet"}
    best = [found.value for found in strongest(model, Objective("layer1.add", 1, negative=True))]
    assert best == sorted(best, reverse=True)
    assert best[-1] < best[0]


@pytest.mark.slow
def test_hanging_up_frees_the_machine_within_a_second(service: Service) -> None:
    """A real server, a long ascent on a large network, and a connection closed in the middle."""
    app = Starlette(routes=[one.route(service) for one in pattern.ENDPOINTS])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    asked = {**ASKED, "net": "efficientnet_lite0", "layer": "blocks.3.2.add", "steps": "4096"}
    try:
        while not server.started:
            time.sleep(0.01)
        with socket.create_connection(("127.0.0.1", port)) as line:
            head = f"POST /vz/pattern?{urlencode(asked)} HTTP/1.1\r\nHost: here\r\n"
            visitor = service.visitors.welcome()
            line.sendall(f"{head}X-Visitor: {visitor}\r\nContent-Length: 0\r\n\r\n".encode())
            received = b""
            while b'"kind":"step"' not in received.replace(b" ", b""):
                received += line.recv(65_536)
            assert service.work.running == 1
        gone = time.monotonic()
        while service.work.running and time.monotonic() < gone + 1:
            time.sleep(0.01)
        assert service.work.running == 0
    finally:
        server.should_exit = True
        thread.join()
