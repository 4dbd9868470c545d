"""The menu of transforms, presets and curves, as the page shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from visualizer.runtime.augmentation import TRANSFORMS
from visualizer.runtime.augmentation.axes import AXES
from visualizer.runtime.augmentation.pipeline import STEPS_MOST, Pipeline
from visualizer.runtime.augmentation.presets import DEFAULT, PRESETS
from visualizer.runtime.augmentation.record import Parameter, Transform


def menu() -> dict[str, Any]:
    """Describe every transform with its settings, every preset, every curve."""
    return {
        "transforms": [_transform(one) for one in TRANSFORMS],
        "presets": [asdict(preset) for preset in PRESETS],
        "default": DEFAULT,
        "curves": [axis.described() for axis in AXES],
        "steps_most": STEPS_MOST,
    }


def _transform(one: Transform) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "group": one.group,
        "sentence": one.sentence,
        "torchvision": one.torchvision,
        "chance": one.chance,
        "own_chance": one.own_chance,
        "boxes": one.boxes,
        "pair": one.pair,
        "cautions": [{"families": c.families, "sentence": c.sentence} for c in one.cautions],
        "parameters": [_parameter(parameter) for parameter in one.parameters],
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "kind": one.kind,
        "whole": one.whole,
        "default": one.default,
        "official": one.official,
        "minimum": one.minimum,
        "maximum": one.maximum,
        "step": one.step,
        "unit": one.unit,
        "sentence": one.sentence,
        "choices": [word for word, _ in one.choices],
    }


def cautions(steps: Pipeline, family: str) -> list[str]:
    """Say where a pipeline can change what a picture of this family of labels shows."""
    found = [
        f"{step.transform.title}: {caution.sentence}"
        for step in steps
        if step.on and step.chance > 0
        for caution in step.transform.cautions
        if family in caution.families and caution.applies(step.parameters)
    ]
    return list(dict.fromkeys(found))


def notes(steps: Pipeline, family: str) -> list[str]:
    """Say what is worth knowing about a pipeline before one looks at its draws."""
    if not any(step.on for step in steps):
        why = "has no steps" if not steps else "has all steps switched off"
        return [f"The pipeline {why}: the untouched picture is shown."]
    return cautions(steps, family)
