"""What the view of top patches asks the server, without a browser."""

import io
import json
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import Frame, frames_of, serving, unpack
from visualizer.analyses import patch_index
from visualizer.panels.filters import patches, patches_asked
from visualizer.runtime.shelf import Shelf
from visualizer.ui.collections import ENDPOINTS as COLLECTIONS
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE


@pytest.fixture
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    endpoints = [*patches.ENDPOINTS, *COLLECTIONS, *WORKSPACE]
    with serving(service, endpoints) as made:
        made.headers["X-Visitor"] = made.post("/vz/visitors").json()["visitor"]
        yield made


def stream(client: TestClient, address: str) -> list[Frame]:
    frames = frames_of(client.post(address).content)
    assert frames.pop()[0]["done"] is True
    return frames


def shown(client: TestClient, address: str) -> Frame:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return unpack(answer.content)


def parts(strip: np.ndarray, count: int) -> np.ndarray:
    """The pictures of a strip: (n, h, w, 3)."""
    image = np.asarray(Image.open(io.BytesIO(strip.tobytes())))
    return image.reshape(count, -1, *image.shape[1:])


def own_zip(client: TestClient) -> tuple[str, list[np.ndarray]]:
    """Give a visitor a collection of eleven noisy pictures in two folders."""
    rng = np.random.default_rng(2)
    pictures = [rng.integers(0, 256, (28, 28, 3), dtype=np.uint8) for _ in range(11)]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for place, picture in enumerate(pictures):
            png = io.BytesIO()
            Image.fromarray(picture).save(png, "PNG")
            file.writestr(f"{'odd' if place % 2 else 'even'}/{place:02}.png", png.getvalue())
    body = client.post("/vz/collections", content=archive.getvalue()).content
    last = body[: body.rindex(b'{"done"') - 8]
    name = json.loads(last[last.index(b'{"collection"') :])["collection"]["name"]
    return name, [*pictures[::2], *pictures[1::2]]


def test_own_pictures_are_searched_once_and_shown_exactly(client: TestClient) -> None:
    name, pictures = own_zip(client)
    source = f"net=lenet5&collection={name}"
    before, _ = shown(client, f"/vz/patches?{source}&layer=4&channel=5")
    assert (before["indexed"], before["total"], before["patches"]) == (0, 11, [])
    frames = stream(client, f"/vz/patches/index?{source}")
    assert [header["indexed"] for header, _ in frames] == [0, 11]
    header, arrays = shown(client, f"/vz/patches?{source}&layer=4&channel=5")
    model = vz.load_model("lenet5", backend="onnx")
    expected = vz.top_patches(model, "4", 5, pictures, guided=True)
    assert header["indexed"] == header["total"] == 11
    assert header["unguided"] is None
    for place, (ours, patch) in enumerate(zip(header["patches"], expected, strict=True)):
        folder = "even" if patch.picture < 6 else "odd"
        assert ours["picture"] == patch.picture
        assert (ours["row"], ours["column"]) == (patch.row, patch.column)
        assert (ours["box"], ours["window"]) == ([*patch.box], [*patch.window])
        assert ours["label"] == folder
        assert ours["name"].startswith(f"{folder}/")
        assert ours["handle"] is None
        assert arrays["values"][place] == pytest.approx(patch.value, rel=1e-4)
        assert np.array_equal(parts(arrays["strip"], 9)[place], patch.pixels)
        whole = parts(arrays["inputs"], 9)[place]
        grey = np.asarray(Image.fromarray(pictures[patch.picture]).convert("L"))
        assert np.array_equal(whole[:, :, 0], grey)
    (guided,) = stream(client, f"/vz/patches/guided?{source}&layer=4&channel=5")
    assert guided[0]["first"] == 0
    for place, patch in enumerate(expected):
        assert patch.guided is not None
        most = np.abs(patch.guided).max()
        assert guided[1]["most"][place] == pytest.approx(most, rel=1e-4)
        levels = np.rint(128 + 127 * patch.guided[:, :, 0] / most)
        seen = parts(guided[1]["strip"], 9)[place, :, :, 0].astype(float)
        assert np.abs(seen - levels).max() <= 1
    again = stream(client, f"/vz/patches/index?{source}")
    assert [header["indexed"] for header, _ in again] == [11]


def test_a_search_cut_short_goes_on_where_it_was(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patch_index, "BATCH_MOST", 4)
    name, _ = own_zip(client)
    source = f"net=lenet5&collection={name}"
    model, collection = service.shelf.get("lenet5"), service.collection(name)
    index = patches_asked.patch_indices(service).get(model, collection)
    index.index.advance(model, collection)
    header, arrays = shown(client, f"/vz/patches?{source}&layer=3&channel=1")
    assert header["indexed"] == len(arrays["values"]) == 4
    told = [header["indexed"] for header, _ in stream(client, f"/vz/patches/index?{source}")]
    assert told == [4, 8, 11]


def test_samples_can_be_taken_into_the_workspace(client: TestClient) -> None:
    source = "net=lenet5&collection=samples&layer=8&channel=7"
    stream(client, f"/vz/patches/index?{source}")
    header, _ = shown(client, f"/vz/patches?{source}")
    for patch in header["patches"]:
        assert client.get(f"/vz/pictures/{patch['handle']}").status_code == 200
    digits = {"sample:digit_2", "sample:digit_3", "sample:digit_5", "sample:digit_8"}
    assert {patch["handle"] for patch in header["patches"]} == digits  # not a photo among them
    assert header["total"] == len(header["part"]) == 4


def test_of_the_samples_those_that_suit_are_searched_and_the_line_of_python_agrees(
    client: TestClient,
) -> None:
    source = "net=resnet_cifar10&collection=samples&layer=layer1.add&channel=3"
    stream(client, f"/vz/patches/index?{source}")
    header, arrays = shown(client, f"/vz/patches?{source}")
    model = vz.load_model("resnet_cifar10", backend="onnx")
    pictures = vz.collection("samples").part(header["part"])
    expected = vz.top_patches(model, "layer1.add", 3, pictures)
    assert [patch["picture"] for patch in header["patches"]] == [one.picture for one in expected]
    assert arrays["values"] == pytest.approx([one.value for one in expected], rel=1e-4)
    names = vz.collection("samples").names
    assert [patch["name"] for patch in header["patches"]] == [
        names[header["part"][one.picture]] for one in expected
    ]


def test_a_closed_page_leaves_nothing_behind(client: TestClient, service: Service) -> None:
    name, _ = own_zip(client)
    stream(client, f"/vz/patches/index?net=lenet5&collection={name}")
    shown(client, f"/vz/patches?net=lenet5&collection={name}&layer=4&channel=5")
    indices = patches_asked.patch_indices(service)
    assert indices.size_bytes > 10_000
    client.post("/vz/visitors/leave", content=client.headers["X-Visitor"])
    assert indices.size_bytes == 0
    gone = client.get(f"/vz/patches?net=lenet5&collection={name}&layer=4&channel=5")
    assert gone.status_code == 410


def test_a_network_without_relu_says_why_there_is_no_guided_patch(client: TestClient) -> None:
    source = "net=mobilenet_v3_small&weights=untrained&collection=samples"
    header, _ = shown(client, f"/vz/patches?{source}&layer=features.0.2&channel=1")
    assert header["unguided"].startswith("Guided backpropagation is a rule for ReLU;")
    assert (
        shown(client, f"/vz/patches?{source}&layer=features.0.1&channel=1")[0]["unguided"] is None
    )


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("collection=digit&layer=4&channel=1", 410, "This collection is no longer kept"),
        ("collection=samples&layer=4&channel=99", 400, "Channel 99 is outside 4, which has 16"),
        ("collection=samples&layer=conv&channel=1", 404, "LeNet-5 has no layer 'conv'"),
        ("collection=samples&layer=softmax&channel=1", 400, "'softmax' was not looked at"),
        ("collection=samples&layer=4&channel=1&framing=wide", 404, "There is no framing 'wide'"),
        ("collection=samples&layer=4&channel=one", 400, "channel='one' is no whole number"),
    ],
)
def test_nonsense_gets_a_sentence(
    client: TestClient, query: str, status: int, sentence: str
) -> None:
    answer = client.get(f"/vz/patches?net=lenet5&{query}")
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_nobody_searches_without_a_page(client: TestClient) -> None:
    del client.headers["X-Visitor"]
    answer = client.post("/vz/patches/index?net=lenet5&collection=samples")
    assert answer.status_code == 410
