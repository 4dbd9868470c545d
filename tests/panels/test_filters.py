"""What the Filters tab asks about weights and switched-off channels, without a browser."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import serving, unpack
from visualizer.panels.filters import ablation, weights
from visualizer.runtime.model import load_model
from visualizer.runtime.shelf import Shelf
from visualizer.ui.kept_answers import KeptAnswers
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS

VIEW = "net=lenet5&picture=sample:digit_3"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    service = Service(Shelf("cpu", "onnx"))
    endpoints = (*ENDPOINTS, *weights.ENDPOINTS, *ablation.ENDPOINTS)
    with serving(service, endpoints) as made:
        yield made


def ask(client: TestClient, path: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer = client.get(f"/vz/{path}")
    assert answer.status_code == 200, answer.text
    return unpack(answer.content)


def test_filters_need_no_picture_and_are_exact_where_few(client: TestClient) -> None:
    header, arrays = ask(client, "filters?net=lenet5&layer=3")
    expected = vz.filters(load_model("lenet5"), "3")
    assert (header["form"], header["exact"], header["source"]) == ("kernels", True, "2")
    assert np.array_equal(arrays["values"], expected)
    assert arrays["bias"].shape == (16,)
    assert header["checkpoints"] == 17


def test_a_fully_connected_layer_comes_as_the_maps_it_reads(client: TestClient) -> None:
    header, arrays = ask(client, "filters?net=lenet5&layer=7")
    assert (header["shape"], header["flattened"]) == ([120, 16, 5, 5], [16, 5, 5])
    shown = arrays["cells"] / header["steps"] * arrays["scale"][:, None]
    expected = vz.filters(load_model("lenet5"), "7").reshape(120, -1)
    assert np.abs(shown - expected).max() <= arrays["scale"].max() / header["steps"] / 2 + 1e-6
    _, kernel = ask(client, "filters/kernel?net=lenet5&layer=7&channel=9")
    assert np.array_equal(kernel["values"].ravel(), expected[9])
    assert kernel["alike"][9] == pytest.approx(1, rel=1e-5)


def test_the_twin_before_training(client: TestClient) -> None:
    header, arrays = ask(client, "filters?net=lenet5&layer=0&weights=untrained")
    expected = vz.filters(load_model("lenet5", weights=None), "0")
    assert header["trained"] is False
    assert np.array_equal(arrays["values"], expected)


def test_an_order_names_every_filter_once(client: TestClient) -> None:
    _, arrays = ask(client, "filters/order?net=lenet5&layer=3")
    assert sorted(arrays["order"].tolist()) == list(range(16))


def test_moments_of_the_training(client: TestClient) -> None:
    _, arrays = ask(client, "filters/checkpoints?net=lenet5&layer=0")
    assert arrays["values"].shape == (17, 6, 1, 5, 5)
    assert np.array_equal(arrays["values"][-1], vz.filters(load_model("lenet5"), "0"))
    answer = client.get("/vz/filters/checkpoints?net=lenet5&layer=7")
    assert answer.json()["error"].startswith("Nobody recorded how 7 of LeNet-5 was trained")


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("filters?net=lenet5&layer=1", 400, "which has no filters"),
        ("filters?net=lenet5&layer=", 404, "has no layer ''"),
        ("filters/kernel?net=lenet5&layer=3&channel=16", 400, "which has 16: 0 to 15"),
        ("filters/kernel?net=lenet5&layer=3&channel=x", 400, "is no whole number"),
        (f"ablation?{VIEW}&layer=3&channels=16", 400, "Channel 16 is outside 3"),
        (f"ablation?{VIEW}&layer=3&channels=1;2", 400, "is no list of channels"),
        (f"ablation?{VIEW}&layer=3&channels=1&target=10", 400, "There is no class 10"),
        (f"ablation/maps?{VIEW}&layer=3&channels=1&shown=0", 400, "does not depend on 3"),
    ],
)
def test_what_cannot_be_answered(client: TestClient, path: str, status: int, sentence: str) -> None:
    answer = client.get(f"/vz/{path}")
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_the_prediction_without_channels(client: TestClient) -> None:
    answer = client.get(f"/vz/ablation?{VIEW}&layer=3&channels=all&target=5").json()
    expected = vz.ablate(load_model("lenet5"), vz.sample("digit_3"), "3", range(16))
    assert answer["channels"] == list(range(16))
    assert answer["target"]["index"] == 5
    assert answer["target"]["logits"] == pytest.approx(
        [float(expected.logits_before[5]), float(expected.logits_after[5])], abs=1e-4
    )
    after = {one["index"]: one["after"] for one in answer["classes"]}
    assert after[expected.after[0].index] == pytest.approx(expected.after[0].probability, abs=1e-5)
    assert answer["reach"][-1] == "11"


def test_the_layers_behind(client: TestClient) -> None:
    rows = client.get(f"/vz/ablation/reach?{VIEW}&layer=3&channels=2").json()["reach"]
    assert [row["layer"] for row in rows] == ["4", "5", "7", "8", "9", "10", "11"]
    assert all(row["change"] > 0 for row in rows)
    header, arrays = ask(client, f"ablation/maps?{VIEW}&layer=3&channels=2&shown=4")
    assert (header["changed"], arrays["channels"][0]) == (1, 2)
    assert arrays["after"][0].max() == 0


def test_importance_streams_until_all_is_known(client: TestClient) -> None:
    token = client.post("/vz/visitors").json()["visitor"]
    answer = client.post(
        f"/vz/ablation/importance?{VIEW}&layer=3&target=3", headers={"X-Visitor": token}
    )
    frames, rest = [], answer.content
    while rest:
        length = int.from_bytes(rest[:4], "little")
        frames.append(unpack(rest[4 : 4 + length]))
        rest = rest[4 + length :]
    assert frames[-1][0]["done"] is True
    expected = vz.channel_importance(load_model("lenet5"), vz.sample("digit_3"), "3", 3)
    assert frames[-2][1]["falls"] == pytest.approx(expected, rel=1e-3, abs=1e-4)
    known = [header["known"] for header, _ in frames[:-1]]
    assert known == sorted(known)
    assert known[-1] == 16


def test_kept_answers_forget_the_least_recently_asked() -> None:
    kept, made = KeptAnswers(2), []

    def make(name: str) -> Any:
        made.append(name)
        return object()

    for name in "abacab":
        kept.get(name, lambda name=name: make(name))  # type: ignore[misc]
    assert "".join(made) == "abcb"
