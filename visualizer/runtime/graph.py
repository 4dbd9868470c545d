"""A network as a list of single steps: every module and every operation between modules.

torch.fx traces the network; :func:`trace` puts each step into one small record that the torch
runtime, the ONNX export, receptive fields and the arithmetic of single values all read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, fx, nn
from torchvision.models.convnext import LayerNorm2d
from torchvision.models.feature_extraction import NodePathTracer

from visualizer.runtime.lowering import FUNCTIONS, IN_PLACE, METHODS, MODULES, Step

INPUT = "input"
SOFTMAX = "softmax"
TRACING = threading.Lock()  # torch.fx traces one network at a time


@dataclass(frozen=True)
class Layer:
    """One step of a network.

    ``name`` is the dotted path from ``named_modules()``; an operation without a module carries the
    path of the module that runs it (``layer1.0.add``), a module that is run again a number
    (``layer1.0.relu_1``), as in ``torchvision.models.feature_extraction``.

    Shapes: ``output_shape`` is (channels, height, width); (channels, 1, 1) behind a flatten.
    ``channels_last`` marks values that the network itself holds as (height, width, channels).
    """

    name: str
    kind: str
    output_shape: tuple[int, int, int]
    parameters: int
    inputs: tuple[str, ...]
    op: str
    attributes: Mapping[str, Any] = field(repr=False, default_factory=dict)
    weights: tuple[str, ...] = field(repr=False, default=())
    channels_last: bool = field(repr=False, default=False)
    rank: int = field(repr=False, default=4)

    @property
    def cells(self) -> int:
        """Count the values of one picture's output."""
        channels, height, width = self.output_shape
        return channels * height * width

    @property
    def settings(self) -> str:
        """Name kernel, stride, padding and groups in short, for example ``3 × 3, stride 2``."""
        given = self.attributes
        words = []
        if "kernel_size" in given:
            words.append(" × ".join(map(str, given["kernel_size"])))
            for name, usual in (("stride", (1, 1)), ("padding", (0, 0)), ("dilation", (1, 1))):
                value = given.get(name, usual)
                if value != usual:
                    amount = value[0] if len(set(value)) == 1 else " × ".join(map(str, value))
                    words.append(f"{name} {amount}")
        groups = given.get("groups", 1)
        if groups > 1:
            words.append("depthwise" if groups == self.output_shape[0] else f"{groups} groups")
        return ", ".join(words)


@dataclass(frozen=True)
class Graph:
    """The steps in order of execution, and the traced module that runs them."""

    layers: tuple[Layer, ...]
    module: fx.GraphModule
    nodes: Mapping[str, str]  # layer name -> name of the fx node

    def __getitem__(self, name: str) -> Layer:
        """Find a layer by name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Layer]:
        return {layer.name: layer for layer in self.layers}


def trace(module: nn.Module, input_shape: tuple[int, int, int]) -> Graph:
    """Take ``module`` apart into its steps, from ``input`` to ``softmax``.

    Parameters are shared with ``module``, not copied. Operations in place are replaced by their
    plain twins, so that the value of a layer stays what that layer produced.
    """
    for part in module.modules():
        if getattr(part, "inplace", False) is True:
            setattr(part, "inplace", False)  # noqa: B010  mypy takes it for a tensor
    with TRACING:
        tracer = _Tracer(leaf_modules=[LayerNorm2d])
        graph = tracer.trace(module)
    for node in graph.nodes:
        node.target = IN_PLACE.get(node.target, node.target)
        if "inplace" in node.kwargs:
            node.kwargs = {**node.kwargs, "inplace": False}
    names = {node.name: tracer.node_to_qualname.get(node, node.name) for node in graph.nodes}
    output = next(node for node in graph.nodes if node.op == "output")
    with graph.inserting_before(output):
        softmax = graph.call_function(torch.softmax, (output.args[0], 1))
    output.args = (softmax,)
    names[softmax.name] = SOFTMAX
    traced = fx.GraphModule(module, graph)
    traced.eval()
    shapes = _Shapes(traced)
    reference = next(module.parameters())
    with torch.inference_mode():
        shapes.run(torch.zeros(1, *input_shape, device=reference.device, dtype=reference.dtype))
    return _lower(traced, names, shapes.shapes)


class _Tracer(NodePathTracer):  # type: ignore[misc]  # torchvision is untyped
    """Trace in one thread while networks run in others.

    torch.fx patches what all modules of the process are called by, until it is done; a call from
    another thread is none of its business.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thread = threading.get_ident()

    def call_module(self, m: nn.Module, forward: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        if threading.get_ident() != self.thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if threading.get_ident() != self.thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)


class _Shapes(fx.Interpreter):
    """Run once and keep the shape of every value."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module)
        self.shapes: dict[str, tuple[int, ...]] = {}

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        if isinstance(value, Tensor):
            self.shapes[n.name] = tuple(value.shape)
        return value


def _lower(
    traced: fx.GraphModule, names: dict[str, str], shapes: dict[str, tuple[int, ...]]
) -> Graph:
    modules = dict(traced.named_modules())
    layers: list[Layer] = []
    nodes: dict[str, str] = {}
    turned: dict[str, bool] = {}  # which values lie as (height, width, channels)
    for node in traced.graph.nodes:
        if node.op in ("output", "get_attr"):
            continue
        name = _name(node, names)
        nodes[name] = node.name
        step = _step(node, modules)
        inputs = [source for source in node.all_input_nodes if source.op != "get_attr"]
        turned[node.name] = any(turned[source.name] for source in inputs)
        if step.op == "permute":
            turned[node.name] = step.attributes["dims"] == (0, 2, 3, 1)
        constants = tuple(str(s.target) for s in node.all_input_nodes if s.op == "get_attr")
        counted = step.counted or constants
        layers.append(
            Layer(
                name=name,
                kind=step.kind,
                output_shape=_map_shape(shapes[node.name], turned[node.name]),
                parameters=sum(_parameter(traced, weight).numel() for weight in counted),
                inputs=tuple(_name(source, names) for source in _in_order(node, inputs)),
                op="scale" if constants and step.op == "multiply" else step.op,
                attributes=_attributes(step, node, shapes),
                weights=constants or step.weights,
                channels_last=turned[node.name],
                rank=len(shapes[node.name]),
            )
        )
    return Graph(tuple(layers), traced, nodes)


def _name(node: fx.Node, names: dict[str, str]) -> str:
    return INPUT if node.op == "placeholder" else names[node.name]


def _attributes(step: Step, node: fx.Node, shapes: dict[str, tuple[int, ...]]) -> Mapping[str, Any]:
    if step.op != "adaptive_avg_pool":
        return step.attributes
    before = shapes[node.all_input_nodes[0].name]
    return {**step.attributes, "keeps_size": before == shapes[node.name]}


def _in_order(node: fx.Node, inputs: list[fx.Node]) -> list[fx.Node]:
    """List the inputs as the operation names them; ``x + x`` names one value twice."""
    given: list[fx.Node] = []
    fx.node.map_arg(node.args, lambda source: given.append(source))
    return [source for source in given if source in inputs]


def _parameter(module: nn.Module, name: str) -> Tensor:
    owner, _, attribute = name.rpartition(".")
    value: Tensor = getattr(module.get_submodule(owner), attribute)
    return value


def _map_shape(shape: tuple[int, ...], channels_last: bool) -> tuple[int, int, int]:
    if len(shape) == 2:
        return shape[1], 1, 1
    _, *sides = shape
    if channels_last:
        height, width, channels = sides
    else:
        channels, height, width = sides
    return channels, height, width


def _step(node: fx.Node, modules: Mapping[str, nn.Module]) -> Step:
    if node.op == "placeholder":
        return Step("input", "input")
    if node.op == "call_module":
        module = modules[str(node.target)]
        return MODULES[type(module)](module, str(node.target))
    table = METHODS if node.op == "call_method" else FUNCTIONS
    return table[node.target](*node.args, **node.kwargs)  # type: ignore[index]
