"""What is to be trained: a network, pictures, a recipe, a seed. Everything else follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from visualizer.errors import VisualizerError
from visualizer.runtime.training.data import Data
from visualizer.runtime.training.origin import Architecture, Transferred
from visualizer.runtime.training.recipe import Recipe
from visualizer.zoo.stack import Network, build_stack

SEEDS = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Task:
    """A training before its first step.

    ``build`` stands in for the network's stack where that is not what is to be built; ``origin``
    tells of the network that is taught further.

    Raises:
        VisualizerError: the seed is out of range, or there is only one class.
        StackError: the stack does not fit the pictures.
    """

    network: Network
    data: Data
    recipe: Recipe
    seed: int = 0
    build: Callable[[], nn.Module] | None = None
    origin: Transferred | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= SEEDS:
            raise VisualizerError(f"The seed is {self.seed}; give 0 to {SEEDS:,}.")
        if len(self.data.classes) < 2:
            raise VisualizerError(
                f"{self.data.title} has {len(self.data.classes)} class; a network learns to tell "
                "at least two apart. Add pictures of another class."
            )

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Give (channels, height, width) of a picture."""
        return self.data.input_shape

    @property
    def architecture(self) -> Architecture | None:
        """Tell how the network is built; None where nobody knows."""
        if self.origin is not None:
            return self.origin.architecture
        return Architecture(self.network.name, self.network.text, len(self.data.classes))

    def make(self) -> nn.Module:
        """Build the network; its parameters come from torch's generator as it stands."""
        if self.build is not None:
            return self.build()
        return build_stack(self.network.stack, self.input_shape, len(self.data.classes))
