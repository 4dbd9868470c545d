"""What a network says to many pictures, through the shortest way to its probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation.linear import Part
from visualizer.runtime.framing import RESAMPLING, frame, network_batch
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.runtime.segment import between

Array = NDArray[np.float32]
Pixels = NDArray[np.uint8]
BATCH_MOST = 16
CACHE_BYTES = 2**20  # of the largest layer's values: small networks by the dozen, large ones alone
CARD_BYTES = 48 * 2**20  # graphics cards have other limits


def at_once(model: Model) -> int:
    """Choose how many pictures are run at once: only as many as stay in a processor's cache.

    Large layers leave it with the second picture, and then two take longer than one by one.
    """
    largest = 4 * max(layer.cells for layer in model.graph.layers)
    return max(
        1, min(BATCH_MOST, (CACHE_BYTES if model.device == "cpu" else CARD_BYTES) // largest)
    )


def as_batch(model: Model, pictures: Sequence[Pixels], framing: str) -> Array:
    """Prepare pictures (h, w, 3) of any sizes; one of exactly the input's size enters as it is.

    So a crop of 224 reaches the network as in training, not cut a second time.
    """
    size = model.spec.input_shape[1:]
    parts = [
        network_batch([one], model.spec, "stretch" if one.shape[:2] == size else framing)
        for one in pictures
    ]
    return np.concatenate(parts)


def probabilities(model: Model, batch: Array) -> Array:
    """Run the network to its logits only: (n, C, H, W) -> (n, classes), each row sums to 1."""
    segment = between(model.graph, (INPUT,), (model.logits,))
    logits = model.evaluate(segment, [batch])[0][:, :, 0, 0].astype(np.float64)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def as_resized(model: Model, pixels: Pixels, framing: str = "crop") -> Pixels:
    """Resize a picture as the network's own preprocessing does, and cut nothing off.

    So what is measured in pixels afterwards means pixels of the network's input.
    """
    spec, (height, width) = model.spec, pixels.shape[:2]
    seen = frame(height, width, spec, framing)
    rows = round(spec.input_shape[1] * height / seen.height)
    columns = round(spec.input_shape[2] * width / seen.width)
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize((columns, rows), RESAMPLING[spec.interpolation]))


def seen_part(model: Model, resized: Pixels, framing: str = "crop") -> Part | None:
    """Find the part of a resized picture that is cut out for the network; None: not a part."""
    spec, (height, width) = model.spec, resized.shape[:2]
    seen = frame(height, width, spec, framing)
    part = Part(round(seen.top), round(seen.left), *spec.input_shape[1:])
    inside = part.top + part.height <= height and part.left + part.width <= width
    exact = (part.top, part.left, part.height, part.width) == astuple(seen)
    return part if exact and inside and min(part.top, part.left) >= 0 else None


def in_batches(
    model: Model, pictures: Iterator[Pixels], framing: str = "crop"
) -> Iterator[tuple[list[Pixels], Array]]:
    """Yield pictures and their probabilities (n, classes), a few at once.

    The next pictures are made while the network looks at these.
    """
    count = at_once(model)

    def prepared() -> tuple[list[Pixels], Array | None]:
        group = [picture for _, picture in zip(range(count), pictures, strict=False)]
        return group, as_batch(model, group, framing) if group else None

    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(prepared)
        while True:
            group, batch = coming.result()
            if batch is None:
                return
            coming = beside.submit(prepared)
            yield group, probabilities(model, batch)


def known_class(model: Model, target: int) -> int:
    """Give back a class that the network knows.

    Raises:
        VisualizerError: there is no such class.
    """
    classes = model.layer(model.logits).output_shape[0]
    if not 0 <= target < classes:
        raise VisualizerError(
            f"There is no class {target}: {model.spec.title} tells 0 to {classes - 1} apart."
        )
    return target
