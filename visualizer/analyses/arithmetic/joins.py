"""Steps that join or move values: add, multiply, concatenate, pad, flatten, pass on."""

from __future__ import annotations

from collections.abc import Callable

from visualizer.analyses.arithmetic.place import Arithmetic, Place, cell_patch, patch
from visualizer.analyses.arithmetic.wording import added, factor, number
from visualizer.runtime.graph import Layer


def add(place: Place) -> Arithmetic:
    """Add the same cell of two layers (He et al., CVPR 2016, arXiv:1512.03385)."""
    read = tuple(cell_patch(place, source) for source in place.sources)
    values = [float(one.inputs.item()) for one in read]
    value = sum(values)
    return Arithmetic("join", read, value, f"{added(values)} ≈ {number(value)}", adds=True)


def multiply(place: Place) -> Arithmetic:
    """Multiply the same cell of two layers, one of them a single cell per channel.

    Source: Hu, Shen & Sun, CVPR 2018, arXiv:1709.01507, equation 4.
    """
    read = tuple(cell_patch(place, source) for source in place.sources)
    one, other = (float(each.inputs.item()) for each in read)
    formula = f"{number(one)} · {factor(other)} ≈ {number(one * other)}"
    return Arithmetic("join", read, one * other, formula)


def concatenate(place: Place) -> Arithmetic:
    """Take over the value from the layer whose turn the channel is."""
    first = 0
    for source in place.sources:
        count = source.output_shape[0]
        if place.channel < first + count:
            break
        first += count
    channel = place.channel - first
    cell = (channel, place.row, place.column)
    note = f"Channel {place.channel} of all is channel {channel} of {source.name}."
    return _taken(place, source, cell, note, (("first channel", float(first)),))


def flatten(place: Place) -> Arithmetic:
    """Find the cell behind an index: channels first, then rows, then columns."""
    (source,) = place.sources
    channels, height, width = source.output_shape
    if source.channels_last:
        rest, channel = divmod(place.channel, channels)
        row, column = divmod(rest, width)
        note = f"{place.channel} = ({row} · {width} + {column}) · {channels} + {channel}"
    else:
        channel, rest = divmod(place.channel, height * width)
        row, column = divmod(rest, width)
        note = f"{place.channel} = {channel} · {height * width} + {row} · {width} + {column}"
    cell = (channel, row, column)
    return _taken(place, source, cell, f"{note}: channel {channel}, row {row}, column {column}.")


def passed_on(note: str = "") -> Callable[[Place], Arithmetic]:
    """Take over the same cell."""

    def work_out(place: Place) -> Arithmetic:
        (source,) = place.sources
        return _taken(place, source, (place.channel, place.row, place.column), note)

    return work_out


def pad(place: Place) -> Arithmetic:
    """Take over a cell, moved by the padding before it; around the map there are zeros."""
    (source,) = place.sources
    top, left = place.layer.attributes["before"]
    made = _taken(place, source, (place.channel, place.row - top, place.column - left), "")
    if made.patches[0].inside.all():
        return made
    return Arithmetic("join", made.patches, 0.0, "padding = 0", adds=True, note="Padding is 0.")


def _taken(
    place: Place,
    source: Layer,
    cell: tuple[int, int, int],
    note: str,
    constants: tuple[tuple[str, float], ...] = (),
) -> Arithmetic:
    channel, row, column = cell
    read = patch(place, source, range(channel, channel + 1), [row], [column])
    value = float(read.inputs.item())
    formula = f"value of {source.name} = {number(value)}"
    return Arithmetic("join", (read,), value, formula, adds=True, constants=constants, note=note)
