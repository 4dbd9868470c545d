"""What is taken home of transfer learning: it tells where it came from, and comes back the same."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors import safe_open

import visualizer as vz
from visualizer.errors import VisualizerError
from visualizer.runtime.model import load_model
from visualizer.runtime.training.card import card
from visualizer.runtime.training.data import load_data
from visualizer.runtime.training.keeping import onnx_file, weights_file
from visualizer.runtime.training.python_lines import python_script
from visualizer.runtime.training.trained_model import make_model
from visualizer.runtime.training.training import Training
from visualizer.runtime.training.transfer_learning import transfer
from visualizer.runtime.training.transfer_record import NAMES, Transfer

pytestmark = pytest.mark.usefixtures("few_steps")


@pytest.fixture(scope="module")
def found() -> Transfer:
    return transfer("lenet5", "shapes", per_class=(1, 3), seeds=2, seed=4, frozen="2")


def logits(module: torch.nn.Module, training: Training) -> Any:
    with torch.inference_mode():
        return module(training.inputs(training.task.data.test.pictures[:9])).numpy()


def taken(training: Training, file: Path, k: int = 1) -> Any:
    file.write_bytes(weights_file(training, k))
    return vz.read_trained(file, "cpu")


def same_weights(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    states = one.state_dict(), other.state_dict()
    return states[0].keys() == states[1].keys() and all(
        torch.equal(value, states[1][name]) for name, value in states[0].items()
    )


@pytest.mark.parametrize("way", NAMES)
def test_every_way_s_weights_come_back_to_the_same_logits(
    found: Transfer, tmp_path: Path, way: str
) -> None:
    training = found.trainings[way]
    model = taken(training, tmp_path / "mine.safetensors")
    assert np.array_equal(logits(model.module, training), logits(training.module(1), training))
    assert model.spec.classes == training.task.data.classes
    assert (model.spec.mean, model.spec.std) == ((0.1307,), (0.3081,))  # the base's own


def test_the_file_tells_base_way_data_pictures_and_seed(found: Transfer, tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    file.write_bytes(weights_file(found.trainings["frozen"], 1))
    with safe_open(file, "pt") as opened:
        task = json.loads(opened.metadata()["task"])
    assert task["transfer"] == {
        "base": "LeNet-5", "menu": "lenet5", "weights": "MNIST (this project)",
        "way": "frozen", "per_class": 3, "frozen": "2",
    }  # fmt: skip
    assert task["network"]["name"] == "lenet5"
    assert (task["network"]["stack"], task["network"]["head"]) == ("", "11")
    assert (task["data"]["name"], task["data"]["counts"]["train"], task["seed"]) == (
        "shapes",
        15,
        4,
    )


@pytest.mark.parametrize("way", NAMES)
def test_the_python_lines_make_the_same_weights(found: Transfer, way: str) -> None:
    training = found.trainings[way]
    space: dict[str, Any] = {}
    exec(python_script(training.task, 1).replace("print", "str"), space)
    assert same_weights(space["model"].module, training.module(1))


def test_the_lines_by_hand(found: Transfer) -> None:
    lines = python_script(found.trainings["frozen"].task, 0).splitlines()
    assert lines[4:] == [
        "found = vz.transfer(",
        '    "lenet5",',
        '    "shapes",',
        "    per_class=[3],",
        '    ways=["frozen"],',
        "    seeds=1,",
        "    seed=4,",
        '    frozen="2",',
        ")",
        'model = found.model("frozen")',
        'print(f"{model.test_accuracy:.2%} of the test pictures are right")',
        "weights = model.training.moment(0).state  # as they were before the first step",
    ]


def test_the_card_says_what_it_began_with(found: Transfer) -> None:
    text = card(found.trainings["head"], 1)
    assert "LeNet-5 with a last layer for 5 classes" in text
    assert "| began as | LeNet-5, weights: MNIST (this project) |" in text
    assert "| way | New last layer only. " in text
    assert "| pictures a class | 3 to train on |" in text
    assert "15 pictures to train" in text
    assert "vz.transfer(" in text
    assert "``" not in text.replace("```", "")


def test_onnx_says_the_same_and_where_it_came_from(found: Transfer) -> None:
    training = found.trainings["start"]
    file = onnx_file(make_model(training, 1))
    onnx.checker.check_model(onnx.load_from_string(file), full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    inputs = training.inputs(training.task.data.test.pictures[:9]).numpy()
    names = [one.name for one in session.get_outputs()]
    given, _ = session.run(names, {"input": inputs})
    np.testing.assert_allclose(given, logits(training.module(1), training), atol=1e-5)
    notes = session.get_modelmeta().custom_metadata_map
    assert json.loads(notes["transfer"])["way"] == "start"
    assert (json.loads(notes["classes"])[0], notes["seed"]) == ("circle", "4")


def test_a_network_taken_further_twice_is_built_again(tmp_path: Path) -> None:
    """The base of a base: an own stack for ten classes, then five, then ten again."""
    stack = (
        "conv(4,3,2,bias=no);batchnorm;relu;conv(6,3);relu;globalavgpool;flatten;linear(classes)"
    )
    first = vz.train(stack, "digits", side=12, epochs=1, batch_size=256)
    kept = taken(first.training, tmp_path / "BASE.safetensors")
    shapes = load_data("shapes", side=12)
    once = transfer(first, shapes, per_class=(2,), ways=("frozen",), seeds=1)
    lines = python_script(once.trainings["frozen"].task, 1)
    assert 'vz.read_trained("BASE.safetensors", "cpu")  # Own stack' in lines
    space: dict[str, Any] = {}
    exec(lines.replace("print", "str").replace("BASE", str(tmp_path / "BASE")), space)
    assert same_weights(space["model"].module, once.trainings["frozen"].module(1))
    again = transfer(kept, shapes, per_class=(2,), ways=("frozen",), seeds=1)
    assert same_weights(again.trainings["frozen"].module(1), once.trainings["frozen"].module(1))
    twice = transfer(once.model("frozen"), "digits", per_class=(2,), ways=("head",), seeds=1)
    training = twice.trainings["head"]
    model = taken(training, tmp_path / "twice.safetensors")
    assert len(model.spec.classes) == 10
    assert np.array_equal(logits(model.module, training), logits(training.module(1), training))


def test_untrained_bases_are_named_as_such() -> None:
    base = load_model("lenet5", "cpu", weights=None)
    found = transfer(base, "shapes", per_class=(1,), ways=("start",), seeds=1)
    training = found.trainings["start"]
    lines = python_script(training.task)
    assert 'vz.load_model("lenet5", "cpu", weights=None),' in lines
    space: dict[str, Any] = {}
    exec(lines.replace("print", "str"), space)
    assert same_weights(space["model"].module, training.module(1))
    assert "untrained" in card(training, 1)


def test_shuffled_pixels_are_nothing_to_go_on_from(tmp_path: Path) -> None:
    stack = "flatten;linear(8);relu;linear(classes)"
    model = vz.train(stack, "digits", side=12, epochs=1, batch_size=256, pixels_shuffled=True)
    for one in (model, taken(model.training, tmp_path / "mine.safetensors")):
        with pytest.raises(VisualizerError, match=r"pixels were shuffled.* plain pictures\.$"):
            transfer(one, "digits", per_class=(1,), seeds=1)


def test_a_network_with_nothing_to_freeze_is_not_frozen() -> None:
    model = vz.train("flatten;linear(classes)", "digits", side=12, epochs=1, batch_size=512)
    with pytest.raises(VisualizerError, match="no early layers to freeze"):
        transfer(model, "digits", per_class=(1,), ways=("frozen",), seeds=1)
