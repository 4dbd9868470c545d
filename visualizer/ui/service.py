"""What the running page shares: networks, what they saw, and each visitor's own pictures."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.observation import Key, Observation, Observer
from visualizer.errors import UnknownNameError
from visualizer.runtime.framing import FRAMINGS, Frame, frame, network_input
from visualizer.runtime.model import UNTRAINED, Model
from visualizer.runtime.picture import read_picture
from visualizer.runtime.samples import sample_path
from visualizer.runtime.shelf import Shelf
from visualizer.ui.visitors import Visitors

SAMPLE = "sample:"
DIGESTS_KEPT = 1024
Pixels = NDArray[np.uint8]


def content_digest(pixels: Pixels) -> str:
    """Digest a picture's shape and content."""
    return hashlib.sha256(str(pixels.shape).encode() + pixels.tobytes()).hexdigest()


@lru_cache(maxsize=32)
def sample_pixels(name: str) -> Pixels:
    """Read a sample that travels with the package: (H, W, 3)."""
    return read_picture(sample_path(name))


@dataclass
class View:
    """One network looking at one picture in one framing."""

    model: Model
    handle: str
    pixels: Pixels
    framing: str
    observer: Observer
    digest: str

    @property
    def key(self) -> Key:
        """Identify the view by the picture's content, not by its name."""
        weights = "trained" if self.model.trained else UNTRAINED
        return f"{self.model.name} {weights}", self.digest, self.framing

    @property
    def frame(self) -> Frame:
        """Give the region of the picture that the network sees."""
        height, width = self.pixels.shape[:2]
        return frame(height, width, self.model.spec, self.framing)

    def observe(self) -> tuple[Observation, bool]:
        """Run the network once for this picture; the flag tells whether it was known."""
        return self.observer.observe(self.model, self.key, self._batch)

    def maps(self, layer: str) -> NDArray[np.float32]:
        """Get what a layer produced: (C, H, W)."""
        return self.observer.maps(self.model, self.key, layer, self._batch)

    def gather(self, layers: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """Get what several layers produced, each (C, H, W), with one run at most."""
        return self.observer.gather(self.model, self.key, layers, self._batch)

    def _batch(self) -> NDArray[np.float32]:
        return network_input(self.pixels, self.model.spec, self.framing)


@dataclass
class Service:
    """The state of one running page, handed to every endpoint."""

    shelf: Shelf
    observer: Observer = field(default_factory=Observer)
    visitors: Visitors = field(default_factory=Visitors)
    _digests: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def pixels(self, handle: str) -> Pixels:
        """Find a picture by its handle: a sample's name or an upload's secret token.

        Raises:
            UnknownNameError: no such sample.
            GoneError: the upload is no longer kept.
        """
        if handle.startswith(SAMPLE):
            return sample_pixels(handle.removeprefix(SAMPLE))
        return self.visitors.picture(handle)

    def view(self, parameters: Mapping[str, str]) -> View:
        """Read ``net``, ``weights``, ``picture`` and ``framing`` of a request."""
        framing = parameters.get("framing", FRAMINGS[0])
        if framing not in FRAMINGS:
            raise UnknownNameError(
                f"There is no framing {framing!r}. Choose {', '.join(FRAMINGS)}."
            )
        handle = parameters.get("picture", "")
        pixels = self.pixels(handle)
        trained = parameters.get("weights") != UNTRAINED
        model = self.shelf.get(parameters.get("net", ""), trained=trained)
        return View(model, handle, pixels, framing, self.observer, self.digest(handle, pixels))

    def digest(self, handle: str, pixels: Pixels) -> str:
        """Digest a picture once, not at every request: a photo takes 50 ms."""
        found = self._digests.get(handle)
        if found is None:
            found = self._digests[handle] = content_digest(pixels)
            while len(self._digests) > DIGESTS_KEPT:
                self._digests.popitem(last=False)
        return found

    def leave(self, session: str) -> None:
        """Forget a visitor's pictures and all that was computed from them."""
        for pixels in self.visitors.leave(session):
            gone = content_digest(pixels)
            self.observer.forget(gone)
            for handle in [key for key, digest in [*self._digests.items()] if digest == gone]:
                self._digests.pop(handle, None)
