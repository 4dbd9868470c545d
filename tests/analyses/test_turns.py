"""Short questions are never kept waiting by long computations, and these share fairly."""

import itertools
import threading
import time

from visualizer.analyses.turns import Turns


def test_two_long_computations_alternate() -> None:
    turns = Turns()
    order: list[str] = []

    def work(name: str) -> None:
        for _ in range(5):
            with turns.step():
                order.append(name)
                time.sleep(0.01)

    with turns.step():  # both are in the queue before either begins
        threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    assert sorted(order) == list("aaaaabbbbb")
    assert all(one != other for one, other in itertools.pairwise(order))


def test_a_step_waits_for_short_questions_but_not_for_ever() -> None:
    turns = Turns(patience_s=0.2)
    began: list[float] = []

    def work() -> None:
        with turns.step():
            began.append(time.monotonic())

    start = time.monotonic()
    with turns.short():
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.05)
        assert not began
        thread.join()  # the question goes on, the step's patience ends
    assert 0.15 <= began[0] - start < 5


def test_a_short_question_does_not_wait_for_a_step() -> None:
    turns = Turns()
    with turns.step(), turns.short():
        pass  # would hang if it did


def test_a_step_that_fails_lets_the_next_one_go() -> None:
    turns = Turns()
    try:
        with turns.step():
            raise RuntimeError
    except RuntimeError:
        pass
    with turns.step():
        pass
