"""One heatmap for the page, by any method: as it grows, and what has to be said about it."""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualizer.analyses.cam import METHODS, CamMethod
from visualizer.analyses.evidence import Evidence
from visualizer.analyses.explanation import short
from visualizer.analyses.heatmap import check_method, heat_steps, long_need
from visualizer.analyses.receptive_field import COLUMNS, ROWS, receptive_intervals
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.attribution import ATTRIBUTIONS, Attribution, Question
from visualizer.runtime.classifier import classifier_layer
from visualizer.runtime.graph import INPUT
from visualizer.zoo import labels

Array = NDArray[np.float32]
Method = CamMethod | Attribution


@dataclass(frozen=True)
class Answer:
    """A heatmap as far as it has grown, (h, w), and notes about it."""

    step: int
    steps: int
    heat: Array
    notes: tuple[str, ...] = ()


def find_method(name: str) -> Method:
    """Find a method of either family by its id.

    Raises:
        UnknownNameError: there is none; the nearest and all names are listed.
    """
    every: tuple[Method, ...] = (*METHODS, *ATTRIBUTIONS)
    by_name = {one.id: one for one in every}
    if name in by_name:
        return by_name[name]
    nearest = difflib.get_close_matches(name, by_name, cutoff=0.5)
    hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
    raise UnknownNameError(f"There is no method {name[:40]!r}.{hint} All: {', '.join(by_name)}.")


def answers(method: Method, evidence: Evidence) -> Iterator[Answer]:
    """Compute a heatmap for one picture and class, not rescaled; long ones grow.

    Raises:
        VisualizerError: the method has no meaning for this layer or network.
    """
    if isinstance(method, CamMethod):
        check_method(evidence.model, method, evidence.layer)
        notes = _notes(method, evidence)
        for grown in heat_steps(method, evidence):
            yield Answer(grown.step, grown.steps, grown.heat[0], notes)
        return
    reason = method.holds(evidence.model)
    if reason is not None:
        raise VisualizerError(reason)
    known = _known(method, evidence)
    if known is not None:
        yield known
        return
    name, memory = _name(method, evidence), evidence.memory
    question = Question(evidence.model, evidence.values[INPUT], evidence.cotangent, evidence.layer)
    for partial in method.run(question):
        if partial.step == partial.steps:
            memory.keep(name, partial.heat)
            memory.keep(f"{name}, notes", np.array(partial.notes, np.str_))
        yield Answer(partial.step, partial.steps, partial.heat, partial.notes)


def _name(method: Attribution, evidence: Evidence) -> str:
    place = evidence.layer if method.needs_layer else INPUT
    return f"{place}: {method.id} of {evidence.score}"


def _known(method: Attribution, evidence: Evidence) -> Answer | None:
    """Recall a finished map; without its notes it does not count."""
    name = _name(method, evidence)
    heat, notes = (evidence.memory.recall(one) for one in (name, f"{name}, notes"))
    return None if heat is None or notes is None else Answer(1, 1, heat, tuple(notes.tolist()))


def takes_long(method: Method, evidence: Evidence) -> bool:
    """Tell whether a method runs the network many times for an answer that is not known yet."""
    if isinstance(method, Attribution):
        return method.long and _known(method, evidence) is None
    need = long_need(method, evidence)
    pooled = classifier_layer(evidence.model.graph, evidence.layer) is not None
    return need is not None and not (need == "ablated_scores" and pooled)


def _notes(method: CamMethod, evidence: Evidence) -> tuple[str, ...]:
    notes = []
    score = float(evidence["score"][0])
    if "ablated_scores" in method.needs and score <= 0:
        notes.append(
            f"The score is {score:.4g}, not above 0: its magnitude divides, so that channels that "
            "support the class keep a positive weight."
        )
    if method.needs == ("activations",):
        notes.append(f"{method.title} does not ask for a class: the map is the same for all.")
    return tuple(notes)


def header(method: Method, evidence: Evidence, answer: Answer, since_s: float) -> dict[str, Any]:
    """Describe a heatmap; ``since_s`` is when ``time.perf_counter`` saw the question."""
    (target,), logits, heat = evidence.score.targets, evidence.logits[0], answer.heat
    exponents = np.exp(logits - logits.max())
    reads_layer = isinstance(method, CamMethod) or method.needs_layer
    finite = heat[np.isfinite(heat)]
    return {
        "method": method.id,
        "layer": evidence.layer if reads_layer else None,
        "target": target,
        "against": evidence.score.against,
        "label": labels(evidence.model.spec)[target],
        "logit": short(float(logits[target])),
        "probability": short(float(exponents[target] / exponents.sum())),
        "shape": list(heat.shape),
        "minimum": short(float(finite.min())) if finite.size else None,
        "maximum": short(float(finite.max())) if finite.size else None,
        "zero": not heat.any(),
        "signed": not method.rectified if isinstance(method, CamMethod) else method.signed,
        "time_ms": 1000 * (time.perf_counter() - since_s),
        "notes": list(answer.notes),
        "source": "layer" if isinstance(method, CamMethod) else "input",
        "step": answer.step,
        "steps": answer.steps,
        "remaining_s": None,
    }


def arrays(method: Method, evidence: Evidence, answer: Answer) -> dict[str, NDArray[Any]]:
    """Give the heat and, for each of its rows and columns, the input pixels that it sees."""
    graph = evidence.model.graph
    place = evidence.layer if isinstance(method, CamMethod) else INPUT
    sees = {
        f"receptive_{name}": receptive_intervals(graph, place, axis).astype(np.int32)
        for name, axis in (("rows", ROWS), ("columns", COLUMNS))
    }
    return {"heat": answer.heat, **sees}
