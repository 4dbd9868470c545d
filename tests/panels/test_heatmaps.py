"""What the Heatmaps tab asks the server, without a browser."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import serving, unpack
from visualizer.analyses.cam import METHODS
from visualizer.analyses.heatmap import rescale
from visualizer.maths.resize import resize_bilinear
from visualizer.panels.heatmaps.maps import ENDPOINTS
from visualizer.runtime.model import load_model
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE

VIEW = "net=resnet_cifar10&picture=sample:chelsea"
INNER = "layer2.relu1"


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with serving(service, [*ENDPOINTS, *WORKSPACE]) as made:
        yield made


def heat(client: TestClient, query: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer = client.get(f"/vz/heat?{VIEW}&{query}")
    assert answer.status_code == 200, answer.text
    return unpack(answer.content)


def frames(client: TestClient, query: str) -> list[tuple[dict[str, Any], dict[str, np.ndarray]]]:
    token = client.post("/vz/visitors").json()["visitor"]
    answer = client.post(f"/vz/heat/stream?{VIEW}&{query}", headers={"X-Visitor": token})
    assert answer.status_code == 200, answer.text
    found, start = [], 0
    while start < len(answer.content):
        length = int.from_bytes(answer.content[start : start + 4], "little")
        found.append(unpack(answer.content[start + 4 : start + 4 + length]))
        start += 4 + length
    assert found.pop()[0]["done"]
    return found


@pytest.mark.parametrize("name", [one.id for one in METHODS if one.id != "score-cam"])
def test_a_map_is_the_librarys_before_rescaling(client: TestClient, name: str) -> None:
    header, arrays = heat(client, f"method={name}&target=5")
    model = load_model("resnet_cifar10", backend="onnx")
    shown = rescale(resize_bilinear(arrays["heat"], 32, 32))
    library = vz.cam(model, vz.sample("chelsea"), name, target=5)
    assert shown == pytest.approx(library, abs=1e-4)
    assert (header["method"], header["layer"]) == (name, "layer3.relu2")
    assert (header["target"], header["label"], header["against"]) == (5, "dog", None)
    assert header["shape"] == [4, 4]
    assert header["minimum"] == pytest.approx(float(arrays["heat"].min()), rel=1e-6)
    assert header["maximum"] == pytest.approx(float(arrays["heat"].max()), rel=1e-6)
    assert header["zero"] is (not arrays["heat"].any())
    assert header["source"] == "layer"
    top, left, height, width = vz.receptive_field(model, "layer3.relu2", 1, 2)
    assert arrays["receptive_rows"][1].tolist() == [top, top + height - 1]
    assert arrays["receptive_columns"][2].tolist() == [left, left + width - 1]


def test_the_class_is_the_most_probable_or_the_one_asked_for(client: TestClient) -> None:
    model = load_model("resnet_cifar10")
    (top,) = vz.classify(model, vz.sample("chelsea"), top=1)
    header, _ = heat(client, "method=grad-cam")
    assert header["target"] == top.index
    assert header["probability"] == pytest.approx(top.probability, rel=1e-3)
    apart = heat(client, "method=cam&target=3&against=5")[1]["heat"]
    one, other = (heat(client, f"method=cam&target={index}")[1]["heat"] for index in (3, 5))
    assert apart == pytest.approx(one - other, abs=1e-4)


@pytest.mark.parametrize("name", ["score-cam", "ablation-cam"])
def test_a_long_method_is_streamed_and_then_known(client: TestClient, name: str) -> None:
    query = f"method={name}&layer={INNER}"
    client.get(f"/vz/run?{VIEW}")
    refused = client.get(f"/vz/heat?{VIEW}&{query}")
    assert refused.status_code == 400
    assert "Start it" in refused.json()["error"]
    found = frames(client, f"{query}&target=3")
    header, arrays = found[-1]
    assert header["step"] == header["steps"] == len(found)
    assert header["remaining_s"] == 0
    model = load_model("resnet_cifar10", backend="onnx")
    library = vz.cam(model, vz.sample("chelsea"), name, target=3, layer=INNER)
    shown = rescale(resize_bilinear(arrays["heat"], 32, 32))
    assert shown == pytest.approx(library, abs=1e-3)
    _, same = heat(client, f"{query}&target=3")
    assert np.array_equal(same["heat"], arrays["heat"])
    assert heat(client, f"{query}&target=8")[0]["target"] == 8  # another class needs no run
    assert len(frames(client, f"{query}&target=8")) == 1


def test_it_grows(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visualizer.analyses.channel_survey.BATCH_MOST", 16)
    found = frames(client, "method=ablation-cam&layer=layer2.bn1")
    assert [header["step"] for header, _ in found] == [1, 2, 3, 4, 5, 6]
    assert all(header["remaining_s"] > 0 for header, _ in found[:-1])
    maps = [arrays["heat"] for _, arrays in found]
    assert not np.array_equal(maps[0], maps[-1])


def test_a_cell_adds_up_to_the_maps_value(client: TestClient) -> None:
    for name in ("grad-cam", "layer-cam", "cam", "eigen-cam", "shapley-cam"):
        header, arrays = heat(client, f"method={name}&target=3")
        path = f"/vz/heat/explain?{VIEW}&method={name}&target=3&row=1&column=2"
        answer = client.get(path).json()
        assert len(answer["channels"]) == 8
        for one in answer["channels"]:
            assert one["weight"] * one["activation"] == pytest.approx(one["product"], rel=1e-6)
        products = [abs(one["product"]) for one in answer["channels"]]
        assert products == sorted(products, reverse=True)
        assert answer["rest"]["channels"] == 120
        listed = sum(one["product"] for one in answer["channels"])
        assert listed + answer["rest"]["sum"] == pytest.approx(answer["sum"], rel=1e-6)
        shown = answer["sum"] if answer["after_relu"] is None else answer["after_relu"]
        assert (answer["after_relu"] is None) is header["signed"]
        assert shown == pytest.approx(float(arrays["heat"][1, 2]), rel=1e-4)
        assert answer["value"] == pytest.approx(float(rescale(arrays["heat"])[1, 2]), rel=1e-4)
        assert answer["sentence"].startswith("At row 1, column 2, the 128 channels of layer3.relu2")


def test_the_menu_says_beforehand_what_cannot_be_done(client: TestClient) -> None:
    menu = client.get(f"/vz/heat/methods?{VIEW}&layer=layer2.bn1").json()
    entries = {one["id"]: one for one in menu["methods"]}
    assert menu["default"] == {"method": "grad-cam", "layer": "layer3.relu2"}
    assert not entries["cam"]["available"]
    assert "global average pooling" in entries["cam"]["reason"]
    assert entries["grad-cam"]["available"]
    assert entries["grad-cam"]["reason"] is None
    assert entries["ablation-cam"]["long"]
    assert entries["score-cam"]["long"]
    assert entries["saliency"]["family"] == "attribution"
    last = client.get(f"/vz/heat/methods?{VIEW}").json()
    entries = {one["id"]: one for one in last["methods"]}
    assert entries["cam"]["available"]
    assert not entries["ablation-cam"]["long"]  # a closed form
    assert {one["name"] for one in menu["layers"]} >= {"conv1", "layer3.relu2"}
    assert not {"avgpool", "fc", "softmax", "input"} & {one["name"] for one in menu["layers"]}
    assert client.get("/vz/classes?net=resnet_cifar10").json()["labels"][3] == "cat"


def test_pixel_attributions_come_from_the_same_address(client: TestClient) -> None:
    header, arrays = heat(client, "method=saliency&target=3")
    assert header["shape"] == [32, 32]
    assert header["source"] == "input"
    assert header["layer"] is None
    assert arrays["receptive_rows"].tolist() == [[row, row] for row in range(32)]
    path = f"/vz/heat/explain?{VIEW}&method=saliency&target=3&row=1&column=2"
    assert "no sum over channels" in client.get(path).json()["error"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"heat?{VIEW}&method=grad", 404, "Nearest: grad-cam"),
        (f"heat?{VIEW}&method=grad-cam&target=10", 400, "0 to 9"),
        (f"heat?{VIEW}&method=grad-cam&target=x", 400, "whole number"),
        (f"heat?{VIEW}&method=grad-cam&target=1&against=1", 400, "against itself"),
        (f"heat?{VIEW}&method=grad-cam&layer=fc", 400, "no places left"),
        (f"heat?{VIEW}&method=cam&layer=layer1.add", 400, "global average pooling"),
        (f"heat/methods?{VIEW}&layer=nothing", 404, "no layer 'nothing'"),
        (f"heat/explain?{VIEW}&method=grad-cam&row=4&column=0", 400, "rows 0 to 3"),
        ("classes?net=nothing", 404, "no network"),
    ],
)
def test_nonsense_gets_a_sentence(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(f"/vz/{path}")
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_what_was_worked_out_from_a_picture_goes_with_it(
    client: TestClient, service: Service
) -> None:
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    token = client.post("/vz/visitors").json()["visitor"]
    upload = client.post("/vz/pictures", content=file.getvalue(), headers={"X-Visitor": token})
    view = f"net=resnet_cifar10&picture={upload.json()['picture']}"
    before = service.observer.size_bytes
    assert client.get(f"/vz/heat?{view}&method=grad-cam").status_code == 200
    assert service.observer.size_bytes > before
    client.post("/vz/visitors/leave", content=token)
    assert service.observer.size_bytes == before
