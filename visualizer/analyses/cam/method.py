"""The registry record of a class activation map: channel weights and what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Need = Literal[
    "activations",  # (N, K, h, w): what the target layer produced
    "gradients",  # (N, K, h, w): of the target class's logit by them
    "classifier",  # (N, K): weights of the fully connected layer behind global average pooling
    "score",  # (N,): the target class's logit
    "ablated_scores",  # (N, K): the same with one channel set to zero
    "masked_scores",  # (N, K): the same for the input times one channel's map
    "residual_gradients",  # (N, K, h, w): of logit plus log-probability
    "residual_curvature",  # (N, K, h, w): its Hessian times the activations
]


class Source(Protocol):
    """What answers a method's needs: a dictionary, or something that computes when asked."""

    def __getitem__(self, need: Need, /) -> Array:
        """Give what is needed."""


@dataclass(frozen=True)
class CamMethod:
    """One method of the menu: heat = the sum over channels of weight times activation.

    ``weights`` takes what ``needs`` names and gives (N, K, 1, 1), or (N, K, h, w) where every cell
    has its own; ``rectified`` says whether negative sums become 0. ``sentence`` says in one
    sentence what the method does, ``formula`` how, ``paper`` where from.
    """

    id: str
    title: str
    weights: Callable[..., Array] = field(repr=False)
    needs: tuple[Need, ...]
    sentence: str
    formula: str
    paper: str
    rectified: bool = True

    def channel_weights(self, evidence: Source) -> Array:
        """Compute the weights from what the method needs: (N, K, 1, 1) or (N, K, h, w)."""
        return self.weights(**{name: evidence[name] for name in self.needs})

    def heat(self, weights: Array, activations: Array) -> Array:
        """Sum weighted channels: (N, K, h, w) -> (N, h, w), not rescaled."""
        heat = weighted_sum(weights, activations)
        return np.maximum(heat, 0) if self.rectified else heat


def weighted_sum(weights: Array, activations: Array) -> Array:
    """Add up channels: (N, K, 1, 1) or (N, K, h, w), times (N, K, h, w) -> (N, h, w)."""
    if weights.shape[2:] == (1, 1):
        return np.einsum("nk,nkhw->nhw", weights[:, :, 0, 0], activations)
    return np.einsum("nkhw,nkhw->nhw", weights, activations)
