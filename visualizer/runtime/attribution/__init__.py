"""Which pixels speak for a class: one method per file, in menu order."""

from visualizer.runtime.attribution import (
    deeplift,
    guided_backpropagation,
    guided_grad_cam,
    input_x_gradient,
    integrated_gradients,
    occlusion,
    rise,
    saliency,
    smoothgrad,
)
from visualizer.runtime.attribution.method import Attribution, Partial, Question

__all__ = ["ATTRIBUTIONS", "Attribution", "Partial", "Question"]

ATTRIBUTIONS: tuple[Attribution, ...] = (
    saliency.METHOD,
    input_x_gradient.METHOD,
    guided_backpropagation.METHOD,
    guided_grad_cam.METHOD,
    integrated_gradients.METHOD,
    smoothgrad.METHOD,
    deeplift.METHOD,
    occlusion.METHOD,
    rise.METHOD,
)
