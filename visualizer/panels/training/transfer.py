"""Transfer learning on the page: what there is to choose, a comparison, and its networks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from visualizer.errors import GoneError, UnknownNameError, VisualizerError
from visualizer.panels.training.data_asked import load_in_turn
from visualizer.panels.training.kept_results import kept_results
from visualizer.panels.training.runs import TAKEN_OVER
from visualizer.panels.training.transferring import Transferring
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_learning import (
    PER_CLASS,
    SEEDS_MOST,
    pictures_of,
    question,
)
from visualizer.runtime.training.transfer_record import NAMES, WAYS
from visualizer.runtime.training.transfer_running import (
    Question,
    few,
    make_training,
    run_transfer,
)
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service
from visualizer.ui.trainings import check_size, size_bytes
from visualizer.zoo import MODELS

BASES = ("lenet5", "vgg_fashion", "resnet_cifar10")  # trained here, small enough to go on with
SEEDS, DATA = 3, "shapes"
TEXT_MOST = 200


def menu(service: Service, query: Query) -> Response:
    """Answer with the networks to begin with and the ways; with ``base`` also where it is cut."""
    titles = {spec.name: spec.title for spec in MODELS}
    answer: dict[str, Any] = {
        "bases": [{"name": name, "title": titles[name]} for name in BASES],
        "ways": [asdict(way) for way in WAYS],
        "per_class": list(PER_CLASS),
        "seeds": SEEDS,
        "seeds_most": SEEDS_MOST,
        "default": {"base": BASES[0], "data": DATA},
    }
    if query.parameters.get("base"):
        base = Base(service.model(query.parameters["base"]))
        answer["base"] = {
            "title": base.title,
            "weights": base.model.weights,
            "input": list(base.model.spec.input_shape),
            "parameters": sum(value.numel() for value in base.model.module.parameters()),
            "layers": base.layers,
            "cuts": [asdict(cut) for cut in base.cuts],
            "usual_cut": base.usual_cut,
        }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def run(service: Service, query: Query) -> Response:
    """Stream a comparison: every accuracy as soon as it is known, and at the end what came out."""
    base = Base(service.model(query.parameters.get("base") or BASES[0]))
    given = {**query.parameters, "data": query.parameters.get("data") or DATA}
    asked = _question(service, Query(given, query.body, query.visitor, query.path), base)
    for way in asked.ways:  # what cannot be trained is refused here, before anything is streamed
        part = few(asked.data, asked.per_class[-1], asked.seeds[0])
        made = make_training(asked, part, way, asked.seeds[0])
        parameters = sum(value.numel() for value in made.network.parameters())
        check_size(parameters, 1)
    kept = kept_results(service).transfers
    kept.leave(query.visitor)
    steps = run_transfer(asked)
    frames = Transferring(asked, steps, lambda found: kept.keep(query.visitor, found)).frames()
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
        parameters = sum(value.numel() for value in training.network.parameters())
        handle, _ = service.trainings.keep(query.visitor, training, size_bytes(parameters, 1))
        kept.named(query.visitor, way, handle)
    moment = len(service.trainings.get(handle).moments) - 1
    body = {"training": handle, "moment": moment}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _question(service: Service, query: Query, base: Base) -> Question:
    asked = query.parameters
    return question(
        base,
        load_in_turn(service, query, **pictures_of(base)),
        per_class=_numbers(asked["per_class"]) if asked.get("per_class") else None,
        ways=tuple(_words(asked["ways"])) if asked.get("ways") else NAMES,
        seeds=query.whole_number("seeds") if asked.get("seeds") else SEEDS,
        seed=query.whole_number("seed") if asked.get("seed") else 0,
        frozen=asked.get("frozen") or None,
    )


def _words(text: str) -> list[str]:
    if len(text) > TEXT_MOST:
        raise VisualizerError(f"A list has {len(text):,} letters, at most {TEXT_MOST:,}.")
    return [word.strip() for word in text.split(",")]


def _numbers(text: str) -> list[int]:
    words = _words(text)
    for word in words:
        if not (word.isascii() and word.isdecimal() and len(word) < 7):
            raise VisualizerError(
                f"per_class={text[:40]!r}: {word[:20]!r} is no number of pictures; "
                "give some like 1,5,20."
            )
    return list(map(int, words))


ENDPOINTS = (
    Endpoint("/training/transfer", menu),
    Endpoint("/training/transfer/run", run, "POST", owned=True),
    Endpoint("/training/transfer/keep", keep, "POST", owned=True),
)
