"""What the Embeddings tab asks about a finished map: a new picture on it, and its table."""

from __future__ import annotations

import time

from starlette.responses import JSONResponse, Response

from visualizer.analyses.map_store import WAYS, as_table, land
from visualizer.analyses.prediction import strongest
from visualizer.errors import GoneError
from visualizer.maths.global_pooling import global_pool
from visualizer.panels.embeddings.question import memory
from visualizer.runtime.graph import SOFTMAX
from visualizer.runtime.model import UNTRAINED
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.networks import file_stem
from visualizer.ui.service import Service
from visualizer.zoo import labels

PRIVATE = {"Cache-Control": "no-store"}
TOP = 3


def place(service: Service, query: Query) -> Response:
    """Answer with the place of the visitor's picture on a finished map, by the map's network."""
    kept = memory(service)
    on = kept.maps.get(query.parameters.get("map", ""))
    own = {"net": on.net, "weights": "trained" if on.trained else UNTRAINED}
    view = service.view({**query.parameters, **own})
    values = view.gather((on.layer, SOFTMAX))  # waits for its turn where the picture is new
    start_s = time.perf_counter()
    with service.turns.short():
        index = kept.features.known_index(on.key, on.settings.metric)
        if index is None:
            raise GoneError("The features of this map are no longer kept. Make the map again.")
        feature = global_pool(values[on.layer][None], on.pool, power=on.power)[0]
        landed = land(on, index, feature)
    near = zip(landed.neighbours.tolist(), landed.distances.tolist(), strict=True)
    names = labels(view.model.spec)
    best = strongest(values[SOFTMAX][:, 0, 0], names, TOP)
    answer = {
        "xy": landed.point.tolist(),
        "neighbours": [{"position": one, "distance": gap} for one, gap in near],
        "top": [{"label": one.label, "probability": one.probability} for one in best],
        "how": WAYS[on.method],
        "time_ms": 1000 * (time.perf_counter() - start_s),
    }
    return JSONResponse(answer, headers=PRIVATE)


def export(service: Service, query: Query) -> Response:
    """Answer with a finished map as a table, CSV."""
    made = memory(service).maps.get(query.parameters.get("map", ""))
    spec = service.spec(made.net)
    name = f"map-{file_stem(spec)}-{made.method}.csv"
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    table = as_table(made, labels(spec))
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/embedding/place", place),
    Endpoint("/embedding/export", export),
)
