"""Libraries that take seconds to import: beside everything else, with nobody waiting in turn."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator

from visualizer.analyses.embedding.tsne import opentsne
from visualizer.ui.long_work import Frame

WAIT_S = 0.1
LIBRARIES = {"t-sne": opentsne, "umap": lambda: importlib.import_module("umap")}


class Loading:
    """The import of a method's library, begun at once in a thread of its own."""

    def __init__(self, method: str) -> None:
        library = LIBRARIES.get(method)
        self._thread = threading.Thread(target=library, daemon=True) if library else None
        if self._thread is not None:
            self._thread.start()

    def waiting(self) -> Iterator[Frame]:
        """Give frames until the library is there."""
        while self._thread is not None:
            self._thread.join(WAIT_S)
            if self._thread.is_alive():
                yield {"stage": "preparing"}, {}
            else:
                self._thread = None
