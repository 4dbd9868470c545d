"""Random numbers of their own for one thread: what torchvision draws, from a given seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

DRAWING = frozenset(
    {
        torch.rand,
        torch.randn,
        torch.randint,
        torch.randperm,
        torch.rand_like,
        torch.randn_like,
        torch.bernoulli,
        torch.normal,
        torch.multinomial,
        torch._sample_dirichlet,
        torch.Tensor.uniform_,
        torch.Tensor.normal_,
        torch.Tensor.random_,
        torch.Tensor.bernoulli_,
        torch.Tensor.exponential_,
    }
)


class Seeded(TorchFunctionMode):
    """Let every random number inside come from one seed, as after ``torch.manual_seed(seed)``.

    torchvision draws from the process's only generator, which all threads share. Inside this
    context, and in this thread alone, a generator takes its place: the numbers are the same, and
    the shared one is neither seeded nor moved on.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.generator = torch.Generator().manual_seed(seed)

    def rand(self) -> Tensor:
        """Draw a number in [0, 1), as ``torch.rand(1)`` does inside."""
        return torch.rand(1, generator=self.generator)

    def __torch_function__(
        self,
        func: Any,
        types: Sequence[Any],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call ``func`` with the generator where it draws."""
        given = dict(kwargs or {})
        if func in DRAWING:
            given.setdefault("generator", self.generator)
        return func(*args, **given)


def step_seed(seed: int, number: int, name: str, nth: int) -> int:
    """Give the seed (32 bits) of a step's draw: its own for each draw, transform and repetition.

    So a draw depends neither on how many are asked for nor on the other steps: they can be
    moved, set and switched off while this one stays.
    """
    text = f"{seed} {number} {name} {nth}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:4], "little")
