"""What frozen means, what caching may not change, and which pictures each way gets."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.model import Model, load_model
from visualizer.runtime.training.batches import Inputs
from visualizer.runtime.training.data import Data, Split, load_data
from visualizer.runtime.training.learn import train
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.runtime.training.transfer_base import Base
from visualizer.runtime.training.transfer_learning import question
from visualizer.runtime.training.transfer_running import Question, few, make_training
from visualizer.runtime.training.transfer_scale import SMALL, recipe_of
from visualizer.runtime.training.transfer_training import CachedTraining, FewTraining, Known
from visualizer.zoo.stack import Network

NORMED = (
    "conv(4,3,2,bias=no);batchnorm;relu;residual(6,2);globalavgpool;flatten;"
    "linear(12);relu;dropout;linear(classes)"
)


@pytest.fixture(scope="module")
def digits() -> Data:
    return load_data("digits", side=16)


@pytest.fixture(scope="module")
def model(digits: Data) -> Model:
    """A small network with everything that could move while frozen: batch norm, dropout, a skip."""
    return train(NORMED, digits, epochs=1, batch_size=128)


@pytest.fixture(scope="module")
def asked(model: Model) -> Question:
    shapes = load_data("shapes", side=16)
    return question(Base(model), shapes, per_class=(2, 4), seeds=2)


def known_of(asked: Question, data: Data) -> dict[str, Known]:
    """What the frozen parts make of all pictures, computed at once."""
    inputs = Inputs(Task(asked_network(asked), data, Recipe()))
    parts = (data.train, data.validation, data.test)
    values = [asked.base.values(inputs(part.pictures), asked.cached) for part in parts]
    return {name: Known(*(part[at] for part in values)) for at, name in enumerate(asked.cached)}


def asked_network(asked: Question) -> Network:
    return Network("transfer", asked.base.title, (), 16, "", "")


def trained(asked: Question, way: str, per_class: int = 4, seed: int = 0) -> FewTraining:
    data = few(asked.data, per_class, seed)
    made = make_training(asked, data, way, seed, known_of(asked, data))
    for _ in made.run():
        pass
    return made


def states(network: nn.Module, names: frozenset[str]) -> dict[str, Tensor]:
    return {
        key: value
        for key, value in network.state_dict().items()
        if any(key.startswith(f"{name}.") for name in names)
    }


@pytest.mark.parametrize("way", ["frozen", "head"])
def test_frozen_layers_stay_to_the_last_bit_batch_statistics_included(
    asked: Question, way: str
) -> None:
    base = asked.base
    assert asked.frozen is not None
    names = base.before(asked.frozen if way == "frozen" else base.last)
    before = states(base.model.module, names)
    assert any(key.endswith("running_mean") for key in before)
    assert any(key.endswith("num_batches_tracked") for key in before)
    before = {key: value.clone() for key, value in before.items()}
    training = trained(asked, way)
    after = states(training.network, names)
    assert after.keys() == before.keys()
    for key, value in before.items():
        assert torch.equal(after[key], value), key
        assert torch.equal(states(base.model.module, names)[key], value), f"the base's {key}"


def test_what_is_not_frozen_moves_batch_statistics_included(asked: Question) -> None:
    assert asked.frozen is not None
    frozen = asked.base.before(asked.frozen)
    before = asked.base.model.module.state_dict()
    after = trained(asked, "frozen").network.state_dict()
    free = [key for key in before if not any(key.startswith(f"{name}.") for name in frozen)]
    assert any("running_mean" in key for key in free)
    for key in free:
        same = before[key].shape == after[key].shape and torch.equal(before[key], after[key])
        assert not same, key


def test_weights_as_a_start_move_every_layer(asked: Question) -> None:
    before = asked.base.model.module.state_dict()
    after = trained(asked, "start").network.state_dict()
    for key, value in before.items():
        assert value.shape != after[key].shape or not torch.equal(value, after[key]), key


def test_the_base_is_left_as_it_was(asked: Question) -> None:
    module = asked.base.model.module
    before = {key: value.clone() for key, value in module.state_dict().items()}
    for way in asked.ways:
        trained(asked, way, per_class=2)
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())
    assert module.training is False


@pytest.mark.parametrize("way", ["frozen", "head"])
@pytest.mark.parametrize("seed", [0, 5])
def test_cached_values_give_what_training_with_the_part_frozen_gives(
    asked: Question, way: str, seed: int
) -> None:
    data = few(asked.data, 4, seed)
    cached = trained(asked, way, seed=seed)
    assert isinstance(cached, CachedTraining)
    running = Training(cached.task)  # the same task, but the frozen part sees every batch again
    for _ in running.run():
        pass
    for key, value in running.network.state_dict().items():
        torch.testing.assert_close(
            cached.network.state_dict()[key], value, rtol=1e-3, atol=1e-4, msg=key
        )
    torch.testing.assert_close(
        torch.tensor(cached.history.losses), torch.tensor(running.history.losses), rtol=1e-3,
        atol=1e-4,
    )  # fmt: skip
    assert cached.moments[-1].accuracy == pytest.approx(running.moments[-1].accuracy, abs=0.01)
    same = cached.predict(data.test).argmax(1) == running.predict(data.test).argmax(1)
    assert same.double().mean() > 0.99
    torch.testing.assert_close(
        cached.logits(0, 30), running.predict(data.test)[:30], rtol=1e-2, atol=1e-2
    )


def test_a_head_by_hand() -> None:
    """Plain gradient descent on one picture a class, worked out apart from the engine."""
    base = Base(load_model("lenet5"))
    asked = question(base, load_data("shapes", side=28), per_class=(1,), seeds=1)
    data = few(asked.data, 1, 0)
    recipe = Recipe(
        epochs=1, batch_size=5, optimiser="sgd", schedule="constant", learning_rate=0.1,
        weight_decay=0,
    )  # fmt: skip
    made = make_training(asked, data, "head", 0)
    task = replace(made.task, recipe=recipe)
    x, held = (
        base.features((part.pictures.float() / 255 - 0.1307) / 0.3081)
        for part in (data.train, data.validation)
    )
    training = CachedTraining(task, base, base.last, Known(x, held, held))
    head = training.network.get_submodule(base.head)
    assert isinstance(head, nn.Linear)
    weight = head.weight.detach().clone()
    logits = x @ weight.T + head.bias.detach()
    wrong = torch.softmax(logits, 1) - torch.eye(5)[data.train.labels]
    training.advance()
    torch.testing.assert_close(head.weight.detach(), weight - 0.1 * wrong.T @ x / 5)


def test_all_ways_get_the_same_pictures_in_the_same_order(asked: Question) -> None:
    data = few(asked.data, 4, 1)
    made = {way: make_training(asked, data, way, 1) for way in asked.ways}
    scratch = made["scratch"]
    for way, training in made.items():
        assert torch.equal(training.batches.split.pictures, scratch.batches.split.pictures), way
        _, labels = training.batches.take(0, 0)
        _, others = make_training(asked, data, "scratch", 1).batches.take(0, 0)
        assert torch.equal(labels, others), way


def test_fewer_pictures_are_among_the_more_and_as_many_of_each_class(asked: Question) -> None:
    small, large = (few(asked.data, count, 3).train for count in (2, 4))
    assert torch.bincount(small.labels).tolist() == [2] * 5
    assert torch.bincount(large.labels).tolist() == [4] * 5
    known = {one.numpy().tobytes() for one in large.pictures}
    assert all(one.numpy().tobytes() in known for one in small.pictures)
    other = few(asked.data, 2, 4).train
    assert not torch.equal(other.pictures, small.pictures)


def test_no_test_picture_is_ever_trained_on(digits: Data, asked: Question) -> None:
    for data, classes in ((digits, 10), (asked.data, 5)):
        whole = {one.numpy().tobytes() for one in data.test.pictures}
        train = few(data, 50, 0).train
        assert len(train) == 50 * classes
        twins = [one for one in train.pictures if one.numpy().tobytes() in whole]
        assert not twins
    assert few(asked.data, 4, 0).test is asked.data.test
    assert few(asked.data, 4, 0).fresh is None


def test_a_network_from_scratch_shares_no_weight_with_the_base(asked: Question) -> None:
    data = few(asked.data, 2, 0)
    first, second = (make_training(asked, data, "scratch", seed).network for seed in (0, 1))
    base = asked.base.model.module.state_dict()
    for key, value in first.state_dict().items():
        if key.endswith("weight") and value.ndim > 1:
            assert not torch.equal(value, second.state_dict()[key]), key
            assert value.shape != base[key].shape or not torch.equal(value, base[key]), key
        if key.endswith("running_mean"):
            assert not value.any(), key


def test_a_copy_of_a_partly_frozen_network_stays_partly_frozen(asked: Question) -> None:
    assert asked.frozen is not None
    training = make_training(asked, few(asked.data, 2, 0), "frozen", 0)
    copied = training.module().train()
    frozen = asked.base.before(asked.frozen)
    modes = {name: part.training for name, part in copied.named_modules() if name}
    assert all(not modes[name] for name in frozen)
    assert modes[asked.base.head]


def test_the_network_keeps_its_own_preprocessing(asked: Question) -> None:
    spec = asked.base.model.spec
    assert (asked.data.mean, asked.data.std) == (spec.mean, spec.std)
    own = load_data("shapes", side=16)
    assert own.mean != spec.mean


@pytest.mark.parametrize(
    ("name", "layers", "cuts", "usual"),
    [
        ("lenet5", 5, ["2", "6", "8"], "6"),
        ("vgg_fashion", 8, ["features.2", "features.6", "features.9", "features.13",
                            "features.16", "flatten"], "features.9"),
        ("resnet_cifar10", 11, ["relu", "layer1.relu2", "layer2.relu2"], "layer1.relu2"),
    ],
)  # fmt: skip
def test_networks_are_cut_where_one_value_carries_all(
    name: str, layers: int, cuts: list[str], usual: str
) -> None:
    base = Base(load_model(name))
    assert base.layers == layers
    assert [cut.layer for cut in base.cuts] == cuts
    assert base.usual_cut == usual


def test_parameters_before_a_cut_of_lenet() -> None:
    """6 · 26 = 156; 16 · 6 · 25 + 16 = 2,416 more; 120 · 401 = 48,120 more."""
    assert [cut.parameters for cut in Base(load_model("lenet5")).cuts] == [156, 2_572, 50_692]


def test_what_cannot_be_taken_further_is_refused(model: Model, digits: Data) -> None:
    base = Base(model)
    with pytest.raises(UnknownNameError, match="cannot be frozen up to 'nowhere'"):
        base.cut("nowhere")
    with pytest.raises(VisualizerError, match=r"61,100,840 parameters.* up to 13,000,000 and 3"):
        Base(load_model("alexnet", weights=None))
    headless = train("conv(classes,3,2);globalavgpool;flatten", digits, epochs=1)
    with pytest.raises(VisualizerError, match="does not end in a fully connected layer"):
        Base(headless)


def test_recipes_differ_in_the_learning_rate_alone() -> None:
    plain = recipe_of("scratch", 250, SMALL)
    assert plain.epochs * 8 >= 100
    for way in ("start", "frozen", "head"):
        assert replace(recipe_of(way, 250, SMALL), learning_rate=plain.learning_rate) == plain
    assert recipe_of("head", 5, SMALL).batch_size == 5
    assert recipe_of("head", 5, SMALL).epochs == 100


def test_a_loss_that_is_no_number_ends_a_head_with_its_last_good_weights(asked: Question) -> None:
    data = few(asked.data, 2, 0)
    made = make_training(asked, data, "head", 0)
    features = torch.full((10, asked.base.width), float("nan"))
    broken = CachedTraining(made.task, asked.base, asked.base.last, Known(*[features] * 3))
    for _ in broken.run():
        pass
    assert broken.why is not None
    assert "not a number any more" in broken.why
    assert torch.isfinite(broken.predict(Split(data.test.pictures[:4], data.test.labels[:4]))).all()


def test_tasks_build_the_network_of_their_moments(asked: Question) -> None:
    training = trained(asked, "frozen", per_class=2)
    task: Task = training.task
    assert task.make().load_state_dict(training.moments[-1].state)
    assert [one.step for one in training.moments] == [0, training.steps]
