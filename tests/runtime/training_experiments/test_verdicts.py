"""Sentences are made from the numbers: an effect that does not show is not told."""

import re
from collections.abc import Sequence

import pytest

from visualizer.errors import UnknownNameError
from visualizer.runtime.training.experiments import verdicts
from visualizer.runtime.training.experiments.evidence import compare, points, right
from visualizer.runtime.training.experiments.menu import EXPERIMENTS, find_experiment
from visualizer.runtime.training.experiments.record import Arm, ArmResult, Found, Outcome
from visualizer.runtime.training.history import History


def arm(
    test: float | Sequence[float], trained: float = 1.0, *, words: str = "", why: str | None = None
) -> ArmResult:
    shares = [test] if isinstance(test, float) else test
    outcomes = tuple(
        Outcome(seed, share, trained, History(1), why) for seed, share in enumerate(shares)
    )
    return ArmResult(Arm(words or "Arm", "linear", {}, words), outcomes)


def found(*arms: ArmResult, tested: int = 400, classes: int = 10) -> Found:
    return Found(arms, tested, classes)


def test_one_seed_by_hand() -> None:
    """361 / 402 and 321 / 402 right: 2.288e-4 and 4.022e-4, and twice 0.02² for the seeds."""
    made = compare(arm(0.9), arm(0.8), 400)
    first, second = (0.9 * 400 + 1) / 402, (0.8 * 400 + 1) / 402
    by_hand = (first * (1 - first) / 400 + second * (1 - second) / 400 + 8e-4) ** 0.5
    assert made.difference == pytest.approx(0.1)
    assert made.error == pytest.approx(by_hand)
    assert made.error == pytest.approx(0.0378, abs=1e-4)
    assert made.sign == 1


def test_seeds_that_scatter_make_a_difference_unclear() -> None:
    """Two seeds, 0.95 and 0.85: s² = 0.005, drawn to (0.005 + 0.0008) / 3, halved: 0.000967."""
    assert compare(arm(0.9), arm(0.82), 2000).sign == 1
    scattered = compare(arm([0.95, 0.85]), arm([0.87, 0.77]), 1_000_000)
    assert scattered.error == pytest.approx((2 * 0.000967) ** 0.5, rel=1e-3)
    assert scattered.sign == 0
    alike = compare(arm([0.9, 0.9, 0.9]), arm([0.87, 0.87, 0.87]), 1_000_000)
    assert alike.error == pytest.approx((2 * 0.0008 / 4 / 3) ** 0.5, rel=1e-2)
    assert alike.sign == 1


def test_all_right_is_not_taken_for_certain() -> None:
    assert compare(arm(1.0), arm(1.0), 100).error > 0.01


def test_numbers_in_words() -> None:
    assert right(arm(0.9783)) == "97.8 %"
    assert right(arm(0.8525)) == "85.3 %"  # as the browser rounds the same number
    assert right(arm([0.97, 0.99])) == "98.0 ± 1.4 %"
    assert points(-0.0589) == "5.9 points"
    assert points(0.01) == "1.0 point"


@pytest.mark.parametrize(
    ("first", "second", "guess", "opening"),
    [
        (0.96, 0.87, "first", "Augmentation helps"),
        (0.87, 0.96, "second", "Augmentation does harm here"),
        (0.90, 0.89, "same", "No clear difference in this run"),
    ],
)
def test_augmentation_is_told_as_it_came_out(
    first: float, second: float, guess: str, opening: str
) -> None:
    made = verdicts.augmentation(
        found(arm(first, 0.98, words="with it"), arm(second, words="without"))
    )
    assert made.guess == guess
    assert made.sentence.startswith(opening)
    assert f"{100 * first:.1f} %" in made.sentence
    assert "the first knows 98.0 %, the second 100.0 %" in made.sentence


@pytest.mark.parametrize(
    ("shares", "guess", "words"),
    [
        ((0.8, 0.81, 1.0, 0.88), "cnn", ("perceptron does not care", "CNN loses 12.0 points")),
        ((0.8, 0.6, 1.0, 0.88), "both", ("perceptron loses 20.0 points", "CNN loses")),
        ((0.8, 0.6, 0.9, 0.91), "perceptron", ("perceptron loses", "CNN does not care")),
        ((0.8, 0.8, 0.8, 0.95), "neither", ("perceptron does not care", "CNN gains 15.0 points")),
    ],
)
def test_shuffling_is_told_for_each_network_alone(
    shares: tuple[float, ...], guess: str, words: tuple[str, str]
) -> None:
    made = verdicts.shuffled(found(*map(arm, shares)))
    assert made.guess == guess
    assert all(word in made.sentence for word in words)


def test_depth_without_shortcuts_may_help_after_all() -> None:
    layers = {"shortcuts": "with shortcuts", "plain": "without", "shallow": "with 6 plain layers"}

    def told(shortcuts: float, plain: float, shallow: float) -> tuple[str, str]:
        made = verdicts.depth(
            found(
                arm(shortcuts, words=layers["shortcuts"]),
                arm(plain, words=layers["plain"]),
                arm(shallow, words=layers["shallow"]),
            )
        )
        return made.guess, made.sentence

    guess, sentence = told(0.96, 0.1, 0.93)
    assert guess == "first"
    assert "More layers alone make it worse: with 6 plain layers 93.0 % are right" in sentence
    guess, sentence = told(0.9, 0.9, 0.7)
    assert guess == "same"
    assert "More layers help even without shortcuts" in sentence
    assert "nothing clear" in told(0.7, 0.9, 0.9)[1]


@pytest.mark.parametrize(
    ("high", "why", "guess", "words"),
    [
        (0.1, None, "breaks", "as good as guessing"),
        (0.1, "The loss is not a number any more.", "breaks", "no number any more"),
        (0.5, None, "worse", "only 50.0 %"),
        (0.97, None, "faster", "not too high in this run"),
    ],
)
def test_rates_are_told_as_they_went(high: float, why: str | None, guess: str, words: str) -> None:
    made = verdicts.rates(found(arm(0.1), arm(0.97), arm(high, why=why)))
    assert made.guess == guess
    assert words in made.sentence
    assert "too low for so few steps" in made.sentence
    assert "does as well in this run" in verdicts.rates(found(arm(0.97), *[arm(0.97)] * 2)).sentence


@pytest.mark.parametrize(
    ("trained", "test", "guess", "opening"),
    [
        (1.0, 0.8, "heart", "Learned by heart"),
        (0.99, 0.98, "same", "No overfitting in this run"),
        (0.9, 0.7, "few", "The network knows 90.0 %"),
    ],
)
def test_overfitting_is_told_only_where_it_shows(
    trained: float, test: float, guess: str, opening: str
) -> None:
    more = arm(0.95, words="Having 1,000 pictures")
    made = verdicts.overfitting(found(arm(test, trained), arm(test + 0.01, words="It"), more))
    assert made.guess == guess
    assert made.sentence.startswith(opening)
    assert "It makes no clear difference" in made.sentence


def test_one_training_each_is_said_to_be_one() -> None:
    pair = verdicts.first_against_second("The maximum is better", "The average is better")
    assert "One training each" in pair(found(arm(0.9), arm(0.8))).sentence
    several = pair(found(arm([0.9, 0.92]), arm([0.8, 0.81]))).sentence
    assert several.startswith("The maximum is better")
    assert "One training each" not in several


def test_every_verdict_is_among_the_guesses() -> None:
    for one in EXPERIMENTS:
        names = {guess.name for guess in one.guesses}
        for shares in ((0.1, 0.9, 0.5, 0.2), (0.9, 0.1, 0.2, 0.5), (0.5, 0.5, 0.5, 0.5)):
            made = one.verdict(found(*map(arm, shares[: len(one.arms)])))
            assert made.guess in names
            assert re.search(r"\d\.\d %", made.sentence)


def test_an_unknown_experiment_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Nearest: pooling"):
        find_experiment("poling")
