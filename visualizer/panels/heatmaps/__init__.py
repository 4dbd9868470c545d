"""Where the network looks, by every method worth comparing, and how far to trust it."""

from visualizer.panels.heatmaps import maps, trust
from visualizer.ui.panel import Panel
from visualizer.ui.widget import widget


def build() -> None:
    """Lay out the tab: one widget."""
    widget("heatmaps", elem_id="heatmaps")


PANEL = Panel("Heatmaps", "heatmaps", build, maps.ENDPOINTS + trust.ENDPOINTS)
