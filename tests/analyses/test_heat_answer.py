"""What is kept of a heatmap: the map with its notes, and a long method's way so far."""

import itertools

import numpy as np
import pytest

from visualizer.analyses import channel_survey
from visualizer.analyses.evidence import ClassScore, Evidence, Memory, needed_layers
from visualizer.analyses.heat_answer import answers, find_method, takes_long
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.segment import Segment

LAYER = "layer2.relu1"


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("resnet_cifar10", "cpu", "onnx")


def asked(model: Model, memory: Memory, target: int = 3) -> Evidence:
    batch = np.random.default_rng(0).standard_normal((1, 3, 32, 32), dtype=np.float32)
    values = model.values(batch, [INPUT, *needed_layers(model, LAYER)])
    return Evidence(model, LAYER, values, ClassScore((target,)), memory)


@pytest.mark.parametrize(("name", "noted"), [("integrated-gradients", 1), ("deeplift", 0)])
def test_a_map_is_kept_with_its_notes(model: Model, name: str, noted: int) -> None:
    method, memory = find_method(name), Memory()
    assert takes_long(method, asked(model, memory)) is bool(noted)
    *_, first = answers(method, asked(model, memory))
    (again,) = answers(method, asked(model, memory))
    assert np.array_equal(again.heat, first.heat)
    assert again.notes == first.notes
    assert len(again.notes) == noted
    assert not takes_long(method, asked(model, memory))
    assert takes_long(method, asked(model, memory, target=5)) is bool(noted)


def test_a_map_whose_notes_were_forgotten_is_worked_out_again(model: Model) -> None:
    method, memory = find_method("integrated-gradients"), Memory()
    *_, first = answers(method, asked(model, memory))
    memory.own = {name: kept for name, kept in memory.own.items() if "notes" not in name}
    assert takes_long(method, asked(model, memory))
    *_, again = answers(method, asked(model, memory))
    assert again.notes == first.notes


@pytest.mark.parametrize("name", ["score-cam", "ablation-cam"])
def test_what_was_cancelled_goes_on_where_it_stopped(
    model: Model, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four batches of at most 25 channels; the second walk, for another class, runs two."""
    monkeypatch.setattr(channel_survey, "BATCH_MOST", 25)
    rows = []

    def counted(model: Model, segment: Segment, given: list[np.ndarray]) -> list[np.ndarray]:
        rows.append(len(given[0]))
        return model.runtime.evaluate(segment, given)

    monkeypatch.setattr(Model, "evaluate", counted)
    method, memory = find_method(name), Memory()
    *_, whole = answers(method, asked(model, Memory(), target=5))
    batches = [count for count in rows if count > 1]
    rows.clear()
    started = answers(method, asked(model, memory))
    assert [one.step for one in itertools.islice(started, 2)] == [1, 2]
    started.close()  # type: ignore[attr-defined]
    resumed = list(answers(method, asked(model, memory, target=5)))
    assert [count for count in rows if count > 1] == batches
    assert [(one.step, one.steps) for one in resumed] == [(3, 4), (4, 4)]
    assert np.array_equal(resumed[-1].heat, whole.heat)
    rows.clear()
    assert len(list(answers(method, asked(model, memory, target=7)))) == 1
    assert rows == []
    assert sum(kept.size for name, kept in memory.own.items() if "so far" in name) == 0
