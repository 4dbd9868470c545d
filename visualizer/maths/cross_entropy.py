"""Cross-entropy of a classifier's logits, and its gradient: NumPy formulas, double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from visualizer.errors import GeometryError

Numbers = NDArray[np.float64]
WHOLE = 1e-5  # that shares in float32 may differ from 1


def softmax(logits: ArrayLike) -> Numbers:
    """Give each class its share of all exponentials, the largest logit subtracted first.

    Shapes: (..., K) -> (..., K), each row adding up to 1.

    Source: Bridle, Neurocomputing 1990; Goodfellow, Bengio & Courville 2016, section 4.1.
    """
    shifted = _shifted(logits)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


def smoothed_targets(labels: ArrayLike, classes: int, smoothing: float = 0.0) -> Numbers:
    """Write labels as shares ``y``, smoothed: ``(1 - smoothing) y + smoothing / K``.

    A class index is the share 1 of that class; what was mixed of two pictures has shares of both.

    Shapes: (n,) class indices or (n, K) shares -> (n, K), each row adding up to 1.

    Raises:
        GeometryError: a label that is no class, shares that do not add up to 1, or a smoothing
            outside [0, 1).

    Source: Szegedy et al., CVPR 2016, arXiv:1512.00567, section 7; of shares PyTorch,
    ``cross_entropy``.
    """
    if not 0 <= smoothing < 1:
        raise GeometryError(
            f"Label smoothing {smoothing:g} leaves nothing for the label. Choose 0 to 0.5."
        )
    given = np.asarray(labels)
    shares = _one_hot(given, classes) if given.ndim == 1 else _checked(given, classes)
    return (1 - smoothing) * shares + smoothing / classes


def _one_hot(labels: NDArray[Any], classes: int) -> Numbers:
    found = labels.astype(np.int64)
    if found.size and not (found.min() >= 0 and found.max() < classes):
        odd = int(found.min()) if found.min() < 0 else int(found.max())
        raise GeometryError(f"Label {odd} is no class: there are {classes}, 0 to {classes - 1}.")
    return np.eye(classes)[found]


def _checked(labels: NDArray[Any], classes: int) -> Numbers:
    shares = labels.astype(np.float64)
    if shares.shape[1:] != (classes,):
        raise GeometryError(
            f"The labels have the shape {shares.shape}; give shares of {classes} classes each."
        )
    odd = np.flatnonzero((shares < 0).any(axis=1) | (np.abs(shares.sum(axis=1) - 1) > WHOLE))
    if odd.size:
        raise GeometryError(
            f"The shares of picture {odd[0]} are {shares[odd[0]].tolist()}; they must be at least "
            "0 and add up to 1."
        )
    return shares


def cross_entropy(logits: ArrayLike, targets: ArrayLike) -> Numbers:
    """Work out each picture's loss, ``-Σ_k t_k log p_k``; the batch's loss is their mean.

    Written as ``log Σ_j exp(z_j) - Σ_k t_k z_k``, which needs no logarithm of a small share.

    Shapes: both (n, K), targets adding up to 1 -> (n,).

    Source: Bishop, Pattern Recognition and Machine Learning, 2006, equation 4.108.
    """
    shifted = _shifted(logits)
    whole = np.log(np.exp(shifted).sum(axis=-1))
    return whole - (np.asarray(targets, np.float64) * shifted).sum(axis=-1)


def logit_gradient(logits: ArrayLike, targets: ArrayLike) -> Numbers:
    """Work out the batch loss's gradient by the logits: ``(p - t) / n``.

    Shapes: both (n, K) -> (n, K), each row adding up to 0.

    Source: Bishop, Pattern Recognition and Machine Learning, 2006, equation 4.109.
    """
    probabilities = softmax(logits)
    return (probabilities - np.asarray(targets, np.float64)) / len(probabilities)


def _shifted(logits: ArrayLike) -> Numbers:
    values = np.asarray(logits, np.float64)
    return values - values.max(axis=-1, keepdims=True)
