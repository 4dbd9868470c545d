"""A trained network taken apart for another task: its last layer new, as much as wished frozen."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.evaluating import evaluating
from visualizer.runtime.graph import INPUT, Layer
from visualizer.runtime.model import Model
from visualizer.runtime.segment import TorchSegment, between, native, tail
from visualizer.runtime.training.origin import Architecture, Transferred, replace_head
from visualizer.runtime.training.reading import StoredModel
from visualizer.runtime.training.trained_model import TrainedModel
from visualizer.runtime.training.transfer_behind import Behind, hold
from visualizer.runtime.training.transfer_scale import (
    MACS_MOST,
    PARAMETERS_MOST,
    is_large,
    scale_of,
)
from visualizer.zoo import MODELS

WEIGHING = ("conv2d", "linear")  # operations with weights, batch normalisation aside


@dataclass(frozen=True)
class Cut:
    """A place where a network can be cut in two: all that runs up to ``layer`` comes before it.

    ``weighing`` names the last convolution or fully connected layer before the cut; ``layers``
    counts those before it; ``parameters`` those of the part before; ``behind`` is the share of
    multiplications that the part behind takes.
    """

    layer: str
    weighing: str
    layers: int
    parameters: int
    behind: float


class Base:
    """A network with something learned, ready for new classes.

    Raises:
        VisualizerError: it does not end in a fully connected layer, it is too large, or it knows
            only pictures whose pixels are shuffled.
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
        self.large, self.scale = is_large(model.spec), scale_of(model.spec)
        self.parameters = sum(value.numel() for value in model.module.parameters())
        self.macs = max(1, self._macs(self.graph.layers))
        self._refuse_heavy()
        if isinstance(model, TrainedModel | StoredModel) and model.pixels_shuffled:
            raise VisualizerError(
                f"{self.title} learned from pictures whose pixels were shuffled: of any others it "
                "knows nothing to go on from. Choose one that learned from plain pictures."
            )
        self.width = part.in_features
        self.cuts = self._cuts()

    def transferred(self, way: str, per_class: int, frozen: str | None) -> Transferred:
        """Write down what one way makes of the network."""
        spec = self.model.spec
        menu = spec.name if spec in MODELS else ""
        return Transferred(
            self.title, menu, self.model.weights, way, per_class, frozen, self.architecture
        )

    @property
    def architecture(self) -> Architecture | None:
        """Tell how it is built with a new last layer; None where nobody knows."""
        if self.model.spec in MODELS:
            return Architecture(self.model.spec.name, "", 0, self.head)
        if isinstance(self.model, TrainedModel | StoredModel) and self.model.architecture:
            return replace(self.model.architecture, head=self.head)
        return None

    @property
    def layers(self) -> int:
        """Count the layers with weights, the last one included."""
        return sum(step.op in WEIGHING for step in self.graph.layers)

    @property
    def usual_cut(self) -> str | None:
        """Name the cut behind about half of the layers with weights; None where there is none.

        Where most of the work would still be behind it, as in large networks, it is a later one.
        """
        later = self.cuts[(len(self.cuts) - 1) // 2 :]
        light = (cut for cut in later if cut.behind <= self.scale.behind)
        found = next(light, later[-1] if later else None)
        return None if found is None else found.layer

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
    def last(self) -> str:
        """Name the layer whose values the last one is given: the features."""
        return self.graph[self.head].inputs[0]

    @property
    def normalises(self) -> bool:
        """Tell whether it has batch normalisation."""
        return any(isinstance(part, _BatchNorm) for part in self.model.module.modules())

    def frozen(self, way: str, layer: str | None) -> str | None:
        """Name the layer up to which a way freezes the network; None where it freezes nothing."""
        return self.last if way == "head" else layer if way == "frozen" else None

    def share_behind(self, frozen: str | None) -> float:
        """Tell which share of the multiplications runs behind what is frozen."""
        if frozen is None:
            return 1.0
        if frozen == self.last:
            return self._macs([self.graph[self.head]]) / self.macs
        return next((cut.behind for cut in self.cuts if cut.layer == frozen), 1.0)

    def build(self, classes: int, *, scratch: bool = False, frozen: str | None = None) -> nn.Module:
        """Copy the network with a new last layer drawn from torch's generator as it stands.

        ``scratch`` draws all other weights anew, too. All up to the layer ``frozen`` takes no step
        and always runs as in use: without dropout, batch normalisation by the statistics it has
        kept. In a large network that has learned, all batch normalisation keeps its statistics.
        """
        known = self.architecture
        if scratch and self.large and known is not None:
            return known.build(self.model.spec.input_shape, classes).train()
        made = copy.deepcopy(self.model.module).train()
        for value in made.parameters():
            value.requires_grad_(True)
        replace_head(made, self.head, classes)
        if scratch:
            for part in made.modules():
                draw = getattr(part, "reset_parameters", None)
                if draw is not None:
                    draw()
        still = set() if frozen is None else set(self.before(frozen))
        for name in still:
            made.get_submodule(name).requires_grad_(False)
        if self.scale.kept_statistics and not scratch:
            still |= {name for name, part in made.named_modules() if isinstance(part, _BatchNorm)}
        if still:
            hold(made, still)
        return made

    def builder(
        self, classes: int, *, scratch: bool = False, frozen: str | None = None
    ) -> Callable[[], nn.Module]:
        """Give :meth:`build` as a task takes it."""
        return partial(self.build, classes, scratch=scratch, frozen=frozen)

    def behind(self, network: nn.Module, layer: str) -> nn.Module:
        """Give what runs behind ``layer`` in a network that :meth:`build` made; weights are shared.

        It takes the values that :meth:`values` gives of that layer, and makes logits.
        """
        if layer == self.last:
            return network.get_submodule(self.head)
        return Behind(network, self.model.spec.input_shape, layer)

    def values(self, inputs: Tensor, layers: Sequence[str]) -> tuple[Tensor, ...]:
        """Compute what ``layers`` make of pictures, as the network holds it.

        Shapes: (n, C, H, W) normalised -> (n, width) or (n, channels, h, w) of each layer. A large
        network runs where it is fastest.
        """
        segment = between(self.graph, (INPUT,), tuple(layers))
        if self.large:
            found = [*map(torch.from_numpy, self.model.evaluate(segment, [inputs.numpy()]))]
        else:
            run = TorchSegment(self.graph, segment)
            with torch.inference_mode(), evaluating(self.model.module):
                found = list(run(inputs.to(self.model.device)))
        return tuple(
            native(value.cpu(), self.graph[name]).clone()
            for name, value in zip(layers, found, strict=True)
        )

    def features(self, inputs: Tensor) -> Tensor:
        """Compute what the last layer is given: (n, C, H, W) normalised -> (n, width)."""
        return self.values(inputs, (self.last,))[0]

    def _macs(self, layers: Iterable[Layer]) -> int:
        """Count the multiply-accumulates of convolutions and fully connected layers."""
        weights = dict(self.graph.module.named_parameters())
        return sum(
            step.cells * weights[step.weights[0]][0].numel()
            for step in layers
            if step.op in WEIGHING
        )

    def _refuse_heavy(self) -> None:
        if self.parameters <= PARAMETERS_MOST and self.macs <= MACS_MOST:
            return
        raise VisualizerError(
            f"{self.title} has {self.parameters:,} parameters and takes {self.macs / 1e9:.1f} "
            f"billion multiplications a picture; networks of up to {PARAMETERS_MOST:,} and "
            f"{MACS_MOST / 1e9:.0f} billion are trained further here. Choose a smaller one, such "
            "as EfficientNet-Lite0."
        )

    def _cuts(self) -> tuple[Cut, ...]:
        """List the cuts in front of layers with weights, but for that before the last layer."""
        found: list[Cut] = []
        layers, parameters, weighing = 0, 0, ""
        steps = self.graph.layers[1:]
        for place, (step, following) in enumerate(pairwise(steps)):
            parameters += step.parameters
            if step.op in WEIGHING:
                layers, weighing = layers + 1, step.name
            if following.name == self.head:
                break
            if weighing and following.op in WEIGHING:
                sources = tail(self.graph, step.name, self.head).sources
                if sources == (step.name,):
                    behind = self._macs(steps[place + 1 :]) / self.macs
                    found.append(Cut(step.name, weighing, layers, parameters, behind))
        return tuple(found)
