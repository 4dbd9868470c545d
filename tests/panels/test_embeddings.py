"""What the Embeddings tab asks the server, without a browser."""

import csv
import gc
import io
import itertools
import json
import threading
import time
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

import visualizer as vz
from tests.as_browser import Frame, frames_of, serving
from visualizer.analyses.features import pixel_features
from visualizer.panels.embeddings import PANEL
from visualizer.panels.embeddings.growth import quantised
from visualizer.panels.embeddings.question import memory
from visualizer.panels.embeddings.scores import asked_queries
from visualizer.runtime.shelf import Shelf
from visualizer.ui.collections import ENDPOINTS as COLLECTIONS
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE

DIGITS = "net=lenet5&collection=digits"
PART = f"{DIGITS}&limit=120"


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    endpoints = [*PANEL.endpoints, *COLLECTIONS, *WORKSPACE]
    with serving(service, endpoints) as made:
        made.headers["X-Visitor"] = made.post("/vz/visitors").json()["visitor"]
        yield made


def stream(client: TestClient, address: str) -> list[Frame]:
    answer = client.post(address)
    assert answer.status_code == 200, answer.text
    frames = frames_of(answer.content)
    assert frames.pop()[0]["done"] is True
    return frames


def of_stage(frames: list[Frame], stage: str) -> list[Frame]:
    return [frame for frame in frames if frame[0]["stage"] == stage]


def own_zip(client: TestClient, count: int = 30, *, equal: bool = False) -> str:
    """Give a visitor a collection of noisy pictures in three folders."""
    rng = np.random.default_rng(2)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for place in range(count):
            picture = rng.integers(0, 256, (28, 28, 3), dtype=np.uint8) * (not equal)
            png = io.BytesIO()
            Image.fromarray(picture.astype(np.uint8)).save(png, "PNG")
            file.writestr(f"class{place % 3}/{place:02}.png", png.getvalue())
    body = client.post("/vz/collections", content=archive.getvalue()).content
    last = body[: body.rindex(b'{"done"') - 8]
    return json.loads(last[last.index(b'{"collection"') :])["collection"]["name"]


def test_a_map_grows_and_settles(client: TestClient) -> None:
    frames = stream(client, f"/vz/embedding?{PART}&perplexity=10&iterations=60&seed=3")
    assert of_stage(frames, "features")[-1][0]["step"] == 120
    (points,) = of_stage(frames, "points")
    header, arrays = points
    digits = vz.collection("digits")
    assert digits.labels is not None
    assert (header["count"], header["total"], header["predicted"]) == (120, 1797, "mnist")
    assert header["classes"] == list("0123456789")
    indices = arrays["indices"]
    assert arrays["labels"].tolist() == digits.labels[indices].tolist()
    assert np.bincount(arrays["labels"]).tolist() == [12] * 10
    assert arrays["correct"].tolist() == (arrays["predictions"] == arrays["labels"]).tolist()
    assert ((arrays["probabilities"] > 0.1) & (arrays["probabilities"] <= 1)).all()
    grown = of_stage(frames, "map")
    phases = [header["phase"] for header, _ in grown]
    assert list(dict.fromkeys(phases)) == ["neighbours", "early exaggeration", "optimising"]
    final, last = grown[-1]
    assert final["iteration"] == final["iterations"] == 135
    assert final["remaining_s"] == 0
    ((settled, made),) = of_stage(frames, "settled")
    features = vz.extract_features(vz.load_model("lenet5", backend="onnx"), digits.part(indices))
    expected = vz.embed(features, perplexity=10, seed=3, iterations=60)
    np.testing.assert_allclose(made["xy"], expected, atol=1e-3)
    lower, upper = np.array(final["bounds"]).reshape(2, 2)
    shown = lower + last["xy"] / 65535 * (upper - lower)
    np.testing.assert_allclose(shown, expected, atol=2e-3)
    worth = vz.map_quality(features, expected, arrays["labels"])
    assert settled["quality"]["accuracy"] == pytest.approx(worth.accuracy_map, abs=0.02)
    assert settled["quality"]["trustworthiness"] == pytest.approx(worth.trustworthiness, abs=0.01)
    assert settled["kl"] == pytest.approx(final["kl"], abs=1e-6)
    assert made["clusters"].shape == (120,)
    exact = np.linalg.norm(features - features[5], axis=1)
    assert set(made["neighbours"][5].tolist()) == set(np.argsort(exact)[1:11].tolist())


def test_known_features_are_not_extracted_again(client: TestClient) -> None:
    address = f"/vz/embedding?{PART}&method=pca&dimensions=3"
    stream(client, address)
    frames = stream(client, address)
    assert of_stage(frames, "features") == []
    ((header, arrays),) = of_stage(frames, "map")
    assert (arrays["xy"].shape, len(header["bounds"]), header["kl"]) == ((120, 3), 6, None)


def test_the_visitors_picture_lands_on_the_map(client: TestClient) -> None:
    """Samples of digits come from the same collection: one lies on its equal."""
    frames = stream(client, f"/vz/embedding?{DIGITS}&method=pca")
    ((settled, made),) = of_stage(frames, "settled")
    address = f"/vz/embedding/place?map={settled['map']}&net=efficientnet_lite0"
    answer = client.get(f"{address}&picture=sample:digit_2").json()
    nearest = answer["neighbours"][0]
    assert nearest["distance"] == pytest.approx(0, abs=1e-4)
    np.testing.assert_allclose(answer["xy"], made["xy"][nearest["position"]], atol=1e-3)
    assert len(answer["neighbours"]) == 10
    assert answer["top"][0]["label"] == "2"
    assert len(answer["top"]) == 3
    assert answer["how"] == "Projected onto the same axes as all others."
    table = client.get(f"/vz/embedding/export?map={settled['map']}")
    assert table.headers["Content-Disposition"] == 'attachment; filename="map-lenet5-pca.csv"'
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == 1797
    assert (rows[7]["index"], rows[7]["label"]) == ("7", "7")
    assert float(rows[7]["x"]) == pytest.approx(made["xy"][7, 0], rel=1e-4)
    gone = client.get("/vz/embedding/place?map=nothing&picture=sample:digit_2")
    assert gone.status_code == 410
    assert gone.json()["error"] == "This map is no longer kept on the server. Make it again."


def test_layers_are_laid_one_on_the_other(client: TestClient) -> None:
    frames = stream(
        client, f"/vz/embedding/layers?{PART}&layers=1,4,softmax&perplexity=10&iterations=40"
    )
    finished = of_stage(frames, "layer")
    assert [header["layer"] for header, _ in finished] == ["1", "4", "softmax"]
    assert [(header["position"], header["of"]) for header, _ in finished] == [
        (0, 3),
        (1, 3),
        (2, 3),
    ]
    assert len(of_stage(frames, "points")) == 1
    accuracies = [header["quality"]["accuracy_features"] for header, _ in finished]
    assert accuracies[0] < accuracies[2]  # classes come apart with depth
    assert {header["layer"] for header, _ in of_stage(frames, "map")} == {"1", "4", "softmax"}
    for (_, before), (_, after) in itertools.pairwise(finished):
        turned = after["xy"] * [-1, 1]
        fits = [np.sum((xy - before["xy"]) ** 2) for xy in (after["xy"], turned)]
        assert fits[0] < fits[1]


def test_similar_pictures_by_features_and_by_pixels(client: TestClient) -> None:
    digits, model = vz.collection("digits"), vz.load_model("lenet5", backend="onnx")
    features = vz.extract_features(model, digits)
    assert digits.labels is not None
    answer = client.get(f"/vz/retrieval?{DIGITS}&index=42").json()
    expected = vz.nearest(features, features[42], 21)
    assert [one["index"] for one in answer["deep"]] == expected.indices[1:].tolist()
    levels = np.rint(255 * pixel_features(model, digits))
    gaps = np.abs(levels - levels[42]).sum(axis=1)
    gaps[42] = np.inf
    assert [one["distance"] for one in answer["pixels"]] == np.sort(gaps)[:20].tolist()
    assert [one["distance"] for one in answer["pixels"]] == [
        gaps[one["index"]] for one in answer["pixels"]
    ]
    same = [digits.labels[one["index"]] == digits.labels[42] for one in answer["deep"]]
    assert [one["same"] for one in answer["deep"]] == same
    assert answer["precision"]["deep"] == pytest.approx(np.mean(same))
    assert answer["precision"]["k"] == 20
    assert answer["cost"].startswith("Exact search reads every vector. By the network: 1,797 × 84")
    own = client.get(f"/vz/retrieval?{DIGITS}&picture=sample:digit_2&k=3").json()
    assert own["deep"][0]["index"] == own["pixels"][0]["index"]
    assert own["pixels"][0]["distance"] == 0
    assert own["precision"]["deep"] is None
    refused = client.get(f"/vz/retrieval?{DIGITS}&index=0&k=500")
    assert (
        "500 similar pictures cannot be shown of 1796 others. Choose 1 to 100"
        in refused.json()["error"]
    )


def test_what_takes_long_is_asked_for_first(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visualizer.panels.embeddings.retrieval.QUICK_MACS", 1e6)
    address = f"{DIGITS}&layer=4&pool=max"
    refused = client.get(f"/vz/retrieval?{address}&index=1")
    assert (refused.status_code, refused.json()["features_missing"]) == (409, True)
    assert "not worked out yet" in refused.json()["error"]
    ready = stream(client, f"/vz/retrieval/features?{address}")[-1][0]
    assert (ready["stage"], ready["count"], ready["values"]) == ("ready", 1797, 16)
    assert client.get(f"/vz/retrieval?{address}&index=1").status_code == 200


def test_scores_grow_to_those_of_the_library(client: TestClient) -> None:
    frames = of_stage(stream(client, f"/vz/retrieval/scores?{PART}"), "scores")
    final = frames[-1][0]
    digits = vz.collection("digits")
    indices = of_stage(stream(client, f"/vz/embedding?{PART}&method=pca"), "points")[0][1][
        "indices"
    ]
    part = digits.part(indices)
    features = vz.extract_features(vz.load_model("lenet5", backend="onnx"), part)
    assert (final["queries"], final["planned"]) == (120, 120)
    for k in (1, 5, 10):
        expected = vz.retrieval_scores(features, part.labels, k=k)
        assert final["deep"]["precision"][str(k)] == pytest.approx(expected.precision, abs=1e-3)
    average = expected.mean_average_precision
    assert final["deep"]["mean_average_precision"] == pytest.approx(average, abs=1e-3)
    assert final["pixels"]["mean_average_precision"] < average  # deep features beat pixels
    assert final["chance"]["precision"]["5"] == pytest.approx(11 / 119)
    assert asked_queries(1797, 784) == 1797
    assert asked_queries(10_000, 3072) == 651


def test_bad_input_is_refused_before_anything_runs(client: TestClient) -> None:
    for words, status, sentence in [
        ("perplexity=900", 400, "Perplexity 900 needs at least 2701 pictures; there are 1797"),
        ("perplexity=wide", 400, "perplexity='wide' is no number; give one such as 30"),
        ("exaggeration=nan", 400, "exaggeration='nan' is no number"),
        ("dimensions=4", 400, "A map has 2 or 3 dimensions, not 4"),
        ("limit=3", 400, "A map needs at least 4 pictures; there are 3"),
        ("metric=l7", 404, "no metric 'l7' for maps; choose l2 or cosine"),
        ("method=tsne", 404, "There is no embedding 'tsne'; choose one of t-sne"),
        ("layer=nope", 404, "LeNet-5 has no layer 'nope'"),
        ("pool=median", 404, "There is no pooling 'median'"),
        ("pool=generalised-mean&power=0", 400, "Power 0 of the generalised mean"),
    ]:
        answer = client.post(f"/vz/embedding?{DIGITS}&{words}")
        assert (answer.status_code, sentence in answer.json()["error"]) == (status, True), words
    none = client.post(f"/vz/embedding/layers?{DIGITS}&layers=")
    assert none.json()["error"] == "0 layers are named; name 1 to 12, with commas between."
    assert client.get(f"/vz/retrieval?{DIGITS}&index=0&metric=l7").status_code == 404
    outside = client.get(f"/vz/retrieval?{DIGITS}&index=5000")
    assert "Picture 5000 is not among the 1,797" in outside.json()["error"]
    stranger = client.post(f"/vz/embedding?{DIGITS}", headers={"X-Visitor": "nobody"})
    assert stranger.status_code == 410


def test_identical_pictures_are_said(client: TestClient) -> None:
    name = own_zip(client, 12, equal=True)
    body = client.post(f"/vz/embedding?net=lenet5&collection={name}&perplexity=2").content
    assert b"All 12 pictures have the same features, so there is nothing to arrange" in body


def test_own_pictures_are_forgotten_with_the_page(service: Service) -> None:
    with serving(service, [*PANEL.endpoints, *COLLECTIONS, *WORKSPACE]) as client:
        visitor = client.post("/vz/visitors").json()["visitor"]
        client.headers["X-Visitor"] = visitor
        name = own_zip(client)
        address = f"net=lenet5&collection={name}"
        frames = stream(client, f"/vz/embedding?{address}&method=pca")
        assert of_stage(frames, "points")[0][0]["names"][0] == "class0/00.png"
        made = of_stage(frames, "settled")[0][0]["map"]
        assert client.get(f"/vz/retrieval?{address}&index=1").status_code == 200
        kept = memory(service)
        before = len(kept.features.indices), len(kept.features.pixels), len(kept.maps.maps)
        service.visitors.leave(visitor)
        gc.collect()
        after = len(kept.features.indices), len(kept.features.pixels), len(kept.maps.maps)
        assert after == (before[0] - 3, before[1] - 1, before[2] - 1)
        assert client.get(f"/vz/embedding/export?map={made}").status_code == 410
        assert client.get(f"/vz/retrieval?{address}&index=1").status_code == 410


def test_a_page_that_is_closed_ends_its_map(client: TestClient, service: Service) -> None:
    token = client.post("/vz/visitors").json()["visitor"]
    bodies: list[bytes] = []

    def ask() -> None:
        address = f"/vz/embedding?{DIGITS}&iterations=9000"
        bodies.append(client.post(address, headers={"X-Visitor": token}).content)

    asking = threading.Thread(target=ask)
    asking.start()
    while not service.work.running:
        time.sleep(0.01)
    time.sleep(0.5)
    service.visitors.leave(token)
    asking.join(10)  # to its end it would take minutes
    assert not asking.is_alive()
    assert b'"points"' in bodies[0]
    assert b'"settled"' not in bodies[0]
    assert service.work.running == 0


def test_sixteen_bits_are_exact_enough() -> None:
    """Levels 0, 32768 and 65535 of a line from -1 to 3; a flat axis is all 0."""
    levels, bounds = quantised(np.array([[-1.0, 2], [1, 2], [3, 2]]))
    assert levels.tolist() == [[0, 0], [32768, 0], [65535, 0]]
    assert bounds == [-1, 2, 3, 2]


def test_the_menu_names_methods_layers_and_what_is_usual(client: TestClient) -> None:
    menu = client.get("/vz/embedding/menu?net=lenet5").json()
    assert [one["id"] for one in menu["methods"]] == ["t-sne", "pca", "umap"]
    assert menu["layers"][-1]["name"] == "softmax"
    assert menu["default"]["layer"] in [one["name"] for one in menu["layers"]]
    assert menu["default"]["perplexity"] == 30
