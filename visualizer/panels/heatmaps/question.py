"""What a request about heatmaps asks: which method, which class, which layer of which picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from visualizer.analyses.evidence import Evidence, Memory, needed_layers
from visualizer.analyses.heat_answer import Method, find_method
from visualizer.analyses.heatmap import class_score
from visualizer.runtime.graph import INPUT
from visualizer.runtime.heat_layers import heat_layer
from visualizer.ui.http import Query
from visualizer.ui.service import Service, View


@dataclass
class PictureMemory(Memory):
    """Answers kept beside a picture's feature maps, and forgotten with them."""

    view: View | None = None

    def recall(self, name: str) -> NDArray[Any] | None:
        """Give what this or an earlier request worked out."""
        found = self.own.get(name)
        if found is None and self.view is not None:
            found = self.view.observer.noted(self.view.key, f"heatmap {name}")
        return found

    def keep(self, name: str, answer: NDArray[Any]) -> None:
        """Keep an answer for this and later requests."""
        self.own[name] = answer
        if self.view is not None:
            self.view.observer.note(self.view.key, f"heatmap {name}", answer)


def read_question(service: Service, query: Query) -> tuple[Method, Evidence]:
    """Read ``method``, ``layer``, ``target`` and ``against`` beside the view.

    The layer's values and the logits come from memory where the picture was seen before.
    """
    view = service.view(query.parameters)
    method = find_method(query.parameters.get("method", ""))
    layer = heat_layer(view.model, query.parameters.get("layer") or None).name
    names = dict.fromkeys((INPUT, *needed_layers(view.model, layer)))
    values = {name: value[None] for name, value in view.gather(names).items()}
    target, against = (
        query.whole_number(name) if query.parameters.get(name) else None
        for name in ("target", "against")
    )
    logits = values[view.model.logits][:, :, 0, 0]
    score = class_score(view.model, logits, target, against)
    return method, Evidence(view.model, layer, values, score, PictureMemory(view=view))
