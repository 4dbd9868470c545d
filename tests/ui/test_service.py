"""What the running page keeps of a visitor's pictures, and for how long."""

import threading

import numpy as np
import pytest

from visualizer.errors import GoneError
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service
from visualizer.ui.visitors import PATIENCE_S, PICTURES_EACH, Visitors

ASKED = {"net": "lenet5", "weights": "untrained"}


def photo(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (30, 40, 3), dtype=np.uint8)


def test_nothing_stays_of_pictures_that_made_room_for_others() -> None:
    service = Service(Shelf("cpu", "onnx"))
    token = service.visitors.welcome()
    for seed in range(PICTURES_EACH + 2):
        handle = service.visitors.keep(token, photo(seed))
        service.view({**ASKED, "picture": handle}).observe()
    assert len(service.observer._observations) == PICTURES_EACH
    service.visitors.leave(token)
    assert service.observer.size_bytes == 0
    assert not service.observer._observations


def test_nothing_stays_when_the_visitor_leaves_while_the_network_runs() -> None:
    service = Service(Shelf("cpu", "onnx"))
    token = service.visitors.welcome()
    view = service.view({**ASKED, "picture": service.visitors.keep(token, photo(0))})
    running, left = threading.Event(), threading.Event()

    def slow() -> np.ndarray:
        running.set()
        assert left.wait(10)
        return view._batch()

    runner = threading.Thread(target=service.observer.observe, args=(view.model, view.key, slow))
    runner.start()
    assert running.wait(10)
    service.visitors.leave(token)
    left.set()
    runner.join()
    assert service.observer.size_bytes == 0
    assert not service.observer._observations


def test_silent_pages_are_closed_and_open_ones_are_not() -> None:
    now = [0.0]
    gone: list[str] = []
    visitors = Visitors(on_gone=lambda upload: gone.append(upload.digest), clock=lambda: now[0])
    silent, open_page = visitors.welcome(), visitors.welcome()
    handle = visitors.keep(silent, photo(0))
    now[0] = PATIENCE_S - 1
    visitors.touch(open_page)
    now[0] = PATIENCE_S + 1
    visitors.touch(open_page)
    assert len(gone) == 1
    with pytest.raises(GoneError):
        visitors.picture(handle)
    with pytest.raises(GoneError, match="Reload"):
        visitors.keep(silent, photo(1))


def test_handles_are_secret_and_equal_pictures_are_nobody_elses() -> None:
    visitors = Visitors()
    one, other = visitors.welcome(), visitors.welcome()
    assert len({one, other}) == 2
    assert len(one) == 32
    mine, again = visitors.keep(one, photo(0)), visitors.keep(one, photo(0))
    theirs = visitors.keep(other, photo(0))
    assert len({mine, again, theirs}) == 3
    assert visitors.picture(mine).digest == visitors.picture(again).digest
    assert visitors.picture(mine).digest != visitors.picture(theirs).digest
    visitors.leave("nobody")


def test_the_picture_unused_for_longest_makes_room() -> None:
    gone: list[str] = []
    visitors = Visitors(on_gone=lambda upload: gone.append(upload.digest))
    token = visitors.welcome()
    handles = [visitors.keep(token, photo(shade)) for shade in range(PICTURES_EACH)]
    digests = [visitors.picture(handle).digest for handle in handles]
    visitors.picture(handles[0])  # looked at again
    visitors.keep(token, photo(9))
    assert gone == [digests[1]]
    visitors.keep(token, photo(8))
    assert gone == digests[1:3]
    assert visitors.picture(handles[0]).digest == digests[0]
    visitors.leave(token)
    assert len(gone) == PICTURES_EACH + 2
    assert not visitors._owners


def test_all_uploads_together_stay_in_budget() -> None:
    visitors = Visitors(budget_bytes=1000)
    handles = [visitors.keep(visitors.welcome(), np.zeros((10, 10, 3), np.uint8)) for _ in range(5)]
    for gone in handles[:2]:
        with pytest.raises(GoneError, match="no longer kept"):
            visitors.picture(gone)
    assert all(visitors.picture(handle).pixels.shape == (10, 10, 3) for handle in handles[2:])
