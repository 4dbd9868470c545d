"""Parts of a network: from the values of some layers to those of others.

A heatmap needs only what lies behind its layer, an optimised picture only what lies before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, fx

from visualizer.errors import VisualizerError
from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.graph import INPUT, SOFTMAX, Graph, Layer


@dataclass(frozen=True)
class Segment:
    """The steps that lead from ``sources`` to ``targets``, in order; all are names of layers."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    steps: tuple[str, ...]


def logits(graph: Graph) -> str:
    """Name the layer whose values the softmax turns into probabilities."""
    return graph[SOFTMAX].inputs[0]


def between(graph: Graph, sources: Sequence[str], targets: Sequence[str]) -> Segment:
    """Collect the steps that ``targets`` need when the values of ``sources`` are given.

    Raises:
        VisualizerError: ``sources`` do not suffice.
    """
    needed: set[str] = set()
    waiting = [name for name in targets if name not in sources]
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        if name == INPUT:
            raise VisualizerError(
                f"{', '.join(targets)} cannot be computed from {', '.join(sources)} alone: "
                "other branches of the network lead there too."
            )
        needed.add(name)
        waiting += [source for source in graph[name].inputs if source not in sources]
    steps = tuple(layer.name for layer in graph.layers if layer.name in needed)
    return Segment(tuple(sources), tuple(targets), steps)


def tail(graph: Graph, layer: str, target: str | None = None) -> Segment:
    """Collect what runs behind ``layer`` on the way to ``target`` (the logits).

    Its first source is ``layer``; the others are values of parallel branches that join later.

    Raises:
        VisualizerError: ``target`` does not depend on ``layer``.
    """
    target = logits(graph) if target is None else target
    depending = {layer}
    for step in graph.layers:
        if depending.intersection(step.inputs):
            depending.add(step.name)
    if target not in depending:
        raise VisualizerError(f"{target} does not depend on {layer}. Choose a layer before it.")
    beside = dict.fromkeys(
        source
        for step in _leading_to(graph, target, depending - {layer})
        for source in step.inputs
        if source not in depending
    )
    return between(graph, (layer, *beside), (target,))


def _leading_to(graph: Graph, target: str, among: set[str]) -> list[Layer]:
    wanted, found = {target} & among, []
    for step in reversed(graph.layers):
        if step.name in wanted:
            found.append(step)
            wanted |= among.intersection(step.inputs)
    return found[::-1]


def native(value: Tensor, layer: Layer) -> Tensor:
    """Turn (N, channels, height, width) into the shape in which the network holds it."""
    if layer.rank == 2:
        return value.flatten(1)
    return value.permute(0, 2, 3, 1) if layer.channels_last else value


def channels_first(value: Tensor, layer: Layer) -> Tensor:
    """Turn what the network holds into (N, channels, height, width)."""
    if layer.rank == 2:
        return value[:, :, None, None]
    return value.permute(0, 3, 1, 2) if layer.channels_last else value


class TorchSegment:
    """A segment as a plain function of tensors, open to autograd; weights are shared."""

    def __init__(self, graph: Graph, segment: Segment) -> None:
        self.graph = graph
        self.segment = segment
        self.module = _extract(graph, segment)

    def __call__(self, *values: Tensor) -> tuple[Tensor, ...]:
        """Compute the targets.

        Shapes: one (N, C, H, W) per source, the same for each target. A source with N = 1 beside
        a larger first one is used for the whole batch.
        """
        count = values[0].shape[0]
        names = self.segment.sources
        given = [
            native(value.expand(count, *value.shape[1:]), self.graph[name])
            for name, value in zip(names, values, strict=True)
        ]
        with evaluating(self.module):
            made = self.module(*given)
        return tuple(
            channels_first(value, self.graph[name])
            for name, value in zip(self.segment.targets, made, strict=True)
        )


def _extract(graph: Graph, segment: Segment) -> fx.GraphModule:
    """Copy the segment's nodes into a traced module of their own."""
    part = fx.Graph()
    copies: dict[fx.Node, fx.Node] = {}
    nodes = {node.name: node for node in graph.module.graph.nodes}
    for position, name in enumerate(segment.sources):
        copies[nodes[graph.nodes[name]]] = part.placeholder(f"source_{position}")

    def copied(node: fx.Node) -> fx.Node:
        if node not in copies:  # a constant of the network: everything else came before
            copies[node] = part.node_copy(node)
        return copies[node]

    for name in segment.steps:
        node = nodes[graph.nodes[name]]
        copies[node] = part.node_copy(node, copied)
    part.output(tuple(copies[nodes[graph.nodes[name]]] for name in segment.targets))
    return fx.GraphModule(graph.module, part)


def pull_back(
    run: TorchSegment, values: Sequence[Tensor], cotangent: Tensor
) -> tuple[Tensor, Tensor]:
    """Differentiate the sum of ``cotangent`` times the only target by the first source.

    Shapes: values as for :class:`TorchSegment`; cotangent as the target -> (target, gradient).
    Weights keep no gradient; nothing of the network changes.
    """
    with torch.enable_grad():
        first = values[0].detach().clone().requires_grad_()
        (made,) = run(first, *values[1:])
        (gradient,) = torch.autograd.grad(made, first, cotangent.to(made))
    return made.detach(), gradient
