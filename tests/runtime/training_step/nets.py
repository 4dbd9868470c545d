"""Small networks with one of every kind of layer, and a step of theirs."""

from typing import Any

import torch
from torch import Tensor, nn

from visualizer.runtime.training.step_start import StepStart


class Branched(nn.Module):
    """Two branches added, two joined: strides, groups, dilation, pooling of each kind."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(2, 6, 3, stride=2, padding=1)
        self.bn = nn.BatchNorm2d(6)
        self.relu = nn.ReLU()
        self.depthwise = nn.Conv2d(6, 6, 3, padding=2, dilation=2, groups=6, bias=False)
        self.act = nn.GELU()
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.grouped = nn.Conv2d(6, 4, (3, 2), groups=2)
        self.average = nn.AvgPool2d(2)
        self.adaptive = nn.AdaptiveAvgPool2d((2, 2))
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(0.4)
        self.hidden = nn.Linear(16 + 4 * 2 * 2, 7)
        self.tanh = nn.Sigmoid()
        self.head = nn.Linear(7, 5)

    def forward(self, x: Tensor) -> Tensor:
        first = self.relu(self.bn(self.stem(x)))
        second = self.act(self.depthwise(first)) + first
        narrow = self.grouped(self.pool(second))
        joined = torch.cat([self.adaptive(narrow), self.adaptive(self.average(narrow))], 1)
        both = self.dropout(self.flatten(joined))
        return self.head(self.tanh(self.hidden(both)))


def start(
    module: nn.Module | None = None,
    optimiser: str = "AdamW",
    *,
    warm: int = 2,
    smoothing: float = 0.1,
    precision: str = "float32",
    mixed: bool = False,
    **settings: Any,
) -> StepStart:
    """Set up a step of a batch of 6 pictures of 2 x 15 x 11, after ``warm`` steps of its kind.

    ``mixed`` labels are shares of two classes.
    """
    generator = torch.Generator().manual_seed(7)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(3)
        network = (module or Branched()).train()
        random = torch.random.get_rng_state()
    inputs = torch.randn(6, 2, 15, 11, generator=generator)
    labels = torch.randint(5, (6,), generator=generator)
    if mixed:
        share = torch.rand(6, 1, generator=generator)
        known = nn.functional.one_hot(labels, 5).float()
        labels = known * share + known.roll(1, 0) * (1 - share)
    made = getattr(torch.optim, optimiser)(network.parameters(), lr=0.01, **settings)
    for _ in range(warm):
        made.zero_grad()
        with torch.random.fork_rng(devices=[]):
            loss = nn.functional.cross_entropy(network(inputs), labels)
            loss.backward()  # type: ignore[no-untyped-call]
        made.step()
    return StepStart(
        network, made, inputs, labels, (0.5, 0.5), (0.25, 0.25), warm,
        smoothing=smoothing, precision=precision, threads=1, random=random,
    )  # fmt: skip
