"""A whole comparison, its sentence, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

import visualizer as vz
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.training.data import Split, load_data
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_learning import question
from visualizer.runtime.training.transfer_record import (
    NAMES,
    Outcome,
    Point,
    Saving,
    Transfer,
    points,
)
from visualizer.runtime.training.transfer_running import run_transfer
from visualizer.runtime.training.transfer_words import best_ways, clear, error, verdict

pytestmark = pytest.mark.usefixtures("few_steps")


@pytest.fixture(scope="module")
def model() -> Model:
    return vz.train("conv(4,3,2);relu;maxpool;flatten;linear(16);relu;linear(classes)", epochs=1,
                    side=16)  # fmt: skip


@pytest.fixture(scope="module")
def found(model: Model) -> Transfer:
    heard: list[Outcome] = []
    result = vz.transfer(model, "shapes", per_class=(2, 1), seeds=2, on_outcome=heard.append)
    assert tuple(heard) == result.outcomes
    return result


def test_every_way_count_and_seed_has_its_outcome(found: Transfer) -> None:
    keys = [(one.seed, one.per_class, one.way) for one in found.outcomes]
    assert keys == [(seed, count, way) for seed in (0, 1) for count in (1, 2) for way in NAMES]
    assert all(0 <= one.accuracy <= 1 and one.seconds > 0 for one in found.outcomes)
    assert found.tested == 1000
    assert found.saving is not None
    assert found.saving.pictures == 10


def test_the_same_comparison_gives_the_same_accuracies(model: Model, found: Transfer) -> None:
    again = vz.transfer(model, "shapes", per_class=(2,), ways=("head", "scratch"), seeds=1)
    for way in ("scratch", "head"):
        assert again.point(way, 2).accuracies[0] == found.point(way, 2).accuracies[0]


def test_the_head_s_accuracy_is_that_of_the_whole_network(found: Transfer) -> None:
    training = found.trainings["head"]
    first = next(one for one in found.outcomes if (one.way, one.per_class) == ("head", 2))
    assert training.test_accuracy() == pytest.approx(first.accuracy, abs=1 / 1000)


def test_each_way_s_network_is_a_model_like_any_other(found: Transfer) -> None:
    for way in NAMES:
        made = found.model(way)
        assert made.spec.classes == load_data("shapes").classes
        values = made.values(np.zeros((1, 1, 16, 16), np.float32), ["softmax"])["softmax"]
        assert values.shape == (1, 5, 1, 1)
        assert values.sum() == pytest.approx(1, abs=1e-5)


def test_a_table_can_be_printed(found: Transfer) -> None:
    lines = str(found).splitlines()
    assert "by pictures a class, 2 seeds" in lines[0]
    assert lines[1].split() == ["1", "2", "training"]
    assert [line.split("  ")[0] for line in lines[2:6]] == [
        "From scratch", "Weights as a start", "Early layers frozen", "New last layer only",
    ]  # fmt: skip
    assert lines[6] == found.sentence


def test_work_comes_in_small_slices_with_growing_shares(model: Model) -> None:
    asked = question(Base(model), load_data("shapes", side=16), per_class=(1,), seeds=1)
    shares: dict[str, list[float]] = {way: [] for way in NAMES}
    for progress in run_transfer(asked):
        if progress.way:
            shares[progress.way].append(progress.share)
    for way, own in shares.items():
        assert own == sorted(own), way
        assert own[-1] == 1


def point(way: str, count: int, *accuracies: float, seconds: float = 1.0) -> Point:
    return Point(way, count, accuracies, seconds)


def test_standard_error_by_hand() -> None:
    """(0.7 · 98 + 1) / 100 = 0.696 and 0.5; differences 0.1 and 0.3 have variance 0.02."""
    first, second = point("a", 1, 0.6, 0.6 + 0.2), point("b", 1, 0.5, 0.5)
    one, other = (0.7 * 98 + 1) / 100, 0.5
    expected = one * (1 - one) / 98 + other * (1 - other) / 98 + (0.02 + 2 * 0.04**2) / 3 / 2
    assert error(first, second, 98) == pytest.approx(expected**0.5)
    alone = error(point("a", 1, 0.5), point("b", 1, 0.5), 98)
    assert alone == pytest.approx((0.5 / 98 + 0.04**2) ** 0.5)


def test_clear_differences_only() -> None:
    assert clear(point("a", 1, 0.9), point("b", 1, 0.5), 300)
    assert not clear(point("a", 1, 0.52), point("b", 1, 0.5), 300)
    # the same mean difference: steady from seed to seed it is clear, else it is not
    assert clear(point("a", 1, 0.7, 0.5), point("b", 1, 0.5, 0.3), 1000)
    assert not clear(point("a", 1, 0.7, 0.5), point("b", 1, 0.3, 0.5), 1000)


def test_the_sentence_follows_the_numbers() -> None:
    ways = ("scratch", "start", "head")
    known = {
        ("scratch", 1): point("scratch", 1, 0.30),
        ("start", 1): point("start", 1, 0.50),
        ("head", 1): point("head", 1, 0.80),
        ("scratch", 9): point("scratch", 9, 0.90),
        ("start", 9): point("start", 9, 0.91, seconds=2.0),
        ("head", 9): point("head", 9, 0.75, seconds=0.25),
    }
    assert best_ways(known, ways, 1, 300) == ("head",)
    assert best_ways(known, ways, 9, 300) == ("start", "scratch")
    assert verdict(known, ways, (1, 9), 300, Saving(90, 0.3, 0.01)) == (
        "With 1 picture a class, a new last layer alone gets 80.0 % right, from scratch 30.0 %: "
        "clearly the best. "
        "With 9 pictures a class, starting from the trained weights gets 91.0 % right; "
        "from scratch 90.0 %, no clear difference. "
        "Training from scratch is clearly behind with 1 picture a class. "
        "A new last layer alone stays behind with 75.0 %: its features are of other classes. "
        "The last layer alone learned in 0.25 s, all layers in 2.0 s; "
        "cached features make its epochs 31 times quicker."
    )


def test_the_sentence_says_when_nothing_shows() -> None:
    ways = ("scratch", "start")
    known = {(way, 1): point(way, 1, 0.5) for way in ways}
    assert "no clear" in verdict({**known, ("start", 1): point("start", 1, 0.51)}, ways, (1,), 300,
                                 None)  # fmt: skip
    both = {**known, ("scratch", 5): point("scratch", 5, 0.8), ("start", 5): point("start", 5, 0.8)}
    said = verdict(both, ways, (1, 5), 300, None)
    assert "What was learned before shows no clear advantage here." in said
    both["scratch", 5] = point("scratch", 5, 0.6)
    assert "is clearly behind with 5 pictures a class." in verdict(both, ways, (1, 5), 300, None)
    both["scratch", 1] = point("scratch", 1, 0.2)
    assert "is clearly behind with every number" in verdict(both, ways, (1, 5), 300, None)


def test_points_put_seeds_together() -> None:
    outcomes = [
        Outcome("head", 1, seed, accuracy, 2.0, 9) for seed, accuracy in ((0, 0.4), (1, 0.6))
    ]
    one = points(outcomes)["head", 1]
    assert one.mean == pytest.approx(0.5)
    assert one.spread == pytest.approx(0.02**0.5)
    assert Point("head", 1, (0.4,), 1.0).spread is None
    assert Saving(10, 0.3, 0.1).factor == pytest.approx(4)


def test_the_same_classes_again_are_no_transfer() -> None:
    base = Base(load_model("lenet5"))
    mnist_like = load_data("digits", side=28)
    asked = question(base, mnist_like, per_class=(1,), seeds=1)
    told = mnist_like.labels == base.model.spec.labels
    assert any("memory rather than transfer" in note for note in asked.notes) == told


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"per_class": (0,)}, "0 pictures a class are asked for; give 1 to"),
        ({"per_class": (9_999,)}, "9999 pictures a class are asked for; give 1 to"),
        ({"per_class": ()}, "0 numbers of pictures are asked for; give 1 to 8"),
        ({"seeds": 0}, "0 seeds are asked for; give 1 to 5"),
        ({"seed": -1}, "The first seed is -1; give 0 to"),
    ],
)
def test_settings_outside_their_limits_are_refused(
    model: Model, given: dict[str, object], says: str
) -> None:
    data = load_data("shapes", side=16)
    with pytest.raises(VisualizerError, match=says):
        question(Base(model), data, **given)  # type: ignore[arg-type]


def test_unknown_names_are_refused(model: Model) -> None:
    with pytest.raises(UnknownNameError, match=r"There is no way 'forzen'\. Choose frozen"):
        vz.transfer(model, "shapes", ways=("forzen",))
    with pytest.raises(UnknownNameError, match="cannot be frozen up to 'elsewhere'"):
        vz.transfer(model, "shapes", frozen="elsewhere")
    with pytest.raises(VisualizerError, match="comes as 1 × 28 × 28"):
        vz.transfer(model, load_data("shapes"))


def test_a_class_with_few_pictures_limits_the_numbers(model: Model) -> None:
    base = Base(model)
    data = load_data("digits", side=16)
    few_first = data.train.labels.ne(3) | (data.train.labels.eq(3).cumsum(0) <= 4)
    lopsided = replace(
        data, train=Split(data.train.pictures[few_first], data.train.labels[few_first])
    )
    assert question(base, lopsided).per_class == (1, 2)
    with pytest.raises(VisualizerError, match="give 1 to 4: the class '3' has 4 to train on"):
        question(base, lopsided, per_class=(5,))
