"""Each visitor's own pictures, reachable by a secret token only, gone when the page is closed."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GoneError

Pixels = NDArray[np.uint8]
PICTURES_EACH = 6
VISITORS_MOST = 1000
BUDGET_BYTES = 512 * 2**20
PATIENCE_S = 300  # browsers slow the timers of hidden pages to one tick a minute


@dataclass
class Visitor:
    """One open page: its token proves who uploads."""

    seen_s: float
    handles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Upload:
    """A picture and the name under which what is computed from it is kept: nobody else's."""

    pixels: Pixels
    digest: str


def upload(token: str, pixels: Pixels) -> Upload:
    """Digest a picture together with its owner, so that equal pictures are never shared."""
    content = f"{token} {pixels.shape} ".encode() + pixels.tobytes()
    return Upload(pixels, hashlib.sha256(content).hexdigest())


class Visitors:
    """All open pages. Handles are 128-bit secrets: who has none sees nothing.

    ``on_gone`` hears of every picture that is no longer kept, whatever ended it, ``on_left`` of
    every page that was closed.
    """

    def __init__(
        self,
        budget_bytes: int = BUDGET_BYTES,
        *,
        on_gone: Callable[[Upload], None] = lambda _upload: None,
        on_left: Callable[[str], None] = lambda _token: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.budget_bytes = budget_bytes
        self.on_gone = on_gone
        self.on_left = on_left
        self._clock = clock
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()
        self._uploads: OrderedDict[str, Upload] = OrderedDict()
        self._owners: dict[str, Visitor] = {}
        self._lock = threading.Lock()

    def welcome(self) -> str:
        """Open a page's account; its token comes back."""
        self.sweep()
        token = secrets.token_hex(16)
        with self._lock:
            self._visitors[token] = Visitor(self._clock())
            stalest = list(self._visitors)[:-VISITORS_MOST]
        for other in stalest:
            self.leave(other)
        return token

    def touch(self, token: str) -> None:
        """Note that a page is still open.

        Raises:
            GoneError: it has been closed, or was silent for too long.
        """
        self.sweep()
        with self._lock:
            visitor = self._visitors.get(token)
            if visitor is None:
                raise GoneError("This page's session has ended. Reload the page and try again.")
            visitor.seen_s = self._clock()
            self._visitors.move_to_end(token)

    def leave(self, token: str) -> None:
        """Close a page's account; its pictures go with it."""
        with self._lock:
            visitor = self._visitors.pop(token, None)
            gone = [] if visitor is None else self._drop(visitor.handles)
        self._tell(gone)
        self.on_left(token)

    def sweep(self) -> None:
        """Close the accounts of pages that have been silent for too long."""
        with self._lock:
            late = self._clock() - PATIENCE_S
            silent = [token for token, visitor in self._visitors.items() if visitor.seen_s < late]
        for token in silent:
            self.leave(token)

    def keep(self, token: str, pixels: Pixels) -> str:
        """Keep a picture for a visitor; of many, the one unused for longest makes room.

        Raises:
            GoneError: the token belongs to no open page.
        """
        self.touch(token)
        handle, kept = secrets.token_hex(16), upload(token, pixels)
        with self._lock:
            visitor = self._visitors.get(token, Visitor(0))
            visitor.handles.append(handle)
            self._uploads[handle], self._owners[handle] = kept, visitor
            surplus = visitor.handles[:-PICTURES_EACH]
            del visitor.handles[:-PICTURES_EACH]
            gone = self._drop(surplus)
            while sum(one.pixels.nbytes for one in self._uploads.values()) > self.budget_bytes:
                gone += self._drop([next(iter(self._uploads))])
        self._tell(gone)
        return handle

    def picture(self, handle: str) -> Upload:
        """Find an uploaded picture; of its visitor's it is now the one used last.

        Raises:
            GoneError: there is none, or no longer.
        """
        with self._lock:
            found = self._uploads.get(handle)
            if found is None:
                raise GoneError("This picture is no longer kept. Choose or upload one again.")
            self._uploads.move_to_end(handle)
            handles = self._owners[handle].handles
            handles.remove(handle)
            handles.append(handle)
            return found

    def holds(self, digest: str) -> bool:
        """Tell whether an upload of this digest is still kept."""
        with self._lock:
            return any(one.digest == digest for one in self._uploads.values())

    def _drop(self, handles: list[str]) -> list[Upload]:
        found = []
        for handle in handles:
            self._owners.pop(handle, None)
            found.append(self._uploads.pop(handle, None))
        return [one for one in found if one is not None]

    def _tell(self, gone: list[Upload]) -> None:
        for one in gone:
            self.on_gone(one)
