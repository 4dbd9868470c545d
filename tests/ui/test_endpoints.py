"""What the page asks the server, without a browser."""

import asyncio
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

import visualizer as vz
from tests.as_browser import newcomer, serving, unpack
from visualizer.panels import PANELS
from visualizer.runtime.model import load_model
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS

VIEW = "net=lenet5&weights=untrained&picture=sample:digit_3"


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    endpoints = [*ENDPOINTS, *(one for panel in PANELS for one in panel.endpoints)]
    with serving(service, endpoints) as made:
        yield made


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def upload(client: TestClient, token: str, pixels: np.ndarray) -> str:
    answer = client.post("/vz/pictures", content=png(pixels), headers={"X-Visitor": token})
    assert answer.status_code == 200, answer.text
    handle: str = answer.json()["picture"]
    return handle


def test_run_tells_prediction_layers_and_frame(client: TestClient) -> None:
    answer = client.get(f"/vz/run?{VIEW}").json()
    model = load_model("lenet5", backend="onnx", weights=None)
    expected = vz.classify(model, vz.sample("digit_3"))
    assert [one["index"] for one in answer["top"]] == [one.index for one in expected]
    assert answer["weights"] == "untrained"
    assert answer["trained"] is False
    assert [one["name"] for one in answer["layers"]] == ["input", *(x.name for x in model.layers)]
    relu = vz.feature_maps(model, vz.sample("digit_3"), ["1"])["1"]
    assert answer["layers"][2]["zeros"] == pytest.approx((relu == 0).mean())


def test_maps_and_values_are_the_networks_own(client: TestClient) -> None:
    model = load_model("lenet5", backend="onnx", weights=None)
    expected = vz.feature_maps(model, vz.sample("digit_3"), ["3"])["3"]
    header, arrays = unpack(client.get(f"/vz/maps?{VIEW}&layer=3").content)
    assert header["exact"]
    assert np.array_equal(arrays["values"], expected)
    assert np.array_equal(arrays["maximum"], expected.max(axis=(1, 2)))
    top, left, height, width = vz.receptive_field(model, "3", 2, 7)
    assert arrays["receptive_rows"][2].tolist() == [top, top + height - 1]
    assert arrays["receptive_columns"][7].tolist() == [left, left + width - 1]
    _, one = unpack(client.get(f"/vz/values?{VIEW}&layer=3&channel=15").content)
    assert np.array_equal(one["values"], expected[15])
    with np.load(io.BytesIO(client.get(f"/vz/export?{VIEW}&layer=3").content)) as file:
        assert np.array_equal(file["3"], expected)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/vz/run?net=lenet55&picture=sample:digit_3", 404, "lenet5"),
        ("/vz/run?net=lenet5&picture=sample:digit", 404, "digit_3"),
        ("/vz/run?net=lenet5&picture=deadbeef", 410, "no longer kept"),
        (f"/vz/run?{VIEW}&framing=zoom", 404, "crop, fit, stretch"),
        (f"/vz/maps?{VIEW}&layer=33", 404, "Nearest"),
        (f"/vz/values?{VIEW}&layer=3&channel=16", 400, "0 to 15"),
        (f"/vz/values?{VIEW}&layer=3&channel=-1", 400, "whole number"),
        (f"/vz/values?{VIEW}&layer=3&channel=%C2%B2", 400, "whole number"),
        (f"/vz/values?{VIEW}&layer=3", 400, "whole number"),
        ("/vz/assets/0000/js/store.js", 404, "Reload"),
    ],
)
def test_nonsense_gets_a_sentence(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_weights_that_are_missing_are_offered(
    client: TestClient, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    answer = client.get("/vz/run?net=alexnet&picture=sample:chelsea")
    assert answer.status_code == 409
    assert answer.json()["weights_missing"]
    assert "untrained" in answer.json()["error"]
    entries = {one["name"]: one for one in client.get("/vz/catalogue").json()["models"]}
    assert entries["alexnet"]["ready"] is False
    assert entries["alexnet"]["download"]
    assert entries["efficientnet_lite0"]["ready"]


def test_assets_are_served_and_nothing_beside_them(client: TestClient) -> None:
    from visualizer.ui.widget import build_hash

    found = client.get(f"/vz/assets/{build_hash()}/js/store.js")
    assert found.status_code == 200
    assert "javascript" in found.headers["content-type"]
    assert "immutable" in found.headers["cache-control"]
    style = client.get(f"/vz/assets/{build_hash()}/style.css")
    assert "text/css" in style.headers["content-type"]
    assert "--vz-paper" in style.text.partition("}")[0]  # the shared tokens first
    for path in ("../pyproject.toml", "%2e%2e/pyproject.toml", "js/../../app.py", "js"):
        assert client.get(f"/vz/assets/{build_hash()}/{path}").status_code == 404
    assert client.get("/vz/assets/000000000000/style.css").status_code == 404


def test_uploads_need_a_visitor_and_end_with_the_page(client: TestClient, service: Service) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 28, 3), dtype=np.uint8)
    assert client.post("/vz/pictures", content=png(pixels)).status_code == 410
    token, other = newcomer(client), newcomer(client)
    handle, twin = upload(client, token, pixels), upload(client, other, pixels)
    view = f"net=lenet5&weights=untrained&picture={handle}"
    assert client.get(f"/vz/run?{view}").json()["cached"] is False
    run = client.get(f"/vz/run?net=lenet5&weights=untrained&picture={twin}")
    assert run.json()["cached"] is False  # an equal picture of somebody else tells nothing
    shown = client.get(f"/vz/pictures/{handle}")
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["cache-control"] == "no-store"
    assert client.post("/vz/visitors/stay", headers={"X-Visitor": token}).status_code == 204
    before = service.observer.size_bytes
    assert client.post("/vz/visitors/leave", content=token).status_code == 204
    assert service.observer.size_bytes < before
    assert client.get(f"/vz/run?{view}").status_code == 410
    assert client.get(f"/vz/pictures/{handle}").status_code == 410
    assert client.get(f"/vz/pictures/{twin}").status_code == 200
    assert client.post("/vz/visitors/stay", headers={"X-Visitor": token}).status_code == 410


def test_ten_visitors_at_once_see_their_own_picture(client: TestClient) -> None:
    model = load_model("lenet5", backend="onnx", weights=None)

    def visit(seed: int) -> bool:
        pixels = np.random.default_rng(seed).integers(0, 256, (33, 50, 3), dtype=np.uint8)
        handle = upload(client, newcomer(client), pixels)
        view = f"net=lenet5&weights=untrained&picture={handle}&layer=3"
        _, arrays = unpack(client.get(f"/vz/maps?{view}").content)
        return np.array_equal(arrays["values"], vz.feature_maps(model, pixels, ["3"])["3"])

    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(visit, range(10)))


def test_a_visitor_keeps_few_pictures(client: TestClient) -> None:
    token = newcomer(client)
    handles = [upload(client, token, np.full((9, 9, 3), shade, np.uint8)) for shade in range(8)]
    found = [client.get(f"/vz/pictures/{handle}").status_code for handle in handles]
    assert found == [410, 410, 200, 200, 200, 200, 200, 200]


def test_every_hostile_file_gets_a_sentence_and_the_server_lives(
    client: TestClient, bad_inputs: Any
) -> None:
    folder, rows = bad_inputs
    token = newcomer(client)
    for row in rows:
        body = (folder / row["file"]).read_bytes()
        answer = client.post("/vz/pictures", content=body, headers={"X-Visitor": token})
        if answer.status_code == 200:
            assert row["verdict"] == "ok", row
        else:
            assert answer.status_code == 400, row
            assert len(answer.json()["error"]) < 240
    assert client.get(f"/vz/run?{VIEW}").status_code == 200


def test_a_body_where_none_belongs_is_not_read(client: TestClient) -> None:
    too_long = client.post("/vz/visitors/leave", content=b"x" * 1000)
    assert too_long.status_code == 400
    assert "limit" in too_long.json()["error"]


def test_of_a_stranger_not_a_byte_is_read(service: Service) -> None:
    """50 MB are taken from pages that opened an account, from nobody else."""

    async def receive() -> Message:
        raise AssertionError("the body was read")

    upload = next(one for one in ENDPOINTS if one.path == "/pictures")
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    run = upload.route(service).endpoint  # type: ignore[attr-defined]
    answer = asyncio.run(run(Request(scope, receive)))
    assert answer.status_code == 410
    assert b"Reload the page" in answer.body
