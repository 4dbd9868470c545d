"""A step foretold beside a training that does not notice."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import visualizer as vz
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.training.data import Data, load_data
from visualizer.runtime.training.next_step import FRESH, OVER, explain_step
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.zoo.stack import find_network

STACK = "conv(4,3,padding=1);batchnorm;relu;maxpool(2);dropout(0.3);flatten;linear(classes)"
SETTINGS: list[dict[str, Any]] = [
    {},
    {"optimiser": "sgd", "label_smoothing": 0.1},
    {"optimiser": "momentum", "schedule": "constant", "shift": 1, "flip": True},
    {"optimiser": "adam", "schedule": "cosine", "augment": "rotate(degrees=10)"},
    {"precision": "bfloat16", "pixels_shuffled": True},
]


@pytest.fixture(scope="module")
def data() -> Data:
    return load_data("digits", side=12)


@pytest.fixture
def begin(data: Data) -> Callable[..., Training]:
    def begun(**settings: Any) -> Training:
        recipe = Recipe(epochs=2, batch_size=16, pictures=70, **settings)
        return Training(Task(find_network(STACK), data, recipe, seed=5))

    return begun


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_real_step_gives_the_foretold_weights(
    begin: Callable[..., Training], settings: dict[str, Any]
) -> None:
    training, undisturbed = begin(**settings), begin(**settings)
    for _ in range(training.steps):  # across the epochs' boundary
        foretold = explain_step(training)
        foretold.maps(foretold.layers[0].name)
        record, other = training.advance(), undisturbed.advance()
        assert foretold.step + 1 == record.step
        assert (foretold.loss, foretold.settings["rate"]) == (record.loss, record.rate)
        assert record == other
        for name, weight in training.network.named_parameters():
            np.testing.assert_array_equal(foretold.changes[name].new, weight.detach().numpy())
    for name, value in training.network.state_dict().items():
        assert torch.equal(value, undisturbed.network.state_dict()[name])


def test_an_earlier_moments_step_begins_with_its_weights_and_its_batch(
    begin: Callable[..., Training],
) -> None:
    training = begin(optimiser="sgd", shift=1, flip=True)
    first = explain_step(training)
    for _ in training.run(training.steps_per_epoch):
        pass
    second = explain_step(training)
    for _ in training.run():
        pass
    for moment, wanted in enumerate((first, second)):
        found = explain_step(training, moment)
        assert found.step == wanted.step
        torch.testing.assert_close(found.start.inputs, wanted.start.inputs, rtol=0, atol=0)
        for name, change in wanted.changes.items():
            np.testing.assert_array_equal(found.changes[name].old, change.old)
    assert FRESH in explain_step(training, 1).start.notes
    assert FRESH not in explain_step(training, 0).start.notes


def test_after_the_last_step_it_says_so(begin: Callable[..., Training]) -> None:
    training = begin()
    for _ in training.run():
        pass
    found = explain_step(training)
    assert (found.step, found.start.notes) == (training.steps, (OVER,))


def test_what_was_not_trained_here_has_no_next_step(begin: Callable[..., Training]) -> None:
    with pytest.raises(VisualizerError, match="not trained here"):
        explain_step(vz.load_model("lenet5"))  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="no moment 7"):
        explain_step(begin(), 7)
