"""Large networks: pictures as for a prediction, steps in portions, kept statistics."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import visualizer as vz
from visualizer.errors import CollectionError, VisualizerError
from visualizer.runtime.collection import Collection
from visualizer.runtime.framing import network_input, network_pixels
from visualizer.runtime.model import Model, model_of
from visualizer.runtime.training import transfer_pictures, transfer_training
from visualizer.runtime.training.batches import Inputs
from visualizer.runtime.training.data import Data
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_learning import question
from visualizer.runtime.training.transfer_pace import Pace
from visualizer.runtime.training.transfer_pictures import Supply, supplying
from visualizer.runtime.training.transfer_record import Transfer
from visualizer.runtime.training.transfer_running import (
    Question,
    drawn,
    make_training,
    run_transfer,
)
from visualizer.runtime.training.transfer_scale import LARGE, recipe_of
from visualizer.runtime.training.transfer_training import CachedTraining, FewTraining
from visualizer.zoo.spec import ModelSpec, Weights

SIDE = 104


def _network() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 8, 5, stride=4, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.Conv2d(8, 12, 3, stride=2, bias=False), nn.BatchNorm2d(12), nn.ReLU(),
        nn.Conv2d(12, 16, 3, stride=2), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 7),
    )  # fmt: skip


@pytest.fixture(scope="module")
def base() -> Base:
    """A small network for large pictures, whose batch normalisation has seen something."""
    torch.manual_seed(3)
    module = _network()
    for _ in range(9):
        module(torch.randn(8, 3, SIDE, SIDE) + 0.3)
    spec = ModelSpec(
        name="seen_large", title="Seen large", build=_network, input_shape=(3, SIDE, SIDE),
        mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.25), labels="own", cam_layer="7",
        parameters=sum(value.numel() for value in module.parameters()), source="made here",
        weights=Weights("noise", Path, "", lambda _: {}, "", 0), resize=120,
        interpolation="bicubic", classes=tuple("abcdefg"),
    )  # fmt: skip
    model: Model = model_of(spec, module, "cpu", "onnx")
    return Base(model)


def photos(count: int = 8, classes: int = 3) -> Collection:
    """Photos of several shapes, brighter from class to class."""
    rng = np.random.default_rng(5)
    made = [
        np.clip(rng.integers(0, 90, (130 + 7 * n, 170 - 5 * n, 3)) + 70 * kind, 0, 255)
        for kind in range(classes)
        for n in range(count)
    ]
    labels = [f"kind {kind}" for kind in range(classes) for _ in range(count)]
    return Collection.of([one.astype(np.uint8) for one in made], labels=labels)


def supply_for(source: Any, base: Base) -> Supply:
    return _last(supplying(source, base.model.spec))


def _last(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.fixture(scope="module")
def asked(base: Base) -> Question:
    return question(base, supply_for(photos(), base), per_class=(3,))


@pytest.fixture(scope="module")
def data(asked: Question) -> Data:
    supply = asked.supply
    places = drawn(supply.train.labels, 3, 3, 0)
    parts = (
        (supply.train, places), (supply.validation, asked.validated), (supply.test, asked.tested)
    )  # fmt: skip
    train, validation, test = (_last(stock.split(chosen)) for stock, chosen in parts)
    return replace(asked.data, train=train, validation=validation, test=test)


@pytest.fixture
def portions(monkeypatch: pytest.MonkeyPatch, base: Base) -> int:
    """Let two pictures learn at once."""
    monkeypatch.setattr(transfer_training, "LEARNING_MACS", 2 * base.macs + 1)
    return 2


def run_to_end(training: FewTraining) -> FewTraining:
    for _ in training.run():
        pass
    return training


def test_pictures_are_brought_to_size_as_for_a_prediction(base: Base, data: Data) -> None:
    collection, asked = photos(), question(base, supply_for(photos(), base), per_class=(1,))
    assert asked.data.train.pictures.shape == (0, 3, SIDE, SIDE)
    test = _last(asked.supply.test.split(asked.tested))
    inputs = Inputs(make_training(asked, data, "head", 0).task)(test.pictures).numpy()
    framed = [network_input(pixels, base.model.spec) for pixels in collection]
    for one in inputs:
        assert any(np.array_equal(one, other[0]) for other in framed)


def test_only_the_pictures_that_are_needed_are_brought_to_size(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(pixels: Any, spec: ModelSpec) -> Any:
        made.append(1)
        return network_pixels(pixels, spec)

    monkeypatch.setattr(transfer_pictures, "network_pixels", counted)
    asked = question(base, supply_for("digits", base), per_class=(1, 2), ways=("head",))
    assert made == []
    _last(run_transfer(asked))
    assert len(made) == 2 * 10 + 100 + 20  # of 1,797
    assert (len(asked.tested), len(asked.validated)) == (100, 20)


def test_a_step_in_portions_is_the_step_of_the_whole_batch(
    asked: Question, data: Data, portions: int
) -> None:
    """With kept statistics the gradients of portions add up to that of the batch."""
    divided = make_training(asked, data, "start", 0)
    assert divided.portion == portions
    whole = make_training(asked, data, "start", 0)
    whole.portion = 99
    pieces = [divided.part() for _ in range(5)]
    assert [piece is None for piece in pieces] == [True] * 4 + [False]  # 9 pictures, by twos
    whole.advance()
    grown = dict(whole.network.named_parameters())
    for name, value in divided.network.named_parameters():
        assert value.grad is not None
        torch.testing.assert_close(value.grad, grown[name].grad, rtol=1e-4, atol=1e-6, msg=name)
    assert divided.history.losses[0] == pytest.approx(float(whole.history.losses[0]), rel=1e-5)
    assert divided.history.accuracies[0] == whole.history.accuracies[0]


def test_from_scratch_portions_have_statistics_of_their_own(
    asked: Question, data: Data, portions: int
) -> None:
    divided = make_training(asked, data, "scratch", 0)
    whole = make_training(asked, data, "scratch", 0)
    whole.portion = 99
    divided.advance()
    whole.advance()
    ours, theirs = (one.network.state_dict()["1.running_mean"] for one in (divided, whole))
    assert portions == 2
    assert int(divided.network.state_dict()["1.num_batches_tracked"]) == 5
    assert not torch.allclose(ours, theirs, rtol=1e-3)


@pytest.mark.parametrize("way", ["start", "frozen"])
def test_what_batch_normalisation_has_seen_is_kept_and_its_weights_learn(
    asked: Question, data: Data, base: Base, way: str
) -> None:
    before = {key: value.clone() for key, value in base.model.module.state_dict().items()}
    after = run_to_end(make_training(asked, data, way, 0)).network.state_dict()
    for key in ("1.running_mean", "4.running_var", "4.num_batches_tracked"):
        assert torch.equal(after[key], before[key]), key
    assert not torch.equal(after["4.weight"], before["4.weight"])
    assert torch.equal(after["1.weight"], before["1.weight"]) == (way == "frozen")


def test_cached_values_give_what_the_whole_network_gives(
    asked: Question, data: Data, portions: int
) -> None:
    assert portions == 2
    results = run(asked)
    for way in ("frozen", "head"):
        cached = results.trainings[way]
        assert isinstance(cached, CachedTraining)
        plain = run_to_end(make_training(asked, data, way, 0))
        assert not isinstance(plain, CachedTraining)
        for key, value in plain.network.state_dict().items():
            ours = cached.network.state_dict()[key]
            torch.testing.assert_close(ours, value, rtol=1e-3, atol=1e-4, msg=key)
        outcome = next(one for one in results.outcomes if one.way == way)
        assert outcome.accuracy == pytest.approx(plain.test_accuracy())


def run(asked: Question) -> Transfer:
    found: Transfer = _last(run_transfer(asked))
    return found


def test_moments_share_what_the_base_has(asked: Question, base: Base) -> None:
    trainings = run(asked).trainings
    state = trainings["head"].network.state_dict()
    network = sum(value.numel() * value.element_size() for value in state.values())
    head = 4 * 3 * (16 + 1)  # bytes of three classes' weights and biases
    assert trainings["head"].size_bytes == network + 2 * head
    assert network + 2 * head < trainings["frozen"].size_bytes
    assert trainings["frozen"].size_bytes < trainings["start"].size_bytes
    learned = base.model.module.state_dict()["0.weight"]
    for moment in trainings["head"].moments:
        assert moment.state["0.weight"].data_ptr() == learned.data_ptr()


def test_the_result_predicts_with_the_base_s_own_framing(asked: Question, base: Base) -> None:
    model = run(asked).model("head")
    assert (model.spec.resize, model.spec.interpolation) == (120, "bicubic")
    assert model.spec.classes == ("kind 0", "kind 1", "kind 2")
    photo = photos().pixels(20)
    assert np.array_equal(model.preprocess(photo).numpy(), network_input(photo, base.model.spec))
    assert vz.classify(model, photo, top=1)[0].label == "kind 2"


def test_usual_comparisons_are_small_and_say_what_they_can(base: Base) -> None:
    usual = question(base, supply_for(photos(), base))
    assert (usual.per_class, usual.ways, usual.seeds) == ((1, 5), ("start", "frozen", "head"), (0,))
    few = "Only 5 pictures are left to test on: one more right or wrong makes a difference of 20"
    assert any(note.startswith(few) for note in usual.notes)
    assert not any("hopeless" in note for note in usual.notes)
    every = question(base, supply_for(photos(), base), ways=("scratch", "start"))
    assert any("hopeless, and slow; it takes half as many epochs" in note for note in every.notes)
    assert recipe_of("scratch", 25, LARGE).epochs == 2  # half of 5, rounded to the even
    assert recipe_of("start", 25, LARGE).epochs == 5
    assert recipe_of("start", 5, LARGE).epochs == 20


def test_expected_seconds_by_hand(base: Base) -> None:
    """20 epochs of 5 pictures, a step each: 0.02 + 20 · 0.0015 + 100 · 0.1 + 30 · 0.04."""
    pace = Pace(seen=0.01, asked=0.04, learned=0.1)
    assert pace.training(base, "start", 5, 30, None) == pytest.approx(0.02 + 0.03 + 10 + 1.2)
    assert pace.training(base, "head", 5, 30, None) < 0.1
    assert pace.looking(40) == pytest.approx(0.4)


def test_shapes_are_drawn_at_the_size_before_the_crop(base: Base) -> None:
    supply = supply_for("shapes", base)
    assert [len(one.labels) for one in (supply.train, supply.validation, supply.test)] == [
        300,
        50,
        150,
    ]
    assert torch.bincount(supply.train.labels).tolist() == [60] * 5
    again = supply_for("shapes", base)
    places = torch.tensor([7, 2])
    first, second = (_last(one.train.take(places)) for one in (supply, again))
    assert torch.equal(first, second)
    assert first.shape == (2, 3, SIDE, SIDE)
    assert supply.data.digest == again.data.digest


def test_what_does_not_fit_is_refused(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_pictures, "BYTES_MOST", 5 * 3 * SIDE**2)
    with pytest.raises(
        CollectionError, match=r"6 pictures of 104 × 104 .*0 MB, 5 pictures: choose"
    ):
        _last(supply_for(photos(), base).train.take(torch.arange(6)))


def test_networks_too_large_to_go_on_with_say_so(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visualizer.runtime.training.transfer_base.MACS_MOST", base.macs - 1)
    with pytest.raises(VisualizerError, match=r"takes 0\.0 billion multiplications a picture"):
        Base(base.model)
