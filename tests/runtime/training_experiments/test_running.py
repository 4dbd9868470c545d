"""Experiments run on small pictures: arms in turn, the same result in any slices."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tests.runtime.training.toys import HEIGHT, WIDTH, toy_data
from visualizer.errors import VisualizerError
from visualizer.runtime.training.data import Split
from visualizer.runtime.training.experiments import running
from visualizer.runtime.training.experiments.menu import EXPERIMENTS, find_experiment
from visualizer.runtime.training.experiments.record import Arm, Experiment, ExperimentResult
from visualizer.runtime.training.experiments.running import (
    Progress,
    experiment,
    run_experiment,
    task_of,
)
from visualizer.runtime.training.experiments.verdicts import first_against_second
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.zoo.stack import describe_stack, find_network

TOY = Experiment(
    "toy",
    "Toy",
    "?",
    find_experiment("pooling").guesses,
    (Arm("First", "flatten;linear(classes)"), Arm("Second", "flatten;linear(4);relu;linear(2)")),
    first_against_second("First", "Second"),
    "",
    "",
    recipe={"pictures": 40, "epochs": 3, "batch_size": 8, "learning_rate": 0.01},
)


def ran(made: Any) -> tuple[list[Progress], ExperimentResult]:
    seen = []
    while True:
        try:
            seen.append(next(made))
        except StopIteration as end:
            return seen, end.value


def test_arms_take_turns_and_seeds_follow_each_other() -> None:
    seen, found = ran(run_experiment(TOY, toy_data(), seeds=2, slice_s=0.0))
    steps = [(one.repetition, one.arm) for one in seen for _ in one.records]
    assert steps[:6] == [(0, 0), (0, 1), (0, 0), (0, 1), (0, 0), (0, 1)]
    assert steps == sorted(steps, key=lambda one: one[0])
    assert len(steps) == 2 * 2 * 15
    assert found.seeds == (0, 1)
    assert [len(one.test) for one in found.arms] == [2, 2]
    assert found.arms[0].spread is not None
    assert found.tested == 40


def test_the_result_is_that_of_the_trainings_alone() -> None:
    """Also in slices of another length, where the arms meet in another order."""
    data = toy_data()
    _, found = ran(run_experiment(TOY, data, seed=3, slice_s=10.0))
    _, other = ran(run_experiment(TOY, data, seed=3, slice_s=0.0))
    for arm, one, again in zip(TOY.arms, found.arms, other.arms, strict=True):
        alone = Training(task_of(TOY, arm, data, 3))
        list(alone.run())
        np.testing.assert_array_equal(one.history.losses, alone.history.losses)
        np.testing.assert_array_equal(one.history.losses, again.history.losses)
        assert one.test == again.test == (alone.test_accuracy(),)
        right = alone.predict(alone.batches.split).argmax(1) == alone.batches.split.labels
        assert one.trained == pytest.approx(float(right.double().mean()))


def test_a_training_that_breaks_leaves_the_others_going() -> None:
    broken = replace(TOY, arms=(TOY.arms[0], Arm("High", "flatten;linear(4);linear(2)", {
        "learning_rate": 1000.0, "optimiser": "sgd", "momentum": 0.0, "epochs": 8})))  # fmt: skip
    _, found = ran(run_experiment(broken, toy_data()))
    assert len(found.arms[0].history) == 15
    assert found.arms[1].why is not None
    assert len(found.arms[1].history) < 40


def test_a_perceptron_cannot_tell_that_pixels_are_shuffled() -> None:
    """With the first layer's weights moved like the pixels, losses are those of plain pixels."""
    network, data = find_network("flatten;linear(12);relu;linear(classes)"), toy_data()
    recipe = Recipe(epochs=4, batch_size=8, learning_rate=0.01)
    plain = Training(Task(network, data, recipe, 5))
    moved = Training(Task(network, data, replace(recipe, pixels_shuffled=True), 5))
    assert moved.inputs.places is not None
    assert not torch.equal(moved.inputs.places, torch.arange(HEIGHT * WIDTH))
    first, other = (next(iter(one.network.parameters())) for one in (plain, moved))
    assert first.shape == (12, HEIGHT * WIDTH)
    running.move_weights(moved)
    torch.testing.assert_close(other, first[:, moved.inputs.places], rtol=0, atol=0)
    torch.testing.assert_close(moved.moment(0).state["1.weight"], other.detach(), rtol=0, atol=0)
    list(plain.run())
    list(moved.run())
    np.testing.assert_allclose(plain.history.losses, moved.history.losses, rtol=1e-4, atol=1e-6)
    assert plain.history.losses[-1] < 0.8 * plain.history.losses[0]
    torch.testing.assert_close(first[:, moved.inputs.places], other, rtol=1e-3, atol=1e-5)
    assert plain.test_accuracy() == moved.test_accuracy()


def test_weights_follow_the_pixels_of_every_channel() -> None:
    """Three channels of two by three pixels: a weight goes where its pixel goes."""
    split = Split(
        torch.arange(4 * 18, dtype=torch.uint8).reshape(4, 3, 2, 3), torch.tensor([0, 1, 0, 1])
    )
    data = replace(toy_data(), train=split, validation=split, test=split, mean=(0.0,) * 3,
                   std=(1.0,) * 3)  # fmt: skip
    network = find_network("flatten;linear(classes)")
    plain, moved = (
        Training(Task(network, data, Recipe(epochs=1, batch_size=2, pixels_shuffled=shuffled), 1))
        for shuffled in (False, True)
    )
    running.move_weights(moved)
    torch.testing.assert_close(plain.predict(split), moved.predict(split))


def test_arms_of_every_experiment_fit_their_data_and_differ_in_what_they_say() -> None:
    for one in EXPERIMENTS:
        texts = set()
        for arm in one.arms:
            network = running.network_of(arm)
            rows = describe_stack(network.stack, (1, 28, 28), 10)
            assert not [row.error for row in rows if row.error]
            recipe = Recipe(**{**one.recipe, **arm.recipe})
            assert recipe.pictures is not None
            texts.add((network.text, repr(recipe)))
        assert len(texts) == len(one.arms)
        assert 1 <= one.seeds <= running.SEEDS_MOST
        assert one.seconds * one.seeds <= 60


def test_the_deep_stacks_have_as_many_layers_as_they_say() -> None:
    for arm, layers in zip(find_experiment("residual").arms, (22, 22, 6), strict=True):
        training = running.network_of(arm)
        module = Task(training, toy_data(), Recipe()).make()
        weights = [value for name, value in module.named_parameters() if value.ndim > 1]
        assert len(weights) == layers
        assert str(layers) in arm.title


def test_a_handed_over_pipeline_takes_the_place_of_the_usual_one() -> None:
    chosen, data = find_experiment("augmentation"), toy_data()
    with_it, without = (task_of(chosen, arm, data, 0, "hflip") for arm in chosen.arms)
    assert (with_it.recipe.augment, without.recipe.augment) == ("hflip", None)
    assert with_it.recipe.pictures == 50  # no more than there are


def test_pictures_may_be_mixed_in_an_arm() -> None:
    """Right answers are counted on the training pictures as they are, with one label each."""
    mixing = replace(TOY, arms=(replace(TOY.arms[0], recipe={"augment": "mixup"}), TOY.arms[1]))
    _, found = ran(run_experiment(mixing, toy_data()))
    assert found.arms[0].test[0] > 0.8
    assert found.arms[0].trained > 0.8


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seeds": 0}, "0 seeds are asked for; give 1 to 5"),
        ({"seeds": 6}, "6 seeds are asked for; give 1 to 5"),
        ({"seed": -1}, "first seed is -1; give 0 to"),
        ({"augment": "hflip"}, "changes no pictures"),
    ],
)
def test_what_is_not_possible_gets_a_sentence(given: dict[str, Any], words: str) -> None:
    with pytest.raises(VisualizerError, match=words):
        experiment("pooling", toy_data(), **given)


def test_in_a_notebook_steps_are_told_and_a_table_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_experiment", lambda _name: TOY)
    told: list[str] = []
    found = experiment("toy", toy_data(), on_step=lambda title, _record: told.append(title))
    assert told.count("First") == told.count("Second") == 15
    lines = str(found).splitlines()
    assert lines[0] == "Toy: Toy pictures, 1 seed"
    assert lines[1].startswith("First ")
    assert lines[-1] == found.sentence
