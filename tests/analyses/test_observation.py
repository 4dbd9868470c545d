"""Computed once, kept within the budget, forgotten when asked."""

import threading
from typing import Any

import numpy as np
import pytest

import visualizer as vz
from visualizer.analyses import observation
from visualizer.analyses.observation import Observer
from visualizer.errors import BusyError

KEY = ("lenet5 untrained", "digest", "crop")


@pytest.fixture(scope="module")
def model() -> vz.Model:
    return vz.load_model("lenet5", weights=None)


def batch(seed: int = 0) -> Any:
    made = []

    def make() -> np.ndarray:
        made.append(seed)
        return np.random.default_rng(seed).standard_normal((1, 1, 28, 28), dtype=np.float32)

    make.calls = made  # type: ignore[attr-defined]
    return make


def test_a_second_look_runs_nothing(model: vz.Model) -> None:
    observer, make = Observer(), batch()
    first, known = observer.observe(model, KEY, make)
    again, known_again = observer.observe(model, KEY, make)
    maps = observer.maps(model, KEY, "3", make)
    assert (known, known_again, make.calls) == (False, True, [0])
    assert again is first
    assert np.array_equal(maps, model.values(make(), ["3"])["3"][0])
    assert len(first.summaries) == len(model.graph.layers)
    assert sum(one.probability for one in first.top) <= 1


def test_small_chunks_give_the_same_answer(model: vz.Model) -> None:
    whole = Observer().observe(model, KEY, batch())[0]
    parts = Observer(chunk_bytes=1).observe(model, KEY, batch())[0]
    assert parts.summaries == whole.summaries
    assert parts.top == whole.top


def test_memory_stays_in_budget_and_values_stay_right(model: vz.Model) -> None:
    observer = Observer(budget_bytes=40_000)
    for seed in range(5):
        key = (KEY[0], f"picture {seed}", "crop")
        observer.observe(model, key, batch(seed))
        assert observer.size_bytes <= 40_000
    key = (KEY[0], "picture 0", "crop")
    expected = model.values(batch(0)(), ["0"])["0"][0]
    assert np.array_equal(observer.maps(model, key, "0", batch(0)), expected)


def test_forgotten_pictures_leave_nothing(model: vz.Model) -> None:
    observer = Observer()
    observer.observe(model, KEY, batch())
    observer.observe(model, (KEY[0], "other", "crop"), batch(1))
    kept = observer.size_bytes
    observer.forget("digest")
    assert observer.size_bytes == kept // 2
    observer.forget("other")
    assert observer.size_bytes == 0


def test_ten_at_once_each_get_their_own(model: vz.Model) -> None:
    observer = Observer(budget_bytes=100_000)
    wrong: list[int] = []

    def visit(seed: int) -> None:
        key = (KEY[0], f"picture {seed}", "crop")
        for _ in range(3):
            observer.observe(model, key, batch(seed))
            maps = observer.maps(model, key, "3", batch(seed))
            if not np.array_equal(maps, model.values(batch(seed)(), ["3"])["3"][0]):
                wrong.append(seed)

    visitors = [threading.Thread(target=visit, args=(seed,)) for seed in range(10)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert wrong == []


def test_a_full_house_says_so(model: vz.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observation, "WAITING_LIMIT", 0)
    with pytest.raises(BusyError, match="Try again"):
        Observer().observe(model, KEY, batch())
