"""The step that a training would take next, on copies: the training itself does not move."""

from __future__ import annotations

import copy

import torch
from torch import Tensor
from torch.nn.modules.dropout import _DropoutNd

from visualizer.errors import VisualizerError
from visualizer.runtime.training.batches import Batches
from visualizer.runtime.training.explained_step import ExplainedStep
from visualizer.runtime.training.optimiser import set_pace
from visualizer.runtime.training.remembering import put_back
from visualizer.runtime.training.schedule import pace
from visualizer.runtime.training.step_start import StepStart
from visualizer.runtime.training.trained_model import TrainedModel
from visualizer.runtime.training.training import Training

OVER = "The training is over: this is the step that would follow, at the last learning rate."
FRESH = (
    "This training is large, so of earlier moments only the weights are kept: the optimiser begins "
    "anew here, as at step 1."
)
COARSE = "bfloat16 keeps three digits of every product; what that costs is in the rounding."


def explain_step(trained: Training | TrainedModel, moment: int | None = None) -> ExplainedStep:
    """Take a training's next step apart: every number of forward, loss, backward and update.

    ``moment`` asks for the step that followed an earlier moment: the training's own where the
    optimiser's buffers were kept. The training is not disturbed; when it takes the step, its
    weights become ``changes[name].new``, bit for bit.

    Raises:
        UnknownNameError: no such moment.
        VisualizerError: a model that was not trained here, or a loss that is no number.
    """
    if isinstance(trained, Training):
        return ExplainedStep(step_start(trained, moment))
    if not isinstance(trained, TrainedModel):
        raise VisualizerError(
            "This network was not trained here: there is no next step. Take one that vz.train made."
        )
    at = trained.moment if moment is None else moment
    return ExplainedStep(step_start(trained.training, at))


def step_start(training: Training, moment: int | None = None) -> StepStart:
    """Copy what the training's next step needs, or the step after an earlier ``moment``."""
    with training.lock:
        here = moment is None or training.moment(moment).step == training.step
        return _now(training) if here or moment is None else _then(training, moment)


def _now(training: Training) -> StepStart:
    """Copy network, optimiser, order of the pictures and random state as they stand."""
    module, optimiser = copy.deepcopy((training.network, training.optimiser))
    batches = copy.copy(training.batches)
    batches.generator = _at(training.batches.generator.get_state())
    over = training.step >= training.steps
    chance, notes = training._chance.clone(), (OVER,) * over
    return _start(training, module, optimiser, batches, training.step, chance, notes=notes)


def _then(training: Training, moment: int) -> StepStart:
    """Put back what was kept of an earlier moment: with the buffers that is where it stood."""
    found = training.moment(moment)
    assert found.stand is not None
    module, optimiser = copy.deepcopy((training.network, training.optimiser))
    module.load_state_dict(found.state)
    put_back(optimiser, found.stand.buffers)
    batches = type(training.batches)(training.task, training.inputs)
    batches.generator = _at(found.stand.order)
    exact = found.stand.buffers is not None
    chance, notes = found.stand.chance.clone(), () if exact else (FRESH,)
    return _start(training, module, optimiser, batches, found.step, chance, exact, notes)


def _start(
    training: Training,
    module: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    batches: Batches,
    step: int,
    chance: Tensor,
    exact: bool = True,
    notes: tuple[str, ...] = (),
) -> StepStart:
    recipe, data = training.task.recipe, training.task.data
    drops = any(isinstance(part, _DropoutNd) for part in module.modules())
    epoch, number = divmod(step, training.steps_per_epoch)
    inputs, labels = batches.take(epoch, number)
    set_pace(optimiser, recipe, pace(recipe, min(step, training.steps - 1), training.steps))
    return StepStart(
        module.train(),
        optimiser,
        inputs,
        labels,
        tuple(data.mean),
        tuple(data.std),
        step,
        epoch,
        recipe.label_smoothing,
        recipe.precision,
        recipe.threads,
        chance if drops else None,
        exact,
        (*notes, COARSE) if recipe.precision == "bfloat16" else notes,
    )


def _at(state: Tensor) -> torch.Generator:
    made = torch.Generator()
    made.set_state(state)
    return made
