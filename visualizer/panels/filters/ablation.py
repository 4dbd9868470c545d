"""What the Filters tab asks about channels switched off."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.responses import JSONResponse, Response

from visualizer.analyses.ablation import Ablation, ablation, importance_steps, part_behind
from visualizer.analyses.ablation_reach import changed_maps, reach, reach_segment, waypoints
from visualizer.errors import VisualizerError
from visualizer.runtime.segment import tail
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.long_work import Frames
from visualizer.ui.service import Service, View
from visualizer.zoo import labels

Values = dict[str, NDArray[np.float32]]


def predict(service: Service, query: Query) -> Response:
    """Answer with the prediction before and after, and the target's logit."""
    view, layer, channels = _asked(service, query)
    values = view.gather(set(part_behind(view.model, layer).sources))
    with service.turns.short():
        found = ablation(view.model, values, layer, channels)
    target = _target(query)
    target = int(found.logits_before.argmax()) if target is None else target
    names = labels(view.model.spec)
    if target >= len(names):
        raise VisualizerError(
            f"There is no class {target}: {view.model.spec.title} tells 0 to {len(names) - 1} "
            "apart."
        )
    shown = sorted({one.index for one in (*found.before, *found.after)} | {target})
    answer = {
        "layer": layer,
        "channels": list(found.channels),
        "target": _row(found, target, names),
        "classes": [_row(found, index, names) for index in shown],
        "reach": waypoints(view.model.graph, layer),
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def far(service: Service, query: Query) -> Response:
    """Answer with the relative change of layers behind."""
    view, layer, channels = _asked(service, query)
    targets = waypoints(view.model.graph, layer)
    sources = reach_segment(view.model.graph, layer, targets).sources if targets else (layer,)
    values = view.gather({*sources, *targets})
    with service.turns.short():
        found = reach(view.model, values, layer, channels)
    rows = [
        {"layer": name, "kind": view.model.layer(name).kind, "change": _finite(change)}
        for name, change in found.items()
    ]
    return JSONResponse({"layer": layer, "reach": rows}, headers={"Cache-Control": "no-store"})


def maps(service: Service, query: Query) -> Response:
    """Answer with the maps of a layer behind that change most, before and after."""
    view, layer, channels = _asked(service, query)
    shown = view.model.layer(query.parameters.get("shown", "")).name
    values = view.gather(set(tail(view.model.graph, layer, shown).sources))
    with service.turns.short():
        found = changed_maps(view.model, values, layer, channels, shown)
    arrays = {
        "channels": found.channels.astype(np.int32),
        "change": found.change,
        "before": found.before,
        "after": found.after,
    }
    header = {"layer": layer, "shown": shown, "changed": found.changed}
    return binary({**header, "of": view.model.layer(shown).output_shape[0]}, arrays)


def importance(service: Service, query: Query) -> Response:
    """Stream how far the target's logit falls without each channel alone."""
    service.visitors.touch(query.visitor)
    view = service.view(query.parameters)
    layer = view.model.layer(query.parameters.get("layer", "")).name
    values = view.gather(set(part_behind(view.model, layer).sources))
    return service.work.stream(query.visitor, "importance", _frames(view, values, layer, query))


def _frames(view: View, values: Values, layer: str, query: Query) -> Frames:
    for falls in importance_steps(view.model, values, layer, _target(query)):
        header = {"layer": layer, "done": False, "known": int(np.isfinite(falls).sum())}
        yield {**header, "of": len(falls)}, {"falls": falls}


def _asked(service: Service, query: Query) -> tuple[View, str, list[int]]:
    view = service.view(query.parameters)
    layer = view.model.layer(query.parameters.get("layer", ""))
    return view, layer.name, _channels(query.parameters.get("channels", ""), layer.output_shape[0])


def _channels(text: str, count: int) -> list[int]:
    """Read ``1,5,9`` or ``all``."""
    if text == "all":
        return list(range(count))
    parts = [part for part in text.split(",") if part]
    if any(not (part.isascii() and part.isdecimal() and len(part) < 7) for part in parts):
        raise VisualizerError(
            f"channels={text[:40]!r} is no list of channels; give numbers with commas, or all."
        )
    return [int(part) for part in parts]


def _target(query: Query) -> int | None:
    return query.whole_number("target") if query.parameters.get("target") else None


def _row(found: Ablation, index: int, names: Collection[str]) -> dict[str, Any]:
    return {
        "index": index,
        "label": list(names)[index],
        "before": _finite(float(found.probabilities_before[index])),
        "after": _finite(float(found.probabilities_after[index])),
        "logits": [
            _finite(float(found.logits_before[index])),
            _finite(float(found.logits_after[index])),
        ],
    }


def _finite(number: float) -> float | None:
    return number if abs(number) < float("inf") else None


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/ablation", predict),
    Endpoint("/ablation/reach", far),
    Endpoint("/ablation/maps", maps),
    Endpoint("/ablation/importance", importance, "POST"),
)
