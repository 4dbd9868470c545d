"""What a network says to many pictures, through the shortest way to its probabilities."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass

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
SLICE_S = 0.15  # a batch takes about this long
BATCH_MOST = 16
BATCH_BYTES = 48 * 2**20


@dataclass
class Pace:
    """How many pictures are run at once: as many as fit a slice of time, one first."""

    most: int
    count: int = 1

    def learn(self, done: int, seconds: float) -> None:
        """Adapt to how long ``done`` pictures took."""
        faster = min(2.0, SLICE_S / max(1e-6, seconds))
        self.count = int(np.clip(done * faster, 1, self.most))


def pace(model: Model) -> Pace:
    """Start with one picture; batches stay within a memory budget."""
    largest = max(layer.cells for layer in model.graph.layers)
    return Pace(max(1, min(BATCH_MOST, BATCH_BYTES // (4 * largest))))


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
    """Yield pictures and their probabilities (n, classes), as many at once as the pace allows.

    The next pictures are made while the network looks at these.
    """
    step = pace(model)

    def prepared(count: int) -> tuple[list[Pixels], Array | None]:
        group = [picture for _, picture in zip(range(count), pictures, strict=False)]
        return group, as_batch(model, group, framing) if group else None

    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(prepared, step.count)
        while True:
            group, batch = coming.result()
            if batch is None:
                return
            coming = beside.submit(prepared, step.count)
            start = time.perf_counter()
            shares = probabilities(model, batch)
            step.learn(len(group), time.perf_counter() - start)
            yield group, shares


def settled_target(model: Model, shares: Array, target: int | None) -> int:
    """Give the class asked for, or the most probable of (classes,).

    Raises:
        VisualizerError: there is no such class.
    """
    if target is None:
        return int(shares.argmax())
    if not 0 <= target < len(shares):
        raise VisualizerError(
            f"There is no class {target}: {model.spec.title} tells 0 to {len(shares) - 1} apart."
        )
    return target
