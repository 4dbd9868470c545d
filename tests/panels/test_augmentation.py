"""What the Augmentation tab asks the server, without a browser."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import serving, unpack
from visualizer.panels.augmentation import PANEL
from visualizer.runtime.shelf import Shelf
from visualizer.ui.draw_sheet import fitted
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE

CAT = {"picture": "sample:chelsea"}
VIEW = {"net": "resnet_cifar10", **CAT}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    service = Service(Shelf("cpu", "onnx"))
    with serving(service, [*PANEL.endpoints, *WORKSPACE]) as made:
        yield made


@pytest.fixture(scope="module")
def visitor(client: TestClient) -> dict[str, str]:
    return {"X-Visitor": client.post("/vz/visitors").json()["visitor"]}


def draws(client: TestClient, **asked: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    answer = client.get("/vz/augment/draws", params={**CAT, **asked})
    assert answer.status_code == 200, answer.text
    return unpack(answer.content)


def frames(client: TestClient, path: str, visitor: dict[str, str], **asked: Any) -> list[Any]:
    answer = client.post(f"/vz/augment/{path}", params={**VIEW, **asked}, headers=visitor)
    assert answer.status_code == 200, answer.text
    found, start = [], 0
    while start < len(answer.content):
        length = int.from_bytes(answer.content[start : start + 4], "little")
        found.append(unpack(answer.content[start + 4 : start + 4 + length])[0])
        start += 4 + length
    assert found.pop().get("done"), found
    return found


def test_the_menu_names_what_the_draws_take(client: TestClient) -> None:
    menu = client.get("/vz/augment/menu").json()
    usual = next(one for one in menu["presets"] if one["name"] == menu["default"])
    header, _ = draws(client, pipeline=usual["pipeline"], count=1)
    assert [one["id"] for one in header["draws"][0]["applied"]] != []


def test_the_sheet_shows_the_draws_told(client: TestClient) -> None:
    text = "center_crop(size=128);vflip(p=1);rotate(degrees=10)"
    header, arrays = draws(client, pipeline=text, seed=3, count=5, side=128, first=2)
    assert (header["columns"], header["rows"], header["side"]) == (3, 2, 128)
    whole = np.asarray(Image.open(io.BytesIO(arrays["sheet"].tobytes())).convert("RGB"))
    assert whole.shape == (256, 384, 3)
    for place, told in enumerate(header["draws"]):
        assert told["number"] == 2 + place
        left, top, width, height = told["at"]
        assert (left, top, width, height) == (place % 3 * 128, place // 3 * 128, 128, 128)
        params: dict[str, Any] = {
            **CAT,
            "pipeline": text,
            "seed": 3,
            "number": 2 + place,
            "side": 128,
        }
        answer = client.get("/vz/augment/draw", params=params)
        large = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"))
        shown = whole[top : top + height, left : left + width]
        assert np.abs(shown.astype(int) - large).mean() < 6  # JPEG and WebP
        assert [one["id"] for one in told["applied"]] == ["center_crop", "vflip", "rotate"]


def test_pictures_of_any_shape_lie_inside_their_cells(client: TestClient) -> None:
    header, arrays = draws(client, pipeline="", count=1, side=96)
    assert header["notes"] == ["The pipeline has no steps: the untouched picture is shown."]
    assert header["draws"][0]["at"] == [0, 16, 96, 64]  # 256 x 384, as the cat is
    sheet = np.asarray(Image.open(io.BytesIO(arrays["sheet"].tobytes())))
    assert header["format"] == "image/png"
    assert (sheet[:16] == 128).all()


def test_boxes_and_masks_come_with_the_sheet(client: TestClient) -> None:
    text = "hflip(p=1)"
    header, arrays = draws(client, picture="sample:coffee", pipeline=text, count=1, side=192)
    (told,) = header["draws"]
    assert [one["label"] for one in told["boxes"]] == ["cup", "spoon"]
    left, _, right, _ = told["boxes"][0]["box"]
    assert left == pytest.approx((600 - 406) * 256 / 400, abs=0.6)
    assert right == pytest.approx((600 - 173) * 256 / 400, abs=0.6)
    masks = np.asarray(Image.open(io.BytesIO(arrays["masks"].tobytes())))
    assert set(np.unique(masks)) == {0, 1}  # the spoon has no mask
    columns = np.nonzero(masks.any(axis=0))[0]
    assert columns.min() == pytest.approx(left / 2, abs=2)
    assert columns.max() == pytest.approx(right / 2, abs=2)


def test_mixing_takes_the_next_sample_of_the_family(client: TestClient) -> None:
    header, _ = draws(client, picture="sample:digit_8", pipeline="mixup", count=1)
    assert header["partner"] == "sample:digit_2"
    assert header["draws"][0]["share"] == header["draws"][0]["applied"][0]["values"]["share"]
    assert any("label is mixed" in note for note in header["notes"])


def test_digits_are_warned_of_mirrors(client: TestClient) -> None:
    header, _ = draws(client, picture="sample:digit_2", pipeline="hflip", count=1)
    assert header["notes"] == [
        "Mirror left and right: A mirrored 2 is no 2: leave mirrors out where digits or letters "
        "are told apart."
    ]


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ({"pipeline": "spin"}, 404, "There is no transform 'spin'"),
        ({"pipeline": "hflip(p=2)"}, 400, "p of hflip is 2; choose 0 to 1."),
        ({"pipeline": "crop(size=300)"}, 400, "A crop of 300 × 300 does not fit"),
        ({"count": "65"}, 400, "65 draws were asked for; choose 1 to 64."),
        ({"side": "9000"}, 400, "A side of 9000 pixels is not shown; choose 32 to 512."),
        ({"seed": "-1"}, 400, "seed='-1' is no whole number; give 0 or more."),
        ({"picture": "sample:dog"}, 404, "There is no sample 'dog'"),
        ({"pipeline": "x" * 4001}, 400, "The pipeline has 4,001 letters, at most 4,000."),
    ],
)
def test_bad_questions_get_sentences(
    client: TestClient, asked: dict[str, str], status: int, sentence: str
) -> None:
    answer = client.get("/vz/augment/draws", params={**CAT, **asked})
    assert answer.status_code == status
    assert answer.json()["error"].startswith(sentence)


def test_predictions_are_those_of_the_library(client: TestClient, visitor: dict[str, str]) -> None:
    text = "center_crop(size=200);rotate(degrees=90)"
    told = frames(client, "predictions", visitor, pipeline=text, seed=1, count=5)
    assert [one["number"] for one in told] == list(range(5))
    model = vz.load_model("resnet_cifar10", "cpu", "onnx")
    header, _ = draws(client, pipeline=text, seed=1, count=5)
    for one, drawn in zip(told, header["draws"], strict=True):
        assert drawn["width"] == 200
        assert one["agrees"] == (one["index"] == one["target"])
        assert 0 <= one["probability"] <= one["top"] <= 1
    (first,) = vz.classify(model, vz.sample("chelsea"), top=1)
    assert told[0]["target"] == first.index
    assert told[-1]["agreement"] == sum(one["agrees"] for one in told) / 5


def test_a_curve_streams_every_network(client: TestClient, visitor: dict[str, str]) -> None:
    asked = {"transform": "rotate", "parameter": "angle", "from": -20, "to": 20, "count": 3}
    told = frames(client, "curve", visitor, nets="resnet_cifar10,lenet5", **asked)
    assert [(one["net"], one["position"], one["value"]) for one in told] == [
        (net, place, value)
        for net in ("resnet_cifar10", "lenet5")
        for place, value in enumerate((-20.0, 0.0, 20.0))
    ]
    model = vz.load_model("resnet_cifar10", "cpu", "onnx")
    curve = vz.response_curve(model, vz.sample("chelsea"), "rotate.angle", [-20, 0, 20])
    np.testing.assert_allclose(
        [one["probability"] for one in told[:3]], curve.probability, atol=1e-5
    )
    assert [one["top"]["index"] for one in told[:3]] == curve.top.tolist()


def test_curves_refuse_what_they_cannot_draw(client: TestClient, visitor: dict[str, str]) -> None:
    good = {**VIEW, "nets": "lenet5", "transform": "rotate", "parameter": "angle"}
    span = {"from": "0", "to": "1", "count": "3"}
    for change, sentence in [
        ({"nets": ""}, "0 networks were asked for; choose 1 to 5 different ones."),
        ({"parameter": "speed"}, "There is no curve along 'rotate.speed'"),
        ({"count": "1"}, "A curve of 1 values is not drawn; choose 2 to 361."),
        ({"from": "low"}, "from='low' is no number; give one, such as 0.5."),
    ]:
        answer = client.post(
            "/vz/augment/curve", params={**good, **span, **change}, headers=visitor
        )
        assert answer.status_code in (400, 404)
        assert answer.json()["error"].startswith(sentence)


def test_the_picture_at_a_value_is_the_curves(client: TestClient) -> None:
    asked = {**CAT, "transform": "affine", "parameter": "right", "value": "0.5", "side": "224"}
    answer = client.get("/vz/augment/at", params=asked)
    shown = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB")).astype(int)
    assert np.abs(shown[:, :100] - np.array([124, 116, 104])).max() < 12  # what came in is mean


def test_an_adopted_draw_is_a_picture_of_the_visitor(
    client: TestClient, visitor: dict[str, str]
) -> None:
    asked = {**CAT, "pipeline": "center_crop(size=64);invert(p=1)", "number": "0"}
    answer = client.post("/vz/augment/adopt", params=asked, headers=visitor).json()
    assert (answer["width"], answer["height"]) == (64, 64)
    shown = client.get(f"/vz/pictures/{answer['picture']}").content
    ((expected, _),) = vz.augment(
        np.asarray(reduced("chelsea")), "center_crop(size=64);invert(p=1)", n=1
    )
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(shown))), expected)
    assert client.post("/vz/augment/adopt", params=asked).status_code == 410


def reduced(name: str) -> np.ndarray:
    from visualizer.runtime.augmentation.draw import working_copy
    from visualizer.runtime.picture import read_picture

    return working_copy(read_picture(vz.sample(name)))[0]


def test_the_zip_holds_pictures_values_and_code(client: TestClient) -> None:
    asked = {**CAT, "pipeline": "center_crop(size=64);rotate", "seed": "9", "count": "2"}
    answer = client.get("/vz/augment/zip", params=asked)
    assert answer.content == client.get("/vz/augment/zip", params=asked).content
    files = zipfile.ZipFile(io.BytesIO(answer.content))
    assert files.namelist() == ["draw_000.png", "draw_001.png", "draws.json", "transform.py"]
    told = json.loads(files.read("draws.json"))
    assert told["seed"] == 9
    assert (told["picture"], told["partner"]) == ("sample:chelsea", None)
    assert told["pipeline"] == "center_crop(size=64);rotate"
    picture = np.asarray(Image.open(io.BytesIO(files.read("draw_001.png"))))
    drawn = vz.augment(vz.sample("chelsea"), told["pipeline"], n=2, seed=9, shorter_side=256)
    np.testing.assert_array_equal(picture, drawn[1][0])
    assert told["draws"][1]["applied"][1]["values"] == drawn[1][1][1].values
    assert b"v2.Compose" in files.read("transform.py")


def test_equivariance_is_measured_for_a_layer(client: TestClient) -> None:
    told = client.get("/vz/augment/equivariance", params=VIEW).json()
    assert told["error"] < 1e-5
    assert told["shift_px"] == [1, 1]
    assert told["reason"] is None


def test_a_layer_that_always_sees_the_border_has_a_reason(client: TestClient) -> None:
    answer = client.get("/vz/augment/equivariance", params={**VIEW, "layer": "layer3.relu2"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["reason"].startswith("Every cell of layer3.relu2 sees the border when the input")
    assert "error" not in told
    unknown = client.get("/vz/augment/equivariance", params={**VIEW, "layer": "layer9"})
    assert unknown.status_code == 404


def test_small_pictures_grow_pixel_by_pixel() -> None:
    tiny = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    grown = fitted(tiny, 8)
    np.testing.assert_array_equal(grown, tiny.repeat(4, axis=0).repeat(4, axis=1))


def test_a_pixel_is_forgiven_layer_by_layer(client: TestClient) -> None:
    asked = {**VIEW, "layers": "conv1,avgpool,softmax"}
    told = client.get("/vz/augment/forgiven", params=asked).json()["layers"]
    assert [one["layer"] for one in told] == ["conv1", "avgpool", "softmax"]
    assert 0 < told[1]["change"] < told[0]["change"] < 2  # the average over all cells forgives most
    answer = client.get("/vz/augment/forgiven", params={**VIEW, "layers": ""})
    assert answer.json()["error"] == "0 layers were asked for; choose 1 to 16."
    answer = client.get("/vz/augment/forgiven", params={**VIEW, "layers": "conv9"})
    assert answer.status_code == 404
