"""Networks that visitors trained work in every tab, and nobody else hears of them."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import newcomer, serving, unpack
from visualizer.errors import NetworkGoneError, UnknownNameError, VisualizerError
from visualizer.panels import PANELS
from visualizer.panels.embeddings.question import memory
from visualizer.runtime.shelf import Shelf
from visualizer.runtime.training.data import load_data
from visualizer.runtime.training.recipe import Recipe
from visualizer.runtime.training.task import Task
from visualizer.runtime.training.training import Training
from visualizer.ui.networks import file_stem, own_name
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS
from visualizer.zoo.stack import find_network

STACK = "conv(4,3,2);relu;conv(6,3);relu;globalavgpool;flatten;linear(classes)"
HANDLE = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    endpoints = [*ENDPOINTS, *(one for panel in PANELS for one in panel.endpoints)]
    with serving(service, endpoints) as made:
        made.headers["X-Visitor"] = newcomer(made)
        yield made


@pytest.fixture(scope="module")
def handle(service: Service, client: TestClient) -> str:
    return trained(service, client.headers["X-Visitor"])


def trained(service: Service, visitor: str, *, epochs: int = 2, **recipe: Any) -> str:
    settings = Recipe(epochs=epochs, batch_size=256, learning_rate=0.01, **recipe)
    training = Training(Task(find_network(STACK), load_data("digits", side=16), settings))
    for _ in training.run():
        pass
    return service.trainings.keep(visitor, training, 1)[0]


def test_names_of_own_networks_by_hand() -> None:
    assert own_name(HANDLE) == (HANDLE, None)
    assert own_name(f"{HANDLE}_12") == (HANDLE, 12)
    for other in (
        "lenet5",
        HANDLE[:-1],
        f"{HANDLE}_",
        f"{HANDLE}_x",
        f"{HANDLE}_1 ",
        HANDLE.upper(),
    ):
        assert own_name(other) is None


def test_the_menu_lists_only_the_visitors_own(client: TestClient, handle: str) -> None:
    (entry,) = client.get("/vz/networks").json()["networks"]
    assert entry["name"] == f"{handle}_2"
    assert entry["title"] == "Own stack, digits, epoch 2 of 2"
    assert entry["title"] == f"{entry['base']}, {entry['moments'][2]['title']}"
    assert entry["moments"][0]["title"] == "before its first step"
    assert entry["input"] == [1, 16, 16]
    assert (entry["own"], entry["ready"], entry["labels"]) == (True, True, "mnist")
    other = {"X-Visitor": newcomer(client)}
    assert client.get("/vz/networks", headers=other).json()["networks"] == []
    assert handle not in client.get("/vz/catalogue").text


def test_a_handle_means_the_newest_moment_and_a_number_an_earlier_one(
    service: Service, handle: str
) -> None:
    newest, second = service.model(handle), service.model(f"{handle}_2")
    assert newest is second
    assert newest.name == f"{handle}_2"
    first = service.model(f"{handle}_1")
    assert not np.array_equal(vz.filters(first, "0"), vz.filters(second, "0"))
    training = service.trainings.get(handle)
    for k in range(3):
        state = training.moment(k).state["0.weight"].numpy()
        assert np.array_equal(vz.filters(service.model(f"{handle}_{k}"), "0"), state)
    before = service.model(f"{handle}_2", trained=False)
    assert before.name == f"{handle}_0"
    assert (before.trained, newest.trained) == (False, True)


def test_networks_that_are_gone_or_never_were_get_a_sentence(
    service: Service, client: TestClient, handle: str
) -> None:
    for name, words in ((HANDLE, "no longer on the server"), (f"{handle}_9", "no moment 9")):
        with pytest.raises(NetworkGoneError, match=words):
            service.model(name)
        answer = client.get(f"/vz/run?net={name}&picture=sample:digit_3")
        assert answer.status_code == 410
        assert answer.json()["network_gone"] is True
    with pytest.raises(UnknownNameError):
        service.spec("nope")


@pytest.mark.parametrize(
    "address",
    [
        "run?picture=sample:digit_3",
        "maps?picture=sample:digit_3&layer=2",
        "values?picture=sample:digit_3&layer=2&channel=1",
        "export?picture=sample:digit_3&layer=2",
        "trace?picture=sample:digit_3&layer=2&channel=1&row=2&column=2",
        "filters?layer=2",
        "filters?layer=2&weights=untrained",
        "filters/kernel?layer=2&channel=1",
        "filters/order?layer=2",
        "filters/checkpoints?layer=2",
        "ablation?picture=sample:digit_3&layer=2&channels=1",
        "patches?collection=samples&layer=2&channel=1",
        "classes?",
        "heat/methods?",
        "heat?picture=sample:digit_3&method=grad-cam&layer=3",
        "heat?picture=sample:digit_3&method=saliency&layer=3",
        "embedding/menu?",
        "augment/draws?picture=sample:digit_3&pipeline=hflip",
        "augment/equivariance?picture=sample:digit_3",
    ],
)
def test_every_tab_takes_an_own_network(client: TestClient, handle: str, address: str) -> None:
    answer = client.get(f"/vz/{address}&net={handle}_2")
    assert answer.status_code == 200, answer.text
    assert handle not in answer.headers.get("content-disposition", "")


@pytest.mark.parametrize(
    "address",
    [
        "pattern?kind=channel&layer=2&channel=1&steps=2&count=1&seed=0&size=0",
        "patches/index?collection=samples&layer=2",
        "heat/stream?picture=sample:digit_3&method=score-cam&layer=3",
        "embedding?collection=digits&limit=60&method=pca",
        "augment/predictions?picture=sample:digit_3&pipeline=hflip&count=2",
    ],
)
def test_long_work_takes_an_own_network(client: TestClient, handle: str, address: str) -> None:
    answer = client.post(f"/vz/{address}&net={handle}_2")
    assert answer.status_code == 200, answer.text
    assert b'"done":true' in answer.content
    assert b'"error"' not in answer.content


def test_the_run_names_the_network_as_it_was_asked_for(client: TestClient, handle: str) -> None:
    for name in (handle, f"{handle}_1"):
        answer = client.get(f"/vz/run?net={name}&picture=sample:digit_3").json()
        assert answer["net"] == name
    assert answer["title"] == "Own stack, digits, epoch 1 of 2"
    before = client.get(f"/vz/run?net={handle}&weights=untrained&picture=sample:digit_3").json()
    assert before["trained"] is False


def test_checkpoints_of_an_own_network_are_its_moments(
    client: TestClient, service: Service, handle: str
) -> None:
    header, arrays = unpack(client.get(f"/vz/filters/checkpoints?net={handle}&layer=2").content)
    training = service.trainings.get(handle)
    assert header["split"] == "validation"
    assert arrays["steps"].tolist() == [one.step for one in training.moments]
    for k, one in enumerate(training.moments):
        assert np.array_equal(arrays["values"][k], one.state["2.weight"].numpy())


def test_files_are_called_by_the_title(service: Service, client: TestClient, handle: str) -> None:
    assert file_stem(service.spec(f"{handle}_2")) == "own-stack-digits-epoch-2-of-2"
    assert file_stem(service.spec("lenet5")) == "lenet5"
    answer = client.get(f"/vz/export?net={handle}_2&picture=sample:digit_3&layer=0")
    assert "own-stack-digits-epoch-2-of-2-0.npz" in answer.headers["content-disposition"]
    with zipfile.ZipFile(BytesIO(answer.content)) as file:
        assert file.namelist() == ["0.npy"]


def test_a_network_of_shuffled_pixels_stays_in_the_training_tab(
    service: Service, client: TestClient
) -> None:
    visitor = newcomer(client)
    shuffled = trained(service, visitor, epochs=1, pixels_shuffled=True)
    assert client.get("/vz/networks", headers={"X-Visitor": visitor}).json()["networks"] == []
    with pytest.raises(VisualizerError, match="shuffled"):
        service.model(shuffled)
    assert client.get(f"/vz/training/{shuffled}/download?as=onnx").status_code == 200
    look = "moment?moment=1&layer=0&picture=sample:digit_3"
    assert client.get(f"/vz/training/{shuffled}/{look}").status_code == 200


def test_what_was_worked_out_with_it_goes_with_its_visitor(
    service: Service, client: TestClient
) -> None:
    visitor = newcomer(client)
    own = trained(service, visitor, epochs=1)
    headers = {"X-Visitor": visitor}
    client.get(f"/vz/run?net={own}&picture=sample:digit_3")
    client.post(f"/vz/embedding?net={own}&collection=digits&limit=60&method=pca", headers=headers)
    client.post(f"/vz/patches/index?net={own}&collection=samples&layer=2", headers=headers)
    stores = memory(service)

    def traces() -> list[str]:
        names = [key[0] for key in service.observer._observations]
        names += [key[0][0] for key in service.observer._maps]
        names += [key[1] for key in stores.features.shelf._kept]
        names += [key[1] for kept in (stores.features.pixels, stores.features.indices)
                  for key in kept._kept]  # fmt: skip
        names += [made.net for _, made in stores.maps.maps._kept.values()]
        names += list(service.networks._models)
        return [name for name in names if name.startswith(own)]

    assert len({name.split(" ")[0] for name in traces()}) >= 1
    assert len(traces()) > 5
    service.visitors.leave(visitor)
    assert traces() == []
    with pytest.raises(NetworkGoneError):
        service.model(own)


def test_few_moments_are_loaded_at_once(service: Service, client: TestClient) -> None:
    own = trained(service, newcomer(client), epochs=3)
    service.networks.most = 2
    for k in (0, 1, 2, 3):
        service.model(f"{own}_{k}")
    assert len(service.networks) == 2
    service.networks.most = 16
