"""Each visitor's own pictures, reachable by a secret token only, gone when the session ends."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from visualizer.errors import GoneError

Pixels = NDArray[np.uint8]
PICTURES_EACH = 6
BUDGET_BYTES = 512 * 2**20


@dataclass
class Visitor:
    """One open page: its token proves who uploads."""

    session: str
    token: str
    handles: list[str] = field(default_factory=list)


class Visitors:
    """All open pages. Handles are 128-bit secrets: who has none sees nothing."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self.budget_bytes = budget_bytes
        self._by_session: dict[str, Visitor] = {}
        self._by_token: dict[str, Visitor] = {}
        self._pictures: OrderedDict[str, Pixels] = OrderedDict()
        self._lock = threading.Lock()

    def welcome(self, session: str) -> str:
        """Open a page's account; its token comes back."""
        with self._lock:
            visitor = self._by_session.get(session)
            if visitor is None:
                visitor = Visitor(session, secrets.token_hex(16))
                self._by_session[session] = self._by_token[visitor.token] = visitor
            return visitor.token

    def leave(self, session: str) -> list[Pixels]:
        """Close a page's account; the pictures that went with it come back."""
        with self._lock:
            visitor = self._by_session.pop(session, None)
            if visitor is None:
                return []
            del self._by_token[visitor.token]
            gone = [self._pictures.pop(handle, None) for handle in visitor.handles]
            return [pixels for pixels in gone if pixels is not None]

    def known(self, token: str) -> bool:
        """Tell whether a token belongs to an open page."""
        return token in self._by_token

    def keep(self, token: str, pixels: Pixels) -> str:
        """Keep a picture for a visitor, in place of the oldest when there are many.

        Raises:
            GoneError: the token belongs to no open page.
        """
        with self._lock:
            visitor = self._by_token.get(token)
            if visitor is None:
                raise GoneError("This page's session has ended. Reload the page and try again.")
            handle = secrets.token_hex(16)
            visitor.handles.append(handle)
            self._pictures[handle] = pixels
            while len(visitor.handles) > PICTURES_EACH:
                self._pictures.pop(visitor.handles.pop(0), None)
            while sum(kept.nbytes for kept in self._pictures.values()) > self.budget_bytes:
                self._pictures.popitem(last=False)
            return handle

    def picture(self, handle: str) -> Pixels:
        """Find an uploaded picture: (H, W, 3).

        Raises:
            GoneError: there is none, or no longer.
        """
        with self._lock:
            pixels = self._pictures.get(handle)
            if pixels is None:
                raise GoneError("This picture is no longer kept. Choose or upload one again.")
            self._pictures.move_to_end(handle)
            return pixels
