"""The tabs, in order: one line each."""

from visualizer.panels import (
    arithmetic,
    augmentation,
    embeddings,
    feature_maps,
    filters,
    heatmaps,
    training,
)
from visualizer.ui.panel import Panel

PANELS: tuple[Panel, ...] = (
    feature_maps.PANEL,
    arithmetic.PANEL,
    filters.PANEL,
    heatmaps.PANEL,
    embeddings.PANEL,
    augmentation.PANEL,
    training.PANEL,
)
