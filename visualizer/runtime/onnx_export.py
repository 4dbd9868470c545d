"""Write a traced network as ONNX, every layer's value an output under the layer's own name.

torch.onnx.export renames, merges and folds steps, and takes seconds where this takes
milliseconds; here one layer is one short run of nodes, so that every value can be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from visualizer.runtime.graph import Graph, Layer
from visualizer.runtime.segment import Segment

OPSET = 20
IR_VERSION = 10
Array = NDArray[Any]


class Writer:
    """Collects nodes and constants; weights stay outside the file and are not copied."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.weights = weights
        self.used: set[str] = set()

    def add(self, op: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Append one node."""
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=output, **attributes))
        return output

    def constant(self, name: str, value: Array) -> str:
        """Store a small array in the file."""
        self.constants.append(onnx.numpy_helper.from_array(value, name))
        return name

    def weight(self, name: str) -> str:
        """Refer to an array that is handed over when the session is made."""
        if name not in self.used:
            self.used.add(name)
            value = self.weights[name]
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=value.shape)
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="shared")
            self.constants.append(tensor)
        return name


def export(graph: Graph, weights: Mapping[str, Array], segment: Segment) -> onnx.ModelProto:
    """Write a part of the network with a free batch size; ``weights`` are named by dotted path.

    Weights are referred to, not stored: hand them to the session as external initialisers.
    """
    writer = Writer(weights)
    for name in segment.steps:
        layer = graph[name]
        EMIT[layer.op](writer, layer)
    entries, declared = (
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, _declared_shape(graph[name]))
            for name in names
        ]
        for names in (segment.sources, segment.targets)
    )
    body = helper.make_graph(writer.nodes, "network", entries, declared, writer.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    return model


def whole_file(
    graph: Graph, weights: Mapping[str, Array], segment: Segment, notes: Mapping[str, str]
) -> bytes:
    """Write a part of the network as a file of its own, weights inside; ``notes`` as metadata."""
    model = export(graph, weights, segment)
    for tensor in model.graph.initializer:
        if tensor.external_data:
            inside = np.ascontiguousarray(weights[tensor.name])
            tensor.CopyFrom(onnx.numpy_helper.from_array(inside, tensor.name))
    helper.set_model_props(model, dict(notes))
    return model.SerializeToString()


def _declared_shape(layer: Layer) -> list[int | str]:
    channels, height, width = layer.output_shape
    if layer.rank == 2:
        return ["N", channels]
    return ["N", height, width, channels] if layer.channels_last else ["N", *layer.output_shape]


def _plain(op: str, **attributes: Any) -> Callable[[Writer, Layer], str]:
    """Emit one node with the layer's inputs and fixed attributes."""
    return lambda writer, layer: writer.add(op, layer.inputs, layer.name, **attributes)


def _convolution(writer: Writer, layer: Layer) -> str:
    given = layer.attributes
    return writer.add(
        "Conv",
        [*layer.inputs, *map(writer.weight, layer.weights)],
        layer.name,
        kernel_shape=given["kernel_size"],
        strides=given["stride"],
        pads=given["padding"] * 2,
        dilations=given["dilation"],
        group=given["groups"],
    )


def _batch_norm(writer: Writer, layer: Layer) -> str:
    inputs = [*layer.inputs, *map(writer.weight, layer.weights)]
    return writer.add("BatchNormalization", inputs, layer.name, epsilon=layer.attributes["eps"])


def _layer_norm(writer: Writer, layer: Layer) -> str:
    inputs = [*layer.inputs, *map(writer.weight, layer.weights)]
    epsilon = layer.attributes["eps"]
    if layer.channels_last:
        return writer.add("LayerNormalization", inputs, layer.name, axis=-1, epsilon=epsilon)
    turned, normalised = f"{layer.name}/turned", f"{layer.name}/normalised"
    inputs[0] = writer.add("Transpose", layer.inputs, turned, perm=(0, 2, 3, 1))
    writer.add("LayerNormalization", inputs, normalised, axis=-1, epsilon=epsilon)
    return writer.add("Transpose", [normalised], layer.name, perm=(0, 3, 1, 2))


def _linear(writer: Writer, layer: Layer) -> str:
    weight, *bias = map(writer.weight, layer.weights)
    if layer.rank == 2:
        return writer.add("Gemm", [*layer.inputs, weight, *bias], layer.name, transB=1)
    turned = writer.add("Transpose", [weight], f"{layer.name}/turned", perm=(1, 0))
    if not bias:
        return writer.add("MatMul", [*layer.inputs, turned], layer.name)
    product = writer.add("MatMul", [*layer.inputs, turned], f"{layer.name}/product")
    return writer.add("Add", [product, *bias], layer.name)


def _pool(op: str, **more: Any) -> Callable[[Writer, Layer], str]:
    def emit(writer: Writer, layer: Layer) -> str:
        given = layer.attributes
        return writer.add(
            op,
            layer.inputs,
            layer.name,
            kernel_shape=given["kernel_size"],
            strides=given["stride"],
            pads=given["padding"] * 2,
            ceil_mode=int(given["ceil_mode"]),
            **more,
        )

    return emit


def _silu(writer: Writer, layer: Layer) -> str:
    (source,) = layer.inputs
    gate = writer.add("Sigmoid", [source], f"{layer.name}/gate")
    return writer.add("Mul", [source, gate], layer.name)


def _relu6(writer: Writer, layer: Layer) -> str:
    low = writer.constant(f"{layer.name}/low", np.array(0, np.float32))
    high = writer.constant(f"{layer.name}/high", np.array(6, np.float32))
    return writer.add("Clip", [*layer.inputs, low, high], layer.name)


def _gelu(writer: Writer, layer: Layer) -> str:
    return writer.add("Gelu", layer.inputs, layer.name, approximate=layer.attributes["approximate"])


def _adaptive_avg_pool(writer: Writer, layer: Layer) -> str:
    if layer.attributes["output_size"] == (1, 1):
        return writer.add("GlobalAveragePool", layer.inputs, layer.name)
    if layer.attributes["keeps_size"]:
        return writer.add("Identity", layer.inputs, layer.name)
    raise NotImplementedError(f"{layer.name}: adaptive pooling to {layer.output_shape[1:]}")


def _pad(writer: Writer, layer: Layer) -> str:
    before, after = layer.attributes["before"], layer.attributes["after"]
    amounts = np.array([0, 0, *before, 0, 0, *after], np.int64)
    amounts_name = writer.constant(f"{layer.name}/amounts", amounts)
    return writer.add("Pad", [*layer.inputs, amounts_name], layer.name)


def _scale(writer: Writer, layer: Layer) -> str:
    return writer.add("Mul", [*map(writer.weight, layer.weights), *layer.inputs], layer.name)


def _permute(writer: Writer, layer: Layer) -> str:
    return writer.add("Transpose", layer.inputs, layer.name, perm=layer.attributes["dims"])


EMIT: Mapping[str, Callable[[Writer, Layer], str]] = {
    "conv2d": _convolution,
    "batch_norm": _batch_norm,
    "layer_norm": _layer_norm,
    "linear": _linear,
    "relu": _plain("Relu"),
    "relu6": _relu6,
    "silu": _silu,
    "gelu": _gelu,
    "hardswish": _plain("HardSwish"),
    "hardsigmoid": _plain("HardSigmoid", alpha=1 / 6, beta=0.5),
    "sigmoid": _plain("Sigmoid"),
    "tanh": _plain("Tanh"),
    "max_pool": _pool("MaxPool"),
    "avg_pool": _pool("AveragePool", count_include_pad=1),
    "adaptive_avg_pool": _adaptive_avg_pool,
    "pad": _pad,
    "add": _plain("Add"),
    "multiply": _plain("Mul"),
    "scale": _scale,
    "concatenate": _plain("Concat", axis=1),
    "flatten": _plain("Flatten", axis=1),
    "permute": _permute,
    "identity": _plain("Identity"),
    "softmax": _plain("Softmax", axis=1),
}
