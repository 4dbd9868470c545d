"""The sentences, made from the numbers: an effect that does not show in a run is not told."""

from __future__ import annotations

from collections.abc import Callable

from visualizer.runtime.training.experiments.evidence import (
    Comparison,
    chance,
    compare,
    percent,
    points,
    right,
)
from visualizer.runtime.training.experiments.record import ArmResult, Found, Verdict

LEARNED = 0.95  # of the training pictures: as good as all
NEAR_CHANCE = 1.5  # times the share that guessing gets right
ONE_SEED = " One training each: with more seeds it shows how far they scatter."


def first_against_second(first: str, second: str) -> Callable[[Found], Verdict]:
    """Compare two arms, named by what the reader may have guessed: first, same or second."""

    def verdict(found: Found) -> Verdict:
        text, guess = _pair(found, first, second)
        return Verdict(text + _scatter(found), guess)

    return verdict


def _pair(found: Found, first: str, second: str) -> tuple[str, str]:
    """Say how the first two arms compare, and which guess that makes right."""
    one, other = found.arms[:2]
    difference = compare(one, other, found.tested)
    told = (
        f"{right(one)} of the test pictures are right {one.arm.words}, {right(other)} "
        f"{other.arm.words}"
    )
    if difference.sign == 0:
        return f"No clear difference in this run: {told}; {chance(difference)}.", "same"
    opening = first if difference.sign > 0 else second
    text = f"{opening}: {told}, a difference of {points(difference.difference)}."
    return text, "first" if difference.sign > 0 else "second"


def augmentation(found: Found) -> Verdict:
    """Compare with and without, and say how many training pictures each knows."""
    text, guess = _pair(found, "Augmentation helps", "Augmentation does harm here")
    changed, plain = found.arms[:2]
    known = (
        f" Of the pictures they learned from, the first knows {percent(changed.trained)}, "
        f"the second {percent(plain.trained)}."
    )
    return Verdict(text + known + _scatter(found), guess)


def shuffled(found: Found) -> Verdict:
    """Compare plain with shuffled pixels, for the perceptron and for the CNN."""
    halves, suffers = [], []
    for name, place in (("perceptron", 0), ("CNN", 2)):
        plain, moved = found.arms[place : place + 2]
        difference = compare(plain, moved, found.tested)
        suffers.append(difference.sign > 0)
        halves.append(_half(name, difference, plain, moved))
    guess = {(0, 1): "cnn", (1, 0): "perceptron", (1, 1): "both", (0, 0): "neither"}
    return Verdict(f"{' '.join(halves)}{_scatter(found)}", guess[suffers[0], suffers[1]])


def _half(name: str, difference: Comparison, plain: ArmResult, moved: ArmResult) -> str:
    told = f"{right(plain)} on plain pixels, {right(moved)} on shuffled ones"
    if difference.sign == 0:
        return f"The {name} does not care: {told}; {chance(difference)}."
    loses = "loses" if difference.sign > 0 else "gains"
    return f"The {name} {loses} {points(difference.difference)}: {told}."


def depth(found: Found) -> Verdict:
    """Compare a deep stack with and without shortcuts, and with a shallow one."""
    plain, shallow = found.arms[1:3]
    text, guess = _pair(found, "Shortcuts help", "Shortcuts do harm here")
    difference = compare(shallow, plain, found.tested)
    told = f"{shallow.arm.words} {right(shallow)} are right"
    if difference.sign > 0:
        more = f" More layers alone make it worse: {told}."
    elif difference.sign < 0:
        more = f" More layers help even without shortcuts: {told}."
    else:
        more = f" Layers that are added without shortcuts bring nothing clear: {told}."
    return Verdict(text + more + _scatter(found), guess)


def rates(found: Found) -> Verdict:
    """Hold a low and a high learning rate against the one between them."""
    low, good, high = found.arms[:3]
    against_low = compare(good, low, found.tested)
    against_high = compare(good, high, found.tested)
    words = [f"{good.title}: {right(good)} of the test pictures are right."]
    if against_low.sign > 0:
        words.append(f"{low.title} is too low for so few steps: {right(low)}.")
    else:
        words.append(f"{low.title} does as well in this run: {right(low)}.")
    chance_share = NEAR_CHANCE / found.classes
    if high.why is not None:
        broken = sum(one.why is not None for one in high.outcomes)
        often = "" if len(high.outcomes) == 1 else f" in {broken} of {len(high.outcomes)} trainings"
        words.append(f"{high.title} is too high: the loss is no number any more{often}.")
        guess = "breaks"
    elif against_high.sign > 0 and high.mean <= chance_share:
        words.append(f"{high.title} is too high: {right(high)}, as good as guessing.")
        guess = "breaks"
    elif against_high.sign > 0:
        words.append(f"{high.title} is too high: only {right(high)}.")
        guess = "worse"
    else:
        words.append(f"{high.title} is not too high in this run: {right(high)}.")
        guess = "faster"
    return Verdict(" ".join(words) + _scatter(found), guess)


def overfitting(found: Found) -> Verdict:
    """Hold new pictures against those learned, and the remedies against doing nothing."""
    few, *remedies = found.arms
    gap = few.trained - few.mean
    known = f"{percent(few.trained)} of its training pictures and {right(few)} of new ones"
    if few.trained >= LEARNED and gap >= 0.05:
        text, guess = f"Learned by heart: the network knows {known}.", "heart"
    elif gap >= 0.05:
        text, guess = f"The network knows {known}: not by heart, yet better than new ones.", "few"
    else:
        text, guess = f"No overfitting in this run: the network knows {known}.", "same"
    for remedy in remedies:
        difference = compare(remedy, few, found.tested)
        told = f"{right(remedy)} of new ones"
        if difference.sign > 0:
            text += f" {remedy.arm.words} helps: {told}."
        elif difference.sign < 0:
            text += f" {remedy.arm.words} does harm here: {told}."
        else:
            text += f" {remedy.arm.words} makes no clear difference: {told}."
    return Verdict(text + _scatter(found), guess)


def _scatter(found: Found) -> str:
    return ONE_SEED if len(found.arms[0].outcomes) == 1 else ""
