import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

import visualizer as vz
from visualizer.analyses.embedding import METHODS, Settings, find_method, frames, tsne
from visualizer.analyses.embedding.layers import layer_frames
from visualizer.analyses.embedding.placement import FrozenMap
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.maths.neighbours import graph

QUICK = Settings(perplexity=8, exaggerated_iterations=20, iterations=40)


@pytest.fixture(scope="module")
def groups() -> tuple[np.ndarray, np.ndarray]:
    """Three well separated groups in eight dimensions."""
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 40)
    features = random.standard_normal((120, 8)) + 6 * np.eye(3, 8)[labels]
    return features.astype(np.float32), labels


def exact_affinities(features: np.ndarray, perplexity: float) -> np.ndarray:
    """Equations 1 and 2 of the paper, over the 3 · perplexity nearest as usual."""
    distances, indices = (
        NearestNeighbors(n_neighbors=int(3 * perplexity)).fit(features.astype(float)).kneighbors()
    )
    conditional = np.zeros((len(features), len(features)))
    for row, (near, far) in enumerate(zip(indices, distances, strict=True)):
        low, high = 1e-9, 1e9
        for _ in range(200):
            beta = np.sqrt(low * high)
            shares = np.exp(-beta * (far**2 - far[0] ** 2))
            shares /= shares.sum()
            entropy = -np.sum(shares * np.log(np.maximum(shares, 1e-300)))
            low, high = (beta, high) if entropy > np.log(perplexity) else (low, beta)
        conditional[row, near] = shares
    return (conditional + conditional.T) / (2 * len(features))


def exact_divergence(points: np.ndarray, affinities: np.ndarray) -> float:
    weights = 1 / (1 + np.sum((points[:, None] - points) ** 2, axis=2))
    np.fill_diagonal(weights, 0)
    shares = weights / weights.sum()
    near = affinities > 0
    return float(np.sum(affinities[near] * np.log(affinities[near] / shares[near])))


def test_the_divergence_is_the_paper_s(groups: tuple[np.ndarray, np.ndarray]) -> None:
    features, _ = groups
    *_, last = frames(features, "t-sne", QUICK)
    expected = exact_divergence(last.points, exact_affinities(features, 8))
    assert last.kl_divergence == pytest.approx(expected, rel=0.01)  # the tree approximates


@pytest.mark.parametrize(("dimensions", "fourier_from"), [(2, 10_000), (3, 10_000), (2, 0), (3, 0)])
def test_the_forces_are_the_gradient_of_the_divergence(
    dimensions: int, fourier_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the tree and, in the plane, by the Fourier transform."""
    monkeypatch.setattr(tsne, "FOURIER_FROM", fourier_from)
    random = np.random.default_rng(dimensions)
    features = random.standard_normal((40, 6)).astype(np.float32)
    points = random.standard_normal((40, dimensions))
    affinities = exact_affinities(features, 5)
    rows = [
        tsne._conditional(block, 5, 40) for block in graph(features, 15)
    ]  # fmt: skip
    sparse = tsne._symmetric(rows)
    np.testing.assert_allclose(sparse.toarray(), affinities, atol=1e-6)
    _, gradient = tsne._forces(sparse, 1.0, points)(points, True)
    for row, axis in [(0, 0), (17, 1), (39, dimensions - 1)]:
        ahead, behind = points.copy(), points.copy()
        ahead[row, axis] += 1e-5
        behind[row, axis] -= 1e-5
        slope = (exact_divergence(ahead, affinities) - exact_divergence(behind, affinities)) / 2e-5
        assert 4 * gradient[row, axis] == pytest.approx(slope, rel=0.05, abs=1e-4)


def test_frames_begin_with_the_start_and_end_with_the_map(
    groups: tuple[np.ndarray, np.ndarray],
) -> None:
    features, labels = groups
    grown = list(frames(features, "t-sne", QUICK))
    searching = [frame for frame in grown if frame.stage == "neighbours"]
    assert [frame.iteration for frame in grown[len(searching) :]] == list(range(61))
    assert (searching[0].share, searching[-1].share) == (0, 1)
    assert np.ptp(grown[0].points) < 0.01 < 1 < np.ptp(grown[-1].points)
    assert {frame.iterations for frame in grown} == {60}
    late = [frame.kl_divergence for frame in grown if frame.iteration > 45]
    assert late[-1] < late[0] < grown[len(searching)].kl_divergence
    assert vz.map_quality(features, grown[-1].points, labels).accuracy_map == 1


def test_the_callback_hears_every_iteration_and_can_stop(
    groups: tuple[np.ndarray, np.ndarray],
) -> None:
    heard: list[tuple[int, float, tuple[int, ...]]] = []

    def listen(iteration: int, divergence: float, points: np.ndarray) -> bool:
        heard.append((iteration, divergence, points.shape))
        return iteration == 7

    quick: dict[str, Any] = {"perplexity": 8, "exaggerated_iterations": 20, "iterations": 40}
    stopped = vz.embed(groups[0], on_iteration=listen, **quick)
    assert [iteration for iteration, _, _ in heard] == [1, 2, 3, 4, 5, 6, 7]
    assert heard[0][2] == stopped.shape == (120, 2)
    np.testing.assert_array_equal(stopped, next(
        frame.points for frame in frames(groups[0], "t-sne", QUICK) if frame.iteration == 7
    ))  # fmt: skip


@pytest.mark.parametrize("method", ["t-sne", "pca"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_same_seed_gives_the_same_map(
    groups: tuple[np.ndarray, np.ndarray], method: str, dimensions: int
) -> None:
    quick: dict[str, Any] = {"perplexity": 8, "exaggerated_iterations": 10, "iterations": 20}
    one, again, other = (
        vz.embed(groups[0], method, seed=seed, dimensions=dimensions, **quick) for seed in (0, 0, 1)
    )
    assert one.shape == (120, dimensions)
    np.testing.assert_array_equal(one, again)
    assert (method == "pca") == (one == other).all()


def test_pictures_that_are_alike_lie_together_and_are_finite(
    groups: tuple[np.ndarray, np.ndarray],
) -> None:
    features = groups[0].copy()
    features[:10] = features[0]
    found = vz.embed(features, perplexity=8)
    assert np.isfinite(found).all()
    assert np.ptp(found[:10], axis=0).max() < 0.3 * np.ptp(found, axis=0).max()


def test_a_map_can_start_from_another_or_at_random(groups: tuple[np.ndarray, np.ndarray]) -> None:
    start = np.random.default_rng(5).standard_normal((120, 2)) * 50
    first = next(frames(groups[0], "t-sne", replace(QUICK, start=start))).points
    correlation = np.corrcoef(first[:, 0], start[:, 0])[0, 1]
    assert correlation > 0.999
    assert first.std() < 2e-4
    at_random = next(frames(groups[0], "t-sne", replace(QUICK, start="random"))).points
    assert abs(np.corrcoef(at_random[:, 0], start[:, 0])[0, 1]) < 0.5


def test_cosine_looks_at_angles_only(groups: tuple[np.ndarray, np.ndarray]) -> None:
    """Neighbours by angle do not change when each picture's features are rescaled."""
    scales = np.random.default_rng(6).uniform(0.2, 5, (120, 1)).astype(np.float32)
    start = np.random.default_rng(7).standard_normal((120, 2))
    near = replace(QUICK, metric="cosine", start=start, exaggerated_iterations=5, iterations=0)
    *_, one = frames(groups[0], "t-sne", near)
    *_, other = frames(groups[0] * scales, "t-sne", near)
    np.testing.assert_allclose(one.points, other.points, rtol=1e-3, atol=1e-6)


def test_pca_keeps_or_shortens_every_distance(groups: tuple[np.ndarray, np.ndarray]) -> None:
    features = groups[0].astype(float)
    shown = vz.embed(groups[0], "pca")
    between = np.linalg.norm(features[:, None] - features, axis=2)
    on_map = np.linalg.norm(shown[:, None] - shown, axis=2)
    assert (on_map <= between + 1e-4).all()


def test_a_new_picture_lands_among_its_own(groups: tuple[np.ndarray, np.ndarray]) -> None:
    features, labels = groups
    rest = np.arange(120) % 10 != 0
    points = vz.embed(features[rest], perplexity=8)
    frozen = FrozenMap(features[rest], points, perplexity=8)
    for index in np.flatnonzero(~rest):
        landing = frozen.place(features[index])
        nearest = np.argmin(np.linalg.norm(points - landing.point, axis=1))
        assert labels[rest][nearest] == labels[index]
        by_features = np.linalg.norm(features[rest] - features[index], axis=1)
        assert landing.neighbours[0] == by_features.argmin()
    many = vz.place_on_map(features[rest], points, features[:2], perplexity=8)
    alone = vz.place_on_map(features[rest], points, features[1], perplexity=8)
    np.testing.assert_array_equal(many[1], alone)


def test_layers_are_laid_on_one_another(groups: tuple[np.ndarray, np.ndarray]) -> None:
    """The second layer is the first one mirrored and in another unit: groups stay put."""
    features, labels = groups
    shown = list(layer_frames({"a": features, "b": -3 * features}, "t-sne", QUICK))
    last = {entry.layer: entry.frame.points for entry in shown if entry.finished}
    assert list(last) == ["a", "b"]
    extent = np.ptp(last["a"], axis=0).max()
    for label in range(3):
        middles = [points[labels == label].mean(axis=0) for points in last.values()]
        assert np.linalg.norm(middles[0] - middles[1]) < 0.1 * extent
    apart = list(layer_frames({"a": features, "b": -3 * features}, "pca", QUICK))
    np.testing.assert_allclose(
        3 * apart[0].frame.points, apart[1].frame.points - apart[1].frame.points.mean(0), atol=1e-3
    )


@pytest.mark.parametrize(
    ("settings", "count", "message"),
    [
        ({}, 40, r"Perplexity 30 needs at least 91 pictures; there are 40\. Choose 13 or less, or"),
        ({"perplexity": 0.5}, 40, r"Perplexity 0\.5 is below 1.* Choose 1 to 13"),
        ({"perplexity": 1}, 3, r"at least 4 pictures; there are 3"),
        ({"dimensions": 4}, 120, r"2 or 3 dimensions, not 4"),
        ({"metric": "l1"}, 120, r"no metric 'l1' for maps; choose l2 or cosine"),
        ({"seed": -1}, 120, r"Seed -1 is outside 0 to 4294967295"),
        ({"exaggeration": 0.5}, 120, r"Early exaggeration 0\.5 is outside 1 to 100"),
        ({"iterations": -1}, 120, r"75 exaggerated and -1 further iterations"),
        ({"start": "middle"}, 120, r"no start 'middle'; choose pca or random"),
        ({"start": np.zeros((3, 2))}, 120, r"shape \(3, 2\); it needs .*\(120, 2\)"),
        ({"momentum": 0.5}, 120, r"no setting 'momentum'; choose among perplexity, seed"),
        ({"method": "tsne"}, 120, r"no embedding 'tsne'; choose one of t-sne"),
    ],
)
def test_what_no_map_can_be_made_of_is_said(
    groups: tuple[np.ndarray, np.ndarray], settings: dict[str, Any], count: int, message: str
) -> None:
    with pytest.raises(VisualizerError, match=message):
        vz.embed(groups[0][:count], **settings)


def test_features_that_cannot_be_arranged_are_said(groups: tuple[np.ndarray, np.ndarray]) -> None:
    features = groups[0].copy()
    with pytest.raises(VisualizerError, match=r"All 120 pictures have the same features"):
        vz.embed(np.ones_like(features))
    with pytest.raises(VisualizerError, match=r"Features of 1 value cannot fill a map of 2"):
        vz.embed(features[:, :1])
    features[[5, 9], 2] = np.nan
    with pytest.raises(VisualizerError, match=r"2 of 120 rows hold .* the first that of picture 5"):
        vz.embed(features)
    with pytest.raises(VisualizerError, match=r"shows 5 pictures, the features are of 120"):
        FrozenMap(groups[0], np.zeros((5, 2)))
    with pytest.raises(VisualizerError, match=r"Perplexity 50 is outside 1 to 40"):
        FrozenMap(groups[0], np.zeros((120, 2)), perplexity=50)


def test_input_is_judged_before_the_first_frame(groups: tuple[np.ndarray, np.ndarray]) -> None:
    with pytest.raises(UnknownNameError):
        frames(groups[0], "t-sne", replace(QUICK, metric="l1"))


def test_every_method_says_what_its_distances_mean() -> None:
    assert [method.id for method in METHODS] == ["t-sne", "pca", "umap"]
    assert all(method.sentence.endswith(".") and method.caution for method in METHODS)
    assert find_method("pca").reason() is None


def test_without_umap_learn_a_way_out_is_named(
    groups: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(VisualizerError, match=r"needs the package umap-learn: pip install"):
        vz.embed(groups[0], "umap")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of numba
def test_umap_agrees_with_umap_learn() -> None:
    umap = pytest.importorskip("umap")
    digits, labels = load_digits(return_X_y=True)
    digits, labels = digits[:600].astype(np.float32), labels[:600]
    ours, again = (vz.embed(digits, "umap", seed=3) for _ in range(2))
    np.testing.assert_array_equal(ours, again)
    theirs = umap.UMAP(random_state=3, init="pca").fit_transform(digits)
    measured, expected = (
        vz.map_quality(digits, points, labels) for points in (ours, theirs)
    )  # fmt: skip
    assert measured.trustworthiness == pytest.approx(expected.trustworthiness, abs=0.01)
    assert measured.accuracy_map == pytest.approx(expected.accuracy_map, abs=0.02)
    with pytest.raises(VisualizerError, match=r"700 neighbours cannot be had from 600 pictures"):
        vz.embed(digits, "umap", neighbours=700)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_digits_come_apart(seed: int) -> None:
    """Both openTSNE and scikit-learn reach an accuracy of 0.988 and a trustworthiness of 0.992."""
    digits, labels = load_digits(return_X_y=True)
    points = vz.embed(digits, seed=seed)
    quality = vz.map_quality(digits, points, labels)
    assert quality.accuracy_map is not None
    assert quality.accuracy_map >= 0.98
    assert quality.trustworthiness >= 0.99
    theirs = trustworthiness(digits, points, n_neighbors=10)
    # whole numbers lie at equal distances: they rank ties by position, we count what is nearer
    assert quality.trustworthiness == pytest.approx(theirs, abs=5e-5)


@pytest.mark.slow
def test_a_cancelled_map_stops_between_two_iterations() -> None:
    """One step takes processor time well under the 0.2 s in which a visitor may cancel."""
    digits, _ = load_digits(return_X_y=True)
    growing = frames(digits)
    next(frame for frame in growing if frame.iteration == 1)
    spent = []
    for _ in range(20):
        start = time.process_time()
        next(growing)
        spent.append(time.process_time() - start)
    growing.close()  # type: ignore[attr-defined]
    assert np.median(spent) < 0.1
