"""The tabs, in order: one line each."""

from visualizer.panels import arithmetic, feature_maps
from visualizer.ui.panel import Panel

PANELS: tuple[Panel, ...] = (
    feature_maps.PANEL,
    arithmetic.PANEL,
)
