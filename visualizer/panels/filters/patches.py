"""What the Filters tab asks about the patches of real pictures that drive a channel most."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from starlette.responses import Response

from visualizer.analyses.patch_index import Peak
from visualizer.analyses.top_patches import (
    as_colours,
    as_pixels,
    cut,
    guided_patches,
    patches_at_once,
)
from visualizer.panels.filters.patches_asked import Asked, asked_of
from visualizer.runtime.guided import unguided
from visualizer.runtime.samples import SAMPLES
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.long_work import Frame, Frames
from visualizer.ui.service import SAMPLE, Service
from visualizer.ui.strip import strip

FIELDS = ("picture", "row", "column", "box", "window", "label")


def index(service: Service, query: Query) -> Response:
    """Look through the whole collection; what was found before the end can be asked for."""
    return service.work.stream(query.visitor, "patches", _progress(asked_of(service, query)))


def _progress(asked: Asked) -> Frames:
    search = asked.findings.index
    before, start = search.indexed, time.perf_counter()
    while True:
        rest, done = search.total - search.indexed, search.indexed - before
        pace_s = (time.perf_counter() - start) / max(1, done)
        yield {"indexed": search.indexed, "total": search.total, "remaining_s": rest * pace_s}, {}
        if search.complete:
            return
        search.advance(asked.model, asked.collection)


def patches(service: Service, query: Query) -> Response:
    """Answer with the nine strongest patches of a channel so far, and their pictures."""
    asked = asked_of(service, query)
    found, indexed = asked.findings.index.known(asked.layer, query.whole_number("channel"))

    def make() -> Response:
        with service.turns.short():
            return binary(*_pictured(asked, found, indexed))

    return asked.findings.once(("patches", asked.layer, found, indexed), make)


def _pictured(asked: Asked, found: Sequence[Peak], indexed: int) -> Frame:
    model, collection, layer = asked.model, asked.collection, asked.layer
    batch = asked.findings.inputs(model, collection, found)
    made = cut(model, collection, layer, found, batch)
    header: dict[str, Any] = {
        "layer": layer,
        "indexed": indexed,
        "total": len(collection),
        "part": asked.part,
        "input": model.spec.input_shape[1:],
        "unguided": unguided(model, layer),
        "patches": [
            {name: getattr(patch, name) for name in FIELDS} | _naming(asked, patch.picture)
            for patch in made
        ],
    }
    numbers = {"values": [p.value for p in made], "before": [p.before for p in made]}
    arrays: dict[str, Any] = {name: np.array(n, np.float32) for name, n in numbers.items()}
    if made:
        header["format"], arrays["strip"] = strip([patch.pixels for patch in made])
        header["inputs_format"], arrays["inputs"] = strip(list(as_pixels(model, batch)))
    return header, arrays


def _naming(asked: Asked, picture: int) -> dict[str, str | None]:
    name = asked.collection.names[picture] if asked.collection.names else None
    handle = SAMPLE + SAMPLES[asked.part[picture]].name if asked.part else None
    return {"name": name, "handle": handle}


def guided(service: Service, query: Query) -> Response:
    """Stream the same patches through guided backpropagation, the strongest first."""
    asked = asked_of(service, query)
    frames = _guided(asked, query.whole_number("channel"))
    return service.work.stream(query.visitor, "guided patches", frames)


def _guided(asked: Asked, channel: int) -> Frames:
    model, findings, layer = asked.model, asked.findings, asked.layer
    found = findings.index.top(layer, channel)
    group = patches_at_once(model, layer)
    for first in range(0, len(found), group):
        peaks = found[first : first + group]
        key = ("guided", layer, channel, peaks)
        frame = findings.known(key)
        if frame is None:
            batch = findings.inputs(model, asked.collection, peaks)
            made = cut(model, asked.collection, layer, peaks, batch)
            shown = [as_colours(g) for g in guided_patches(model, layer, channel, made, batch)]
            kind, picture = strip([colours for colours, _ in shown])
            most = np.array([amount for _, amount in shown], np.float32)
            frame = {"first": first, "format": kind}, {"strip": picture, "most": most}
            findings.keep(key, frame)
        yield frame


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/patches", patches),
    Endpoint("/patches/index", index, "POST", owned=True),
    Endpoint("/patches/guided", guided, "POST", owned=True),
)
