"""How a network arranges pictures, and which it takes for alike."""

from visualizer.panels.embeddings import depth, landing, map, retrieval, scores
from visualizer.ui.panel import Panel
from visualizer.ui.widget import widget


def build() -> None:
    """Lay out the tab: one widget."""
    widget("embeddings", elem_id="embeddings")


PANEL = Panel(
    "Embeddings",
    "embeddings",
    build,
    map.ENDPOINTS + depth.ENDPOINTS + landing.ENDPOINTS + retrieval.ENDPOINTS + scores.ENDPOINTS,
)
