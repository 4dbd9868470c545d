"""Maps and retrieval: ours against scikit-learn, openTSNE and plain NumPy, in turn in one run.

``python benchmarks/embedding.py [digits] [large] [placement] [search]``; all without arguments.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import openTSNE
import sklearn
import torch
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE
from sklearn.neighbors import NearestNeighbors

import visualizer as vz
from visualizer.analyses.embedding import Settings, frames
from visualizer.analyses.embedding.placement import FrozenMap
from visualizer.analyses.retrieval import Index

Run = Callable[[], object]


def timed(runs: dict[str, Run], trials: int, warm_up: int = 1) -> dict[str, float]:
    """Run all in turn, round by round; print and return medians, in seconds."""
    walls: dict[str, list[float]] = {name: [] for name in runs}
    works: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(warm_up + trials):
        for name, run in runs.items():
            start, work = time.perf_counter(), time.process_time()
            run()
            if number >= warm_up:
                walls[name].append(time.perf_counter() - start)
                works[name].append(time.process_time() - work)
    for name, values in walls.items():
        spread = f"({1000 * min(values):.1f} to {1000 * max(values):.1f})"
        print(
            f"  {name:34} {1000 * statistics.median(values):9.1f} ms {spread:24} "
            f"processor {1000 * statistics.median(works[name]):9.1f} ms"
        )
    return {name: statistics.median(values) for name, values in walls.items()}


def clusters(count: int, size: int = 128) -> np.ndarray:
    """Draw vectors in 100 groups."""
    random = np.random.default_rng(0)
    centres = random.standard_normal((100, size)) * 2
    noise = random.standard_normal((count, size))
    return (centres[random.integers(0, 100, count)] + noise).astype(np.float32)


def digits() -> None:
    """Settle the digits' map: time and quality."""
    features, labels = load_digits(return_X_y=True)
    features = features.astype(np.float32)
    maps: dict[str, np.ndarray] = {}

    def theirs() -> None:
        maps["scikit-learn"] = TSNE(random_state=0).fit_transform(features)

    def opentsne() -> None:
        maps["openTSNE"] = np.asarray(openTSNE.TSNE(random_state=0, n_jobs=-1).fit(features))

    def ours() -> None:
        maps["ours"] = vz.embed(features)

    print("1,797 digits x 64")
    vz.embed(features, exaggerated_iterations=1, iterations=1)  # imports
    found = timed({"scikit-learn": theirs, "openTSNE": opentsne, "ours": ours}, 3, warm_up=0)
    print(f"  {found['scikit-learn'] / found['ours']:.1f} times faster than scikit-learn")
    for name, points in maps.items():
        quality = vz.map_quality(features, points, labels, sample=None)
        print(
            f"  {name:14} accuracy {quality.accuracy_map:.4f}, "
            f"trustworthiness {quality.trustworthiness:.4f}"
        )


def large() -> None:
    """Grow a map of 10,000: the first frames, the longest step, and the end."""
    features = clusters(10_000)
    spent: list[float] = []
    start, moving = time.perf_counter(), 0.0
    for frame in frames(features, "t-sne", Settings()):
        spent.append(time.perf_counter() - start - sum(spent))
        if frame.iteration == 1:
            moving = sum(spent)
    steps = spent[-Settings().iterations :]
    print("10,000 x 128")
    print(
        f"  first frame {spent[0]:.2f} s, first that moves {moving:.2f} s, all {sum(spent):.1f} s"
    )
    middle = 1000 * statistics.median(steps)
    print(f"  iteration median {middle:.0f} ms, longest step {max(spent):.2f} s")


def placement() -> None:
    """Put one picture onto a map of 10,000."""
    features = clusters(10_001)
    random = np.random.default_rng(1)
    points = random.standard_normal((10_000, 2)) * 30
    frozen = FrozenMap(features[1:], points)
    print("One picture onto a map of 10,000")
    timed({"exact gradient": lambda: frozen.place(features[0])}, 30, warm_up=3)


def search() -> None:
    """Find ten neighbours among 60,000."""
    features = clusters(60_000)
    index = Index(features, "cosine")
    tensor, query = torch.from_numpy(index.vectors), torch.from_numpy(features[0])
    oracle = NearestNeighbors(n_neighbors=10, metric="cosine", algorithm="brute").fit(features)
    print("10 nearest of 60,000 x 128, cosine")
    timed(
        {
            "reading all vectors once (sum)": lambda: index.vectors.sum(),
            "ours": lambda: index.nearest(features[0]),
            "torch mm and topk": lambda: torch.topk(tensor @ query, 10),
            "scikit-learn": lambda: oracle.kneighbors(features[:1]),
        },
        15,
        warm_up=2,
    )


PARTS = {"digits": digits, "large": large, "placement": placement, "search": search}


def main() -> None:
    """Run the parts named on the command line, or all."""
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"openTSNE {openTSNE.__version__}, scikit-learn {sklearn.__version__}, "
        f"torch {torch.__version__}, NumPy {np.__version__}"
    )


if __name__ == "__main__":
    main()
