"""Indices kept while their collection is, within a budget; nothing outlives its pictures."""

import gc
from collections.abc import Callable

import numpy as np
import pytest

from visualizer.analyses import patch_indices
from visualizer.analyses.patch_index import Peak
from visualizer.analyses.patch_indices import PatchIndices
from visualizer.runtime.collection import Collection
from visualizer.runtime.model import Model, load_model

Make = Callable[[int], Collection]


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("lenet5", weights=None)


@pytest.fixture
def make() -> Make:
    def some(count: int) -> Collection:
        rng = np.random.default_rng(count)
        return Collection.of(list(rng.integers(0, 256, (count, 28, 28, 3), dtype=np.uint8)))

    return some


def test_one_index_for_each_network_weights_framing_and_collection(
    model: Model, make: Make
) -> None:
    indices, pictures = PatchIndices(), make(3)
    found = indices.get(model, pictures)
    assert indices.get(model, pictures) is found
    assert indices.get(model, pictures, "fit") is not found
    assert indices.get(load_model("lenet5"), pictures) is not found
    assert indices.get(model, make(4)) is not found


def test_indices_go_with_their_collection(model: Model, make: Make) -> None:
    indices, pictures, other = PatchIndices(), make(3), make(4)
    indices.get(model, pictures).index.advance(model, pictures)
    alone = indices.size_bytes
    indices.get(model, other)
    assert indices.size_bytes > alone
    del other
    gc.collect()
    assert indices.size_bytes == alone


def test_the_least_recently_used_gives_way(model: Model, make: Make) -> None:
    first, second, third = make(9), make(10), make(11)
    size = PatchIndices().get(model, first).size_bytes
    indices = PatchIndices(budget_bytes=2 * size)
    one, two = indices.get(model, first), indices.get(model, second)
    assert indices.get(model, first) is one
    indices.get(model, third)
    assert indices.size_bytes == 2 * size
    assert indices.get(model, first) is one
    assert indices.get(model, second) is not two


def test_the_newest_stays_even_where_it_is_too_large(model: Model, make: Make) -> None:
    indices, pictures = PatchIndices(budget_bytes=1), make(2)
    assert indices.get(model, pictures) is indices.get(model, pictures)


def test_answers_and_inputs_are_kept_up_to_a_number(
    model: Model, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patch_indices, "ANSWERS_MOST", 2)
    monkeypatch.setattr(patch_indices, "INPUTS_MOST", 2)
    pictures = make(5)
    findings = PatchIndices().get(model, pictures)
    made = [findings.once("a", object), findings.once("b", object)]
    assert findings.once("a", object) is made[0]
    findings.once("c", object)
    assert findings.known("b") is None
    assert findings.known("a") is made[0]
    empty = findings.size_bytes
    batch = findings.inputs(model, pictures, [Peak(i, 0, 0, 0, 0) for i in (4, 1, 2)])
    expected = np.concatenate([model.preprocess(pictures.pixels(i)).numpy() for i in (4, 1, 2)])
    assert np.array_equal(batch, expected)
    assert findings.size_bytes == empty + 2 * batch[0].nbytes
    assert findings.inputs(model, pictures, []).shape == (0, 1, 28, 28)
