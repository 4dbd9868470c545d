"""Work in a thread of its own that tells how far it is, as long as someone listens."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from visualizer.errors import VisualizerError

Tell = Callable[[Mapping[str, Any]], None]
Work = Callable[[Tell, Callable[[], bool]], None]
"""Gets a function to tell with, and one that says whether the visitor has left."""


def progress_lines(work: Work) -> Iterator[str]:
    """Yield what ``work`` tells as JSON lines, the last one ``done`` or an ``error``."""
    news: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
    stopped = threading.Event()

    def run() -> None:
        try:
            work(news.put, stopped.is_set)
            news.put({"done": True})
        except VisualizerError as error:
            news.put({"error": str(error)})
        finally:
            news.put(None)

    threading.Thread(target=run, daemon=True).start()
    try:
        while (item := news.get()) is not None:
            yield json.dumps(item) + "\n"
    finally:
        stopped.set()
