"""A list of transforms with their settings, and its text: ``hflip(p=0.5);rotate(degrees=15)``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from visualizer.errors import VisualizerError
from visualizer.runtime.augmentation import find
from visualizer.runtime.augmentation.record import Parameter, Transform, Value

STEPS_MOST = 16
SYNTAX = re.compile(r"(-?)([a-z_]+)(?:\(([^()]*)\))?")
CHANCE = Parameter("p", "Probability", "number", 1.0)


@dataclass(frozen=True)
class Step:
    """One transform of a pipeline.

    Settings that are left out have the menu's defaults, and so has ``probability``; ``on=False``
    keeps the step and skips it.

    Raises:
        UnknownNameError: no such transform.
        VisualizerError: no such setting, or a value outside its range.
    """

    id: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    probability: float | None = None
    on: bool = True

    def __post_init__(self) -> None:
        transform = self.transform
        settled = {one.name: one.default for one in transform.parameters}
        known = {one.name: one for one in transform.parameters}
        for name, value in self.parameters.items():
            if name not in known:
                names = ", ".join([*known, "p"])
                raise VisualizerError(f"{transform.id} has no setting {name!r}. It has: {names}.")
            settled[name] = checked(transform, known[name], value)
        chance = transform.chance if self.probability is None else self.probability
        object.__setattr__(self, "parameters", settled)
        object.__setattr__(self, "probability", float(checked(transform, CHANCE, chance)))  # type: ignore[arg-type]
        _refuse_even_kernel(settled)

    @property
    def transform(self) -> Transform:
        """Give the transform's record."""
        return find(self.id)

    @property
    def chance(self) -> float:
        """Give the probability, which is always settled."""
        return 1.0 if self.probability is None else self.probability


Pipeline = tuple[Step, ...]


def checked(transform: Transform, parameter: Parameter, value: Value) -> Value:
    """Return a legal value in the parameter's own type.

    Raises:
        VisualizerError: it is not legal.
    """
    where = f"{parameter.name} of {transform.id}"
    if parameter.kind == "choice":
        words = [word for word, _ in parameter.choices]
        if value not in words:
            raise VisualizerError(f"{where} is {value!r}; choose one of {', '.join(words)}.")
        return value
    if parameter.kind == "flag":
        if not isinstance(value, bool):
            raise VisualizerError(f"{where} is {value!r}; choose yes or no.")
        return value
    numbers = tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
    pair = numbers if isinstance(numbers, tuple) else (numbers,)
    if len(pair) != (2 if parameter.kind == "range" else 1):
        example = f"{parameter.minimum:g}..{parameter.maximum:g}"
        shape = f"two numbers, such as {example}" if parameter.kind == "range" else "one number"
        raise VisualizerError(f"{where} is {value!r}; it needs {shape}.")
    settled = tuple(_number(where, parameter, one) for one in pair)
    if len(settled) == 2 and settled[0] > settled[1]:
        raise VisualizerError(
            f"{where} runs from {settled[0]:g} down to {settled[1]:g}; swap them."
        )
    return settled[0] if parameter.kind != "range" else (settled[0], settled[-1])


def _number(where: str, parameter: Parameter, value: object) -> float:
    right = isinstance(value, int | float) and not isinstance(value, bool)
    if not right or not math.isfinite(float(value)):  # type: ignore[arg-type]
        raise VisualizerError(f"{where} is {value!r}; it needs a number.")
    number = float(value)  # type: ignore[arg-type]
    if not parameter.minimum <= number <= parameter.maximum:
        raise VisualizerError(
            f"{where} is {number:g}; choose {parameter.minimum:g} to {parameter.maximum:g}."
        )
    if parameter.whole:
        if number != int(number):
            raise VisualizerError(f"{where} is {number:g}; it needs a whole number.")
        return int(number)
    return number


def _refuse_even_kernel(values: Mapping[str, Value]) -> None:
    size = values.get("kernel_size", 1)
    if isinstance(size, int) and size % 2 == 0:
        raise VisualizerError(
            f"kernel_size of blur is {size}; a kernel has a middle only when its size is odd: "
            f"choose {size - 1} or {size + 1}."
        )


def parse(text: str) -> Pipeline:
    """Read a pipeline's text; an empty one is a pipeline of no steps.

    ``-`` before a step switches it off, ``a..b`` is a range, ``p`` its probability.

    Raises:
        UnknownNameError: no such transform.
        VisualizerError: the text cannot be read, or a setting is not legal.
    """
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    if len(pieces) > STEPS_MOST:
        raise VisualizerError(
            f"The pipeline has {len(pieces)} steps; at most {STEPS_MOST} are run. Take some out."
        )
    return tuple(_step(piece) for piece in pieces)


def _step(piece: str) -> Step:
    match = SYNTAX.fullmatch(piece)
    if match is None:
        raise VisualizerError(
            f"{piece!r} is no step. Write a transform with its settings: rotate(degrees=15,p=0.5)."
        )
    off, name, inside = match.groups()
    kinds = {parameter.name: parameter for parameter in find(name).parameters}
    values: dict[str, Value] = {}
    for setting in (part.strip() for part in (inside or "").split(",") if part.strip()):
        key, equals, word = (part.strip() for part in setting.partition("="))
        if not equals or not word:
            raise VisualizerError(f"{setting!r} in {name} sets nothing. Write name=value.")
        if key in values:
            raise VisualizerError(f"{name} sets {key} twice. Take one out.")
        values[key] = _value(kinds.get(key, CHANCE), word)
    chance = values.pop("p", None)
    return Step(name, values, chance, on=not off)  # type: ignore[arg-type]


def _value(parameter: Parameter, word: str) -> Value:
    if parameter.kind == "choice":
        return word
    if parameter.kind == "flag":
        return {"yes": True, "no": False}.get(word, word)
    numbers = []
    for part in word.split(".."):
        try:
            numbers.append(float(part))
        except ValueError:
            return word  # refused with its name by the check
    return numbers[0] if len(numbers) == 1 else tuple(numbers)  # type: ignore[return-value]


def format_pipeline(steps: Sequence[Step]) -> str:
    """Write a pipeline's text; settings that have the menu's default are left out."""
    return ";".join(_text(step) for step in steps)


def _text(step: Step) -> str:
    transform = step.transform
    settings = [
        f"{one.name}={_word(step.parameters[one.name])}"
        for one in transform.parameters
        if step.parameters[one.name] != one.default
    ]
    if step.chance != transform.chance:
        settings.append(f"p={_word(step.chance)}")
    inside = f"({','.join(settings)})" if settings else ""
    return f"{'' if step.on else '-'}{step.id}{inside}"


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "..".join(_word(part) for part in value)
    return value if isinstance(value, str) else repr(value).removesuffix(".0")
