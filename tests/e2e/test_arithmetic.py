"""The workbench and the trace, in a real browser."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import visualizer as vz

pytestmark = pytest.mark.e2e
TRACED = "document.querySelector('#vz-trace-value')?.textContent.length > 0"


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("≈", "").strip())


def workbench(page: Any) -> None:
    page.wait_for_selector(".vz-wb-figure", timeout=30_000)
    page.wait_for_function(
        "document.querySelector('.vz-wb-lines .vz-eq-line')?.textContent.includes('=')"
    )


def settled(page: Any) -> int:
    """Wait until nothing is requested any more; the number of requests so far comes back."""
    seen = -1
    while seen != len(page.guard.requests):
        seen = len(page.guard.requests)
        page.wait_for_timeout(500)
    return seen


def test_stepping_plays_the_slide_without_asking_the_server(open_page: Any) -> None:
    """vertical-edge-5x5, as published: 6 -9 -8 / -3 -2 -3 / -3 0 -2."""
    page = open_page("?panel=arithmetic&wb=vertical-edge-5x5")
    workbench(page)
    before = settled(page)
    shown = []
    page.locator(".vz-wb-transport").locator("button").first.focus()
    page.keyboard.press("Home")
    for _ in range(9):
        text = page.locator(".vz-wb-lines .vz-eq-line").first.inner_text()
        terms, result = text.rsplit("=", 1)
        products = re.findall(r"(−?[\d.]+)\s*·\s*\(?(−?[\d.]+)\)?", terms)
        assert len(products) == 9
        assert sum(number(a) * number(b) for a, b in products) == number(result)
        shown.append(int(number(result)))
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)
    assert shown == [6, -9, -8, -3, -2, -3, -3, 0, -2]
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert "row 2, column 1" in page.locator(".vz-wb-place").inner_text()
    assert len(page.guard.requests) == before


def test_a_stride_that_does_not_fit_says_what_is_never_read(open_page: Any) -> None:
    page = open_page("?panel=arithmetic")
    workbench(page)
    page.locator("[data-preset]", has_text="Stride 3 on 7 × 7").click()
    page.wait_for_function(
        "document.querySelector('.vz-wb').textContent.includes('never read')", timeout=10_000
    )
    address = "location.search.includes('wb=stride')"
    page.wait_for_function(address, timeout=10_000)


def test_nonsense_in_the_link_keeps_the_default_and_says_so(open_page: Any) -> None:
    page = open_page("?panel=arithmetic&wb=%3Cimg%20src=x%3E1e30")
    workbench(page)
    assert page.locator(".vz-wb-notice").inner_text() != ""


def test_a_probability_opens_down_to_the_pixels(open_page: Any) -> None:
    page = open_page(
        "?net=lenet5&picture=digit_3&panel=arithmetic&layer=softmax&ch=3&cell=0,0&trace="
    )
    page.wait_for_function(TRACED, timeout=30_000)
    model = vz.load_model("lenet5", device="cpu", backend="onnx")
    expected = vz.classify(model, vz.sample("digit_3"), top=1)[0].probability
    assert float(number(page.locator("#vz-trace-value").inner_text())) == pytest.approx(
        expected, rel=1e-3
    )
    for _ in range(len(model.layers)):
        if page.locator("#vz-trace-follow").is_disabled():
            break
        before = page.url
        page.locator("#vz-trace-follow").click()
        page.wait_for_function("before => location.href !== before", arg=before, timeout=10_000)
    assert "input" in page.locator(".vz-trace-title").inner_text()
    page.keyboard.press("Backspace")
    page.wait_for_function("document.querySelector('.vz-trace-title').textContent.includes('0')")


def test_the_feature_maps_open_a_value_as_arithmetic(open_page: Any) -> None:
    page = open_page("?net=lenet5&picture=digit_3&layer=3&ch=5&cell=4,6")
    page.wait_for_function("document.querySelector('#vz-readout')?.textContent.includes('row 4')")
    settled(page)
    shown = page.locator("#vz-readout").inner_text()
    page.locator("#vz-open-trace").click()
    page.wait_for_function(TRACED, timeout=30_000)
    value = float(number(page.locator("#vz-trace-value").inner_text()))
    seen = re.search(r"column 6 · (−?[\d.]+)", shown)
    assert seen is not None
    assert value == pytest.approx(float(number(seen[1])), rel=2e-3)
    assert "panel=arithmetic" in page.url


@pytest.mark.parametrize(
    ("name", "address", "options"),
    [
        ("workbench", "?panel=arithmetic", {}),
        ("workbench-dark", "?panel=arithmetic&__theme=dark&wb=rgb-channel-mixing", {}),
        ("workbench-phone", "?panel=arithmetic", {"viewport": {"width": 375, "height": 800}}),
        (
            "trace-phone",
            "?panel=arithmetic&net=lenet5&picture=digit_3&layer=3&ch=5&cell=4,6&trace=",
            {"viewport": {"width": 375, "height": 800}},
        ),
    ],
)
def test_nothing_overflows(
    open_page: Any, shots: Path | None, name: str, address: str, options: dict[str, Any]
) -> None:
    page = open_page(address, **options)
    page.wait_for_selector(".vz-wb-figure, #vz-trace-value", timeout=30_000)
    settled(page)
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
    if shots:
        page.screenshot(path=shots / f"{name}.png", full_page=True)
