"""A trained network taken apart for another task: its last layer new, as much as wished frozen."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from types import MethodType
from typing import cast

import torch
from torch import Tensor, nn

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.graph import INPUT
from visualizer.runtime.model import Model
from visualizer.runtime.segment import TorchSegment, between, tail
from visualizer.runtime.training.fitting import SIDES
from visualizer.runtime.training.origin import Architecture, Transferred, replace_head
from visualizer.runtime.training.reading import StoredModel
from visualizer.runtime.training.trained_model import TrainedModel
from visualizer.zoo import MODELS

WEIGHING = ("conv2d", "linear")  # operations with weights, batch normalisation aside


@dataclass(frozen=True)
class Cut:
    """A place where a network can be cut in two: all that runs up to ``layer`` comes before it.

    ``weighing`` names the last convolution or fully connected layer before the cut; ``layers``
    counts those before it; ``parameters`` those of the part before.
    """

    layer: str
    weighing: str
    layers: int
    parameters: int


class Base:
    """A network with something learned, ready for new classes.

    Raises:
        VisualizerError: it does not end in a fully connected layer, its pictures are too large,
            or it knows only shuffled ones.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.graph = model.graph
        self.head = model.logits
        self.title = model.spec.title
        part = dict(model.module.named_modules()).get(self.head)
        if not isinstance(part, nn.Linear) or self.graph[self.graph[self.head].inputs[0]].rank != 2:
            raise VisualizerError(
                f"{self.title} does not end in a fully connected layer, so it has no last layer to "
                "replace. Choose a network that ends in linear(classes)."
            )
        side = model.spec.input_shape[1]
        if side > SIDES[1]:
            raise VisualizerError(
                f"{self.title} takes pictures of {side} × {side} cells; networks of up to "
                f"{SIDES[1]} × {SIDES[1]} are trained further here. Choose a smaller one."
            )
        if isinstance(model, TrainedModel | StoredModel) and model.pixels_shuffled:
            raise VisualizerError(
                f"{self.title} learned from pictures whose pixels were shuffled: of any others it "
                "knows nothing to go on from. Choose one that learned from plain pictures."
            )
        self.width = part.in_features
        self.cuts = self._cuts()

    def transferred(self, way: str, per_class: int, frozen: str | None) -> Transferred:
        """Write down what one way makes of the network."""
        spec, known = self.model.spec, None
        menu = spec.name if spec in MODELS else ""
        if menu:
            known = Architecture(menu, "", 0, self.head)
        elif isinstance(self.model, TrainedModel | StoredModel) and self.model.architecture:
            known = replace(self.model.architecture, head=self.head)
        return Transferred(self.title, menu, self.model.weights, way, per_class, frozen, known)

    @property
    def layers(self) -> int:
        """Count the layers with weights, the last one included."""
        return sum(step.op in WEIGHING for step in self.graph.layers)

    @property
    def usual_cut(self) -> str | None:
        """Name the cut behind about half of the layers with weights; None where there is none."""
        return self.cuts[(len(self.cuts) - 1) // 2].layer if self.cuts else None

    def cut(self, layer: str | None) -> Cut | None:
        """Find a cut by its layer; None gives the usual one, if there is any.

        Raises:
            UnknownNameError: the network cannot be cut there.
        """
        wanted = self.usual_cut if layer is None else layer
        found = next((one for one in self.cuts if one.layer == wanted), None)
        if found is None and layer is not None:
            known = ", ".join(one.layer for one in self.cuts) or "none"
            raise UnknownNameError(
                f"{self.title} cannot be frozen up to {layer[:40]!r}. Possible: {known}."
            )
        return found

    def before(self, layer: str) -> frozenset[str]:
        """Name all modules that run up to ``layer``, it included."""
        modules = dict(self.model.module.named_modules())
        found = set()
        for step in self.graph.layers:
            if step.name in modules:
                found.add(step.name)
            if step.name == layer:
                return frozenset(found)
        raise UnknownNameError(f"{self.title} has no layer {layer[:40]!r}.")

    @property
    def below_head(self) -> frozenset[str]:
        """Name all modules that run before the last layer."""
        return self.before(self.graph[self.head].inputs[0])

    def build(
        self, classes: int, *, scratch: bool = False, frozen: Collection[str] = ()
    ) -> nn.Module:
        """Copy the network with a new last layer drawn from torch's generator as it stands.

        ``scratch`` draws all other weights anew, too. The modules named ``frozen`` take no step and
        always run as in use: without dropout, batch normalisation by the statistics it has kept.
        """
        made = copy.deepcopy(self.model.module).train()
        for value in made.parameters():
            value.requires_grad_(True)
        replace_head(made, self.head, classes)
        if scratch:
            for part in made.modules():
                draw = getattr(part, "reset_parameters", None)
                if draw is not None:
                    draw()
        if frozen:
            freeze(made, frozen)
        return made

    def builder(
        self, classes: int, *, scratch: bool = False, frozen: Collection[str] = ()
    ) -> Callable[[], nn.Module]:
        """Give :meth:`build` as a task takes it."""
        return partial(self.build, classes, scratch=scratch, frozen=frozen)

    def features(self, inputs: Tensor) -> Tensor:
        """Compute what the last layer is given: (n, C, H, W) normalised -> (n, width)."""
        segment = between(self.graph, (INPUT,), (self.graph[self.head].inputs[0],))
        run = TorchSegment(self.graph, segment)
        with torch.inference_mode(), evaluating(self.model.module):
            (found,) = run(inputs.to(self.model.device))
        return found.flatten(1).cpu().clone()

    def _cuts(self) -> tuple[Cut, ...]:
        """List the cuts in front of layers with weights, but for that before the last layer."""
        found: list[Cut] = []
        layers, parameters, weighing = 0, 0, ""
        steps = self.graph.layers[1:]
        for step, following in pairwise(steps):
            parameters += step.parameters
            if step.op in WEIGHING:
                layers, weighing = layers + 1, step.name
            if following.name == self.head:
                break
            if weighing and following.op in WEIGHING:
                sources = tail(self.graph, step.name, self.head).sources
                if sources == (step.name,):
                    found.append(Cut(step.name, weighing, layers, parameters))
        return tuple(found)


def freeze(network: nn.Module, names: Collection[str]) -> None:
    """Keep the named modules as they are: no gradients, and evaluation mode whatever is asked."""
    for name in names:
        network.get_submodule(name).requires_grad_(False)
    setattr(network, "frozen_names", tuple(sorted(names)))  # noqa: B010  nn.Module takes any
    setattr(network, "train", MethodType(_train_the_rest, network))  # noqa: B010
    network.train(network.training)


def _train_the_rest(network: nn.Module, mode: bool = True) -> nn.Module:
    nn.Module.train(network, mode)
    for name in cast(tuple[str, ...], network.frozen_names):
        network.get_submodule(name).train(False)
    return network
