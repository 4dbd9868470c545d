"""How good a ranking is: precision at k and average precision."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from visualizer.errors import VisualizerError


def precision_at_k(relevant: ArrayLike, k: int) -> float:
    """Give the share of relevant ones among the first ``k`` of a ranking.

    Shapes: relevant (n,) of bool, the best answer first.

    Raises:
        VisualizerError: the ranking is shorter than k.

    Source: Manning, Raghavan & Schütze, *Introduction to Information Retrieval*, 2008, section 8.4.
    """
    ranking = np.asarray(relevant, dtype=bool)
    if not 1 <= k <= len(ranking):
        raise VisualizerError(
            f"Precision at {k} needs a ranking of at least {max(k, 1)}; there are "
            f"{len(ranking)}. Choose 1 to {len(ranking)}."
        )
    return float(np.mean(ranking[:k]))


def average_precision(distances: ArrayLike, relevant: ArrayLike) -> float:
    """Average the precision at the rank of each relevant one: 1 if they all come first.

    Shapes: distances (n,), small ones first; relevant (n,) of bool. Equal distances share the last
    of their ranks, so that the order among them does not matter.

    Raises:
        VisualizerError: nothing is relevant.

    Source: Manning, Raghavan & Schütze, 2008, equation 8.8; ties as in scikit-learn.
    """
    values = np.asarray(distances)
    hits = np.sort(values[np.asarray(relevant, dtype=bool)])
    if not len(hits):
        raise VisualizerError(
            f"None of the {len(values)} answers is relevant, so there is no average precision. "
            "Leave this query out, or add pictures of its class."
        )
    ranks = np.searchsorted(np.sort(values), hits, side="right")
    found = np.searchsorted(hits, hits, side="right")
    return float(np.mean(found / ranks))
