"""A network trained here is a model like any other, and training is one call."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

import visualizer as vz
from tests.runtime.training.toys import STACK, toy_data, toy_task
from visualizer.runtime.training.history import StepRecord
from visualizer.runtime.training.trained_model import make_model
from visualizer.runtime.training.training import Training
from visualizer.runtime.weights import untrained_weights
from visualizer.zoo import labels


@pytest.fixture(scope="module")
def trained() -> vz.TrainedModel:
    return vz.train(STACK, toy_data(), epochs=3, batch_size=8, learning_rate=0.01)


def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (6, 6, 3)).astype(np.uint8)


def square() -> vz.TrainedModel:
    data = toy_data()
    parts = {
        name: replace(split, pictures=split.pictures[..., :6])
        for name in ("train", "validation", "test")
        for split in [getattr(data, name)]
    }
    return vz.train("conv(3,3,padding=1);relu;maxpool(2);flatten;linear(classes)",
                    replace(data, **parts), epochs=1)  # fmt: skip


def test_it_knows_its_training(trained: vz.TrainedModel) -> None:
    assert len(trained.history) == 21
    assert trained.history.losses[-1] < trained.history.losses[0]
    assert trained.test_accuracy == trained.training.test_accuracy(3) > 0.9
    assert trained.task.recipe.epochs == 3
    assert trained.trained
    assert (trained.spec.cam_layer, labels(trained.spec)) == ("1", ("even", "left"))
    assert trained.spec.parameters == 3 * 10 + 36 * 2 + 2
    assert trained.weights == "Toy pictures (trained here)"


def test_its_values_are_those_of_the_network_that_was_trained(trained: vz.TrainedModel) -> None:
    test = trained.task.data.test
    values = trained.values(trained.training.inputs(test.pictures), [trained.logits])
    expected = trained.training.predict(test).numpy()
    assert values[trained.logits][:, :, 0, 0] == pytest.approx(expected, abs=1e-5)


def test_public_functions_take_it() -> None:
    model = square()
    assert {one.label for one in vz.classify(model, picture(), top=2)} == {"even", "left"}
    assert vz.feature_maps(model, picture(), ["1"])["1"].shape == (3, 6, 6)
    assert vz.filters(model, "0").shape == (3, 1, 3, 3)
    assert vz.cam(model, picture()).shape == (6, 6)
    assert vz.attribute(model, picture()).shape == (6, 6)
    assert vz.extract_features(model, [picture(), picture()[::-1]]).shape[0] == 2
    assert vz.ablate(model, picture(), "0", [1]).before
    assert len(vz.top_patches(model, "1", 0, [picture(), picture()[::-1]], k=2)) == 2


def test_an_earlier_moment_is_a_model_too(trained: vz.TrainedModel) -> None:
    first = make_model(trained.training, 0, name="first")
    kernels, _ = untrained_weights(trained.spec, trained.layer("0"))
    assert np.array_equal(vz.filters(first, "0"), kernels)
    assert not np.array_equal(vz.filters(trained, "0"), kernels)
    assert first.test_accuracy == trained.training.test_accuracy(0)
    assert first.name == "first"


def test_a_model_stays_while_its_training_goes_on() -> None:
    training = Training(toy_task())
    list(training.run(3))
    model = make_model(training)
    before = vz.filters(model, "0").copy()
    list(training.run(3))
    assert np.array_equal(vz.filters(model, "0"), before)


def test_onnx_runs_it() -> None:
    training = Training(toy_task())
    model = make_model(training, 0, backend="onnx")
    inputs = training.inputs(training.task.data.test.pictures)
    values = model.values(inputs, [model.logits])[model.logits][:, :, 0, 0]
    expected = training.predict(training.task.data.test, 0).numpy()
    assert values == pytest.approx(expected, abs=1e-5)


def test_on_step_hears_every_step_and_the_names_differ() -> None:
    heard: list[StepRecord] = []
    one = vz.train(STACK, toy_data(), epochs=2, batch_size=25, seed=1, on_step=heard.append)
    assert [record.step for record in heard] == [1, 2, 3, 4]
    assert [record.moment for record in heard] == [None, 1, None, 2]
    other = vz.train(STACK, toy_data(), epochs=2, batch_size=25, seed=2)
    again = vz.train(STACK, toy_data(), epochs=2, batch_size=25, seed=1)
    assert one.name == again.name != other.name
    ours, theirs = one.module.state_dict(), again.module.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_mistakes_are_told() -> None:
    with pytest.raises(vz.VisualizerError, match=r"no field 'learning'\. Nearest: learning_rate"):
        vz.train(STACK, toy_data(), learning=1)
    with pytest.raises(vz.VisualizerError, match="choose one of adamw"):
        vz.train(STACK, toy_data(), optimiser="lion")
    with pytest.raises(vz.VisualizerError, match="try a rate of"):
        vz.train(
            STACK, toy_data(), optimiser="sgd", learning_rate=1000.0, schedule="constant", epochs=9
        )
    with pytest.raises(vz.VisualizerError, match="no network called"):
        vz.train("lenet6", toy_data())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_lenet_reads_the_digits(seed: int) -> None:
    """The usual recipe, so also what the page begins with."""
    model = vz.train("lenet5", "digits", seed=seed)
    assert model.test_accuracy >= 0.98
    assert vz.classify(model, vz.sample("digit_3"), top=1)[0].label == "3"
    assert vz.visualize_filter(model, "3", 1, steps=2).shape == (28, 28, 3)
    patches = vz.top_patches(model, "3", 0, vz.collection("digits").part(range(40)), k=2)
    assert len(patches) == 2
