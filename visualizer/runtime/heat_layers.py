"""Which layers a class activation map can read, and which one suits best."""

from __future__ import annotations

from visualizer.errors import VisualizerError
from visualizer.runtime.classifier import classifier_layer
from visualizer.runtime.graph import INPUT, Graph, Layer
from visualizer.runtime.model import Model
from visualizer.runtime.segment import logits

ACTIVATIONS = ("relu", "relu6", "silu", "gelu", "hardswish", "tanh")


def spatial_layers(graph: Graph) -> tuple[Layer, ...]:
    """List the layers that have more than one cell and lead to the logits, in order."""
    leading = {logits(graph)}
    for layer in reversed(graph.layers):
        if layer.name in leading:
            leading.update(layer.inputs)
    return tuple(
        layer
        for layer in graph.layers
        if layer.name in leading and layer.name != INPUT and _cells(layer) > 1
    )


def recommended_layer(model: Model) -> str:
    """Name the last feature maps before the pooling that ends them, after their activation.

    Raises:
        VisualizerError: no layer has height and width.
    """
    wanted = model.spec.cam_layer
    spatial = [layer.name for layer in spatial_layers(model.graph)]
    if not spatial:
        raise VisualizerError(
            f"No layer of {model.spec.title} has height and width, so none has a heatmap. Choose a "
            "network with convolutions."
        )
    inside = [name for name in spatial if name == wanted or name.startswith(f"{wanted}.")]
    last = (inside or spatial)[-1]
    readers = [layer for layer in model.graph.layers if last in layer.inputs]
    if len(readers) == 1 and readers[0].op in ACTIVATIONS:  # one that is no module, as DenseNet's
        return readers[0].name
    return last


def heat_layer(model: Model, name: str | None) -> Layer:
    """Find the layer to read; ``None`` takes the recommended one.

    Raises:
        UnknownNameError: no such layer; the nearest names are listed.
        VisualizerError: its values have no place in the picture, or do not reach the logits.
    """
    if name is None:
        name = recommended_layer(model)
    layer = model.layer(name)
    usual = recommended_layer(model)
    if name == INPUT:
        raise VisualizerError(
            f"{INPUT} is the picture itself, not a layer. Choose one behind it, such as {usual}."
        )
    if _cells(layer) == 1:
        raise VisualizerError(
            f"{name} has no places left: its output is {layer.output_shape[0]} single values. "
            f"Choose a layer with height and width, such as {usual}."
        )
    if layer not in spatial_layers(model.graph):
        raise VisualizerError(
            f"{name} does not lead to the class scores. Choose a layer that does, such as {usual}."
        )
    return layer


def _cells(layer: Layer) -> int:
    return layer.output_shape[1] * layer.output_shape[2]


def why_not(graph: Graph, layer: str, needs: tuple[str, ...]) -> str | None:
    """Say why a method that ``needs`` a classifier cannot read this layer; ``None``: it can."""
    if "classifier" not in needs or classifier_layer(graph, layer) is not None:
        return None
    return (
        "CAM needs a layer with nothing behind it but global average pooling and one fully "
        f"connected layer; behind {layer} there is more. Choose another layer or Grad-CAM."
    )
