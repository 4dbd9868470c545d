"""What the Training tab asks to begin a training, to let it run, and to hear how it goes."""

from __future__ import annotations

from typing import Any

import numpy as np
from starlette.responses import Response

from visualizer.errors import GoneError
from visualizer.panels.training.looking import read_look
from visualizer.panels.training.memory import Memory, memory
from visualizer.panels.training.question import read_task, setup
from visualizer.panels.training.records import Arrays, history_arrays, moment_record
from visualizer.panels.training.running import Running
from visualizer.runtime.training.keeping import counts
from visualizer.runtime.training.python_lines import python_script
from visualizer.runtime.training.training import Training
from visualizer.ui.http import Endpoint, Query, binary
from visualizer.ui.service import Service
from visualizer.ui.trainings import check_size, size_bytes
from visualizer.zoo.stack import describe_stack

TAKEN_OVER = "Another training of yours was started; this one is paused. Resume it when you like."

WEIGHTS_ALONE = (
    "The moments keep the weights alone: with the optimiser's averages they would take too much of "
    "this server's memory. One step explained begins anew at earlier moments."
)


def open_training(service: Service, query: Query) -> Response:
    """Set a training up, untrained as yet; the answer is that of :func:`state`."""
    task = read_task(service, query)
    rows = describe_stack(task.network.stack, task.input_shape, len(task.data.classes))
    parameters, epochs = sum(row.parameters for row in rows), task.recipe.epochs
    check_size(parameters, epochs)
    size = size_bytes(parameters, epochs)
    with service.turns.step():
        training = Training(task, service.trainings.room(size))
    handle, dropped = service.trainings.keep(query.visitor, training, size + training.buffers_bytes)
    kept = memory(service, handle)
    kept.data, kept.notes = query.parameters.get("data", ""), (*task.data.notes, *_notes(training))
    if dropped is not None:
        gone = dropped.task
        kept.notes += (
            f"Your oldest training ({gone.network.title}, {gone.data.title}) made room for this "
            f"one: {service.trainings.each} are kept.",
        )
    return binary(*described(kept))


def _notes(training: Training) -> tuple[str, ...]:
    """Say what becomes of pictures and labels, and what the moments lack."""
    augmenter, (_, height, width) = training.batches.augmenter, training.task.input_shape
    notes = () if augmenter is None else augmenter.notes(height, width)
    return notes if training.keeps_buffers else (*notes, WEIGHTS_ALONE)


def state(service: Service, query: Query) -> Response:
    """Answer with all that is known of a training."""
    return binary(*described(memory(service, query.path["handle"])))


def described(kept: Memory) -> tuple[dict[str, Any], Arrays]:
    """Describe a training: header and arrays."""
    training, task = kept.training, kept.training.task
    data, layers = task.data, kept.live.layers
    with training.lock:
        arrays = {
            "labels": data.validation.labels.numpy().astype(np.uint8),
            **history_arrays(training.history),
        }
        header = {
            "training": kept.handle,
            "title": f"{task.network.title}, {data.title}",
            "network": task.network.title,
            "data": data.title,
            "classes": list(data.classes),
            "input": list(task.input_shape),
            "layers": layers,
            "shown": kept.live.count,
            "counts": counts(task),
            "steps": training.steps,
            "steps_per_epoch": training.steps_per_epoch,
            "step": training.step,
            "epoch": training.epoch,
            "epochs": task.recipe.epochs,
            "setup": {**setup(task), "data": kept.data or data.name},
            "moments": [moment_record(one) for one in training.moments],
            "ended": training.ended,
            "why": training.why,
            "notes": list(kept.notes),
            "python": python_script(task),
        }
    return header, arrays


def run(service: Service, query: Query) -> Response:
    """Stream a training as it goes on, ``steps`` further or to its end."""
    handle = query.path["handle"]
    if handle not in service.trainings.of(query.visitor):
        raise GoneError("This training is no longer kept. Start it again.")
    kept = memory(service, handle)
    steps = query.whole_number("steps") if query.parameters.get("steps") else None
    look = read_look(service, query, kept)
    frames = Running(service, kept, look, steps).frames()
    return service.work.stream(query.visitor, "training", frames, taken_over=TAKEN_OVER)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/training/open", open_training, "POST", owned=True),
    Endpoint("/training/{handle}/run", run, "POST", owned=True),
    Endpoint("/training/{handle}", state),
)
