"""Numbers in formulas: few digits, a true minus sign, ``≈`` where digits were left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

DIGITS = 5
WRITTEN_OUT = 9  # a sum of more terms is named, not written out


def number(value: float) -> str:
    """Write five significant digits: ``−0.31416``, ``1.2e−7``, ``not a number``."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{DIGITS}g}"
    mantissa, mark, exponent = text.partition("e")
    if mark:
        text = f"{mantissa}e{int(exponent)}"
    return "0" if text == "-0" else text.replace("-", "−")


def factor(value: float) -> str:
    """Write a number that follows an operator: negative ones in brackets."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def plus(value: float | None) -> str:
    """Write an addition, or nothing where there is no such term."""
    if value is None:
        return ""
    text = number(value)
    return f" − {text[1:]}" if text.startswith("−") else f" + {text}"


def minus(value: float) -> str:
    """Write a subtraction."""
    text = number(value)
    return f" + {text[1:]}" if text.startswith("−") else f" − {text}"


def added(values: Sequence[float]) -> str:
    """Write ``a + b − c``."""
    first, *rest = values
    return number(first) + "".join(plus(one) for one in rest)


def products(inputs: Iterable[float], weights: Iterable[float]) -> str:
    """Write ``a · b + c · (−d)``."""
    pairs = [f"{factor(x)} · {factor(w)}" for x, w in zip(inputs, weights, strict=True)]
    return " + ".join(pairs)


def number_of(count: int, thing: str) -> str:
    """Write ``1 channel``, ``512 channels``."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
