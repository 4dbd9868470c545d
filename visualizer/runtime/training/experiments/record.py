"""What an experiment is, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, stdev
from typing import Any

from visualizer.runtime.training.history import History, Validation
from visualizer.runtime.training.training import Training


@dataclass(frozen=True)
class Arm:
    """One of the trainings that are compared: a network, and what its recipe changes.

    ``network`` is a name or a stack as text; ``words`` name it where ``title`` is too long.
    ``weights_follow`` moves the first layer's initial weights like the shuffled pixels.
    """

    title: str
    network: str
    recipe: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    weights_follow: bool = False


@dataclass(frozen=True)
class Guess:
    """What a reader may expect before it runs."""

    name: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """One arm's training with one seed.

    ``test`` is the share of right answers on pictures that no step has seen, ``trained`` that on
    the pictures it learned from, unchanged; ``why`` says why it ended early, None otherwise.
    ``training`` is kept for the first seed.
    """

    seed: int
    test: float
    trained: float
    history: History = field(repr=False)
    why: str | None = None
    training: Training | None = field(default=None, repr=False)

    @property
    def validation(self) -> Sequence[Validation]:
        """List the validation records, one an epoch."""
        return self.history.validation


@dataclass(frozen=True)
class ArmResult:
    """An arm with all its seeds; accuracies in [0, 1]."""

    arm: Arm
    outcomes: tuple[Outcome, ...]

    @property
    def title(self) -> str:
        """Give the arm's title."""
        return self.arm.title

    @property
    def test(self) -> tuple[float, ...]:
        """Give the test accuracy with each seed."""
        return tuple(one.test for one in self.outcomes)

    @property
    def mean(self) -> float:
        """Give the mean test accuracy."""
        return mean(self.test)

    @property
    def spread(self) -> float | None:
        """Give the standard deviation of the test accuracy over the seeds; None for one seed."""
        return stdev(self.test) if len(self.test) > 1 else None

    @property
    def trained(self) -> float:
        """Give the mean accuracy on the pictures that were learned."""
        return mean(one.trained for one in self.outcomes)

    @property
    def why(self) -> str | None:
        """Say why the first of its trainings that ended early did; None where none did."""
        return next((one.why for one in self.outcomes if one.why), None)

    @property
    def history(self) -> History:
        """Give the curves of the first seed."""
        return self.outcomes[0].history


@dataclass(frozen=True)
class Found:
    """What all arms came to; ``tested`` pictures of ``classes`` kinds were asked each time."""

    arms: tuple[ArmResult, ...]
    tested: int
    classes: int


@dataclass(frozen=True)
class Verdict:
    """What the numbers say: a sentence, and which of the guesses is right by them."""

    sentence: str
    guess: str


@dataclass(frozen=True)
class Experiment:
    """Trainings that differ in one thing.

    ``data`` is where the effect was found to show; ``recipe`` is common to all arms; ``seeds``
    says with how many it is usually repeated; ``shows`` names the curve to look at first;
    ``seconds`` tells about how long one seed of it takes.
    """

    name: str
    title: str
    question: str
    guesses: tuple[Guess, ...]
    arms: tuple[Arm, ...]
    verdict: Callable[[Found], Verdict]
    explanation: str
    source: str
    data: str = "digits"
    seeds: int = 1
    shows: str = "accuracy"
    seconds: int = 20
    recipe: Mapping[str, Any] = field(default_factory=dict)

    @property
    def augments(self) -> bool:
        """Tell whether one of its arms changes the pictures."""
        return any("augment" in arm.recipe for arm in self.arms)


@dataclass(frozen=True)
class ExperimentResult:
    """What an experiment gave: curves, accuracies, and a sentence made from them."""

    experiment: Experiment
    data: str
    arms: tuple[ArmResult, ...]
    seeds: tuple[int, ...]
    sentence: str
    guess: str
    tested: int

    def __str__(self) -> str:
        """Write a table, and the sentence below."""
        width = max(len(one.title) for one in self.arms)
        lines = [f"{self.experiment.title}: {self.data}, {_counted(len(self.seeds), 'seed')}"]
        for one in self.arms:
            spread = "" if one.spread is None else f" ± {tenths(one.spread)}"
            lines.append(
                f"{one.title:{width}}  test {tenths(one.mean):>5}{spread} %, "
                f"training pictures {tenths(one.trained):>5} %"
            )
        return "\n".join([*lines, self.sentence])


def tenths(share: float) -> str:
    """Write 100 times a share with one decimal, halves rounded upwards as in the browser."""
    return str(Decimal(100 * share).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
