"""What the accuracies of transfer learning say, in sentences made from the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import variance

from visualizer.runtime.training.transfer_record import Point, Saving, way_of

CLEAR = 2.0  # standard errors from which a difference counts as shown
SCATTER, FREEDOM = 0.04, 2  # of a difference from seed to seed, before any is seen

Points = Mapping[tuple[str, int], Point]


def error(first: Point, second: Point, tested: int) -> float:
    """Estimate the standard error of the difference of two accuracies.

    It adds up what ``tested`` pictures leave to chance (binomial for both, one right and one wrong
    answer added so that 100 % is not taken for certain) and how the difference varies from seed to
    seed, since both had the same pictures with each; that is drawn towards ``SCATTER``, since a few
    seeds say little of it. That both answer the same test pictures is not made use of.

    Source: Agresti & Coull, The American Statistician 52(2), 1998, for the added answers; Gelman et
    al., Bayesian Data Analysis, 2013, section 2.6, for the scaled inverse chi-squared prior.
    """
    by_pictures = 0.0
    for one in (first, second):
        share = (one.mean * tested + 1) / (tested + 2)
        by_pictures += share * (1 - share) / tested
    apart = [a - b for a, b in zip(first.accuracies, second.accuracies, strict=True)]
    count = len(apart)
    squares = variance(apart) * (count - 1) if count > 1 else 0.0
    by_seeds = (squares + FREEDOM * SCATTER**2) / (count - 1 + FREEDOM) / count
    return sqrt(by_pictures + by_seeds)


def clear(first: Point, second: Point, tested: int) -> bool:
    """Tell whether two accuracies differ by more than chance."""
    return abs(first.mean - second.mean) > CLEAR * error(first, second, tested)


def best_ways(found: Points, ways: Sequence[str], count: int, tested: int) -> tuple[str, ...]:
    """Name the best way with so many pictures, and after it those it does not clearly beat."""
    ranked = sorted(ways, key=lambda way: -found[way, count].mean)
    top = found[ranked[0], count]
    beside = [way for way in ranked[1:] if not clear(top, found[way, count], tested)]
    return ranked[0], *beside


def verdict(
    found: Points, ways: Sequence[str], counts: Sequence[int], tested: int, saving: Saving | None
) -> str:
    """Say what came out: with the fewest pictures, with the most, and what each way cost."""
    sentences = [_at(found, ways, counts[0], tested)]
    if len(counts) > 1:
        sentences.append(_at(found, ways, counts[-1], tested))
        sentences += _behind(found, ways, counts, tested)
        sentences += _head_behind(found, ways, counts[-1], tested)
    sentences += _cost(found, ways, counts[-1], saving)
    return " ".join(sentences)


def right(point: Point) -> str:
    """Write an accuracy, with its spread where there is one: ``97.8 ± 0.3 %``."""
    if point.spread is None:
        return f"{100 * point.mean:.1f} %"
    return f"{100 * point.mean:.1f} ± {100 * point.spread:.1f} %"


def _pictures(count: int) -> str:
    return f"{count} picture{'s' * (count != 1)} a class"


def _at(found: Points, ways: Sequence[str], count: int, tested: int) -> str:
    """Say which way is best with so many pictures, and how far from scratch it is."""
    best, *beside = best_ways(found, ways, count, tested)
    first = f"With {_pictures(count)}, {way_of(best).words} gets {right(found[best, count])} right"
    others = [way for way in beside if way != "scratch"]
    if "scratch" in ways and best != "scratch":
        scratch = right(found["scratch", count])
        if "scratch" in beside:
            return f"{first}; from scratch {scratch}, no clear difference."
        first += f", from scratch {scratch}"
    if not others:
        if len(ways) > 1 and not beside:
            return f"{first}: clearly the best."
        return f"{first}."
    listed = _listed([f"{way_of(way).words} ({right(found[way, count])})" for way in others])
    return f"{first}; {listed} {'is' if len(others) == 1 else 'are'} no clearly worse."


def _behind(found: Points, ways: Sequence[str], counts: Sequence[int], tested: int) -> list[str]:
    """Say with which numbers of pictures training from scratch is clearly worse than the best."""
    if "scratch" not in ways or len(ways) == 1:
        return []
    apart = [n for n in counts if "scratch" not in best_ways(found, ways, n, tested)]
    if not apart:
        return ["What was learned before shows no clear advantage here."]
    if len(apart) == len(counts):
        return ["Training from scratch is clearly behind with every number of pictures."]
    numbers = f"{_listed([str(n) for n in apart])} picture{'s' * (apart != [1])} a class"
    return [f"Training from scratch is clearly behind with {numbers}."]


def _head_behind(found: Points, ways: Sequence[str], count: int, tested: int) -> list[str]:
    """Say where the last layer alone stays behind: its features were learned for others."""
    if "head" not in ways or "head" in best_ways(found, ways, count, tested):
        return []
    behind = right(found["head", count])
    return [
        f"A new last layer alone stays behind with {behind}: its features are of other classes."
    ]


def _cost(found: Points, ways: Sequence[str], count: int, saving: Saving | None) -> list[str]:
    if "head" not in ways:
        return []
    words = f"The last layer alone learned in {_seconds(found['head', count].seconds)}"
    if "start" in ways:
        words += f", all layers in {_seconds(found['start', count].seconds)}"
    if saving is None:
        return [f"{words}."]
    return [f"{words}; cached features make its epochs {_times(saving.factor)} times quicker."]


def _times(factor: float) -> str:
    return f"{factor:.1f}" if factor < 10 else f"{factor:,.0f}"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 1 else f"{value:.1f} s"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
