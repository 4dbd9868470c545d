"""What the running page shares: networks, what they saw, and each visitor's own pictures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.observation import Key, Observation, Observer
from visualizer.analyses.turns import Turns
from visualizer.errors import UnknownNameError
from visualizer.runtime.collection import Collection as Pictures
from visualizer.runtime.collection_menu import COLLECTIONS, load_collection
from visualizer.runtime.framing import FRAMINGS, Frame, frame, network_input
from visualizer.runtime.model import UNTRAINED, Model
from visualizer.runtime.picture import read_picture
from visualizer.runtime.samples import sample_path
from visualizer.runtime.shelf import Shelf
from visualizer.ui.contact_sheet import Sheets
from visualizer.ui.kept_collections import KeptCollections
from visualizer.ui.long_work import LongWork
from visualizer.ui.networks import KeptNetworks, own_name
from visualizer.ui.trainings import Trainings
from visualizer.ui.visitors import Upload, Visitors
from visualizer.zoo import find
from visualizer.zoo.spec import ModelSpec

SAMPLE = "sample:"
Pixels = NDArray[np.uint8]
Store = TypeVar("Store")


@lru_cache(maxsize=32)
def sample(name: str) -> Upload:
    """Read a sample that travels with the package; what is computed from it, all may share."""
    return Upload(read_picture(sample_path(name)), f"{SAMPLE}{name}")


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
        """Identify the view by the picture's content and owner, not by its handle."""
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


class Service:
    """The state of one running page, handed to every endpoint."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.turns = Turns()
        self.work = LongWork(self.turns)
        self.visitors = Visitors(
            on_gone=lambda upload: self.observer.forget(upload.digest), on_left=self._left
        )
        self.collections = KeptCollections()
        self.sheets = Sheets()
        self.trainings = Trainings(on_gone=self._forget_network)
        self.networks = KeptNetworks(self.trainings, shelf.device, shelf.backend)
        self.forgetful: list[Callable[[str], None]] = []
        self.farewells: list[Callable[[str], None]] = []  # hear of a visitor who has left
        self._stores: dict[type, Any] = {}
        self._making = threading.Lock()
        self.observer = Observer(alive=self._alive, knows=self._knows, turns=self.turns)

    def store(self, kind: type[Store], begin: Callable[[Store], object]) -> Store:
        """Find what a panel keeps for this page; made, and begun with, when first asked for."""
        with self._making:
            found = self._stores.get(kind)
            if found is None:
                found = self._stores[kind] = kind()
                begin(found)
            made: Store = found
            return made

    def picture(self, handle: str) -> Upload:
        """Find a picture by its handle: a sample's name or an upload's secret token.

        Raises:
            UnknownNameError: no such sample.
            GoneError: the upload is no longer kept.
        """
        if handle.startswith(SAMPLE):
            return sample(handle.removeprefix(SAMPLE))
        return self.visitors.picture(handle)

    def collection(self, name: str) -> Pictures:
        """Find a collection by its name in the menu, or by the handle of a visitor's own.

        Raises:
            CollectionError: its files are not on this machine.
            GoneError: the visitor's collection is no longer kept.
        """
        if name in [source.name for source in COLLECTIONS]:
            return load_collection(name)
        return self.collections.get(name)

    def model(self, net: str, trained: bool = True) -> Model:
        """Find a network by its name in the menu, or by the secret name of a visitor's own.

        Raises:
            UnknownNameError, WeightsError: as ``load_model``.
            NetworkGoneError: the visitor's network is no longer kept.
        """
        if own_name(net) is not None:
            return self.networks.get(net, trained=trained)
        return self.shelf.get(net, trained=trained)

    def asked_model(self, parameters: Mapping[str, str]) -> Model:
        """Read ``net`` and ``weights`` of a request; errors as :meth:`model`."""
        trained = parameters.get("weights") != UNTRAINED
        return self.model(parameters.get("net", ""), trained)

    def spec(self, net: str) -> ModelSpec:
        """Describe a network, loaded or not; errors as :meth:`model`."""
        return self.networks.spec(net) if own_name(net) is not None else find(net)

    def view(self, parameters: Mapping[str, str]) -> View:
        """Read ``net``, ``weights``, ``picture`` and ``framing`` of a request."""
        framing = parameters.get("framing", FRAMINGS[0])
        if framing not in FRAMINGS:
            raise UnknownNameError(
                f"There is no framing {framing!r}. Choose {', '.join(FRAMINGS)}."
            )
        handle = parameters.get("picture", "")
        found = self.picture(handle)
        model = self.asked_model(parameters)
        return View(model, handle, found.pixels, framing, self.observer, found.digest)

    def _left(self, token: str) -> None:
        self.work.leave(token)
        self.collections.leave(token)
        self.trainings.leave(token)
        for leave in self.farewells:
            leave(token)

    def _forget_network(self, handle: str) -> None:
        """Drop what any part of the page worked out with the moments of one training."""
        self.networks.forget(handle)
        self.observer.forget_network(handle)
        for forget in self.forgetful:
            forget(handle)

    def _knows(self, network: str) -> bool:
        own = own_name(network.split(" ")[0])
        return own is None or own[0] in self.trainings

    def _alive(self, digest: str) -> bool:
        return digest.startswith(SAMPLE) or self.visitors.holds(digest)
