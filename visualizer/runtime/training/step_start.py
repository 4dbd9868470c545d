"""What one step of a training starts from, and the step itself: on copies that nobody else uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn
from torch.nn import functional

from visualizer.runtime.graph import Graph, trace
from visualizer.runtime.segment import logits
from visualizer.zoo.untrained import borrowed_generator


@dataclass(frozen=True, eq=False)
class StepStart:
    """The network, the optimiser and the batch just before a step; all of it may be changed.

    ``step`` and ``epoch`` count those that are finished. ``inputs`` are what the network takes,
    (n, C, H, W), normalised with ``mean`` and ``std``; ``labels`` class indices (n,), or
    shares (n, K) of the classes where pictures are mixed. ``random`` is the state of torch's
    generator, where dropout draws from it; ``exact`` tells that the step is the training's own;
    ``notes`` are sentences that the reader should know.
    """

    module: nn.Module
    optimiser: torch.optim.Optimizer
    inputs: Tensor
    labels: Tensor
    mean: tuple[float, ...]
    std: tuple[float, ...]
    step: int = 0
    epoch: int = 0
    smoothing: float = 0.0
    precision: str = "float32"
    threads: int | None = None
    random: Tensor | None = None
    exact: bool = True
    notes: tuple[str, ...] = ()

    @cached_property
    def graph(self) -> Graph:
        """Take the network apart into its steps; its parameters stay the very same."""
        _, channels, height, width = self.inputs.shape
        made = trace(self.module, (channels, height, width))
        made.module.train()
        return made

    def pictures(self) -> NDArray[np.uint8]:
        """Turn the batch back into pictures as the network sees them: (n, H, W, C)."""
        mean, std = (torch.tensor(values)[:, None, None] for values in (self.mean, self.std))
        levels = (self.inputs.detach().float().cpu() * std + mean).mul_(255).round_().clamp_(0, 255)
        return levels.to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()

    @contextmanager
    def by_chance(self) -> Iterator[None]:
        """Let dropout draw what the training's would; nothing of it where none draws."""
        if self.random is None:
            yield
            return
        with borrowed_generator() as generator:
            generator.set_state(self.random)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Compute with the training's number of threads; what was set before comes back."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.threads or before)
        try:
            yield
        finally:
            torch.set_num_threads(before)


@dataclass
class Passed:
    """What a forward and a backward pass left: logits (n, K), loss, chosen values with gradients.

    ``gradients`` are those of the weights by their dotted paths.
    """

    logits: Tensor
    loss: Tensor
    values: dict[str, Tensor] = field(default_factory=dict)
    gradients: dict[str, Tensor] = field(default_factory=dict)


def passed(start: StepStart, keep: Collection[str] = ()) -> Passed:
    """Run the batch forwards and backwards, as the training does; weights stay as they are.

    The values of the layers ``keep`` come with their gradients; ``input`` may be among them. The
    caller's random state is left as it was.
    """
    graph, end = start.graph, logits(start.graph)
    wanted = {graph.nodes[name]: name for name in {*keep, end}}
    start.optimiser.zero_grad(set_to_none=True)
    buffers = {name: value.clone() for name, value in graph.module.named_buffers()}
    half = start.precision == "bfloat16"
    with start.alone(), start.by_chance(), torch.enable_grad():
        inputs = start.inputs.detach().requires_grad_("input" in keep)
        recorder = _Recorder(graph.module, set(wanted))
        with torch.autocast("cpu", dtype=torch.bfloat16) if half else nullcontext():
            recorder.run(inputs)
        made = recorder.kept[graph.nodes[end]].float()
        loss = functional.cross_entropy(made, start.labels, label_smoothing=start.smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        for name, value in graph.module.named_buffers():
            value.copy_(buffers[name])
    gradients = {
        name: weight.grad.detach()
        for name, weight in graph.module.named_parameters()
        if weight.grad is not None
    }
    if keep:
        start.optimiser.zero_grad(set_to_none=True)
    values = {wanted[node]: value for node, value in recorder.kept.items()}
    return Passed(made.detach(), loss.detach(), values, gradients)


class _Recorder(fx.Interpreter):
    """Keep the chosen values, each with the gradient it is going to get."""

    def __init__(self, module: fx.GraphModule, keep: Collection[str]) -> None:
        super().__init__(module)
        self.keep = keep
        self.kept: dict[str, Tensor] = {}

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        if n.name in self.keep:
            if value.requires_grad:
                value.retain_grad()
            self.kept[n.name] = value
        return value
