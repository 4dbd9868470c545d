"""Which pixels speak for a class."""

from __future__ import annotations

import difflib

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.heatmap import class_score
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.attribution import ATTRIBUTIONS, Attribution, Question
from visualizer.runtime.heat_layers import heat_layer
from visualizer.runtime.model import Model
from visualizer.runtime.picture import PictureSource

Array = NDArray[np.float32]


def attribute(
    model: Model,
    picture: PictureSource,
    method: str = "saliency",
    target: int | None = None,
    *,
    against: int | None = None,
    layer: str | None = None,
    framing: str = "crop",
) -> Array:
    """Show which pixels speak for a class: (H, W) float32, not rescaled.

    The map has the size of the network's input and covers what the network sees of the picture.
    ``target=None`` takes the most probable class; ``against`` asks what speaks for ``target``
    rather than for that class; ``layer`` is where guided Grad-CAM reads. The same call always
    gives the same map.

    Raises:
        UnknownNameError: no such method or layer; the nearest names are listed.
        VisualizerError: a class outside the range, or a method that does not hold for the network.
        PictureError: the file is no picture.
    """
    chosen = find(method)
    reason = chosen.holds(model)
    if reason is not None:
        raise VisualizerError(reason)
    if layer is not None:
        layer = heat_layer(model, layer).name
    batch = model.preprocess(picture, framing).numpy()
    logits = model.values(batch, [model.logits])[model.logits][:, :, 0, 0]
    cotangent = class_score(model, logits, target, against).cotangent(logits.shape[1])
    *_, last = chosen.run(Question(model, batch, cotangent, layer))
    return last.heat


def find(name: str) -> Attribution:
    """Find a pixel attribution by its id.

    Raises:
        UnknownNameError: there is none; the nearest and all names are listed.
    """
    known = {method.id: method for method in ATTRIBUTIONS}
    if name not in known:
        near = difflib.get_close_matches(name, known, cutoff=0.5)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        raise UnknownNameError(f"There is no method {name[:40]!r}.{hint} All: {', '.join(known)}.")
    return known[name]
