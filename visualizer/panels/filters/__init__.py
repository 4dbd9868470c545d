"""What a layer looks for: its weights, what excites its channels, what happens without them."""

from visualizer.panels.filters import ablation, patches, pattern, weights
from visualizer.ui.panel import Panel
from visualizer.ui.widget import widget


def build() -> None:
    """Lay out the tab: one widget."""
    widget("filters", elem_id="filters")


PANEL = Panel(
    "Filters",
    "filters",
    build,
    weights.ENDPOINTS + pattern.ENDPOINTS + patches.ENDPOINTS + ablation.ENDPOINTS,
)
