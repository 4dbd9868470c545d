"""Maps of pictures: features in, points in the plane or in space out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from numpy.typing import NDArray

from visualizer.analyses.embedding import pca, tsne, umap
from visualizer.analyses.embedding.checks import check_features, check_settings
from visualizer.analyses.embedding.method import EmbeddingMethod, Frame, Points, Settings
from visualizer.errors import UnknownNameError

__all__ = ["METHODS", "EmbeddingMethod", "Frame", "Settings", "embed", "find_method", "frames"]

METHODS = (
    tsne.METHOD,
    pca.METHOD,
    umap.METHOD,
)

OnIteration = Callable[[int, float, Points], object]


def embed(
    features: NDArray[Any],
    method: str = "t-sne",
    perplexity: float = 30,
    seed: int = 0,
    on_iteration: OnIteration | None = None,
    dimensions: int = 2,
    **settings: Any,
) -> Points:
    """Arrange pictures by their features: similar ones side by side.

    ``method`` is ``t-sne``, ``pca`` or ``umap``. ``on_iteration(iteration, kl_divergence, points)``
    is called after every iteration (the divergence is measured every fifth); where it returns True,
    the map stays as it is by then. Other keywords are fields of :class:`Settings`: exaggeration,
    iterations, metric, start ... The same seed gives the same map.

    Shapes: features (n, d) -> (n, dimensions), float64.

    Raises:
        UnknownNameError: no such method, metric or setting.
        VisualizerError: features or settings that no map can be made of.

    Source: see each method's own file and docs/methods.md.
    """
    for name in settings:
        if name not in Settings.__dataclass_fields__:
            raise UnknownNameError(
                f"There is no setting {name!r}; choose among "
                f"{', '.join(Settings.__dataclass_fields__)}."
            )
    basis = Settings(perplexity=perplexity, seed=seed, dimensions=dimensions)
    for frame in frames(features, method, replace(basis, **settings)):
        if on_iteration is None or frame.iteration == 0:
            continue
        if on_iteration(frame.iteration, frame.kl_divergence, frame.points) is True:
            break
    return frame.points


def frames(
    features: NDArray[Any], method_id: str = "t-sne", settings: Settings | None = None
) -> Iterator[Frame]:
    """Grow a map frame by frame; stop reading, or close the generator, to cancel it.

    One step takes one iteration, or one block of the neighbour search. Input is checked at once,
    before the first frame is asked for.

    Raises:
        UnknownNameError, VisualizerError: as :func:`embed`.
    """
    chosen = find_method(method_id)
    settings = Settings() if settings is None else settings
    array = check_features(features)
    check_settings(settings, *array.shape)
    return chosen.frames(array, settings)


def find_method(name: str) -> EmbeddingMethod:
    """Find a method of the menu by its id.

    Raises:
        UnknownNameError: there is none.
    """
    for entry in METHODS:
        if entry.id == name:
            return entry
    names = [entry.id for entry in METHODS]
    near = get_close_matches(name, names, n=1, cutoff=0.4) or names
    raise UnknownNameError(f"There is no embedding {name!r}; choose one of {', '.join(near)}.")
