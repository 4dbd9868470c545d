"""Recipes refuse what cannot be, and the usual ones fit the network and the data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.runtime.training.toys import toy_data
from visualizer.errors import VisualizerError
from visualizer.runtime.training.recipe import CHOICES, RANGES, Recipe, default_recipe, usual_rate
from visualizer.zoo.stack import NETWORKS, find_network


def set_to(field: str, value: Any) -> Recipe:
    return Recipe(**{field: value})


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("epochs", 0, "Epochs is 0; give 1 to 200"),
        ("epochs", 2.5, "Epochs is 2.5; give a whole number, 1 to 200"),
        ("epochs", 2.0, "Epochs is 2.0; give a whole number"),
        ("learning_rate", 0.0, "Learning rate is 0.0; give 1e-06 to 1,000"),
        ("learning_rate", float("nan"), "is nan, which is no number"),
        ("learning_rate", "fast", "is 'fast', which is no number"),
        ("batch_size", 2000, "give 1 to 1,024"),
        ("momentum", 1, "Momentum is 1; give 0 to 0.99"),
        ("pictures", 1, "Number of pictures is 1; give 2"),
        ("optimiser", "lion", "optimiser is 'lion'; choose one of adamw, adam, momentum, sgd"),
        ("schedule", "steps", "one-cycle, constant, cosine"),
        ("precision", "float16", "float32, bfloat16"),
    ],
)
def test_what_cannot_be_is_refused_with_its_limits(field: str, value: Any, words: str) -> None:
    with pytest.raises(VisualizerError, match=words):
        set_to(field, value)


def test_every_limit_itself_is_legal() -> None:
    for limits in RANGES:
        for value in (limits.low, limits.high):
            number = int(value) if limits.whole else value
            assert getattr(set_to(limits.name, number), limits.name) == number
    for name, words in CHOICES.items():
        assert [getattr(set_to(name, word), name) for word in words] == list(words)


def test_usual_recipes_fit_the_data_and_the_optimiser() -> None:
    lenet = find_network("lenet5")
    few, many = replace(toy_data(), name="digits"), replace(toy_data(20_000), name="mnist")
    assert default_recipe(lenet, few).batch_size < default_recipe(lenet, many).batch_size
    assert default_recipe(lenet, few).epochs > default_recipe(lenet, many).epochs
    plain = default_recipe(lenet, many, "sgd")
    assert plain.optimiser == "sgd"
    assert plain.learning_rate == 2 * usual_rate(lenet, "sgd")  # batches of 256: twice the rate
    assert default_recipe(lenet, many).learning_rate == 2 * usual_rate(lenet)


def test_small_steps_get_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    lenet, many = find_network("lenet5"), replace(toy_data(20_000), name="mnist")
    threads = {one.name: default_recipe(one, many).threads for one in NETWORKS}
    assert threads["mlp"] == threads["linear"] == 1
    assert threads["lenet5"] == 2
    assert threads["small_resnet"] == 4
    few = replace(toy_data(), name="digits")
    assert {default_recipe(one, few).threads for one in NETWORKS} == {1}
    assert default_recipe(lenet, many).batch_size == 256
    assert default_recipe(find_network("small_resnet"), many).batch_size == 64
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert default_recipe(find_network("small_resnet"), many).threads == 1
