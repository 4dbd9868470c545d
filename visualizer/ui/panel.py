"""The registry record of a tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from visualizer.ui.http import Endpoint


@dataclass(frozen=True)
class Panel:
    """One tab: its name, its address (``?panel=slug``), its layout and what it asks the server.

    ``build`` lays out the tab inside the page; what the visitor chose (picture, network, layer,
    channel, cell, class) reaches its widget through the browser module ``store.js``.
    """

    name: str
    slug: str
    build: Callable[[], None]
    endpoints: tuple[Endpoint, ...] = ()
