"""Whether a difference between two arms is more than chance, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from visualizer.runtime.training.experiments.record import ArmResult, tenths

CLEAR = 2.0  # standard errors from which a difference counts as shown
USUAL_SPREAD = 0.02  # of test accuracies over seeds, as found with these networks: 0.004 to 0.04
WORTH = 2  # degrees of freedom that the usual spread counts for beside the measured one


@dataclass(frozen=True)
class Comparison:
    """The first arm's test accuracy minus the second's, and its standard error, both in [0, 1]."""

    difference: float
    error: float

    @property
    def sign(self) -> int:
        """Give 1 where the first is clearly better, -1 where clearly worse, 0 for not clear."""
        if abs(self.difference) <= CLEAR * self.error:
            return 0
        return 1 if self.difference > 0 else -1


def compare(first: ArmResult, second: ArmResult, tested: int) -> Comparison:
    """Compare two arms' mean test accuracies.

    The standard error adds up, for both arms, what ``tested`` pictures leave to chance (binomial,
    one right and one wrong answer added so that 100 % is not taken for certain) and what k seeds
    do: ((k - 1) s² + 2 · 0.02²) / (k + 1) / k, the measured spread s drawn towards the usual one,
    since one training tells nothing of it and three tell little. That both arms answer the same
    pictures is not made use of, so the error is rather too large than too small.

    Source: Agresti & Coull, The American Statistician 52(2), 1998, for the added answers; Gelman
    et al., Bayesian Data Analysis, 2013, section 2.6, for the scaled inverse χ² prior.
    """
    variance = _variance(first, tested) + _variance(second, tested)
    return Comparison(first.mean - second.mean, sqrt(variance))


def _variance(one: ArmResult, tested: int) -> float:
    share = (one.mean * tested + 1) / (tested + 2)
    by_pictures = share * (1 - share) / tested
    seeds = len(one.outcomes)
    measured = 0.0 if one.spread is None else (seeds - 1) * one.spread**2
    by_seeds = (measured + WORTH * USUAL_SPREAD**2) / (seeds - 1 + WORTH) / seeds
    return by_pictures + by_seeds


def percent(share: float) -> str:
    """Write a share as the page does: ``97.8 %``."""
    return f"{tenths(share)} %"


def right(one: ArmResult) -> str:
    """Write an arm's test accuracy, with its spread where there is one: ``97.8 ± 0.3 %``."""
    if one.spread is None:
        return percent(one.mean)
    return f"{tenths(one.mean)} ± {tenths(one.spread)} %"


def points(share: float) -> str:
    """Write a difference without its sign: ``5.9 points``, ``1.0 point``."""
    written = tenths(abs(share))
    return f"{written} point{'s' * (written != '1.0')}"


def chance(found: Comparison) -> str:
    """Say how large a difference chance alone makes."""
    return f"chance alone makes up to {points(CLEAR * found.error)}"
