"""Transfer learning on the page: what there is to choose, a comparison, and its networks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from visualizer.errors import GoneError, UnknownNameError
from visualizer.panels.training.experiments import TAKEN_OVER
from visualizer.panels.training.kept_results import kept_results
from visualizer.panels.training.transfer_asked import (
    BASE,
    SOURCE,
    extent,
    read_base,
    read_choices,
    read_question,
    read_source,
)
from visualizer.panels.training.transferring import Transferring
from visualizer.runtime.collection_menu import find_source
from visualizer.runtime.training.dividing import OTHERS
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_learning import SEEDS_MOST
from visualizer.runtime.training.transfer_pace import expected
from visualizer.runtime.training.transfer_record import WAYS, Transfer
from visualizer.runtime.training.transfer_running import run_transfer
from visualizer.runtime.training.transfer_scale import PARAMETERS_MOST, usual_counts
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service
from visualizer.zoo import MODELS
from visualizer.zoo.spec import ModelSpec

OPENED = 3  # copies of the weights while a network is open in other tabs
FRESH = {"Cache-Control": "no-store"}


def menu(service: Service, query: Query) -> Response:
    """Answer with the networks to begin with and the ways; with ``base`` also what suits it."""
    answer: dict[str, Any] = {
        "bases": [_listed(spec) for spec in MODELS],
        "ways": [asdict(way) for way in WAYS],
        "data": [
            {"name": name, "title": find_source(name).title}
            for name in OTHERS
            if find_source(name).ready()
        ],
        "seeds_most": SEEDS_MOST,
        "default": {"base": BASE, "data": SOURCE},
    }
    if query.parameters.get("base"):
        answer["base"] = _suits(read_base(service, query))
    return JSONResponse(answer, headers=FRESH)


def _listed(spec: ModelSpec) -> dict[str, Any]:
    """Write a network down, with the reason where nothing can be begun with it."""
    why = None
    if spec.parameters > PARAMETERS_MOST:
        why = f"too large, {spec.parameters / 1e6:.0f} million parameters"
    elif not spec.weights.path().is_file():
        why = "its weights are not here yet: choose it above, and download them"
    return {"name": spec.name, "title": spec.title, "why": why}


def _suits(base: Base) -> dict[str, Any]:
    return {
        "title": base.title,
        "weights": base.model.weights,
        "input": list(base.model.spec.input_shape),
        "parameters": base.parameters,
        "layers": base.layers,
        "cuts": [asdict(cut) for cut in base.cuts],
        "usual_cut": base.usual_cut,
        "per_class": list(base.scale.per_class),
        "ways": [way for way in base.scale.ways if way != "frozen" or base.cuts],
        "seeds": base.scale.seeds,
    }


def foretell(service: Service, query: Query) -> Response:
    """Answer with the seconds that a comparison will take, and with a refusal if it cannot be."""
    base, given = read_base(service, query), read_choices(query)
    classes, least = extent(read_source(service, query))
    counts = given["per_class"] or usual_counts(base.scale, least)
    ways = [way.name for way in WAYS if way.name in (given["ways"] or base.scale.ways)]
    seeds, held = given["seeds"] or base.scale.seeds, base.scale.tested[0] + base.scale.validated
    with service.turns.step():
        seconds = expected(base, classes, counts, ways, seeds, held)
    trainings = len(counts) * len(ways) * seeds
    return JSONResponse({"seconds": seconds, "trainings": trainings}, headers=FRESH)


def run(service: Service, query: Query) -> Response:
    """Stream a comparison: every accuracy as soon as it is known, and at the end what came out."""
    asked = read_question(service, query, read_base(service, query))
    kept = kept_results(service).transfers
    kept.leave(query.visitor)

    def over(found: Transfer) -> None:
        size = sum(one.size_bytes for one in found.trainings.values())
        kept.keep(query.visitor, found, size)

    frames = Transferring(asked, run_transfer(asked), over).frames()
    return service.work.stream(query.visitor, "training", frames, taken_over=TAKEN_OVER)


def keep(service: Service, query: Query) -> Response:
    """Put the network of one way among the visitor's own; its name comes back."""
    kept = kept_results(service).transfers
    found = kept.of(query.visitor)
    if found is None:
        raise GoneError("This comparison is no longer kept. Run it again.")
    way = query.parameters.get("way", "")
    if way not in found.trainings:
        raise UnknownNameError(
            f"There is no way {way[:40]!r} here. Choose {', '.join(found.trainings)}."
        )
    handle = kept.handle(query.visitor, way)
    if handle is None or handle not in service.trainings:
        training = found.trainings[way]
        opened = sum(4 * OPENED * value.numel() for value in training.network.parameters())
        size = training.size_bytes + opened
        handle, _ = service.trainings.keep(query.visitor, training, size)
        kept.named(query.visitor, way, handle)
    moment = len(service.trainings.get(handle).moments) - 1
    body = {"training": handle, "moment": moment}
    return JSONResponse(body, headers=FRESH)


ENDPOINTS = (
    Endpoint("/training/transfer", menu),
    Endpoint("/training/transfer/time", foretell),
    Endpoint("/training/transfer/run", run, "POST", owned=True),
    Endpoint("/training/transfer/keep", keep, "POST", owned=True),
)
