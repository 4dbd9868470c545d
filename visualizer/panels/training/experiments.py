"""Experiments on the page: the menu, a run as it grows, and its networks in every tab."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from visualizer.errors import GoneError, UnknownNameError, VisualizerError
from visualizer.panels.training.comparing import Comparing
from visualizer.panels.training.kept_results import kept_results
from visualizer.panels.training.question import TEXT_MOST, read_data
from visualizer.runtime.training.experiments.menu import EXPERIMENTS, find_experiment
from visualizer.runtime.training.experiments.record import Arm, Experiment
from visualizer.runtime.training.experiments.running import (
    SEEDS_MOST,
    network_of,
    run_experiment,
    task_of,
)
from visualizer.ui.http import Endpoint, Query
from visualizer.ui.service import Service
from visualizer.ui.trainings import check_size, size_bytes

TAKEN_OVER = (
    "Another training of yours was started, which ended this one; nothing is concluded from part "
    "of a comparison. Run it again when you like."
)


def menu(_service: Service, _query: Query) -> Response:
    """Answer with all experiments."""
    listed = [_listed(one) for one in EXPERIMENTS]
    answer = {"experiments": listed, "seeds_most": SEEDS_MOST}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def run(service: Service, query: Query) -> Response:
    """Stream an experiment: its curves as they grow, and at the end what came out."""
    chosen = find_experiment(query.parameters.get("name", ""))
    seed = query.whole_number("seed") if query.parameters.get("seed") else 0
    seeds = query.whole_number("seeds") if query.parameters.get("seeds") else chosen.seeds
    augment = query.parameters.get("augment") or None
    if augment is not None and len(augment) > TEXT_MOST:
        raise VisualizerError(f"augment has {len(augment):,} letters, at most {TEXT_MOST:,}.")
    parameters = {"data": chosen.data, **_given(query)}
    asked = Query(parameters, query.body, query.visitor, query.path)
    data = read_data(service, asked, network_of(chosen.arms[0]))
    for arm in chosen.arms:  # what cannot be trained is refused here, before anything is streamed
        task_of(chosen, arm, data, seed, augment)
    steps = run_experiment(chosen, data, seed=seed, seeds=seeds, augment=augment)
    kept = kept_results(service).experiments
    kept.leave(query.visitor)
    comparing = Comparing(chosen, seeds, steps, lambda found: kept.keep(query.visitor, found))
    frames = comparing.frames()
    return service.work.stream(query.visitor, "training", frames, taken_over=TAKEN_OVER)


def keep(service: Service, query: Query) -> Response:
    """Put one arm's network, of the first seed, among the visitor's own; its name comes back."""
    kept = kept_results(service).experiments
    found = kept.of(query.visitor)
    if found is None:
        raise GoneError("This experiment is no longer kept. Run it again.")
    arm = query.whole_number("arm")
    if arm >= len(found.arms):
        raise UnknownNameError(f"There is no arm {arm}; there are 0 to {len(found.arms) - 1}.")
    if found.arms[arm].arm.recipe.get("pixels_shuffled"):
        raise VisualizerError(
            f"{found.arms[arm].title} sees shuffled pixels only, which no other tab shows. Open "
            "one that learned from plain ones."
        )
    handle = kept.handle(query.visitor, arm)
    if handle is None or handle not in service.trainings:
        training = found.arms[arm].outcomes[0].training
        assert training is not None  # the first seed's is kept
        parameters = sum(value.numel() for value in training.network.parameters())
        check_size(parameters, training.task.recipe.epochs)
        size = size_bytes(parameters, training.task.recipe.epochs)
        handle, _ = service.trainings.keep(query.visitor, training, size)
        kept.named(query.visitor, arm, handle)
    moment = len(service.trainings.get(handle).moments) - 1
    body = {"training": handle, "moment": moment}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _given(query: Query) -> dict[str, str]:
    return {name: value for name, value in query.parameters.items() if value}


def _listed(one: Experiment) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "question": one.question,
        "guesses": [{"name": guess.name, "text": guess.text} for guess in one.guesses],
        "arms": [_arm(one, arm) for arm in one.arms],
        "explanation": one.explanation,
        "source": one.source,
        "data": one.data,
        "seeds": one.seeds,
        "shows": one.shows,
        "seconds": one.seconds,
        "augment": next(
            (arm.recipe["augment"] for arm in one.arms if "augment" in arm.recipe), None
        ),
    }


def _arm(one: Experiment, arm: Arm) -> dict[str, Any]:
    recipe = {**one.recipe, **arm.recipe}
    return {
        "title": arm.title,
        "stack": network_of(arm).text,
        "pictures": recipe["pictures"],
        "epochs": recipe["epochs"],
    }


ENDPOINTS = (
    Endpoint("/training/experiments", menu),
    Endpoint("/training/experiments/run", run, "POST", owned=True),
    Endpoint("/training/experiments/keep", keep, "POST", owned=True),
)
