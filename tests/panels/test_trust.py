"""What the page is told about trust, frame by frame, as the browser reads it."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from starlette.responses import StreamingResponse

from tests.as_browser import frames_of
from visualizer.analyses.attribution import attribute
from visualizer.analyses.faithfulness import faithfulness
from visualizer.errors import GoneError, VisualizerError
from visualizer.panels.heatmaps.trust import check, trust
from visualizer.runtime.model import load_model
from visualizer.runtime.samples import sample_path
from visualizer.runtime.shelf import Shelf
from visualizer.ui.http import Query
from visualizer.ui.service import Service

ASKED = {"net": "lenet5", "picture": "sample:digit_3", "method": "saliency", "target": "3"}


@pytest.fixture
def service() -> Service:
    return Service(Shelf("cpu"))


def asks(service: Service, **more: str) -> Query:
    return Query({**ASKED, **more}, b"", service.visitors.welcome(), {})


def frames(response: object) -> list[tuple[dict[str, Any], dict[str, np.ndarray]]]:
    assert isinstance(response, StreamingResponse)

    async def collect() -> bytes:
        return b"".join([bytes(part) async for part in response.body_iterator])  # type: ignore[arg-type]

    return frames_of(asyncio.run(collect()))


def test_the_curves_are_those_of_the_library(service: Service) -> None:
    found = frames(trust(service, asks(service)))
    heating, *measured, done = found
    assert heating[0]["heating"]
    assert done[0]["done"]
    header, arrays = measured[-1]
    assert header["step"] == header["steps"] == len(measured)
    model = load_model("lenet5", backend="onnx")
    picture = sample_path("digit_3")
    expected = faithfulness(model, picture, attribute(model, picture, target=3), 3)
    assert header["road"] == pytest.approx(expected.road, abs=1e-4)
    assert header["deletion"] == pytest.approx(expected.deletion.area, abs=1e-4)
    assert arrays["insertion_scores"] == pytest.approx(expected.insertion.scores, abs=1e-4)
    assert len(measured[0][1]["deletion_scores"]) < len(arrays["deletion_scores"]) == 33


@pytest.mark.parametrize("baseline", ["centre", "random"])
def test_maps_that_know_nothing_are_measured_alike(service: Service, baseline: str) -> None:
    *_, (header, _), _ = frames(trust(service, asks(service, baseline=baseline)))
    assert 0 < header["deletion"] < 1


def test_a_baseline_that_is_not_there(service: Service) -> None:
    with pytest.raises(VisualizerError, match=r"no baseline 'corner'\. Choose centre or random"):
        trust(service, asks(service, baseline="corner"))


def test_random_weights_stage_by_stage(service: Service) -> None:
    first, *stages, done = frames(check(service, asks(service)))
    assert not first[1]
    assert done[0]["done"]
    assert [header["step"] for header, _ in stages] == list(range(1, 7))
    assert stages[0][0]["layer"] is None
    assert stages[0][0]["correlation"] == pytest.approx(1)
    assert abs(stages[-1][0]["correlation"]) < 0.9
    assert stages[0][1]["heat"].shape == (28, 28)


def test_what_takes_long_is_not_randomised(service: Service) -> None:
    with pytest.raises(VisualizerError, match=r"^RISE runs the network many times for each map"):
        check(service, asks(service, method="rise"))


def test_visitors_only(service: Service) -> None:
    with pytest.raises(GoneError):
        trust(service, Query(ASKED, b"", "nobody", {}))
