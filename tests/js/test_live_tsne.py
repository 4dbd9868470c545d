"""The browser's t-SNE is that of scikit-learn, its descent that of the library."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.manifold._t_sne import _joint_probabilities, _kl_divergence
from sklearn.metrics import pairwise_distances

from visualizer.maths.tsne import Descent

SCRIPT = Path(__file__).with_name("live_tsne_stdin.mjs")
COUNT, SIZE, PERPLEXITY = 41, 7, 9.0
DESCENT = {"steps": 12, "rate": 30.0, "momentum": 0.8, "exaggeration": 2.0}


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    """Features as bytes, and a map of them."""
    rng = np.random.default_rng(5)
    features = rng.integers(0, 256, (COUNT, SIZE)).astype(np.uint8)
    features[7] = features[3]  # two pictures alike
    return features, rng.normal(0, 4, (COUNT, 2))


@pytest.fixture(scope="module")
def browser(data: tuple[np.ndarray, np.ndarray]) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("Node is not installed, so the browser's t-SNE cannot run.")
        pytest.skip("Node is not installed.")
    features, points = data
    asked = {
        "features": features.ravel().tolist(),
        "count": COUNT,
        "size": SIZE,
        "perplexity": PERPLEXITY,
        "points": points.ravel().tolist(),
        "descent": DESCENT,
    }
    run = subprocess.run(
        [node, str(SCRIPT)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def joint_of(features: np.ndarray) -> np.ndarray:
    """scikit-learn's affinities, (n (n - 1) / 2,); its search ends within 1e-5 nats."""
    squares = pairwise_distances(features.astype(float), squared=True, metric="euclidean")
    joint: np.ndarray = _joint_probabilities(squares.astype(np.float32), PERPLEXITY, verbose=0)
    return joint


def test_affinities(data: tuple[np.ndarray, np.ndarray], browser: dict[str, Any]) -> None:
    found = np.array(browser["joint"]).reshape(COUNT, COUNT)
    np.testing.assert_allclose(np.diag(found), 0)
    wanted = joint_of(data[0])
    np.testing.assert_allclose(found[np.triu_indices(COUNT, 1)], wanted, rtol=2e-4, atol=1e-8)


def test_divergence_and_gradient(
    data: tuple[np.ndarray, np.ndarray], browser: dict[str, Any]
) -> None:
    kl, gradient = _kl_divergence(data[1].ravel(), joint_of(data[0]), 1, COUNT, 2)
    assert browser["kl"] == pytest.approx(kl, rel=1e-4)
    size = np.abs(gradient).max()
    np.testing.assert_allclose(browser["gradient"], gradient, atol=1e-4 * size)


def test_descent(data: tuple[np.ndarray, np.ndarray], browser: dict[str, Any]) -> None:
    joint = np.array(browser["joint"]).reshape(COUNT, COUNT)
    points, descent = data[1].copy(), Descent()
    for _ in range(int(DESCENT["steps"])):
        away = points[:, None] - points[None]
        weights = 1 / (1 + np.einsum("ijk,ijk->ij", away, away))
        np.fill_diagonal(weights, 0)
        forces = (DESCENT["exaggeration"] * joint - weights / weights.sum()) * weights
        gradient = 4 * np.einsum("ij,ijk->ik", forces, away)
        descent.step(points, gradient, learning_rate=DESCENT["rate"], momentum=DESCENT["momentum"])
    np.testing.assert_allclose(browser["descended"], points.ravel(), atol=1e-6)
