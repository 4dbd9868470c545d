"""Each method by hand on two channels of 1 x 3 cells, and against its formula in plain loops."""

import itertools

import numpy as np
import pytest

from visualizer.analyses.cam import METHODS, find
from visualizer.analyses.cam.eigen_cam import eigen_cam
from visualizer.analyses.cam.grad_cam_plus_plus import grad_cam_plus_plus
from visualizer.analyses.cam.method import Array
from visualizer.errors import UnknownNameError

# channel 0: cells 1 2 3, gradients 1 0 -4; channel 1: cells 2 0 2, gradients 1 2 0
ACTIVATIONS = np.array([[[[1, 2, 3]], [[2, 0, 2]]]], np.float32)
GRADIENTS = np.array([[[[1, 0, -4]], [[1, 2, 0]]]], np.float32)
GIVEN = {
    "activations": ACTIVATIONS,
    "gradients": GRADIENTS,
    "classifier": np.array([[3, -2]], np.float32),
    "score": np.array([4], np.float32),
    "ablated_scores": np.array([[2, 5]], np.float32),
    "masked_scores": np.log(np.array([[1, 3]], np.float32)),
    "residual_gradients": GRADIENTS,
    "residual_curvature": np.array([[[[0, 2, -8]], [[2, 0, 0]]]], np.float32),
}
BY_HAND = {
    # weights 3 and -2: 3-4, 6-0, 9-4; nothing is cut off
    "cam": [-1, 6, 5],
    # mean gradients -1 and 1: -1+2, -2+0, -3+2, then ReLU
    "grad-cam": [1, 0, 0],
    # channel 0: ΣA = 6, only g = 1 counts: 1 / (2 + 6) · 1 = 1/8
    # channel 1: ΣA = 4: 1 / (2 + 4) · 1 + 1 / (2 + 8) · 2 = 1/6 + 1/5 = 11/30
    "grad-cam-plus-plus": [1 / 8 + 22 / 30, 2 / 8, 3 / 8 + 22 / 30],
    # Σ gA / ΣA: (1 + 0 - 12) / 6 = -11/6 and (2 + 0 + 0) / 4 = 1/2; then ReLU
    "xgrad-cam": [0, 0, 0],
    # gA cell by cell: 1+2, 0+0, -12+0
    "hires-cam": [3, 0, -12],
    # ReLU(g)A cell by cell
    "layer-cam": [3, 0, 0],
    # (4-2)/4 = 1/2 and (4-5)/4 = -1/4: 0.5-0.5, 1-0, 1.5-0.5
    "ablation-cam": [0, 1, 1],
    # softmax of log 1, log 3: 1/4 and 3/4
    "score-cam": [1 / 4 + 6 / 4, 2 / 4, 3 / 4 + 6 / 4],
    # means of g - h/2: (1 - 1 + 0) / 3 = 0 and (0 + 2 + 0) / 3 = 2/3
    "shapley-cam": [4 / 3, 0, 4 / 3],
}


def heat(name: str, given: dict[str, Array]) -> Array:
    method = find(name)
    weights = method.channel_weights(given)
    return method.heat(weights, given["activations"])


@pytest.mark.parametrize(("name", "cells"), BY_HAND.items())
def test_by_hand(name: str, cells: list[float]) -> None:
    assert heat(name, GIVEN)[0, 0] == pytest.approx(cells, abs=1e-6)


def test_eigen_cam_by_hand() -> None:
    """O = [[2, 0], [2, 0], [0, 1]]: Oᵀ O = diag(8, 1), so v₁ is channel 0."""
    maps = np.array([[[[2, 2, 0]], [[0, 0, 1]]]], np.float32)
    assert heat("eigen-cam", {"activations": maps})[0, 0] == pytest.approx([2, 2, 0])
    turned = heat("eigen-cam", {"activations": -maps})[0, 0]
    assert turned == pytest.approx([2, 2, 0])  # the sign that adds up to more than 0
    assert not heat("eigen-cam", {"activations": 0 * maps}).any()


@pytest.mark.parametrize("shape", [(5, 4, 7), (30, 2, 3)])
def test_eigen_cam_is_the_first_singular_vector(shape: tuple[int, ...]) -> None:
    maps = np.random.default_rng(0).standard_normal(shape, dtype=np.float32) + 0.3
    _, sizes, rows = np.linalg.svd(maps.reshape(shape[0], -1).T)
    direction = eigen_cam(maps[None])[0, :, 0, 0]
    assert abs(direction @ rows[0]) == pytest.approx(1, abs=1e-5)
    found = heat("eigen-cam", {"activations": maps[None]})
    assert np.linalg.norm(found) == pytest.approx(sizes[0], rel=1e-5)
    assert found.sum() > 0


def random() -> dict[str, Array]:
    rng = np.random.default_rng(1)
    maps = {
        name: rng.standard_normal((2, 4, 3, 5), dtype=np.float32)
        for name in ("activations", "gradients", "residual_gradients", "residual_curvature")
    }
    per_channel = ("classifier", "ablated_scores", "masked_scores")
    values = {name: rng.standard_normal((2, 4), dtype=np.float32) for name in per_channel}
    return {**maps, **values, "score": np.array([2.5, -1.5], np.float32)}


def weight(name: str, given: dict[str, Array], n: int, k: int, y: int, x: int) -> float:
    """Give one channel's weight at one cell, written out from the papers, in double precision."""
    a, g = (given[one][n, k].astype(float) for one in ("activations", "gradients"))
    cells = list(itertools.product(range(3), range(5)))
    whole = sum(a[c] for c in cells)
    if name == "grad-cam":
        return sum(g[c] for c in cells) / 15
    if name == "grad-cam-plus-plus":  # equation 19 as printed, the powers written out
        shares = [g[c] ** 2 / (2 * g[c] ** 2 + whole * g[c] ** 3) for c in cells]
        return sum(share * max(g[c], 0) for share, c in zip(shares, cells, strict=True))
    if name == "xgrad-cam":
        return sum(a[c] / whole * g[c] for c in cells)
    if name == "hires-cam":
        return float(g[y, x])
    if name == "layer-cam":
        return max(float(g[y, x]), 0)
    if name == "shapley-cam":
        both = given["residual_gradients"][n, k] - 0.5 * given["residual_curvature"][n, k]
        return sum(float(both[c]) for c in cells) / 15
    if name == "cam":
        return float(given["classifier"][n, k])
    if name == "ablation-cam":
        score = float(given["score"][n])
        return (score - float(given["ablated_scores"][n, k])) / abs(score)
    powers = [np.exp(float(one)) for one in given["masked_scores"][n]]
    return powers[k] / sum(powers)


@pytest.mark.parametrize("name", BY_HAND)
def test_the_formula_in_plain_loops(name: str) -> None:
    given = random()
    found = heat(name, given)
    for n, y, x in itertools.product(range(2), range(3), range(5)):
        total = sum(
            weight(name, given, n, k, y, x) * float(given["activations"][n, k, y, x])
            for k in range(4)
        )
        expected = max(total, 0) if find(name).rectified else total
        assert found[n, y, x] == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_small_gradients_keep_grad_cam_plus_plus() -> None:
    """The shares depend on g ΣA alone; a constant added below g² would drown g = 0.0001."""
    gradients = np.full((1, 1, 1, 2), 1e-4, np.float32)
    activations = np.full((1, 1, 1, 2), 5, np.float32)
    expected = 2 * 1e-4 / (2 + 1e-4 * 10)
    assert grad_cam_plus_plus(activations, gradients) == pytest.approx(expected, rel=1e-6)


def test_zeros_divide_nothing() -> None:
    zeros = {name: np.zeros_like(value) for name, value in random().items()}
    for method in METHODS:
        assert not heat(method.id, zeros).any(), method.id


def test_every_method_says_what_it_is() -> None:
    assert len({method.id for method in METHODS}) == len(METHODS) == 10
    for method in METHODS:
        assert method.sentence.endswith(".")
        assert "heat = " in method.formula
        assert any(mark in method.paper for mark in ("arXiv:", "doi:"))
    with pytest.raises(UnknownNameError, match=r"Nearest: grad-cam-plus-plus"):
        find("Grad-CAM++")
