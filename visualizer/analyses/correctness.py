"""Which predictions are right, where collection and network name classes alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RIGHT, WRONG, UNKNOWN = 1, 0, -1


def correctness(
    labels: NDArray[np.int64] | None,
    classes: Sequence[str],
    predictions: NDArray[np.int32],
    predicted: Sequence[str],
) -> NDArray[np.int32]:
    """Compare by name: 1 right, 0 wrong, -1 where the network knows no class of that name.

    Shapes: labels (n,) of ``classes``, predictions (n,) of ``predicted`` -> (n,) int32.
    """
    if labels is None:
        return np.full(len(predictions), UNKNOWN, np.int32)
    known = {name.casefold() for name in predicted}
    names = np.array([name.casefold() for name in classes])
    answers = np.array([name.casefold() for name in predicted])
    same = names[labels] == answers[predictions]
    can = np.array([name in known for name in names])[labels]
    return np.where(can, np.where(same, RIGHT, WRONG), UNKNOWN).astype(np.int32)
