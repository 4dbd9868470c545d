"""Training repeats to the bit in any slices, updates as the formulas say, and ends well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tests.runtime.training.toys import LINEAR, STACK, toy_data, toy_split, toy_task
from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.augmentation.presets import PRESETS
from visualizer.runtime.training.data import Split
from visualizer.runtime.training.failing import why_failed
from visualizer.runtime.training.training import Training
from visualizer.zoo.untrained import borrowed_generator


def weights(training: Training) -> torch.Tensor:
    return torch.cat([value.flatten() for value in training.network.state_dict().values()])


def finished(**settings: Any) -> Training:
    training = Training(toy_task(**settings))
    for _ in training.run():
        pass
    return training


def test_the_same_seed_gives_the_same_weights_and_leaves_the_callers_generator() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one = finished(shift=1, flip=True)
    assert torch.equal(torch.rand(3), expected)
    torch.rand(17)
    assert torch.equal(weights(finished(shift=1, flip=True)), weights(one))
    assert not torch.equal(weights(finished(shift=1, flip=True, seed=1)), weights(one))
    assert one.moments[-1].accuracy > 0.9


def whole(training: Training) -> None:
    for _ in training.run():
        pass


def by_steps_and_looked_at(training: Training) -> None:
    while not training.ended:
        for _ in training.run(2):
            torch.rand(3)
            training.predict(training.task.data.validation)
            training.module(0)
            training.test_accuracy()
            training.network.eval()


def by_time(training: Training) -> None:
    before = threads()
    while not training.ended:
        training.slice(1e-9)
        assert threads() == before


def threads() -> int:
    return torch.get_num_threads()


@pytest.mark.parametrize("run", [by_steps_and_looked_at, by_time])
@pytest.mark.parametrize(
    "settings", [{}, {"shift": 1, "flip": True}, {"augment": "rotate(degrees=9)"}]
)
def test_slices_and_looks_change_nothing(
    run: Callable[[Training], None], settings: dict[str, Any]
) -> None:
    sliced, plain = Training(toy_task(**settings)), Training(toy_task(**settings))
    whole(plain)
    run(sliced)
    assert torch.equal(weights(sliced), weights(plain))
    assert np.array_equal(sliced.history.losses, plain.history.losses)
    assert [one.loss for one in sliced.moments] == [one.loss for one in plain.moments]


def test_two_at_once_do_not_disturb_each_other() -> None:
    first, second = Training(toy_task(seed=3)), Training(toy_task(seed=4))
    while not first.ended:
        first.advance()
        second.advance()
    assert torch.equal(weights(first), weights(finished(seed=3)))
    assert torch.equal(weights(second), weights(finished(seed=4)))


def test_steps_epochs_and_moments_are_counted() -> None:
    training = Training(toy_task())
    assert (training.steps_per_epoch, training.steps) == (7, 21)  # 50 pictures, 8 at a time
    assert (training.step, training.epoch, len(training.history)) == (0, 0, 0)
    untrained = training.moments[0]
    assert (untrained.k, untrained.epoch, untrained.step) == (0, 0, 0)
    with borrowed_generator() as generator:
        generator.manual_seed(0)
        built = training.task.make().state_dict()
    assert all(torch.equal(built[name], value) for name, value in untrained.state.items())
    records = list(training.run())
    assert [record.step for record in records] == list(range(1, 22))
    assert [record.epoch for record in records] == [1] * 7 + [2] * 7 + [3] * 7
    ends = [record for record in records if record.validation]
    assert [record.step for record in ends] == [7, 14, 21]
    assert [record.moment for record in ends] == [1, 2, 3]
    assert training.ended
    assert training.why is None
    assert training.history.losses.tolist() == pytest.approx([r.loss for r in records])
    assert training.history.steps.tolist() == list(range(1, 22))
    assert [one.accuracy for one in training.history.validation] == [
        one.accuracy for one in training.moments[1:]
    ]
    with pytest.raises(VisualizerError, match="ended after 21 steps"):
        training.advance()
    with pytest.raises(ValueError, match="read-only"):
        training.history.losses[0] = 1


def test_a_moment_is_a_copy_that_stays() -> None:
    training = finished()
    first, last = training.module(1), training.module()
    state = first.state_dict()
    assert all(torch.equal(state[name], value) for name, value in training.moment(1).state.items())
    assert torch.equal(training.predict(training.task.data.test, 3), logits(training, last))
    assert not torch.equal(training.predict(training.task.data.test, 1), logits(training, last))
    right = logits(training, last).argmax(1) == training.task.data.test.labels
    assert training.test_accuracy() == pytest.approx(float(right.double().mean()))
    assert not first.training
    with pytest.raises(UnknownNameError, match="no moment 4 yet; choose 0 to 3"):
        training.module(4)


def logits(training: Training, module: torch.nn.Module) -> torch.Tensor:
    with torch.inference_mode():
        made: torch.Tensor = module(training.inputs(training.task.data.test.pictures))
    return made


def test_a_failure_names_the_chosen_rate_and_the_rate_of_the_step() -> None:
    task = toy_task(optimiser="sgd", learning_rate=1000.0)
    early = why_failed(task, float("nan"), step=3, rate=40.25, kept=0)
    assert "at step 3, with a learning rate of 1,000 (40.2 at that step): its updates" in early
    assert "The network of the beginning is kept; try a rate of 0.15, the usual one." in early
    usual = toy_task(optimiser="sgd", learning_rate=0.15)
    late = why_failed(usual, float("inf"), step=9, rate=0.15, kept=2)
    assert "grown beyond all numbers at step 9, with a learning rate of 0.15: its updates" in late
    assert late.endswith("The network of epoch 2 is kept; try a rate of 0.015.")


def test_a_rate_that_overshoots_ends_with_the_last_good_moment() -> None:
    training = Training(
        toy_task(optimiser="sgd", schedule="constant", learning_rate=1000.0, epochs=9)
    )
    whole(training)
    assert training.ended
    assert training.step < training.steps
    assert training.why is not None
    assert "with a learning rate of 1,000: its updates" in training.why
    assert "try a rate of 0.15, the usual one." in training.why
    last = training.moments[-1]
    assert np.isfinite(last.loss)
    assert not np.isfinite(training.history.losses[-1])
    now = training.network.state_dict()
    assert all(torch.equal(now[name], value) for name, value in last.state.items())


def test_weights_that_break_at_an_epochs_end_are_no_moment() -> None:
    training = Training(toy_task())
    list(training.run(6))
    training.part()
    with torch.no_grad():
        next(training.network.parameters()).fill_(float("nan"))
    record = training.advance()
    assert record.moment is None
    assert training.ended
    assert len(training.moments) == 1
    assert "The network of the beginning is kept" in str(training.why)


def test_a_long_validation_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visualizer.runtime.training.training.PICTURES_AT_ONCE", (7, 7))
    training, plain = Training(toy_task()), finished()
    list(training.run(6))
    parts = [training.part() for _ in range(6)]  # the step, then 30 pictures, 7 at a time
    assert parts[:5] == [None] * 5
    assert parts[5] is not None
    assert parts[5].validation is not None
    assert parts[5].validation.loss == pytest.approx(plain.moments[1].loss, rel=1e-5)
    assert parts[5].validation.accuracy == plain.moments[1].accuracy
    answers, labels = training.moments[1].answers, training.task.data.validation.labels.numpy()
    assert answers is not None
    assert len(answers.predicted) == len(answers.losses) == 30
    assert (answers.predicted == labels).mean() == pytest.approx(plain.moments[1].accuracy)
    assert answers.losses.mean() == pytest.approx(plain.moments[1].loss, rel=1e-5)


def test_only_the_first_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = finished().moments[-1].answers
    monkeypatch.setattr("visualizer.runtime.training.validating.ANSWERS_MOST", 10)
    monkeypatch.setattr("visualizer.runtime.training.training.PICTURES_AT_ONCE", (4, 4))
    first = finished().moments[-1].answers
    assert whole is not None
    assert first is not None
    assert first.predicted.tolist() == whole.predicted[:10].tolist()
    np.testing.assert_allclose(first.losses, whole.losses[:10], rtol=1e-4)
    monkeypatch.setattr("visualizer.runtime.training.training.FIRST_LOOK_MACS", 1)
    assert Training(toy_task()).moments[0].answers is None  # only a glimpse of the split


def test_half_precision_learns_and_keeps_whole_weights() -> None:
    training = finished(precision="bfloat16")
    assert {value.dtype for value in training.moments[-1].state.values()} == {torch.float32}
    assert not torch.equal(weights(training), weights(finished()))
    assert training.moments[-1].accuracy > 0.9


def test_every_epoch_of_drawn_pictures_is_new() -> None:
    asked: list[int] = []

    def fresh(epoch: int) -> Split:
        asked.append(epoch)
        return toy_split(50, 100 + epoch)

    finished(data=replace(toy_data(), fresh=fresh))
    assert asked == [1, 2]


def test_shuffled_pixels_are_the_same_for_learning_and_answering() -> None:
    training = Training(toy_task(LINEAR, pixels_shuffled=True))
    places = training.inputs.places
    assert places is not None
    assert sorted(places.tolist()) == list(range(6 * 8))
    pictures = training.task.data.test.pictures
    plain = (pictures.numpy().reshape(40, -1)[:, places.numpy()] / 255 - 0.4) / 0.25
    assert training.inputs(pictures).numpy().reshape(40, -1) == pytest.approx(plain, abs=1e-5)
    batch, labels = training.batches.take(0, 0)
    found = [
        int((training.inputs(training.batches.split.pictures) == one).all((1, 2, 3)).nonzero()[0])
        for one in batch
    ]
    assert torch.equal(training.batches.split.labels[found], labels)
    whole(training)
    assert training.moments[-1].accuracy > 0.9


MODERN = next(one for one in PRESETS if one.name == "modern").pipeline


def test_mixed_pictures_are_learned_with_their_labels_in_shares() -> None:
    """The first step's loss is torch's of the shares, its accuracy counts the largest."""
    training = Training(toy_task(LINEAR, augment="mixup", label_smoothing=0.1))
    twin = Training(toy_task(LINEAR, augment="mixup")).batches
    inputs, shares = twin.take(0, 0)
    assert shares.shape == (8, 2)
    assert ((shares > 0).sum(1) == 2).any()
    assert shares.sum(1).tolist() == pytest.approx([1.0] * 8)
    with torch.inference_mode():
        logits = training.network(inputs)
    smoothed = 0.9 * shares + 0.05
    loss = -(smoothed * logits.log_softmax(1)).sum(1).mean().item()
    record = training.advance()
    assert record.loss == pytest.approx(loss, rel=1e-6)
    right = logits.argmax(1) == (shares[:, 1] > shares[:, 0])
    assert record.accuracy == pytest.approx(float(right.float().mean()))


def test_the_modern_recipe_trains_and_repeats_to_the_bit() -> None:
    one, other = finished(augment=MODERN), Training(toy_task(augment=MODERN))
    by_time(other)
    assert torch.equal(weights(one), weights(other))
    assert not torch.equal(weights(one), weights(finished(augment=MODERN, seed=1)))
    assert one.moments[-1].loss < one.moments[0].loss


@pytest.mark.parametrize(
    ("stack", "settings", "words"),
    [
        (STACK, {"pictures": 51}, "has 50 pictures to train on, not 51"),
        ("conv(2,3);batchnorm;relu;flatten;linear(classes)", {"batch_size": 1}, "2 or more"),
        (STACK, {"augment": "hflip;mixup", "batch_size": 1}, "leave MixUp none to mix it with"),
        (STACK, {"seed": -1}, "The seed is -1"),
        (STACK, {"data": replace(toy_data(), classes=("one",))}, "has 1 class"),
    ],
)
def test_what_does_not_fit_says_so(stack: str, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(VisualizerError, match=words):
        Training(toy_task(stack, **settings))
