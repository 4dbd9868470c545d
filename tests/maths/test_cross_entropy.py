import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from visualizer.errors import GeometryError
from visualizer.maths.cross_entropy import (
    cross_entropy,
    logit_gradient,
    smoothed_targets,
    softmax,
)

LOGITS = np.array([[math.log(1), math.log(2), math.log(5)]])  # shares 1/8, 2/8, 5/8


def test_shares_and_loss_by_hand() -> None:
    assert softmax(LOGITS)[0] == pytest.approx([0.125, 0.25, 0.625])
    assert cross_entropy(LOGITS, smoothed_targets([1], 3)) == pytest.approx([math.log(4)])


def test_the_gradient_by_hand() -> None:
    """Two pictures: each has its share minus its target, halved by the mean."""
    both = np.concatenate([LOGITS, LOGITS])
    gradient = logit_gradient(both, smoothed_targets([1, 2], 3))
    assert gradient[0] == pytest.approx([0.0625, -0.375, 0.3125])
    assert gradient[1] == pytest.approx([0.0625, 0.125, -0.1875])


def test_smoothing_by_hand() -> None:
    """0.1 of ten classes: 0.91 for the label, 0.01 for every other."""
    targets = smoothed_targets([3], 10, 0.1)[0]
    assert targets[3] == pytest.approx(0.91)
    assert np.delete(targets, 3) == pytest.approx(0.01)


def test_a_label_in_shares_by_hand() -> None:
    """3/4 of the second class, 1/4 of the third: 0.75 log 4 + 0.25 log 1.6 = 1.157222."""
    targets = smoothed_targets([[0, 0.75, 0.25]], 3)
    assert cross_entropy(LOGITS, targets) == pytest.approx([1.157222], abs=5e-7)
    assert logit_gradient(LOGITS, targets)[0] == pytest.approx([0.125, -0.5, 0.375])
    assert smoothed_targets([[0, 0.75, 0.25]], 3, 0.3)[0] == pytest.approx([0.1, 0.625, 0.275])


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.37])
@pytest.mark.parametrize("shared", [False, True])
def test_agrees_with_torch(smoothing: float, shared: bool) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(5, 7)) * 4
    labels = rng.dirichlet(np.ones(7), size=5) if shared else rng.integers(7, size=5)
    given = torch.tensor(logits, requires_grad=True)
    wanted = functional.cross_entropy(
        given, torch.tensor(labels), label_smoothing=smoothing, reduction="none"
    )
    targets = smoothed_targets(labels, 7, smoothing)
    assert cross_entropy(logits, targets) == pytest.approx(wanted.detach().numpy())
    wanted.mean().backward()  # type: ignore[no-untyped-call]
    assert given.grad is not None
    assert logit_gradient(logits, targets) == pytest.approx(given.grad.numpy())
    assert softmax(logits) == pytest.approx(given.detach().softmax(1).numpy())


def test_huge_logits_do_not_overflow() -> None:
    assert cross_entropy([[1000.0, 0.0]], [[0.0, 1.0]]) == pytest.approx([1000.0])


def test_a_label_that_is_no_class() -> None:
    with pytest.raises(GeometryError, match="Label 3 is no class: there are 3, 0 to 2"):
        smoothed_targets([0, 3], 3)
    with pytest.raises(GeometryError, match="smoothing 1 leaves nothing"):
        smoothed_targets([0], 3, 1.0)


def test_shares_that_are_none() -> None:
    with pytest.raises(
        GeometryError, match=r"shares of picture 1 are \[0.5, 0.4\]; .* add up to 1"
    ):
        smoothed_targets([[1.0, 0.0], [0.5, 0.4]], 2)
    with pytest.raises(GeometryError, match="shares of picture 0"):
        smoothed_targets([[1.5, -0.5]], 2)
    with pytest.raises(GeometryError, match=r"shape \(1, 2\); give shares of 3 classes"):
        smoothed_targets([[0.5, 0.5]], 3)
