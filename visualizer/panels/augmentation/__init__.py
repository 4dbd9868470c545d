"""What a network gets to see in training: random draws of a picture, and what it says to them."""

from visualizer.panels.augmentation import curves, draws, shifts, takeaway
from visualizer.ui.panel import Panel
from visualizer.ui.widget import widget


def build() -> None:
    """Lay out the tab: one widget."""
    widget("augmentation", elem_id="augmentation")


PANEL = Panel(
    "Augmentation",
    "augmentation",
    build,
    draws.ENDPOINTS + curves.ENDPOINTS + shifts.ENDPOINTS + takeaway.ENDPOINTS,
)
