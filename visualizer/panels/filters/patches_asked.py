"""What a request for top patches is about: a layer, a collection, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from visualizer.analyses.drive import suiting_part
from visualizer.analyses.patch_indices import Findings, PatchIndices
from visualizer.errors import UnknownNameError
from visualizer.runtime.collection import Collection
from visualizer.runtime.framing import FRAMINGS
from visualizer.runtime.model import Model
from visualizer.ui.http import Query
from visualizer.ui.service import Service

SAMPLE_COLLECTION = "samples"


@dataclass(frozen=True)
class Asked:
    """One layer of a network, one collection, and what is known of them.

    ``part`` says which samples suit the network; None where all pictures are searched.
    """

    model: Model
    collection: Collection
    part: tuple[int, ...] | None
    layer: str
    findings: Findings


def asked_of(service: Service, query: Query) -> Asked:
    """Read ``net``, ``weights``, ``framing``, ``collection`` and ``layer`` of a request."""
    asked = query.parameters
    framing = asked.get("framing", FRAMINGS[0])
    if framing not in FRAMINGS:
        raise UnknownNameError(f"There is no framing {framing!r}. Choose {', '.join(FRAMINGS)}.")
    collection = service.collection(asked.get("collection", ""))
    model = service.asked_model(asked)
    part = None
    if collection.name == SAMPLE_COLLECTION:
        part, collection = suiting_part(model, collection)
    layer = model.layer(asked.get("layer", model.logits)).name
    findings = patch_indices(service).get(model, collection, framing)
    return Asked(model, collection, part, layer, findings)


def patch_indices(service: Service) -> PatchIndices:
    """Find what is kept for the running page."""
    return service.store(PatchIndices, lambda made: service.forgetful.append(made.forget_network))
