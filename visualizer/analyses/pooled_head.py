"""Derivatives behind a layer where only its averages and one fully connected layer follow.

There they have a closed form, and every cell of a channel has the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def pooled_gradients(classifier: Array, shape: tuple[int, ...]) -> Array:
    """Differentiate the score: a cell is one of h w that the classifier reads as their average.

    Shapes: classifier (N, K), the weights towards the score; ``shape`` (N, K, h, w) -> as shape.
    """
    return _on_all_cells(classifier, shape)


def pooled_residuals(
    weights: Array, activations: Array, logits: Array, cotangent: Array
) -> tuple[Array, Array]:
    """Differentiate u = c · (y + log p), once and twice along the activations themselves.

    With p = softmax(y) and s = Σc, ∂u/∂y = 2c - s p; along the activations y moves by v, weights
    times averages, and the derivative by -s p (v - p · v).

    Shapes: weights (classes, K), activations (N, K, h, w), logits and cotangent c (N, classes)
    -> gradient and Hessian times activations, both as the activations.

    Source: Cai, The Visual Computer, 2025, arXiv:2501.06261 (the ReST score), differentiated here.
    """
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    v = activations.mean(axis=(2, 3)) @ weights.T
    total = cotangent.sum(axis=1, keepdims=True)
    first = 2 * cotangent - total * p
    second = -total * p * (v - (p * v).sum(axis=1, keepdims=True))
    both = np.concatenate([first, second]) @ weights
    gradients, products = np.split(both, 2)
    shape = activations.shape
    return _on_all_cells(gradients, shape), _on_all_cells(products, shape)


def _on_all_cells(values: Array, shape: tuple[int, ...]) -> Array:
    """Share a channel's value equally among its cells: (N, K) -> (N, K, h, w), read only."""
    share = values / np.float32(shape[2] * shape[3])
    return np.broadcast_to(share[:, :, None, None], shape)
