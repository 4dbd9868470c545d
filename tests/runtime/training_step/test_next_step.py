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
from visualizer.runtime.training.remembering import ROOM_BYTES, buffers_bytes
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
    {"augment": "rotate;mixup(p=0.7);cutmix(p=0.5);hflip", "label_smoothing": 0.1},
]


@pytest.fixture(scope="module")
def data() -> Data:
    return load_data("digits", side=12)


@pytest.fixture
def begin(data: Data) -> Callable[..., Training]:
    def begun(room_bytes: int = 0, **settings: Any) -> Training:
        usual = {"epochs": 2, "batch_size": 16, "pictures": 70}
        recipe = Recipe(**{**usual, **settings})
        return Training(Task(find_network(STACK), data, recipe, seed=5), room_bytes)

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


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_step_at_an_earlier_moment_is_the_one_the_training_took(
    begin: Callable[..., Training], settings: dict[str, Any]
) -> None:
    """Bit for bit: the batch, its loss, the gradients, the optimiser's buffers, the new weights."""
    training = begin(epochs=4, room_bytes=ROOM_BYTES, **settings)
    losses, weights = {}, {}
    while not training.ended:
        record = training.advance()
        losses[record.step] = record.loss
        weights[record.step] = {
            name: weight.detach().numpy().copy()
            for name, weight in training.network.named_parameters()
        }
    for moment in (2, 0, 3, 2):
        found = explain_step(training, moment)
        step = moment * training.steps_per_epoch + 1
        assert found.step + 1 == step
        assert found.loss == losses[step]
        assert found.start.exact
        assert found.start.notes == explain_step(training, 0).start.notes
        for name, change in found.changes.items():
            np.testing.assert_array_equal(change.new, weights[step][name])
        if moment and settings.get("optimiser") != "sgd":
            assert all(change.before for change in found.changes.values())


def test_a_moments_buffers_stay_as_they_were(begin: Callable[..., Training]) -> None:
    training = begin(room_bytes=ROOM_BYTES)
    foretold = []
    for _ in range(2):
        foretold.append(explain_step(training))
        for _ in training.run(training.steps_per_epoch):
            pass
    for moment in (0, 1, 1):
        found = explain_step(training, moment)
        for name, change in foretold[moment].changes.items():
            for key, value in change.before.items():
                np.testing.assert_array_equal(found.changes[name].before[key], value)
            for key, value in change.after.items():
                np.testing.assert_array_equal(found.changes[name].after[key], value)


def test_without_room_the_weights_alone_are_kept(begin: Callable[..., Training]) -> None:
    needed = buffers_bytes(begin().task.recipe, begin().network)
    assert needed == 4 * 2 * 2 * sum(w.numel() for w in begin().network.parameters())
    full, short = begin(room_bytes=needed), begin(room_bytes=needed - 1)
    assert (full.keeps_buffers, full.buffers_bytes) == (True, needed)
    assert (short.keeps_buffers, short.buffers_bytes) == (False, 0)
    for training in (full, short):
        for _ in training.run():
            pass
    exact, anew = explain_step(full, 1), explain_step(short, 1)
    assert (FRESH in exact.start.notes, exact.start.exact) == (False, True)
    assert (FRESH in anew.start.notes, anew.start.exact) == (True, False)
    assert explain_step(short, 0).start.exact
    assert torch.equal(exact.start.inputs, anew.start.inputs)
    assert exact.loss == anew.loss  # the batch and dropout are the training's all the same
    for name, change in anew.changes.items():
        np.testing.assert_array_equal(change.old, exact.changes[name].old)
        assert not change.before
    assert any((change.new != exact.changes[n].new).any() for n, change in anew.changes.items())
    assert begin(optimiser="sgd").keeps_buffers  # there are none


def test_a_trained_models_moments_can_be_explained() -> None:
    model = vz.train(
        "flatten;linear(classes)", "digits", epochs=2, optimiser="momentum", pictures=40
    )
    found = explain_step(model, 1)
    assert found.start.exact
    assert found.changes["1.weight"].before["buffer"].any()


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
