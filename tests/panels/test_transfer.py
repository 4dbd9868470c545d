"""What the page asks about transfer learning, without a browser."""

from pathlib import Path
from typing import Any

import pytest
import torch
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import frames_of, newcomer, serving
from visualizer.panels.training import PANEL
from visualizer.panels.training.keep import FILES
from visualizer.panels.training.kept_results import MOST, KeptResults, kept_results
from visualizer.runtime.shelf import Shelf
from visualizer.runtime.training.transfer_record import Transfer
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE

pytestmark = pytest.mark.usefixtures("few_steps")

QUICK = "base=lenet5&data=shapes&per_class=1,2&seeds=1"


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture(scope="module")
def client(service: Service) -> Any:
    endpoints = [*PANEL.endpoints, *WORKSPACE]
    with serving(service, endpoints) as made:
        made.headers["X-Visitor"] = newcomer(made)
        yield made


def run(client: TestClient, question: str) -> list[Any]:
    answer = client.post(f"/vz/training/transfer/run?{question}")
    assert answer.status_code == 200, answer.text
    return [header for header, _ in frames_of(answer.content)]


@pytest.fixture(scope="module")
def frames(client: TestClient) -> list[Any]:
    return run(client, QUICK)


def test_the_menu_tells_where_a_network_is_cut(client: TestClient) -> None:
    menu = client.get("/vz/training/transfer?base=lenet5").json()
    why = {one["name"]: one["why"] for one in menu["bases"]}
    here = [name for name, reason in why.items() if reason is None]
    assert {"efficientnet_lite0", "lenet5", "vgg_fashion", "resnet_cifar10"} <= set(here)
    assert why["vgg16"] == "too large, 138 million parameters"
    assert menu["base"]["per_class"] == [1, 2, 5, 10, 20, 50]
    assert (menu["base"]["seeds"], len(menu["base"]["ways"])) == (3, 4)
    assert [one["name"] for one in menu["ways"]] == ["scratch", "start", "frozen", "head"]
    assert [one["layer"] for one in menu["base"]["cuts"]] == ["2", "6", "8"]
    assert (menu["base"]["usual_cut"], menu["base"]["layers"]) == ("6", 5)
    assert "base" not in client.get("/vz/training/transfer").json()
    assert client.get("/vz/training/transfer?base=lenet7").status_code == 404


def test_a_network_whose_weights_are_missing_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    menu = client.get("/vz/training/transfer").json()
    why = {one["name"]: one["why"] for one in menu["bases"]}
    assert why["resnet18"].startswith("its weights are not here yet")
    answer = client.get("/vz/training/transfer?base=resnet18")
    assert answer.status_code == 409
    assert "not on this machine" in answer.json()["error"]


def test_the_time_is_told_before_a_start(client: TestClient) -> None:
    answer = client.get(f"/vz/training/transfer/time?{QUICK}").json()
    assert answer["trainings"] == 8
    assert 0 < answer["seconds"] < 60
    more = client.get(f"/vz/training/transfer/time?{QUICK}&ways=head,start&seeds=2").json()
    assert more["trainings"] == 2 * 2 * 2


def test_own_pictures_that_are_gone_are_told_of_before_a_start(client: TestClient) -> None:
    answer = client.get(f"/vz/training/transfer/time?base=lenet5&data={'0' * 32}")
    assert answer.status_code == 410
    assert "no longer kept" in answer.json()["error"]


def test_a_run_tells_its_setup_first_and_what_came_out_last(frames: list[Any]) -> None:
    setup = frames[0]["setup"]
    assert setup["per_class"] == [1, 2]
    assert setup["ways"] == ["scratch", "start", "frozen", "head"]
    assert (setup["trainings"], setup["tested"], setup["frozen"]) == (8, 1000, "6")
    outcomes = [one for frame in frames for one in frame.get("outcomes", ())]
    assert len(outcomes) == 8
    result = frames[-2]["result"]
    assert result["sentence"].startswith("With 1 picture a class, ")
    assert set(result["best"]) == {"1", "2"}
    assert result["saving"]["factor"] > 1
    assert frames[-1]["done"] is True
    shares = [frame["share"] for frame in frames if "share" in frame]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_any_way_s_network_joins_the_visitor_s_own(
    client: TestClient, service: Service, frames: list[Any]
) -> None:
    assert frames
    kept = client.post("/vz/training/transfer/keep?way=frozen").json()
    again = client.post("/vz/training/transfer/keep?way=frozen").json()
    assert kept == again
    model = service.model(f"{kept['training']}_{kept['moment']}")
    assert model.spec.title.startswith("LeNet-5, early layers frozen, Drawn shapes")
    assert len(model.spec.classes) == 5
    listed = client.get("/vz/networks").json()["networks"]
    assert kept["training"] in [one["training"] for one in listed]
    assert client.post("/vz/training/transfer/keep?way=none").status_code == 404


def test_an_own_network_can_be_taken_further(client: TestClient, frames: list[Any]) -> None:
    assert frames
    kept = client.post("/vz/training/transfer/keep?way=start").json()
    name = f"{kept['training']}_{kept['moment']}"
    menu = client.get(f"/vz/training/transfer?base={name}").json()
    assert menu["base"]["title"].startswith("LeNet-5, weights as a start")
    frames = run(client, f"base={name}&data=digits&per_class=1&seeds=1&ways=head")
    assert frames[-2]["result"]["kept"] == ["head"]
    assert name.split("_")[0] not in str(frames)


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ("base=lenet7", 404, "lenet7"),
        ("base=lenet5&data=nothing", 404, "There is no data set 'nothing'"),
        ("base=lenet5&per_class=1,x", 400, "'x' is no number of pictures"),
        ("base=lenet5&per_class=0", 400, "0 pictures a class are asked for"),
        ("base=lenet5&seeds=9", 400, "9 seeds are asked for; give 1 to 5"),
        ("base=lenet5&ways=all", 404, "There is no way 'all'"),
        ("base=lenet5&frozen=nowhere", 404, "cannot be frozen up to 'nowhere'"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_runs(
    client: TestClient, given: str, status: int, says: str
) -> None:
    answer = client.post(f"/vz/training/transfer/run?{given}")
    assert answer.status_code == status
    assert says in answer.json()["error"]


def test_only_visitors_run_and_keep(service: Service) -> None:
    endpoints = [*PANEL.endpoints, *WORKSPACE]
    with serving(service, endpoints) as stranger:
        assert stranger.post(f"/vz/training/transfer/run?{QUICK}").status_code == 410
        stranger.headers["X-Visitor"] = newcomer(stranger)
        answer = stranger.post("/vz/training/transfer/keep?way=head")
        assert answer.status_code == 410
        assert "no longer kept" in answer.json()["error"]


def test_a_visitor_s_comparison_goes_with_the_visitor(
    service: Service, client: TestClient, frames: list[Any]
) -> None:
    assert frames
    visitor = str(client.headers["X-Visitor"])
    found = kept_results(service).transfers.of(visitor)
    assert found is not None
    other: KeptResults[Transfer, str] = KeptResults()
    for number in range(MOST + 1):
        other.keep(str(number), found)
    assert other.of("0") is None
    assert other.of("1") is found
    other.named("1", "head", "handle")
    assert other.handle("1", "head") == "handle"
    other.leave("1")
    assert other.of("1") is None
    assert kept_results(service).leave in service.farewells


def test_every_way_s_network_is_taken_home(client: TestClient, tmp_path: Path) -> None:
    run(client, "base=lenet5&data=shapes&per_class=2&seeds=1&ways=start,head")
    for way in ("start", "head"):
        handle = client.post(f"/vz/training/transfer/keep?way={way}").json()["training"]
        address = f"/vz/training/{handle}/download"
        files = {kind: client.get(address, params={"as": kind}) for kind in FILES}
        assert [file.status_code for file in files.values()] == [200] * len(FILES)
        assert not any(handle.encode() in file.content for file in files.values())
        mine = tmp_path / f"{way}.safetensors"
        mine.write_bytes(files["safetensors"].content)
        space: dict[str, Any] = {}
        exec(files["python"].text.replace("print", "str"), space)
        read = vz.read_trained(mine, "cpu").module.state_dict()
        for name, value in space["model"].module.state_dict().items():
            assert torch.equal(value, read[name]), name
