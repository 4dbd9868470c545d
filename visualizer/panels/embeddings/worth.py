"""What a finished map is worth, as it is told to the page."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from visualizer.analyses.embedding.quality import NEIGHBOURS
from visualizer.analyses.map_measures import Measures
from visualizer.ui.long_work import Frame


def measuring(steps: Generator[str, None, Measures]) -> Generator[Frame, None, Measures]:
    """Tell what is being measured; the generator returns the numbers."""
    while True:
        try:
            yield {"stage": "measuring", "what": next(steps)}, {}
        except StopIteration as end:
            found: Measures = end.value
            return found


def quality(worth: Measures) -> dict[str, Any]:
    """Give the numbers of a map; null where there are none."""
    return {
        "k": NEIGHBOURS,
        "accuracy": worth.accuracy,
        "accuracy_features": worth.accuracy_features,
        "trustworthiness": worth.trustworthiness,
        "silhouette": worth.silhouette,
        "sampled": worth.sampled,
    }
