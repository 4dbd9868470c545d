"""t-SNE: neighbours stay neighbours. The forces are openTSNE's, the descent is open to watch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from visualizer.analyses.embedding.checks import check_tsne, starting_points
from visualizer.analyses.embedding.method import Array, EmbeddingMethod, Frame, Points, Settings
from visualizer.maths.neighbours import Neighbours, graph
from visualizer.maths.projection import principal_components
from visualizer.maths.tsne import Descent

START_SPREAD = 1e-4
EARLY_MOMENTUM, MOMENTUM = 0.5, 0.8
FOURIER_FROM = 10_000  # points; below, the tree is quicker. In the plane only
MEASURED_EVERY = 5  # iterations: the divergence costs a quarter of a step
THREADS_MOST = 8

Forces = Callable[[Points, bool], tuple[float, Points]]


def frames(features: Array, settings: Settings) -> Iterator[Frame]:
    """Grow a map step by step; the first frames show the start while neighbours are searched.

    First, affinities ``p`` from the distances to the 3 · perplexity nearest others, exact; then
    the descent, with ``p`` exaggerated in the beginning. Learning rate: n / exaggeration.

    Shapes: features (n, d) -> frames with points (n, dimensions).

    Raises:
        VisualizerError: perplexity, exaggeration or iterations beyond their limits.

    Source: van der Maaten & Hinton, JMLR 9, 2008; trees: van der Maaten, JMLR 15, 2014; Fourier
    transform: Linderman et al., arXiv:1712.09005; learning rate: Belkina et al., *Nature
    Communications* 10, 2019; start: Kobak & Linderman, *Nature Biotechnology* 39, 2021.
    """
    check_tsne(settings, len(features))
    principal = principal_components(features, settings.dimensions).points
    points = starting_points(settings.start, principal, settings.seed, START_SPREAD)
    total = settings.exaggerated_iterations + settings.iterations
    count, found = len(features), 0
    rows = []
    yield Frame(0, np.nan, points.copy(), total, "neighbours", 0.0)
    for block in graph(features, int(3 * settings.perplexity), settings.metric):
        rows.append(_conditional(block, settings.perplexity, count))
        found += len(block.indices)
        yield Frame(0, np.nan, points.copy(), total, "neighbours", found / count)
    yield from _descend(points, _symmetric(rows), settings)


def _descend(points: Points, affinities: Any, settings: Settings) -> Iterator[Frame]:
    early, total = settings.exaggerated_iterations, settings.exaggerated_iterations
    total += settings.iterations
    descent = Descent()
    forces = _forces(affinities * settings.exaggeration, settings.exaggeration, points)
    factor, momentum = settings.exaggeration, EARLY_MOMENTUM
    known = np.nan
    for iteration in range(total):
        if iteration == early:
            forces, factor, momentum = _forces(affinities, 1.0, points), 1.0, MOMENTUM
        measured = iteration % MEASURED_EVERY == 0
        divergence, gradient = forces(points, measured)
        known = divergence if measured else known
        yield Frame(iteration, known, points.copy(), total)
        rate = len(points) / factor
        descent.step(points, gradient, learning_rate=rate, momentum=momentum)
    divergence, _ = _forces(affinities, 1.0, points)(points, True)
    yield Frame(total, divergence, points.copy(), total)


def _conditional(block: Neighbours, perplexity: float, count: int) -> Any:
    """Give a few rows of ``p(j|i)``, sparse (rows, n), each summing to 1."""
    joint_probabilities_nn = opentsne().affinity.joint_probabilities_nn
    return joint_probabilities_nn(
        *block,
        [perplexity],
        symmetrize=False,
        normalization="point-wise",
        n_reference_samples=count,
        n_jobs=threads(),
    )


def _symmetric(rows: list[Any]) -> Any:
    """Give the affinities ``p = (p(j|i) + p(i|j)) / 2n``, sparse (n, n) with the sum 1."""
    from scipy import sparse

    conditional = sparse.vstack(rows, format="csr")
    both = (conditional + conditional.T).tocsr()
    both.sort_indices()
    return both / both.sum()


def _forces(affinities: Any, factor: float, points: Points) -> Forces:
    """Make the function that gives divergence and gradient; ``factor`` is in the affinities."""
    module = opentsne().tsne
    fourier = len(points) >= FOURIER_FROM and points.shape[1] == 2
    method = module.kl_divergence_fft if fourier else module.kl_divergence_bh
    grid = {"n_interpolation_points": 3, "min_num_intervals": 50, "ints_in_interval": 1}

    def forces(where: Points, measured: bool) -> tuple[float, Points]:
        divergence, gradient = method(
            where,
            affinities,
            dof=1,
            bh_params={"theta": 0.5},
            fft_params=grid,
            should_eval_error=measured,
            n_jobs=threads(),
        )
        return float(divergence) / factor - float(np.log(factor)), gradient

    return forces


def threads() -> int:
    """Count the cores that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(usable or 1, THREADS_MOST))


def opentsne() -> ModuleType:
    """Import openTSNE on first use, which takes seconds; its waiting threads shall sleep."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import openTSNE

    module: ModuleType = openTSNE
    return module


METHOD = EmbeddingMethod(
    "t-sne",
    "t-SNE",
    frames,
    "Pictures with similar features come to lie side by side.",
    "Who is next to whom means something; distances between groups, their sizes and the axes "
    "mean little or nothing.",
    "van der Maaten & Hinton, JMLR 9, 2008",
)
