"""How long a training will take, as the page asks for it before the start."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from visualizer.panels.training import timing
from visualizer.runtime.training.data import load_data
from visualizer.runtime.training.timing import Timing

SMALL = "stack=conv(4,3,2);relu;flatten;linear(classes)&data=digits&side=12"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Time nothing; list what was to be timed."""
    found: list[Any] = []

    def timed(*question: Any) -> Any:
        found.append(question)
        yield
        return Timing(0.25, 0.001)

    monkeypatch.setattr(timing, "KEPT", timing.Timings())
    monkeypatch.setattr(timing, "timing", timed)
    return found


def test_a_step_is_timed_once_for_all_that_does_not_change_it(
    client: TestClient, asked: list[Any]
) -> None:
    first = client.get(f"/vz/training/time?{SMALL}&batch=64&epochs=3").json()
    digits = load_data("digits", side=12)
    assert first == {
        "step_s": 0.25,
        "picture_s": 0.001,
        "training": len(digits.train),
        "validated": len(digits.validation),
        "others": 0,
    }
    assert client.get(f"/vz/training/time?{SMALL}&batch=64&epochs=9&pictures=50").json() == first
    assert len(asked) == 1
    network, shape, classes, recipe = asked[0]
    assert (network.text.split(";")[0], shape, classes) == (
        "conv(4,3,stride=2)",
        (1, 12, 12),
        10,
    )
    assert (recipe.batch_size, recipe.epochs, recipe.pictures) == (64, 1, None)
    client.get(f"/vz/training/time?{SMALL}&batch=65")
    assert len(asked) == 2


def test_what_was_timed_long_ago_is_timed_again(
    client: TestClient, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 1000.0
    monkeypatch.setattr("visualizer.panels.training.timing.time.monotonic", lambda: now_s)
    client.get(f"/vz/training/time?{SMALL}")
    now_s += 59
    client.get(f"/vz/training/time?{SMALL}")
    assert len(asked) == 1
    now_s += 2
    client.get(f"/vz/training/time?{SMALL}")
    assert len(asked) == 2


def test_only_the_newest_are_kept() -> None:
    kept = timing.Timings()
    for key in range(timing.MOST + 1):
        kept.keep(key, Timing(float(key), 0.0))
    assert kept.get(0) is None
    assert kept.get(1) == Timing(1.0, 0.0)


def test_what_cannot_be_trained_is_not_timed(client: TestClient) -> None:
    answer = client.get("/vz/training/time?stack=conv(6,99);flatten;linear(classes)&data=digits")
    assert answer.status_code == 400
    assert "99" in answer.json()["error"]
