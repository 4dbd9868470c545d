"""A small network in training: set up, watched, explained step by step, taken home."""

from visualizer.panels.training import (
    experiments,
    keep,
    menu,
    moments,
    pausing,
    runs,
    stacks,
    step,
    timing,
    transfer,
)
from visualizer.ui.panel import Panel
from visualizer.ui.widget import widget


def build() -> None:
    """Lay out the tab: one widget."""
    widget("training", elem_id="training")


PANEL = Panel(
    "Training",
    "training",
    build,
    menu.ENDPOINTS
    + stacks.ENDPOINTS
    + timing.ENDPOINTS
    + pausing.ENDPOINTS
    + moments.ENDPOINTS
    + keep.ENDPOINTS
    + step.ENDPOINTS
    + experiments.ENDPOINTS
    + transfer.ENDPOINTS
    + runs.ENDPOINTS,  # the last: one of them takes whatever is behind /training/
)
