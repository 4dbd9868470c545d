"""The kinds of layers a stack can have, in menu order."""

from __future__ import annotations

from difflib import get_close_matches

from visualizer.errors import StackError
from visualizer.zoo.stack import blocks, convolution, dense, elementwise, pooling
from visualizer.zoo.stack.record import Kind

KINDS: tuple[Kind, ...] = (
    *convolution.KINDS,
    *elementwise.KINDS,
    *pooling.KINDS,
    *dense.KINDS,
    *blocks.KINDS,
)

_BY_NAME = {kind.name: kind for kind in KINDS}


def find_kind(name: str) -> Kind:
    """Find a kind of layer by its name.

    Raises:
        StackError: there is none; the nearest names are listed.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    nearest = get_close_matches(name.lower(), _BY_NAME, n=3, cutoff=0.5) or list(_BY_NAME)
    raise StackError(f"There is no layer {name[:30]!r}; choose one of {', '.join(nearest)}.")
