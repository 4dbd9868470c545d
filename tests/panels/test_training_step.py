"""What the view "One step" asks the server, without a browser."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.as_browser import serving, unpack
from visualizer.analyses.step_records import EXACT_MOST
from visualizer.maths.optimisers import adam
from visualizer.panels.training import PANEL
from visualizer.panels.training.kept_steps import KeptSteps
from visualizer.runtime.shelf import Shelf
from visualizer.runtime.training.data import load_data
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.ui.service import Service
from visualizer.zoo.stack import find_network

STACK = "conv(4,3,padding=1);batchnorm;relu;maxpool(2);flatten;linear(classes)"


def made(stack: str = STACK, **settings: Any) -> Training:
    recipe = Recipe(epochs=2, batch_size=10, pictures=40, **settings)
    return Training(Task(find_network(stack), load_data("digits", side=12), recipe, seed=3))


@pytest.fixture
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture
def training() -> Training:
    return made(label_smoothing=0.1)


@pytest.fixture
def client(service: Service, training: Training) -> Iterator[TestClient]:
    handle, _ = service.trainings.keep("someone", training, 1000)
    address = f"http://testserver/vz/training/{handle}/step"
    with serving(service, PANEL.endpoints, base_url=address) as opened:
        yield opened


def ask(client: TestClient, query: str = "") -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer = client.get(query)
    assert answer.status_code == 200, answer.text
    return unpack(answer.content)


def told(client: TestClient, query: str) -> dict[str, Any]:
    answer = client.get(query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_whole_step(client: TestClient, training: Training) -> None:
    for _ in training.run(5):
        pass
    header, arrays = ask(client)
    assert (header["at"], header["step"], header["steps"]) == ("5", 6, 8)
    assert (header["epoch"], header["batch"], header["batches"]) == (2, 2, 4)
    assert header["optimiser"]["name"] == "adamw"
    assert arrays["pictures"].shape == (10, 12, 12, 1)
    assert arrays["probabilities"].sum(axis=1) == pytest.approx(np.ones(10), rel=1e-5)
    record = training.advance()
    assert header["loss"] == pytest.approx(record.loss, rel=1e-8)
    assert arrays["losses"].mean() == pytest.approx(record.loss, rel=1e-5)
    assert header["optimiser"]["rate"] == record.rate
    convolution = header["layers"][0]
    assert [one["name"] for one in convolution["weights"]] == ["0.weight", "0.bias"]
    assert convolution["weights"][0]["norm"] > 0


def test_a_layers_weights_gradients_and_maps(client: TestClient, training: Training) -> None:
    ask(client)
    header, arrays = ask(client, "layer?at=0&layer=0&picture=3")
    weight = dict(training.network.named_parameters())["0.weight"]
    np.testing.assert_array_equal(arrays["weight0"], weight.detach().numpy())
    assert header["arrays_of"][0]["weight"]["scale"] is None
    assert header["shape"] == [4, 12, 12]
    assert arrays["values"].shape == arrays["gradients"].shape == (4, 12, 12)
    training.advance()
    assert weight.grad is not None
    np.testing.assert_array_equal(arrays["gradient0"], weight.grad.numpy())


def test_a_large_array_is_sent_as_levels(service: Service) -> None:
    wide = made("flatten;linear(500);relu;linear(classes)")
    handle, _ = service.trainings.keep("someone", wide, 1000)
    address = f"http://testserver/vz/training/{handle}/step"
    with serving(service, PANEL.endpoints, base_url=address) as opened:
        header, arrays = ask(opened, "layer?at=0&layer=1&picture=0")
    exact = dict(wide.network.named_parameters())["1.weight"].detach().numpy()
    assert exact.size > EXACT_MOST
    assert arrays["weight0"].dtype == np.int8
    scale = header["arrays_of"][0]["weight"]["scale"]
    assert np.abs(arrays["weight0"] * scale - exact).max() <= scale * 0.5001


@pytest.mark.parametrize(
    ("name", "index"),
    [("0.weight", "2,0,1,2"), ("0.bias", "1"), ("1.weight", "3"), ("5.weight", "7,33")],
)
def test_a_weight_adds_up_and_its_update_recomputes(
    client: TestClient, training: Training, name: str, index: str
) -> None:
    for _ in training.run(3):
        pass
    ask(client)
    found = told(client, f"weight?at=3&weight={name}&index={index}&picture=4")
    products = [
        up * (1.0 if found["inputs"] is None else (found["inputs"][row][column] or 0.0))
        for row, line in enumerate(found["upstream"])
        for column, up in enumerate(line)
    ]
    assert sum(products) == pytest.approx(found["parts"][4], rel=1e-6, abs=1e-11)
    assert sum(found["parts"]) == pytest.approx(found["gradient"], rel=1e-3, abs=5e-7)
    update = found["update"]
    computed = adam(
        update["old"], update["gradient"], update["before"]["mean"], update["before"]["square"],
        int(update["after"]["step"]), rate=update["rate"], betas=tuple(update["betas"]),
        weight_decay=update["weight_decay"], decoupled=True,
    )  # fmt: skip
    assert float(computed.new) == pytest.approx(update["new"], rel=1e-6, abs=1e-8)
    training.advance()
    place = tuple(map(int, index.split(",")))
    weight = dict(training.network.named_parameters())[name]
    assert np.float32(update["new"]) == np.float32(weight.detach().numpy()[place])


def test_padding_is_told_from_zeros(client: TestClient) -> None:
    found = told(client, "weight?at=0&weight=0.weight&index=0,0,0,0&picture=0")
    assert found["inputs"][0] == [None] * 12
    assert found["inputs"][1][0] is None
    assert found["inputs"][1][1] is not None


def test_a_gradient_leads_back_to_the_label(client: TestClient) -> None:
    _, arrays = ask(client)
    found = told(client, "origin?at=0&layer=4&picture=2&cell=20,0,0")
    assert found["readers"] == ["5"]
    assert len(found["terms"]) + found["rest"]["count"] == 10
    total = sum(term["upstream"] * term["factor"] for term in found["terms"])
    assert total + found["rest"]["sum"] == pytest.approx(found["value"], rel=1e-4, abs=1e-9)
    term = found["terms"][0]
    end = told(client, f"origin?at=0&layer=5&picture=2&cell={','.join(map(str, term['cell']))}")
    assert end["value"] == term["upstream"]
    kind = term["cell"][0]
    target = 0.91 if kind == arrays["labels"][2] else 0.01
    assert end["target"] == pytest.approx(target)
    assert (end["probability"] - target) / 10 == pytest.approx(end["value"], rel=1e-4)
    whole = told(client, "origin?at=0&layer=0&picture=2&cell=0,5,5&all=1")
    assert whole["rest"] == {"count": 0, "sum": 0}


def test_the_real_step_is_compared(client: TestClient, training: Training) -> None:
    ask(client)
    assert told(client, "check?at=0")["taken"] is False
    training.advance()
    found = told(client, "check?at=0")
    assert found == {"taken": True, "same": found["count"], "count": 1498, "step": 1}
    training.advance()
    assert told(client, "check?at=0")["taken"] is False


def test_a_moment_is_explained_too(client: TestClient, training: Training) -> None:
    for _ in training.run():
        pass
    header, _ = ask(client, "?moment=1")
    assert (header["at"], header["step"]) == ("m1", 5)
    assert "only the weights are kept" in header["notes"][0]
    assert told(client, "weight?at=m1&weight=0.bias&index=0&picture=0")["name"] == "0.bias"
    assert client.get("?moment=9").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("layer?at=0&layer=nothing&picture=0", "no layer 'nothing'"),
        ("layer?at=0&layer=0&picture=10", "no picture 10: it has 10"),
        ("layer?at=4&layer=0&picture=0", "Step '4' is no longer kept: the training is at 0"),
        ("weight?at=0&weight=0.weight&index=x&picture=0", "give whole numbers"),
        ("weight?at=0&weight=0.weight&index=9,0,0,0&picture=0", "its shape is 4 × 1 × 3 × 3"),
        ("origin?at=0&layer=0&picture=0&cell=1,2", "give channel,row,column"),
    ],
)
def test_bad_questions(client: TestClient, query: str, sentence: str) -> None:
    ask(client)
    answer = client.get(query)
    assert answer.status_code in (400, 404)
    assert sentence in answer.json()["error"]


def test_kept_steps_are_few_and_go_with_their_training() -> None:
    one, other = made(), made()
    kept = KeptSteps(most_bytes=1)
    first = kept.explain(one, None)[1]
    assert kept.explain(one, None)[1] is first
    kept.explain(other, None)
    assert kept.explain(one, None)[1] is not first
    gone = weakref.ref(kept.explain(one, None)[1])
    del one, first
    gc.collect()
    assert gone() is None
