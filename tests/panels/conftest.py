"""A page's server with the Training tab, and a visitor of it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.as_browser import newcomer, serving
from visualizer.panels.training import PANEL
from visualizer.runtime.shelf import Shelf
from visualizer.ui.service import Service
from visualizer.ui.workspace import ENDPOINTS as WORKSPACE


@pytest.fixture
def service() -> Service:
    return Service(Shelf("cpu", "onnx"))


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with serving(service, [*PANEL.endpoints, *WORKSPACE]) as made:
        made.headers["X-Visitor"] = newcomer(made)
        yield made
