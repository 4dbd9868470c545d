"""A network as text: ``conv(6,5,padding=2);relu;maxpool(2);flatten;linear(classes)``.

Layers stand in order, with ``;`` between them. Numbers come in the order of the menu or by name;
what is left out has the menu's default. ``classes`` stands for the number of classes, and
``3*residual(16)`` for three layers alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from visualizer.errors import StackError
from visualizer.zoo.stack.kinds import find_kind
from visualizer.zoo.stack.record import Kind, Parameter, Settings, Value, checked

PIECES_MOST = 40
TEXT_MOST = 4_000  # characters
SYNTAX = re.compile(r"(?:(\d{1,3})\s*\*\s*)?([A-Za-z_]\w*)\s*(?:\(([^()]*)\))?")
FLAGS = {"yes": 1, "no": 0}


@dataclass(frozen=True)
class Piece:
    """One layer of a stack: its kind, and all of its settings once it is made.

    Raises:
        StackError: no such kind or setting, or a value outside its range.
    """

    kind: str
    settings: Settings = field(default_factory=dict)

    def __post_init__(self) -> None:
        record = self.record
        known = {parameter.name: parameter for parameter in record.parameters}
        strange = next((name for name in self.settings if name not in known), None)
        if strange is not None:
            raise StackError(f"{self.kind} has no setting {strange[:30]!r}. {_settings_of(record)}")
        given = {
            name: checked(record, parameter, self.settings.get(name, parameter.default))
            for name, parameter in known.items()
        }
        object.__setattr__(self, "settings", given)

    def __hash__(self) -> int:
        return hash((self.kind, *self.settings.items()))

    @property
    def record(self) -> Kind:
        """Give the record of its kind."""
        return find_kind(self.kind)

    @property
    def text(self) -> str:
        """Write the layer so that it can be read again, without what has the menu's default."""
        words = []
        for parameter in self.record.parameters:
            value = self.settings[parameter.name]
            if parameter.leading:
                words.append(_word(parameter, value))
            elif value != parameter.default:
                words.append(f"{parameter.name}={_word(parameter, value)}")
        return f"{self.kind}({','.join(words)})" if words else self.kind


Stack = tuple[Piece, ...]


def parse_stack(text: str) -> Stack:
    """Read a stack's text.

    Raises:
        StackError: it cannot be read, or has no layer or too many.
    """
    if len(text) > TEXT_MOST:
        raise StackError(
            f"The text has {len(text):,} characters; at most {TEXT_MOST:,} are read. Shorten it."
        )
    words = [word.strip() for word in re.split(r"[;\n]", text)]
    stack: list[Piece] = []
    for place, word in enumerate(word for word in words if word):
        times, piece = _read(word, place)
        if len(stack) + times > PIECES_MOST:
            raise StackError(
                f"The stack has more than {PIECES_MOST} layers, the limit. Take some out, or use "
                "blocks: residual and plain hold two convolutions each."
            )
        stack += [piece] * times
    if not stack:
        raise StackError("The stack has no layers. Begin with flatten;linear(classes).")
    return tuple(stack)


def format_stack(stack: Sequence[Piece]) -> str:
    """Write a stack's text, one word a layer; settings that have the default are left out."""
    return ";".join(piece.text for piece in stack)


def _read(word: str, place: int) -> tuple[int, Piece]:
    match = SYNTAX.fullmatch(word)
    if match is None:
        raise StackError(
            f"Layer {place + 1}, {word[:40]!r}, cannot be read. Write a name with its numbers: "
            "conv(16,3,padding=1)."
        )
    times, name, inside = match.groups()
    try:
        kind = find_kind(name)
        return int(times or 1) or 1, Piece(name, _settings(kind, inside or ""))
    except StackError as error:
        raise StackError(f"Layer {place + 1}, {word[:40]}: {error}") from None


def _settings(kind: Kind, inside: str) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    parameters = {parameter.name: parameter for parameter in kind.parameters}
    given = [part.strip() for part in inside.split(",")] if inside.strip() else []
    for place, part in enumerate(given):
        name, equals, word = (half.strip() for half in part.partition("="))
        if not equals:
            if place >= len(kind.parameters):
                raise StackError(f"{len(given)} numbers are too many. {_settings_of(kind)}")
            if any("=" in before for before in given[:place]):
                raise StackError(f"{part!r} stands behind named settings; name it, too.")
            name, word = kind.parameters[place].name, name
        if name in found:
            raise StackError(f"{name} is set twice. Take one out.")
        if not word:
            raise StackError(f"{part!r} sets nothing. Write name=number.")
        found[name] = _value(parameters.get(name), word)
    return found


def _value(parameter: Parameter | None, word: str) -> Value:
    if parameter is not None and parameter.flag and word in FLAGS:
        return FLAGS[word]
    try:
        number = float(word)
    except ValueError:
        return word  # refused with its name by the check
    return int(number) if number.is_integer() else number


def _word(parameter: Parameter, value: Value) -> str:
    if parameter.flag:
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"


def _settings_of(kind: Kind) -> str:
    if not kind.parameters:
        return "It has none."
    return f"It has, in this order: {', '.join(one.name for one in kind.parameters)}."
