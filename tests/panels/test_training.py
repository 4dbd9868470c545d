"""What the Training tab asks the server, without a browser."""

import gc
import io
import json
import threading
import time
import weakref
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import Frame, frames_of, newcomer, serving, unpack
from visualizer.errors import BusyError, VisualizerError
from visualizer.panels.training import PANEL, running
from visualizer.panels.training.memory import Allowance, memory
from visualizer.runtime.shelf import Shelf
from visualizer.runtime.training.data import load_data
from visualizer.runtime.training.history import Moment
from visualizer.runtime.training.keeping import onnx_file, weights_file
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.showing import Display, Look, finished, levels
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.trained_model import make_model
from visualizer.runtime.training.training import Training
from visualizer.ui import trainings
from visualizer.ui.collections import ENDPOINTS as COLLECTIONS
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE
from visualizer.zoo.stack import find_network

SMALL = "stack=conv(4,3,2);relu;flatten;linear(classes)&data=digits&side=12"
QUICK = f"{SMALL}&epochs=3&batch=256&rate=0.01"


@pytest.fixture
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    endpoints = [*PANEL.endpoints, *COLLECTIONS, *WORKSPACE]
    with serving(service, endpoints) as made:
        made.headers["X-Visitor"] = newcomer(made)
        yield made


def opened(client: TestClient, question: str = QUICK) -> Frame:
    answer = client.post(f"/vz/training/open?{question}")
    assert answer.status_code == 200, answer.text
    return unpack(answer.content)


def run(client: TestClient, handle: str, question: str = "") -> list[Frame]:
    answer = client.post(f"/vz/training/{handle}/run?{question}")
    assert answer.status_code == 200, answer.text
    frames = frames_of(answer.content)
    assert frames.pop()[0].get("done") is True
    return frames


def small_training(steps: int = 0, **recipe: Any) -> Training:
    network = find_network("conv(4,3,2);relu;flatten;linear(classes)")
    settings = Recipe(**{"epochs": 3, "batch_size": 256, "learning_rate": 0.01, **recipe})
    training = Training(Task(network, load_data("digits", side=12), settings))
    for _ in training.run(steps):
        pass
    return training


def test_the_menu_offers_networks_layers_data_and_what_is_usual(client: TestClient) -> None:
    menu = client.get("/vz/training/menu").json()
    names = [one["name"] for one in menu["networks"]]
    assert names[0] == "lenet5"
    assert {"small_vgg", "small_resnet", "depthwise", "mlp", "linear"} < set(names)
    assert [one["name"] for one in menu["data"]][:2] == ["digits", "shapes"]
    assert menu["data"][0]["ready"] is True
    assert [one["training"] for one in menu["data"]][:3] == [1_294, 4_000, 55_000]
    assert {one["name"] for one in menu["kinds"]} >= {"conv", "relu", "maxpool", "linear"}
    assert menu["ranges"]["epochs"]["low"] == 1
    for network in names:
        for data in ("digits", "mnist", "recipe"):
            usual = menu["defaults"][network][data]
            assert usual["optimiser"] in [one["name"] for one in menu["optimisers"]]
            assert menu["ranges"]["rate"]["low"] <= usual["rate"] <= menu["ranges"]["rate"]["high"]
            rates = menu["rates"][network][data]
            assert rates.keys() == {one["name"] for one in menu["optimisers"]}
            assert rates["adamw"] == usual["rate"] < rates["momentum"] < rates["sgd"]
    header, _ = opened(client, f"{SMALL}&optimiser=sgd")
    assert header["setup"]["rate"] == 1.5 * 0.1  # few pictures, small batches


def test_a_stack_is_described_row_by_row_and_a_misfit_says_where(client: TestClient) -> None:
    lenet = client.get("/vz/training/stack?network=lenet5&data=digits").json()
    assert lenet["totals"] == {"parameters": 61_706, "macs": 416_520}
    assert lenet["rows"][0]["output_shape"] == [6, 28, 28]
    assert lenet["fits"] is True
    stack = "maxpool(8);conv(6,5);flatten;linear(classes)"
    bad = client.get(f"/vz/training/stack?stack={stack}&data=digits")
    assert bad.status_code == 200
    first, second = bad.json()["rows"][:2]
    assert first["error"] is None
    assert second["error"]
    assert second["way_out"]
    assert bad.json()["fits"] is False
    unreadable = client.get("/vz/training/stack?stack=flatten;lineer(3)")
    assert unreadable.status_code == 400
    assert "lineer" in unreadable.json()["error"]


def test_every_epochs_end_brings_its_answers_and_filters(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Allowance, "due", False)
    handle = opened(client)[0]["training"]
    frames = run(client, handle, "layer=0")
    ends = [(header, arrays) for header, arrays in frames if header["moment"] is not None]
    assert len(ends) == 3
    assert not any(name in arrays for _, arrays in ends[:2] for name in ("maps", "features"))
    for header, arrays in ends:
        asked = client.get(f"/vz/training/{handle}/moment?moment={header['moment']}&layer=0")
        _, shown = unpack(asked.content)
        for name in ("filters", "predicted", "loss_each"):
            np.testing.assert_array_equal(arrays[name], shown[name])
        assert (header["layer"], header["filters_of"]) == ("0", 4)
        loss = header["validation"]["loss"]
        assert arrays["loss_each"].mean() == pytest.approx(loss, rel=1e-5)


def test_without_a_moment_the_network_is_shown_as_it_is_now(
    client: TestClient, service: Service
) -> None:
    header, _ = opened(client)
    handle, epoch = header["training"], header["steps_per_epoch"]
    training = service.trainings.get(handle)
    question = f"/vz/training/{handle}/moment?layer=0"
    run(client, handle, f"steps={epoch}")
    assert unpack(client.get(question).content)[0]["moment"] == 1
    run(client, handle, "steps=2")
    told, shown = unpack(client.get(question).content)
    assert (told["moment"], told["step"], told["epoch"]) == (None, epoch + 2, 1)
    weights = training.network.state_dict()["0.weight"].numpy()
    np.testing.assert_array_equal(shown["filters"], weights)
    assert not np.array_equal(weights, training.moments[-1].state["0.weight"].numpy())
    answers = training.predict(training.task.data.validation).argmax(1)
    assert shown["predicted"].tolist() == answers.tolist()


def test_a_training_runs_to_its_end_and_every_step_is_told_once(client: TestClient) -> None:
    header, arrays = opened(client)
    steps = header["steps"]
    assert (header["step"], header["epoch"], header["epochs"]) == (0, 0, 3)
    assert steps == 3 * header["steps_per_epoch"]
    assert [one["moment"] for one in header["moments"]] == [0]
    assert arrays["labels"].dtype == np.uint8
    assert len(arrays["labels"]) == header["counts"]["validation"]
    assert header["setup"]["data"] == "digits"
    assert [one["filters"] for one in header["layers"]] == [True, False, False, True]
    frames = run(client, header["training"], "layer=0&example=2")
    told = np.concatenate([arrays["steps"] for _, arrays in frames])
    assert told.tolist() == list(range(1, steps + 1))
    assert [h["moment"] for h, _ in frames if h["moment"] is not None] == [1, 2, 3]
    last, shown = frames[-1]
    assert (last["step"], last["ended"], last["why"], last["left_s"]) == (steps, True, None, 0)
    assert shown["filters"].shape == (4, 1, 3, 3)
    assert shown["maps"].shape == (4, 5, 5)
    assert shown["predicted"].shape == shown["loss_each"].shape == arrays["labels"].shape
    assert shown["features"].shape[0] == min(300, len(arrays["labels"]))
    right = (shown["predicted"] == arrays["labels"]).mean()
    assert right == pytest.approx(last["validation"]["accuracy"], abs=1e-6)
    assert shown["loss_each"].mean() == pytest.approx(last["validation"]["loss"], rel=1e-4)
    state, history = unpack(client.get(f"/vz/training/{header['training']}").content)
    assert state["ended"] is True
    assert len(state["moments"]) == 4
    losses = np.concatenate([arrays["losses"] for _, arrays in frames])
    assert history["losses"].tolist() == losses.tolist()


def test_run_in_pieces_it_reaches_the_weights_of_a_notebook(client: TestClient) -> None:
    header, _ = opened(client, f"{QUICK}&seed=5")
    handle = header["training"]
    for steps in (1, 3):
        (*_, (last, shown)) = run(client, handle, f"steps={steps}")
        assert "predicted" in shown or steps > 1
    assert last["step"] == 4
    run(client, handle)
    model = vz.train(
        "conv(4,3,2);relu;flatten;linear(classes)", "digits", side=12, epochs=3,
        batch_size=256, learning_rate=0.01, seed=5,
    )  # fmt: skip
    file = client.get(f"/vz/training/{handle}/download?as=safetensors")
    assert file.status_code == 200
    mine = client.get(f"/vz/training/{handle}/moment?moment=3&layer=0")
    filters = unpack(mine.content)[1]["filters"]
    assert np.array_equal(filters, vz.filters(model, "0"))


def test_the_python_lines_repeat_the_training(client: TestClient) -> None:
    question = f"{QUICK}&seed=2&optimiser=momentum&schedule=cosine&smoothing=0.1&pictures=300"
    header, _ = opened(client, question)
    handle = header["training"]
    run(client, handle)
    lines = client.get(f"/vz/training/{handle}/download?as=python").text
    assert handle not in lines
    space: dict[str, Any] = {}
    exec(lines.replace("print", "str"), space)
    shown = unpack(client.get(f"/vz/training/{handle}/moment?moment=3&layer=0").content)[1]
    assert np.array_equal(shown["filters"], vz.filters(space["model"], "0"))


def test_a_moment_shows_what_the_network_was(client: TestClient, service: Service) -> None:
    header, _ = opened(client)
    handle = header["training"]
    run(client, handle)
    training = service.trainings.get(handle)
    for k in (0, 2, 1):
        answer = client.get(f"/vz/training/{handle}/moment?moment={k}&layer=1&example=7")
        told, shown = unpack(answer.content)
        module, data = training.module(k), training.task.data
        with torch.inference_mode():
            made = training.inputs(data.validation.pictures)
            maps = torch.relu(module.get_submodule("0")(made[7:8]))[0].numpy()
            logits = module(made)
        low, high = told["maps_range"]
        np.testing.assert_allclose(
            low + shown["maps"] / 255 * (high - low), maps, atol=(high - low) / 255
        )
        assert shown["predicted"].tolist() == logits.argmax(1).tolist()
        assert "filters" not in shown
        assert (told["moment"], told["epoch"]) == (k, k)
    own = client.get(f"/vz/training/{handle}/moment?moment=1&layer=0&picture=sample:digit_3")
    told, shown = unpack(own.content)
    assert told["example"] is None
    assert shown["seen"].shape == (12, 12, 1)
    seen = torch.tensor(shown["seen"]).permute(2, 0, 1)[None]
    with torch.inference_mode():
        probabilities = training.module(1)(training.inputs(seen)).softmax(1)[0]
    assert told["answer"]["class"] == int(probabilities.argmax())
    assert told["answer"]["probability"] == pytest.approx(float(probabilities.max()), abs=0.01)
    frames = run(client, opened(client)[0]["training"], "layer=0&picture=sample:digit_3&steps=1")
    assert frames[-1][1]["seen"].tolist() == shown["seen"].tolist()
    unheard = client.get(f"/vz/training/{handle}/moment?moment=9&layer=0")
    assert unheard.status_code == 404
    assert "0 to 3" in unheard.json()["error"]


def test_pictures_are_those_of_the_validation_split(client: TestClient, service: Service) -> None:
    handle = opened(client)[0]["training"]
    answer = client.get(f"/vz/training/{handle}/pictures?indices=5,0,5")
    found = unpack(answer.content)[1]
    split = service.trainings.get(handle).task.data.validation
    assert np.array_equal(found["pictures"][0, :, :, 0], split.pictures[5, 0].numpy())
    assert found["labels"].tolist() == split.labels[[5, 0, 5]].tolist()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("network=nope", "nope"),
        (f"{SMALL}&epochs=0", "1 to"),
        (f"{SMALL}&epochs=-1", "whole number"),
        (f"{SMALL}&epochs=1e9", "whole number"),
        (f"{SMALL}&rate=nan", "no number"),
        (f"{SMALL}&rate=1e999", "no number"),
        (f"{SMALL}&rate=__import__('os')", "no number"),
        (f"{SMALL}&batch=99999999", "1 to"),
        (f"{SMALL}&optimiser=<b>", "choose one"),
        (f"{SMALL}&schedule=never", "choose one"),
        (f"{SMALL}&precision=int4", "choose one"),
        (f"{SMALL}&shuffled=maybe", "yes or no"),
        (f"{SMALL}&augment=explode(3)", "explode"),
        (f"{SMALL}&seed=99999999999", "whole number"),
        (f"{SMALL.replace('side=12', 'side=4000')}", "4000"),
        ("network=lenet5&data=../../etc/passwd", "no data set"),
        (f"network=lenet5&data={'0' * 32}", "no longer kept"),
        (f"stack={'relu;' * 900}linear(2)&data=digits", "letters"),
        ("stack=flatten;linear(100000)&data=digits", "4096"),
    ],
)
def test_hostile_or_mistaken_questions_get_a_sentence(
    client: TestClient, question: str, words: str
) -> None:
    answer = client.post(f"/vz/training/open?{question}")
    assert answer.status_code in (400, 404, 410), answer.text
    assert words in answer.json()["error"]
    assert answer.json()["error"].endswith((".", "?"))


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("moment?moment=x", "whole number"),
        ("moment?moment=0&layer=nope", "no layer"),
        ("moment?moment=0&layer=0&example=99999", "no validation picture"),
        ("pictures?indices=1,-2", "no list"),
        ("pictures?indices=99999", "no validation picture"),
        (f"pictures?indices={'0,' * 500}0", "at most"),
        ("download?as=exe", "Choose safetensors"),
        ("download?as=onnx&moment=7", "no moment 7"),
    ],
)
def test_odd_questions_about_a_training_get_a_sentence(
    client: TestClient, route: str, words: str
) -> None:
    handle = opened(client)[0]["training"]
    answer = client.get(f"/vz/training/{handle}/{route}")
    assert answer.status_code in (400, 404)
    assert words in answer.json()["error"]


def test_who_has_no_token_or_anothers_handle_trains_nothing(client: TestClient) -> None:
    handle = opened(client)[0]["training"]
    other = {"X-Visitor": newcomer(client)}
    refused = client.post(f"/vz/training/{handle}/run", headers=other)
    assert refused.status_code == 410
    assert client.get("/vz/networks", headers=other).json() == {"networks": []}
    assert client.post("/vz/training/open", headers={"X-Visitor": ""}).status_code == 410
    assert client.get(f"/vz/training/{'0' * 32}").status_code == 410
    assert client.get("/vz/training/menu/moment").status_code == 410
    assert handle not in client.get("/vz/catalogue").text


def test_the_oldest_makes_room_and_says_so(client: TestClient, service: Service) -> None:
    first = opened(client)[0]["training"]
    for _ in range(trainings.TRAININGS_EACH - 1):
        assert opened(client)[0]["notes"] == []
    notes = opened(client)[0]["notes"]
    assert "oldest training" in notes[-1]
    assert first not in service.trainings
    assert client.get(f"/vz/training/{first}").status_code == 410


def test_memory_has_limits_for_one_and_for_all() -> None:
    trainings.check_size(61_706, 200)
    with pytest.raises(VisualizerError, match=r"Choose \d+ epochs or fewer"):
        trainings.check_size(2_000_000, 200)
    assert trainings.size_bytes(1000, 2) == 4000 * (3 + 6) + 3 * 16_384
    enough = (trainings.MOST_BYTES - 6 * 8_000_000) // (8_000_000 + 16_384) - 1
    trainings.check_size(2_000_000, enough)
    with pytest.raises(VisualizerError, match=f"Choose {enough} epochs"):
        trainings.check_size(2_000_000, enough + 1)
    small = trainings.Trainings(budget_bytes=100)
    training = small_training()
    small.keep("one", training, 60)
    with pytest.raises(BusyError, match="closed"):
        small.keep("two", training, 60)
    small.leave("one")
    small.keep("two", training, 60)
    assert small.size_bytes == 60
    half = trainings.Trainings(budget_bytes=400)
    assert half.room(30) == 170
    half.keep("one", training, 150)
    assert (half.room(30), half.room(60)) == (20, 0)
    assert trainings.Trainings(budget_bytes=10**12).room(1000) == trainings.MOST_BYTES - 1000


def test_moments_keep_the_optimisers_buffers_where_there_is_room(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, _ = opened(client, SMALL)
    training = service.trainings.get(header["training"])
    assert training.keeps_buffers
    weights = sum(one["parameters"] for one in header["layers"])
    epochs = header["epochs"]
    assert training.buffers_bytes == 4 * 2 * weights * epochs
    size = trainings.size_bytes(weights, epochs)
    assert service.trainings.size_bytes == size + training.buffers_bytes
    assert header["notes"] == []
    run(client, header["training"])
    kept = sum(value.nbytes for one in training.moments for value in _arrays(one))
    spare = trainings.COPIES * 4 * weights  # what it works with, and shows
    assert (
        0.8 * (service.trainings.size_bytes - spare) < kept <= service.trainings.size_bytes - spare
    )
    monkeypatch.setattr(trainings, "MOST_BYTES", size + training.buffers_bytes - 1)
    header, _ = opened(client, SMALL)
    assert not service.trainings.get(header["training"]).keeps_buffers
    assert "moments keep the weights alone" in header["notes"][0]


def _arrays(one: Moment) -> Iterator[Any]:
    """List all that a moment keeps."""
    assert one.stand is not None
    yield from one.state.values()
    yield from (one.stand.order, one.stand.chance)
    for buffers in one.stand.buffers or ():
        yield from buffers.values()
    if one.answers is not None:
        yield from (one.answers.predicted, one.answers.losses)


def test_a_pipeline_that_mixes_pictures_is_trained_and_told_of(client: TestClient) -> None:
    header, _ = opened(client, f"{SMALL}&augment=mixup(alpha=0.2,p=0.5);cutmix")
    assert "MixUp and CutMix mix the pictures of a batch" in header["notes"][0]
    frames = run(client, header["training"])
    assert frames[-1][0]["ended"]
    assert 'augment="mixup(alpha=0.2,p=0.5);cutmix"' in header["python"]
    step, arrays = unpack(client.get(f"/vz/training/{header['training']}/step?moment=0").content)
    assert step["exact"] is True
    assert arrays["shares"].shape == (len(arrays["labels"]), 10)
    assert (arrays["shares"] > 0).sum(axis=1).max() >= 2
    assert arrays["labels"].tolist() == arrays["shares"].argmax(axis=1).tolist()


def test_a_rate_that_breaks_the_loss_ends_with_a_sentence(client: TestClient) -> None:
    header, _ = opened(
        client, f"{SMALL}&epochs=4&batch=256&rate=1000&optimiser=sgd&schedule=constant"
    )
    frames = run(client, header["training"])
    last = frames[-1][0]
    if last["why"] is None:
        pytest.skip("this processor's rounding kept the loss finite")
    assert last["ended"] is True
    assert "kept" in last["why"]
    assert client.get(f"/vz/training/{header['training']}/moment?layer=0").status_code == 200


def test_leaving_frees_the_training_and_all_that_belongs_to_it(
    client: TestClient, service: Service
) -> None:
    handle = opened(client)[0]["training"]
    run(client, handle)
    name = f"{handle}_3"
    view = {"net": name, "picture": "sample:digit_3"}
    service.view(view).observe()
    kept = weakref.ref(service.trainings.get(handle))
    shown = weakref.ref(memory(service, handle).live)
    assert len(service.networks) == 1
    assert any(handle in key[0] for key in service.observer._observations)
    client.post("/vz/visitors/leave", content=client.headers["X-Visitor"])
    gc.collect()
    assert kept() is None
    assert shown() is None
    assert len(service.networks) == 0
    assert not any(handle in key[0] for key in service.observer._observations)
    assert client.get(f"/vz/run?net={name}&picture=sample:digit_3").status_code == 410


def test_a_training_whose_visitor_leaves_ends_at_once(client: TestClient, service: Service) -> None:
    header, _ = opened(client, f"{SMALL}&epochs=200&batch=4")
    token, handle = client.headers["X-Visitor"], header["training"]
    threading.Timer(0.3, service.visitors.leave, (token,)).start()
    start_s = time.monotonic()
    answer = client.post(f"/vz/training/{handle}/run")
    assert time.monotonic() - start_s < 10
    assert b'"done":true' not in answer.content
    assert service.work.running == 0


def test_a_second_run_takes_over_and_the_first_is_told(
    client: TestClient, service: Service
) -> None:
    question = f"{SMALL}&epochs=200&batch=4"
    handles = [opened(client, question)[0]["training"] for _ in range(2)]
    answers = []

    def first() -> None:
        answers.append(client.post(f"/vz/training/{handles[0]}/run").content)

    thread = threading.Thread(target=first)
    thread.start()
    while service.work.running == 0:
        time.sleep(0.01)
    run(client, handles[1], "steps=2")
    thread.join(20)
    assert b"this one is paused" in answers[0]
    assert not service.trainings.get(handles[0]).ended


def test_displays_stay_within_their_allowance() -> None:
    allowance = Allowance(0.05)
    allowance.trained_s = 1.0
    assert allowance.due
    allowance.spend(0.04)
    assert not allowance.due  # one more of the same cost would be too much
    allowance.trained_s = 1.7
    assert allowance.due


def test_a_display_counts_the_same_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    training = small_training(4)
    display = Display(training)
    display.take(training.moment(0).state)
    whole = finished(display.steps(Look("0")))
    monkeypatch.setattr("visualizer.runtime.training.showing.MACS_AT_ONCE", 1)
    display.take(training.network.state_dict())
    now = finished(display.steps(Look("0")))
    assert not np.array_equal(whole[1]["filters"], now[1]["filters"])
    display.take(training.moment(0).state)
    again = finished(display.steps(Look("0")))
    for name, array in whole[1].items():
        np.testing.assert_allclose(again[1][name], array, atol=1)


def test_levels_by_hand() -> None:
    made, limits = levels(np.array([[-1.0, 0.0, 1.0, 4.0]], np.float32))
    assert made.tolist() == [[0, 51, 102, 255]]
    assert limits == [-1.0, 4.0]
    assert levels(np.full((2, 2), 3.0, np.float32))[0].tolist() == [[0, 0], [0, 0]]


def test_weights_come_back_without_a_training(tmp_path: Path) -> None:
    training = small_training(8)
    file = tmp_path / "mine.safetensors"
    file.write_bytes(weights_file(training, 1))
    model = vz.read_trained(file)
    own = make_model(training, 1)
    picture = vz.sample("digit_3")
    assert model.spec.classes == own.spec.classes
    assert model.spec.mean == own.spec.mean
    for layer in ("0", "3"):
        assert np.array_equal(vz.filters(model, layer), vz.filters(own, layer))
    assert vz.classify(model, picture) == vz.classify(own, picture)
    assert vz.cam(model, picture).shape


def test_onnx_holds_its_weights_and_says_the_same() -> None:
    training = small_training(8)
    model = make_model(training, 1)
    file = onnx_file(model)
    onnx.checker.check_model(onnx.load_from_string(file), full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    inputs = training.inputs(training.task.data.test.pictures[:9])
    names = [one.name for one in session.get_outputs()]
    logits, _ = session.run(names, {"input": inputs.numpy()})
    with torch.inference_mode():
        np.testing.assert_allclose(logits, model.module(inputs).numpy(), atol=1e-5)
    notes = session.get_modelmeta().custom_metadata_map
    assert json.loads(notes["classes"]) == list("0123456789")
    assert json.loads(notes["mean"]) == list(training.task.data.mean)


def test_a_visitors_pictures_are_trained_on_and_their_names_do_no_harm(
    client: TestClient,
) -> None:
    name = own_zip(client, title='zoo" | <b>')
    header, _ = opened(client, f"{SMALL.replace('data=digits', f'data={name}')}&epochs=1")
    assert header["classes"] == ["cats", "dogs"]
    handle = header["training"]
    run(client, handle)
    for kind in ("python", "card", "safetensors"):
        file = client.get(f"/vz/training/{handle}/download?as={kind}")
        assert file.status_code == 200
        assert name.encode() not in file.content
        assert handle.encode() not in file.content
        assert name not in file.headers["content-disposition"]
    compile(client.get(f"/vz/training/{handle}/download?as=python").text, "script", "exec")
    one_class = own_zip(client, folders=("cats",))
    refused = client.post(f"/vz/training/open?{SMALL.replace('digits', one_class)}")
    assert refused.status_code == 400


def own_zip(
    client: TestClient, folders: tuple[str, ...] = ("cats", "dogs"), title: str = "mine"
) -> str:
    rng, archive = np.random.default_rng(2), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for place in range(40):
            picture = rng.integers(0, 256, (12, 12, 3), dtype=np.uint8)
            png = io.BytesIO()
            Image.fromarray(picture).save(png, "PNG")
            file.writestr(f"{folders[place % len(folders)]}/{place:02}.png", png.getvalue())
    body = client.post("/vz/collections", params={"title": title}, content=archive.getvalue())
    last = body.content[: body.content.rindex(b'{"done"') - 8]
    found: str = json.loads(last[last.index(b'{"collection"') :])["collection"]["name"]
    return found


def test_slices_are_short_enough_to_stop_between() -> None:
    assert running.SLICE_S <= 0.06
