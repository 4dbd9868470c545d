"""What the arithmetic panel asks the server, without a browser."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import serving
from visualizer.panels.arithmetic import PANEL
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service

NET = "net=resnet_cifar10&weights=untrained&picture=sample:chelsea"


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with serving(service, PANEL.endpoints) as made:
        yield made


def ask(client: TestClient, layer: str, *cell: int, more: str = "", net: str = NET) -> Any:
    channel, row, column = cell
    path = f"/vz/trace?{net}&layer={layer}&channel={channel}&row={row}&column={column}{more}"
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def first_of(service: Service, op: str) -> str:
    model = service.shelf.get("resnet_cifar10", trained=False)
    return next(layer.name for layer in model.layers if layer.op == op)


def test_a_convolution_lists_the_strongest_channels_and_an_honest_rest(
    client: TestClient, service: Service
) -> None:
    model = service.shelf.get("resnet_cifar10", trained=False)
    layer = [layer for layer in model.layers if layer.op == "conv2d"][2]
    found = ask(client, layer.name, 3, 0, 5)
    groups, rest = found["groups"], found["rest"]
    sums = [abs(group["sum"]) for group in groups]
    assert sums == sorted(sums, reverse=True)
    assert len(groups) == 8
    assert rest["channels"] == model.graph[layer.inputs[0]].output_shape[0] - 8
    total = sum(group["sum"] for group in groups) + rest["sum"] + (found["bias"] or 0)
    assert total == pytest.approx(found["recomputed"], rel=1e-7)
    assert found["value"] == pytest.approx(total, rel=1e-4, abs=1e-5)
    expected = vz.feature_maps(model, vz.sample("chelsea"), [layer.name, *layer.inputs])
    assert np.float32(found["value"]) == expected[layer.name][3, 0, 5]
    group = groups[0]
    assert group["rows"] == [None, 0, 1]
    assert group["columns"] == [4, 5, 6]
    assert group["inputs"][0] == [None, None, None]
    assert np.float32(group["inputs"][1][2]) == expected[layer.inputs[0]][group["channel"], 0, 6]
    weights = model.module.state_dict()[f"{layer.name}.weight"].numpy()
    assert np.array_equal(np.float32(group["weights"]), weights[3, group["channel"]])
    top, left, height, width = vz.receptive_field(model, layer.name, 0, 5)
    box = {"top": top, "left": left, "bottom": top + height - 1, "right": left + width - 1}
    assert found["receptive"] == box


def test_all_channels_on_demand(client: TestClient, service: Service) -> None:
    layer = first_of(service, "linear")
    found = ask(client, layer, 4, 0, 0, more="&all=1")
    assert found["rest"] == {"channels": 0, "sum": 0}
    total = sum(group["sum"] for group in found["groups"]) + found["bias"]
    assert total == pytest.approx(found["recomputed"], rel=1e-6)
    assert sum(group["share"] for group in found["groups"]) == pytest.approx(1)


def test_each_family_has_what_its_drawing_needs(client: TestClient, service: Service) -> None:
    norm = ask(client, first_of(service, "batch_norm"), 2, 3, 4)
    constants = {one["name"]: one["value"] for one in norm["constants"]}
    assert norm["family"] == "norm"
    assert norm["before"] * constants["slope"] + constants["offset"] == pytest.approx(norm["value"])
    unary = ask(client, first_of(service, "relu"), 2, 3, 4)
    assert unary["family"] == "unary"
    assert unary["value"] == max(0, unary["before"])
    join = ask(client, first_of(service, "add"), 2, 3, 4)
    assert join["family"] == "join"
    assert sum(one["value"] for one in join["inputs"]) == pytest.approx(join["value"], rel=1e-6)
    softmax = ask(client, "softmax", 7, 0, 0)
    assert softmax["inputs"][0]["channel"] == 7
    assert softmax["inputs"][0]["label"] == "horse"
    assert softmax["inputs"][0]["share"] == pytest.approx(softmax["value"], rel=1e-5)
    exponentials = sum(one["exp"] for one in softmax["inputs"]) + softmax["rest"]["sum"]
    constants = {one["name"]: one["value"] for one in softmax["constants"]}
    assert exponentials == pytest.approx(constants["sum"])
    pooled = ask(client, "2", 1, 3, 5, net="net=lenet5&weights=untrained&picture=sample:digit_3")
    (window,) = pooled["groups"]
    assert pooled["family"] == "max"
    assert (window["rows"], window["columns"]) == ([6, 7], [10, 11])
    assert max(max(line) for line in window["inputs"]) == window["sum"] == pooled["value"]
    pixel = ask(client, "input", 1, 3, 5)
    assert pixel["family"] == "input"
    assert pixel["before"] == int(pixel["before"])


def test_every_layer_answers_with_json_that_browsers_read(
    client: TestClient, service: Service
) -> None:
    model = service.shelf.get("resnet_cifar10", trained=False)
    for layer in model.graph.layers:
        found = ask(client, layer.name, 0, 0, 0)
        json.dumps(found, allow_nan=False)
        assert found["recomputed"] == pytest.approx(found["value"], rel=1e-4, abs=1e-4)
        for reader in found["next"]:
            assert layer.name in model.graph[reader].inputs


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("layer=softmax&channel=10&row=0&column=0", 400, "channels 0 to 9, rows 0 to 0"),
        ("layer=softmax&channel=-1&row=0&column=0", 400, "whole number"),
        ("layer=softmax&channel=1&row=0", 400, "column="),
        ("layer=nowhere&channel=1&row=0&column=0", 404, "Nearest"),
    ],
)
def test_nonsense_gets_a_sentence(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(f"/vz/trace?{NET}&{path}")
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_what_is_forgotten_takes_one_run(service: Service) -> None:
    """A link opened late: the layer and its inputs come back together."""
    view = service.view({"net": "resnet_cifar10", "weights": "untrained",
                         "picture": "sample:chelsea"})  # fmt: skip
    runs: list[int] = []

    def batch() -> Any:
        runs.append(1)
        return np.zeros((1, *view.model.spec.input_shape), np.float32)

    layers = {"softmax", *view.model.layer("softmax").inputs}
    key = (view.key[0], "sample:another picture", "crop")
    for _ in range(2):
        found = service.observer.gather(view.model, key, layers, batch)
        assert found.keys() == layers
        assert found["softmax"].sum() == pytest.approx(1, abs=1e-5)
        assert len(runs) == 1
