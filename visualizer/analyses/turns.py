"""Who computes next: short questions first, long computations step by step in fair turns."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 1.0  # how long a step lets short questions pass before it takes its turn


class Turns:
    """Long computations take turns step by step; none starts a step beside a short question."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._changed = threading.Condition()
        self._shorts = 0
        self._queue: deque[object] = deque()

    @contextmanager
    def short(self) -> Iterator[None]:
        """Answer a question that takes milliseconds: at once, beside whatever runs."""
        with self._changed:
            self._shorts += 1
        try:
            yield
        finally:
            with self._changed:
                self._shorts -= 1
                self._changed.notify_all()

    @contextmanager
    def step(self) -> Iterator[None]:
        """Do one step of something long, after those who asked before."""
        own = object()
        with self._changed:
            self._queue.append(own)
            self._changed.wait_for(lambda: self._queue[0] is own)
            self._changed.wait_for(lambda: self._shorts == 0, self.patience_s)
        try:
            yield
        finally:
            with self._changed:
                self._queue.popleft()
                self._changed.notify_all()
