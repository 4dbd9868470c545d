"""What the experiments ask the server, without a browser."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import frames_of, newcomer, serving
from visualizer.panels.training import PANEL, experiments
from visualizer.panels.training.keep import FILES
from visualizer.panels.training.kept_results import MOST, KeptResults, kept_results
from visualizer.runtime.shelf import Shelf
from visualizer.runtime.training.data import load_data
from visualizer.runtime.training.experiments.menu import EXPERIMENTS, find_experiment
from visualizer.runtime.training.experiments.record import Arm
from visualizer.runtime.training.experiments.running import run_experiment
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE

STACK = "conv(4,3,2);relu;flatten;linear(classes)"
QUICK = replace(
    find_experiment("pooling"),
    name="quick",
    arms=(Arm("Small", STACK, {}, "with it"), Arm("Linear", "flatten;linear(classes)", {}, "no")),
    data="digits",
    seeds=2,
    recipe={"pictures": 300, "epochs": 2, "batch_size": 100, "learning_rate": 0.01},
)


@pytest.fixture
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture
def client(service: Service, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(experiments, "find_experiment", lambda name: known(name))
    endpoints = [*PANEL.endpoints, *WORKSPACE]
    with serving(service, endpoints) as made:
        made.headers["X-Visitor"] = newcomer(made)
        yield made


def known(name: str) -> Any:
    return QUICK if name == "quick" else find_experiment(name)


def run(client: TestClient, question: str) -> list[Any]:
    answer = client.post(f"/vz/training/experiments/run?{question}")
    assert answer.status_code == 200, answer.text
    return frames_of(answer.content)


def test_the_menu_lists_all_with_questions_and_guesses(client: TestClient) -> None:
    menu = client.get("/vz/training/experiments").json()["experiments"]
    assert [one["name"] for one in menu] == [one.name for one in EXPERIMENTS]
    assert len(menu) == 7
    for one in menu:
        assert one["question"].endswith("?")
        assert len(one["guesses"]) >= 3
        assert all(arm["pictures"] and arm["stack"] for arm in one["arms"])
    assert [one["name"] for one in menu if one["augment"]] == ["augmentation", "overfitting"]


def test_every_step_is_told_once_and_the_last_frame_concludes(client: TestClient) -> None:
    *frames, last = run(client, "name=quick&seed=4&side=12")
    assert last[0]["done"] is True
    losses: dict[tuple[int, int], list[float]] = {}
    validation: dict[tuple[int, int], list[Any]] = {}
    for header, arrays in frames:
        for place, one in enumerate(header["trainings"]):
            key = one["arm"], one["run"]
            losses.setdefault(key, []).extend(arrays[f"losses{place}"].tolist())
            validation.setdefault(key, []).extend(one["validation"])
            assert len(losses[key]) == one["step"] <= one["steps"] == 6
            assert one["seed"] == 4 + one["run"]
    assert set(losses) == {(0, 0), (1, 0), (0, 1), (1, 1)}
    assert all([one["step"] for one in records] == [3, 6] for records in validation.values())
    result = frames[-1][0]["result"]
    assert result["seeds"] == [4, 5]
    assert [len(arm["test"]) for arm in result["arms"]] == [2, 2]
    steps = run_experiment(QUICK, load_data("digits", side=12), seed=4)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            alone = end.value
            break
    assert result["sentence"] == alone.sentence
    assert result["guess"] == alone.guess
    for place, arm in enumerate(alone.arms):
        assert result["arms"][place]["test"] == list(arm.test)
        np.testing.assert_array_equal(losses[place, 0], arm.history.losses)


def test_an_arm_joins_the_visitors_networks_once(client: TestClient, service: Service) -> None:
    run(client, "name=quick&seeds=1&side=12")
    kept = client.post("/vz/training/experiments/keep?arm=1").json()
    again = client.post("/vz/training/experiments/keep?arm=1").json()
    assert kept == again
    assert kept["moment"] == 2
    network = client.get("/vz/networks").json()["networks"]
    assert [one["training"] for one in network] == [kept["training"]]
    assert network[0]["base"].startswith("Linear")
    assert service.trainings.get(kept["training"]).task.seed == 0
    assert client.post("/vz/training/experiments/keep?arm=2").status_code == 404


def test_a_network_for_shuffled_pixels_is_not_opened(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shuffled = replace(QUICK.arms[1], recipe={"pixels_shuffled": True})
    chosen = replace(QUICK, arms=(QUICK.arms[0], shuffled))
    monkeypatch.setattr(experiments, "find_experiment", lambda _name: chosen)
    arms = run(client, "name=quick&seeds=1&side=12")[-2][0]["result"]["arms"]
    assert [arm["opens"] for arm in arms] == [True, False]
    refused = client.post("/vz/training/experiments/keep?arm=1")
    assert refused.status_code == 400
    assert "shuffled pixels only" in refused.json()["error"]


def test_without_an_experiment_there_is_nothing_to_keep(
    client: TestClient, service: Service
) -> None:
    refused = client.post("/vz/training/experiments/keep?arm=0")
    assert refused.status_code == 410
    assert "Run it again" in refused.json()["error"]
    run(client, "name=quick&seeds=1&side=12")
    visitor = client.headers["X-Visitor"]
    assert kept_results(service).experiments.of(visitor) is not None
    service.visitors.leave(visitor)
    assert kept_results(service).experiments.of(visitor) is None


def test_few_visitors_experiments_are_kept() -> None:
    kept: KeptResults[object, int] = KeptResults()
    for number in range(MOST + 1):
        kept.keep(str(number), object())
    assert kept.of("0") is None
    assert kept.of("1") is not None


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("name=poling", 404, "Nearest: pooling"),
        ("name=quick&seeds=9", 400, "9 seeds are asked for"),
        ("name=quick&augment=hflip", 400, "changes no pictures"),
        ("name=augmentation&augment=sparkle", 404, "sparkle"),
        ("name=augmentation&augment=mixup(alpha=9)", 400, "alpha of mixup is 9"),
        ("name=quick&data=nowhere", 404, "There is no data"),
        ("name=quick&seed=x", 400, "no whole number"),
    ],
)
def test_mistaken_questions_get_a_sentence_before_anything_runs(
    client: TestClient, question: str, status: int, words: str
) -> None:
    answer = client.post(f"/vz/training/experiments/run?{question}")
    assert answer.status_code == status, answer.text
    assert words in answer.json()["error"]


def test_only_the_pages_own_visitors_run_experiments(client: TestClient) -> None:
    for path in ("run?name=quick", "keep?arm=0"):
        answer = client.post(f"/vz/training/experiments/{path}", headers={"X-Visitor": "nobody"})
        assert answer.status_code == 410


def test_an_arm_is_taken_home_and_its_lines_train_it_again(
    client: TestClient, tmp_path: Path
) -> None:
    run(client, "name=quick&seeds=1&side=12")
    handle = client.post("/vz/training/experiments/keep?arm=0").json()["training"]
    address = f"/vz/training/{handle}/download"
    files = {kind: client.get(address, params={"as": kind}) for kind in FILES}
    assert [file.status_code for file in files.values()] == [200] * len(FILES)
    mine = tmp_path / "mine.safetensors"
    mine.write_bytes(files["safetensors"].content)
    space: dict[str, Any] = {}
    exec(files["python"].text.replace("print", "str"), space)
    read = vz.read_trained(mine, "cpu").module.state_dict()
    for name, value in space["model"].module.state_dict().items():
        assert torch.equal(value, read[name]), name
    assert "threads=1" in files["python"].text
