"""The Python that builds the same transforms with torchvision."""

from __future__ import annotations

from enum import Enum
from typing import Any

from visualizer.runtime.augmentation.pipeline import Pipeline, Step

INDENT = "    "


def python_code(steps: Pipeline) -> str:
    """Write the ``v2.Compose`` of a pipeline; steps that are off are left out.

    Mixing two pictures works on batches and follows as a step of its own.
    """
    on = [step for step in steps if step.on]
    lines = [f"{INDENT}v2.ToImage(),"]
    lines += [f"{INDENT}{_call(step)}," for step in on if not step.transform.pair]
    lines.append(f"{INDENT}v2.ToDtype(torch.float32, scale=True),  # 0 to 1; else 0 to 255 stay")
    head = ["import torch", "from torchvision.transforms import v2", ""]
    body = ["transform = v2.Compose([", *lines, "])"]
    mixes = [_mix(step) for step in on if step.transform.pair]
    if not mixes:
        return "\n".join([*head, *body]) + "\n"
    batches = ["", "# on batches: images, labels = mix(images, labels)", "num_classes = 1000"]
    return "\n".join([*head, *body, *batches, f"mix = v2.Compose([{', '.join(mixes)}])"]) + "\n"


def _call(step: Step) -> str:
    record = step.transform
    call = _named(record.torchvision, record.keywords(step.parameters, step.chance))
    if record.own_chance or step.chance == 1:
        return call
    return f"v2.RandomApply([{call}], p={step.chance:g})"


def _mix(step: Step) -> str:
    alpha, name = step.parameters["alpha"], step.transform.torchvision
    call = f"v2.{name}(alpha={alpha!r}, num_classes=num_classes)"
    return call if step.chance == 1 else f"v2.RandomApply([{call}], p={step.chance:g})"


def _named(name: str, keywords: dict[str, Any]) -> str:
    inside = ", ".join(f"{key}={_written(value)}" for key, value in keywords.items())
    return f"v2.{name}({inside})"


def _written(value: Any) -> str:
    if isinstance(value, Enum):
        return f"v2.{type(value).__name__}.{value.name}"
    return repr(value)
