"""Where a network came from: how it is built, and which one it was taught further from."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from visualizer.errors import VisualizerError
from visualizer.zoo import find
from visualizer.zoo.stack import build_stack, parse_stack


@dataclass(frozen=True)
class Architecture:
    """How a network is built without its weights.

    That is by its ``stack``, for so many ``classes``, or without one by its ``name`` in the menu;
    then the layer ``head``, where there is one, is replaced by a new one for other classes.
    """

    name: str
    stack: str
    classes: int
    head: str = ""

    def build(self, input_shape: tuple[int, int, int], classes: int) -> nn.Module:
        """Build the network; its parameters come from torch's generator as it stands.

        Raises:
            UnknownNameError: the menu has no such network.
            VisualizerError: the stack, the pictures and the last layer do not go together.
        """
        if self.stack:
            made: nn.Module = build_stack(parse_stack(self.stack), input_shape, self.classes)
        else:
            spec = find(self.name)
            if spec.input_shape != input_shape:
                raise VisualizerError(
                    f"{spec.title} takes {spec.input_shape}, not {input_shape} (channels, height, "
                    "width)."
                )
            made = spec.build()
        if self.head:
            replace_head(made, self.head, classes)
        return made


def replace_head(network: nn.Module, head: str, classes: int) -> None:
    """Put a new last layer, drawn from torch's generator, in the place of the one named ``head``.

    Raises:
        VisualizerError: there is no such fully connected layer.
    """
    old = dict(network.named_modules()).get(head)
    if not isinstance(old, nn.Linear):
        raise VisualizerError(f"The network has no fully connected layer {head[:40]!r}.")
    owner, _, name = head.rpartition(".")
    setattr(network.get_submodule(owner), name, nn.Linear(old.in_features, classes))


@dataclass(frozen=True)
class Transferred:
    """How a network came out of transfer learning.

    ``base`` is the title of the network it began with and ``weights`` what that had learned;
    ``menu`` is its name in the menu, empty for a visitor's own. ``architecture`` is None where
    nobody knows how the base was built.
    """

    base: str
    menu: str
    weights: str
    way: str
    per_class: int
    frozen: str | None
    architecture: Architecture | None
