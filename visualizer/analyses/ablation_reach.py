"""How far a switched-off channel reaches: what changes in the layers behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.ablation import switched_off
from visualizer.analyses.feature_maps import block_average
from visualizer.runtime.graph import SOFTMAX, Graph
from visualizer.runtime.model import Model
from visualizer.runtime.segment import Segment, between, logits, tail

Array = NDArray[np.float32]
WAYPOINTS = 24
SHOWN = 12
MAP_SIDE = 56  # larger maps are averaged block by block
PASSING = {"pad", "identity", "flatten", "permute"}  # they hand on what they get
INSIDE = {"conv2d", "batch_norm", "layer_norm", "scale"}


@dataclass(frozen=True)
class ChangedMaps:
    """The channels of a layer that changed most, the most changed first.

    Shapes: ``channels`` (n,), ``change`` (n,) lengths of the difference; ``before`` and ``after``
    (n, h, w), averaged over blocks where they are large; ``changed`` counts the channels that do.
    """

    channels: NDArray[np.int64]
    change: Array
    before: Array
    after: Array
    changed: int


def behind(graph: Graph, layer: str) -> list[str]:
    """List all layers that depend on ``layer`` and lead to the logits, in order."""
    depending = {layer}
    for step in graph.layers:
        if depending.intersection(step.inputs):
            depending.add(step.name)
    wanted = {logits(graph)}
    for step in reversed(graph.layers):
        if step.name in wanted:
            wanted.update(step.inputs)
    kept = (depending & wanted) - {layer, SOFTMAX}
    return [step.name for step in graph.layers if step.name in kept]


def waypoints(graph: Graph, layer: str, most: int = WAYPOINTS) -> list[str]:
    """Choose at most ``most`` of the layers behind, spread evenly, the first and last included.

    Where there are many, the steps inside a block (convolution, normalisation) are left out.
    """
    names = [name for name in behind(graph, layer) if graph[name].op not in PASSING]
    if len(names) > most:
        ends = (names[0], names[-1])
        names = [name for name in names if graph[name].op not in INSIDE or name in ends]
    if len(names) <= most:
        return names
    places = np.unique(np.linspace(0, len(names) - 1, most).round().astype(int))
    return [names[place] for place in places]


def reach_segment(graph: Graph, layer: str, targets: Sequence[str]) -> Segment:
    """Give the part from ``layer``, and branches beside it, to several layers behind it."""
    parts = [tail(graph, layer, target) for target in targets]
    sources = dict.fromkeys(source for part in parts for source in part.sources)
    return between(graph, tuple(sources), tuple(targets))


def reach(
    model: Model, values: Mapping[str, Array], layer: str, channels: Sequence[int]
) -> dict[str, float]:
    """Measure the relative change of each waypoint: ``|after - before| / |before|``.

    ``values`` holds (C, h, w) of every source and target of :func:`reach_segment`. A layer that
    was 0 everywhere changes by 0, or by infinity.
    """
    targets = waypoints(model.graph, layer)
    if not targets:
        return {}
    segment = reach_segment(model.graph, layer, targets)
    off = switched_off(values[layer], channels, layer)
    given = [off[None], *(values[name][None] for name in segment.sources[1:])]
    changes = {}
    for name, made in zip(targets, model.gradients.evaluate(segment, given), strict=True):
        length = float(np.linalg.norm(values[name]))
        moved = float(np.linalg.norm(made[0] - values[name]))
        noise = moved <= 1e-5 * length  # two runtimes differ by this much
        changes[name] = 0.0 if noise else moved / length if length else float("inf")
    return changes


def changed_maps(
    model: Model,
    values: Mapping[str, Array],
    layer: str,
    channels: Sequence[int],
    shown: str,
    most: int = SHOWN,
) -> ChangedMaps:
    """Find the channels of ``shown``, a layer behind, that change most.

    ``values`` holds (C, h, w) of every source of ``tail(graph, layer, shown)``.

    Raises:
        VisualizerError: ``shown`` does not depend on ``layer``, or no such channel.
    """
    segment = tail(model.graph, model.layer(layer).name, model.layer(shown).name)
    given = [values[name][None] for name in segment.sources]
    off = [switched_off(values[layer], channels, layer)[None], *given[1:]]
    if segment.steps:
        before, after = (model.evaluate(segment, each)[0][0] for each in (given, off))
    else:
        before, after = given[0][0], off[0][0]
    change = np.linalg.norm((after - before).reshape(len(before), -1), axis=1)
    order = np.argsort(-change, kind="stable")[:most]
    pool = -(-max(before.shape[1:]) // MAP_SIDE)
    before, after = (block_average(each[order], pool) for each in (before, after))
    return ChangedMaps(order, change[order], before, after, int(np.count_nonzero(change)))
