"""What the page asks about collections, without a browser."""

import io
import json
import math
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import serving
from visualizer.errors import CollectionError, GoneError
from visualizer.runtime.collection import Collection
from visualizer.runtime.shelf import Shelf
from visualizer.ui import collections
from visualizer.ui.contact_sheet import thumbnail
from visualizer.ui.kept_collections import KeptCollections
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS

RNG = np.random.default_rng(0)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setenv("CNN_VISUALIZER_DATA", str(tmp_path / "data"))
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with serving(service, ENDPOINTS) as made:
        yield made


def newcomer(client: TestClient) -> dict[str, str]:
    return {"X-Visitor": client.post("/vz/visitors").json()["visitor"]}


def noise(height: int, width: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


def zipped(pictures: dict[str, np.ndarray | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, one in pictures.items():
            png = io.BytesIO()
            if isinstance(one, np.ndarray):
                Image.fromarray(one).save(png, "PNG")
            archive.writestr(name, png.getvalue() if isinstance(one, np.ndarray) else one)
    return file.getvalue()


def frames(body: bytes) -> list[dict[str, Any]]:
    """Read the headers of a stream of containers."""
    headers = []
    while body:
        (length,) = struct.unpack_from("<I", body)
        (header,) = struct.unpack_from("<I", body, 4)
        headers.append(json.loads(body[8 : 8 + header]))
        body = body[4 + length :]
    return headers


def add(client: TestClient, owner: dict[str, str], data: bytes, title: str = "Pets") -> Any:
    answer = client.post("/vz/collections", params={"title": title}, content=data, headers=owner)
    assert answer.status_code == 200, answer.text
    return frames(answer.content)


def test_the_menu_says_what_is_ready_and_what_a_download_takes(client: TestClient) -> None:
    answer = client.get("/vz/collections").json()
    rows = {one["name"]: one for one in answer["collections"]}
    here = ["samples", "digits", "shapes"]
    assert list(rows) == [*here, "mnist", "fashion_mnist", "cifar10", "imagenette"]
    assert [name for name in rows if rows[name]["ready"]] == here
    assert (rows["digits"]["count"], rows["digits"]["classes"]) == (1797, 10)
    assert rows["mnist"]["size_bytes"] == 1_648_877 + 4_542
    assert answer["limits"] == {"zip_bytes": 2e8, "files": 10_000, "unpacked_bytes": 5e8}


def test_an_own_zip_is_there_for_its_visitor_alone(client: TestClient, service: Service) -> None:
    pictures = {f"{kind}/{n}.png": noise(9, 5) for kind in ("cat", "dog") for n in (1, 2)}
    me, other = newcomer(client), newcomer(client)
    told = add(client, me, zipped({**pictures, "x.txt": b"words"}))
    assert told[-1] == {"done": True, "arrays": {}}
    record = told[-2]["collection"]
    assert (record["title"], record["count"], record["classes"]) == ("Pets", 4, 2)
    assert record["notes"] == [
        "1 of 5 files were left out.",
        "Left out: x.txt: This is a text file",
    ]

    def names(headers: dict[str, str]) -> list[str]:
        rows = client.get("/vz/collections", headers=headers).json()["collections"]
        return [one["name"] for one in rows]

    assert names(me)[0] == record["name"]
    assert record["name"] not in names(other) + names({})
    detail = client.get(f"/vz/collections/{record['name']}").json()
    assert detail["labels"] == [0, 0, 1, 1]
    assert detail["classes"] == ["cat", "dog"]
    picture = client.get(f"/vz/collections/{record['name']}/2")
    assert picture.headers["cache-control"] == "no-store"
    shown = np.asarray(Image.open(io.BytesIO(picture.content)).convert("RGB"))
    assert np.array_equal(shown, pictures["dog/1.png"])

    assert client.post("/vz/visitors/leave", content=me["X-Visitor"]).status_code == 204
    assert client.get(f"/vz/collections/{record['name']}").status_code == 410
    assert service.collections.of(me["X-Visitor"]) == {}


def test_who_leaves_while_pictures_are_read_leaves_nothing(service: Service) -> None:
    token = service.visitors.welcome()
    steps = collections._reading(service, token, zipped({"a.png": noise(4, 4)}), "Own")
    service.visitors.leave(token)
    with pytest.raises(GoneError):
        list(steps)
    assert service.collections.of(token) == {}


def test_a_hostile_archive_gets_a_sentence(client: TestClient) -> None:
    me = newcomer(client)
    told = add(client, me, zipped({"../a.png": noise(4, 4)}))
    assert "leads outside" in told[-1]["error"]
    told = add(client, me, b"hello")
    assert "no zip archive" in told[-1]["error"]


def test_nobody_without_a_token_sends_anything(client: TestClient) -> None:
    assert client.post("/vz/collections", content=b"PK").status_code == 410
    assert client.post("/vz/collections/download?name=mnist").status_code == 410


def test_an_upload_beyond_the_limit(service: Service) -> None:
    post = next(one for one in ENDPOINTS if one.path == "/collections" and one.method == "POST")
    assert post.body_bytes == collections.MAX_ZIP_BYTES
    with TestClient(Starlette(routes=[replace(post, body_bytes=1000).route(service)])) as small:
        headers = {"X-Visitor": service.visitors.welcome()}
        answer = small.post("/vz/collections", content=bytes(1001), headers=headers)
    assert answer.status_code == 400
    assert "larger than 0.001 MB, the limit" in answer.json()["error"]


def test_the_sheet_holds_every_picture_in_its_place(client: TestClient) -> None:
    digits = vz.collection("digits")
    answer = client.get("/vz/collections/digits/sheet?side=32&first=100&count=10")
    columns = int(answer.headers["x-columns"])
    assert columns == 4
    sheet = Image.open(io.BytesIO(answer.content))
    assert (sheet.size, sheet.mode) == ((4 * 32, 3 * 32), "L")
    for place in range(10):
        top, left = 32 * (place // columns), 32 * (place % columns)
        shown = np.asarray(sheet)[top : top + 32, left : left + 32].astype(int)
        expected = np.asarray(thumbnail(digits.pixels(100 + place)[:, :, 0], 32)).astype(int)
        assert np.abs(shown - expected).mean() < 8  # JPEG


def test_all_digits_on_one_sheet(client: TestClient) -> None:
    answer = client.get("/vz/collections/digits/sheet")
    side = 32 * math.ceil(math.sqrt(1797))
    assert Image.open(io.BytesIO(answer.content)).size == (side, 32 * math.ceil(1797 / (side / 32)))
    assert answer.headers["cache-control"] == "private, max-age=3600"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("digits/1797", 400, "pictures 0 to 1796; there is no 1797"),
        ("digits/sheet?side=4", 400, "4 pixels are not made; choose 8 to 128"),
        ("digits/sheet?first=1790&count=10", 400, "Pictures 1790 to 1799"),
        ("digits/sheet?count=0", 400, "at most 10,000"),
        ("digits/sheet?side=x", 400, "whole number"),
        ("mnist", 400, "download it, or name the folder"),
        ("deadbeef", 410, "no longer kept"),
    ],
)
def test_nonsense_gets_a_sentence(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(f"/vz/collections/{path}")
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_a_download_tells_its_progress(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(files: Any, *, report: Any, cancelled: Any) -> None:
        assert [file.place for file in files] == [
            "MNIST/raw/t10k-images-idx3-ubyte.gz",
            "MNIST/raw/t10k-labels-idx1-ubyte.gz",
        ]
        assert not cancelled()
        report("download", 1, 2)
        raise CollectionError("There is no such thing.")

    monkeypatch.setattr(collections, "fetch", fetch)
    me = newcomer(client)
    answer = client.post("/vz/collections/download?name=mnist", headers=me)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == [
        {"step": "download", "received": 1, "total": 2},
        {"error": "There is no such thing."},
    ]
    answer = client.post("/vz/collections/download?name=digits", headers=me)
    assert "needs no download" in answer.json()["error"]


def small(value: int) -> Collection:
    return Collection.of([np.full((10, 10, 3), value, np.uint8)])


def test_the_oldest_collections_give_way() -> None:
    kept = KeptCollections(each=2)
    first, second, third = (kept.keep("me", small(n)) for n in range(3))
    assert list(kept.of("me")) == [second, third]
    with pytest.raises(GoneError, match="no longer kept"):
        kept.get(first)


def test_the_budget_is_kept_across_visitors() -> None:
    kept = KeptCollections(budget_bytes=650)  # two of 300 bytes
    a, b = kept.keep("a", small(0)), kept.keep("b", small(1))
    kept.get(a)  # used last
    c = kept.keep("c", small(2))
    assert [list(kept.of(one)) for one in "abc"] == [[a], [], [c]]
    assert b not in kept.of("b")
    large = kept.keep("d", Collection.of([np.zeros((100, 100, 3), np.uint8)]))
    assert len(kept.get(large)) == 1  # one alone may be larger


@pytest.mark.parametrize(("height", "width"), [(10, 30), (30, 10), (16, 16), (3, 5)])
def test_a_thumbnail_is_the_centre_square(height: int, width: int) -> None:
    rows, columns = np.mgrid[:height, :width]
    inside = np.abs(columns - (width - 1) / 2) < min(height, width) / 2
    inside &= np.abs(rows - (height - 1) / 2) < min(height, width) / 2
    pixels = np.where(inside, 200, 0).astype(np.uint8)
    assert thumbnail(pixels, 16).shape == (16, 16)
    assert thumbnail(pixels, 16).min() >= 199
    assert thumbnail(np.stack([pixels] * 3, axis=2), 16).shape == (16, 16, 3)
