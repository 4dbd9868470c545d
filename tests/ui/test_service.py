"""What the running page keeps of a visitor's pictures."""

import numpy as np
import pytest

from visualizer.runtime.shelf import Shelf
from visualizer.ui import service as module
from visualizer.ui.service import Service, content_digest


def test_a_picture_is_digested_once_and_its_digest_goes_with_the_visitor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service(Shelf("cpu", "onnx"))
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    handle = service.visitors.keep(service.visitors.welcome("one"), pixels)
    asked = {"net": "lenet5", "weights": "untrained", "picture": handle}
    key = service.view(asked).key
    assert key[1] == content_digest(pixels)
    with monkeypatch.context() as patched:
        patched.setattr(module, "content_digest", lambda _pixels: pytest.fail("digested again"))
        assert service.view(asked).key == key
    service.leave("one")
    assert not service._digests
