"""Whose pictures the Augmentation tab draws from: partners to mix in, draws that are kept."""

import functools
import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.as_browser import serving
from visualizer.panels.augmentation import PANEL
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service
from visualizer.ui.visitors import PICTURES_EACH
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE

CAT = {"picture": "sample:chelsea"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    service = Service(Shelf("cpu", "onnx"))
    with serving(service, [*PANEL.endpoints, *WORKSPACE]) as made:
        yield made


@pytest.fixture(scope="module")
def visitor(client: TestClient) -> dict[str, str]:
    return {"X-Visitor": client.post("/vz/visitors").json()["visitor"]}


def test_any_picture_may_be_mixed_in(client: TestClient, visitor: dict[str, str]) -> None:
    asked = {**CAT, "pipeline": "center_crop(size=64);invert(p=1)", "number": "0"}
    own = client.post("/vz/augment/adopt", params=asked, headers=visitor).json()["picture"]
    for partner in ("sample:trouser", "sample:chelsea", own):
        mixing = {**CAT, "pipeline": "cutmix", "count": "2", "partner": partner}
        body = client.get("/vz/augment/draws", params=mixing).content
        header = json.loads(body[4 : 4 + int.from_bytes(body[:4], "little")])
        assert header["partner"] == partner
        assert all(0 <= draw["share"] <= 1 for draw in header["draws"])
    view = {**CAT, "net": "lenet5", "pipeline": "mixup", "partner": own, "count": "2"}
    answer = client.post("/vz/augment/predictions", params=view, headers=visitor)
    assert answer.content.count(b'"agrees"') == 2
    seen = client.get("/vz/augment/draw", params={**CAT, "pipeline": "mixup", "partner": own})
    assert seen.status_code == 200


@pytest.mark.parametrize(
    ("partner", "status", "sentence"),
    [
        ("sample:dog", 404, "The second picture cannot be mixed in. There is no sample 'dog'"),
        ("0" * 32, 410, "The second picture cannot be mixed in. This picture is no longer kept."),
    ],
)
def test_a_partner_that_is_not_there_is_named(
    client: TestClient, partner: str, status: int, sentence: str
) -> None:
    asked = {**CAT, "pipeline": "mixup", "partner": partner}
    answer = client.get("/vz/augment/draws", params=asked)
    assert answer.status_code == status
    assert answer.json()["error"].startswith(sentence)
    alone = client.get("/vz/augment/draws", params={**asked, "pipeline": "hflip"})
    assert alone.status_code == 200  # nothing is mixed, nobody is missed


def test_a_picture_on_the_page_does_not_make_room(
    client: TestClient, visitor: dict[str, str]
) -> None:
    asked = {**CAT, "pipeline": "center_crop(size=64)", "number": "0"}
    adopt = functools.partial(client.post, "/vz/augment/adopt", headers=visitor)
    shown, forgotten = (adopt(params=asked).json()["picture"] for _ in range(2))
    for _ in range(PICTURES_EACH):
        assert adopt(params={**asked, "shown": shown}).status_code == 200
    assert client.get(f"/vz/pictures/{shown}").status_code == 200
    assert client.get(f"/vz/pictures/{forgotten}").status_code == 410
    assert adopt(params={**asked, "shown": forgotten}).status_code == 200
