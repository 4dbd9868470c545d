"""Networks are loaded once for everybody and put away when memory runs short."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from visualizer.errors import WeightsError
from visualizer.runtime.shelf import Shelf


class Loader:
    """Stands for load_model: counts, takes a moment, weighs 10 bytes a network."""

    def __init__(self) -> None:
        self.loaded: list[tuple[str, str | None]] = []

    def __call__(self, name: str, _device: str, _backend: str, *, weights: str | None) -> Any:
        self.loaded.append((name, weights))
        time.sleep(0.01)
        if name == "broken":
            raise WeightsError("no weights")
        return SimpleNamespace(name=name, size_bytes=10)


def test_many_callers_wait_for_one_load() -> None:
    load = Loader()
    shelf = Shelf(load=load)
    threads = [threading.Thread(target=shelf.get, args=("a",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert load.loaded == [("a", "trained")]


def test_least_recently_used_goes_first_and_trained_differs_from_untrained() -> None:
    load = Loader()
    shelf = Shelf(budget_bytes=25, load=load)
    shelf.get("a")
    shelf.get("b")
    shelf.get("a")
    shelf.get("a", trained=False)
    assert ("b", True) not in shelf
    assert ("a", True) in shelf
    assert load.loaded == [("a", "trained"), ("b", "trained"), ("a", None)]


def test_a_failed_load_leaves_the_others_and_can_be_tried_again() -> None:
    load = Loader()
    shelf = Shelf(load=load)
    shelf.get("a")
    for _ in range(2):
        with pytest.raises(WeightsError):
            shelf.get("broken")
    assert ("a", True) in shelf
    assert [name for name, _ in load.loaded] == ["a", "broken", "broken"]


def test_a_network_larger_than_the_budget_still_loads() -> None:
    shelf = Shelf(budget_bytes=1, load=Loader())
    assert shelf.get("a").name == "a"
