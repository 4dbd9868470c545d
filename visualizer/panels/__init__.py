"""The tabs, in order: one line each."""

from visualizer.panels import feature_maps
from visualizer.ui.panel import Panel

PANELS: tuple[Panel, ...] = (feature_maps.PANEL,)
