"""The heatmaps panel, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import visualizer as vz

pytestmark = pytest.mark.e2e
READY = "document.querySelector('.vz-he-facts')?.textContent.includes('·')"
LENET = "?panel=heatmaps&net=lenet5&picture=digit_3"


def ready(page: Any) -> None:
    page.wait_for_function(READY, timeout=60_000)


def quiet(page: Any) -> None:
    """Wait until nothing has been requested for half a second."""
    seen = -1
    while seen != len(page.guard.requests):
        seen = len(page.guard.requests)
        page.wait_for_timeout(500)


def says(page: Any, selector: str, text: str) -> None:
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=20_000,
    )


def painted(page: Any) -> int:
    """A sum over the heat's own canvas: any change of drawing changes it."""
    return int(
        page.evaluate(
            """() => {
              const canvas = document.querySelector(".vz-he-stage .vz-he-heat");
              const {width, height} = canvas;
              const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
              return data.reduce((sum, value, at) => (sum * 31 + value * (at % 7)) % 1000003, 0);
            }"""
        )
    )


def test_first_sight_is_grad_cam_of_the_most_probable_class(open_page: Any) -> None:
    page = open_page("?panel=heatmaps")
    ready(page)
    assert "Grad-CAM for “tiger cat”" in page.locator(".vz-he-title").first.inner_text()
    assert "7 × 7 cells of act2" in page.locator(".vz-he-facts").first.inner_text()
    box = page.locator(".vz-he-stage").bounding_box()
    assert box["width"] > 450
    assert box["y"] + box["height"] < 800  # whole, without scrolling
    assert painted(page) != 0
    says(page, ".vz-he-explain", "0.3942")  # as docs/lecturers.md says
    page.wait_for_function("document.querySelectorAll('.vz-he-depth-choice').length === 7")


def test_the_heat_on_the_page_is_the_librarys(open_page: Any) -> None:
    """The raw map, upsampled by the page's own code and rescaled, is ``vz.cam``."""
    page = open_page("?panel=heatmaps&picture=coffee")
    ready(page)
    found = page.evaluate(
        """async () => {
          const sheet = document.querySelector('link[href$="/style.css"]').href;
          const base = sheet.replace("style.css", "js/");
          const {getArrays} = await import(base + "api.js");
          const {bilinear} = await import(base + "heatmaps/upsample.js");
          const asked = {net: "efficientnet_lite0", picture: "sample:coffee", target: 967,
            method: "grad-cam", layer: "act2"};
          const {header, arrays} = await getArrays("heat", asked);
          return [...bilinear(arrays.heat, header.shape, [224, 224])];
        }"""
    )
    heat = np.array(found, np.float32).reshape(224, 224)
    model = vz.load_model("efficientnet_lite0", device="cpu", backend="onnx")
    wanted = vz.cam(model, vz.sample("coffee"), method="grad-cam", target=967, layer="act2")
    np.testing.assert_allclose(heat / heat.max(), wanted, atol=1e-4)


def test_blending_asks_the_server_nothing(open_page: Any) -> None:
    page = open_page("?panel=heatmaps")
    ready(page)
    quiet(page)
    before = len(page.guard.requests)
    seen = [painted(page)]
    changes: tuple[Callable[[], Any], ...] = (
        lambda: page.locator("#vz-he-opacity").fill("40"),
        lambda: page.locator("#vz-he-threshold").fill("60"),
        lambda: page.select_option("#vz-he-colours", "viridis"),
        lambda: page.locator("#vz-he-contour").click(),
        lambda: page.locator("#vz-he-cells").click(),
        lambda: page.locator("#vz-he-even").click(),
    )
    for change in changes:
        change()
        page.wait_for_timeout(60)
        seen.append(painted(page))
    assert len(set(seen)) == len(seen)
    assert len(page.guard.requests) == before
    page.wait_for_function(
        "location.search.includes('heat-blend=40.viridis.60.contour.even.cells')"
    )


def test_a_link_opens_the_same_heat(open_page: Any) -> None:
    page = open_page(
        "?panel=heatmaps&class=285&heat=hires-cam&heat-against=281&heat-layer=blocks.4.0.act1"
        "&heat-cell=3,4&heat-blend=70.grey.20.contour"
    )
    ready(page)
    says(page, ".vz-he-title", "HiResCAM for “Egyptian cat” rather than “tabby”")
    assert "14 × 14 cells of blocks.4.0.act1" in page.locator(".vz-he-facts").first.inner_text()
    says(page, ".vz-he-explain", "Cell row 3, column 4")
    assert page.locator("#vz-he-method").input_value() == "hires-cam"
    assert page.locator("#vz-he-layer").input_value() == "blocks.4.0.act1"
    assert page.locator("#vz-he-contour").get_attribute("aria-pressed") == "true"
    assert page.locator("#vz-he-threshold").input_value() == "20"


def test_nonsense_in_the_link_gives_way_and_says_so(open_page: Any) -> None:
    page = open_page("?panel=heatmaps&heat=magic&heat-layer=nowhere&heat-blend=x&heat-cell=99,99")
    page.guard.expected = ("404",)
    ready(page)
    says(page, ".vz-he-notice", "no layer “nowhere”")
    says(page, ".vz-he-notice", "no method “magic”")
    assert "Grad-CAM" in page.locator(".vz-he-title").first.inner_text()


def test_pointing_reads_the_heat_and_boxes_what_a_cell_sees(open_page: Any) -> None:
    page = open_page("?panel=heatmaps")
    ready(page)
    box = page.locator(".vz-he-stage").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 3.5 / 7, box["y"] + box["height"] * 2.5 / 7)
    says(page, "#vz-he-readout", "cell row 2, column 3")
    says(page, "#vz-he-readout", "sees 851 × 851 input pixels")
    assert "851 × 851" in page.locator(".vz-receptive-label").inner_text()
    page.mouse.click(box["x"] + box["width"] / 14, box["y"] + box["height"] / 14)
    says(page, ".vz-he-explain", "Cell row 0, column 0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    says(page, ".vz-he-explain", "Cell row 1, column 1")
    page.wait_for_function("location.search.includes('heat-cell=1,1')")


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_sum_on_the_page_adds_up_and_opens_in_the_stepping_widgets(open_page: Any) -> None:
    page = open_page(LENET)
    ready(page)
    page.wait_for_function("document.querySelectorAll('.vz-he-term').length === 8")
    for text in page.locator(".vz-he-product").all_inner_texts():
        weight, activation, product = (number(part) for part in re.split(r"[·=]", text))
        assert weight * activation == pytest.approx(product, abs=1e-5)
    chain = page.locator(".vz-he-equation .vz-eq-chain").inner_text()
    parts = [number(part) for part in re.findall(r"−?\d[\d.]*(?=\s\()", chain.split("=")[0])]
    assert sum(parts) == pytest.approx(number(chain.split("=")[1].split("→")[0]), abs=2e-5)
    page.locator("#vz-he-bench").click()
    page.wait_for_function("location.search.includes('wb=convolution')", timeout=20_000)
    page.get_by_role("tab", name="Heatmaps").click()
    page.locator(".vz-he-term").first.click()
    page.wait_for_function(
        "document.querySelector('#vz-trace-value')?.textContent.length > 0", timeout=30_000
    )


def test_a_class_is_found_by_typing(open_page: Any) -> None:
    page = open_page("?panel=heatmaps&picture=coffee")
    ready(page)
    page.get_by_role("combobox", name="Class").first.click()
    page.keyboard.type("coffee m")
    page.wait_for_selector(".vz-class-option[data-class='504']")
    page.keyboard.press("Enter")
    says(page, ".vz-he-title", "for “coffee mug”")
    page.wait_for_function("location.search.includes('class=504')")
    page.locator(".vz-class-clear:visible").first.click()
    says(page, ".vz-he-title", "for “espresso”")


def test_choosing_a_layer_chooses_it_for_all_panels(open_page: Any) -> None:
    page = open_page("?panel=heatmaps")
    ready(page)
    page.locator(".vz-he-depth-choice").first.click()
    says(page, ".vz-he-facts", "112 × 112 cells")
    page.wait_for_function(
        "new URLSearchParams(location.search).get('heat-layer')"
        " === new URLSearchParams(location.search).get('layer')"
    )


def test_all_methods_side_by_side_and_one_of_them_large(open_page: Any) -> None:
    page = open_page(LENET + "&heat-view=all")
    page.wait_for_selector(".vz-he-card")
    cam = page.locator("[data-method='cam']")
    assert cam.locator("button").first.is_disabled()
    assert "CAM needs a layer" in cam.inner_text()
    says(page, "[data-method='layer-cam'] .vz-he-card-note", "ms")
    says(page, "[data-method='saliency'] .vz-he-card-note", "ms")
    page.locator("[data-method='layer-cam'] button").first.hover()
    says(page, "[data-method='grad-cam'] .vz-he-card-value", "%")
    page.locator("[data-method='layer-cam'] button").first.click()
    ready(page)
    says(page, ".vz-he-one .vz-he-title", "LayerCAM for “3”")


def test_a_long_method_grows_and_can_be_cancelled(open_page: Any) -> None:
    page = open_page("?panel=heatmaps&heat=rise")
    page.wait_for_selector("#vz-he-cancel:visible", timeout=60_000)
    says(page, ".vz-he-long", " of ")
    page.locator("#vz-he-cancel").click()
    says(page, "#vz-heat-message", "RISE was stopped.")
    page.select_option("#vz-he-method", "grad-cam")
    says(page, ".vz-he-title", "Grad-CAM for")
    assert page.locator("#vz-heat-message").is_hidden()


def test_a_map_of_zeros_is_told_in_words(open_page: Any) -> None:
    page = open_page("?panel=heatmaps&net=lenet5&picture=digit_2&class=2&heat-layer=1")
    ready(page)
    says(page, ".vz-he-empty", "The map is zero everywhere")
    assert painted(page) == 0


def test_a_row_of_pictures_each_with_its_own_class(open_page: Any) -> None:
    page = open_page(LENET + "&heat-view=row")
    page.wait_for_function("document.querySelectorAll('.vz-he-card').length === 4", timeout=30_000)
    for digit in (2, 3, 5, 8):
        card = page.locator(".vz-he-card", has_text=f"Digit {digit}")
        card.locator(".vz-he-card-note", has_text=f"{digit},").wait_for()
    page.locator(".vz-he-card", has_text="Digit 8").locator("button").click()
    page.wait_for_function("location.search.includes('picture=digit_8')")


def test_switching_method_on_a_known_picture_is_quick(open_page: Any) -> None:
    """In the page as a whole; the server's own share is in its answer."""
    page = open_page("?panel=heatmaps")
    ready(page)
    quiet(page)
    times_ms = []
    for method in ("layer-cam", "xgrad-cam", "hires-cam"):
        with page.expect_response(re.compile(f"/vz/heat\\?.*method={method}")) as answer:
            page.select_option("#vz-he-method", method)
        times_ms.append(answer.value.request.timing["responseEnd"])
        page.wait_for_timeout(300)
    assert sorted(times_ms)[1] < 400  # these machines are shared


@pytest.mark.parametrize(
    ("name", "address", "options"),
    [
        ("heat-light", "?panel=heatmaps", {}),
        ("heat-dark", "?panel=heatmaps&picture=coffee&__theme=dark", {}),
        ("heat-all", "?panel=heatmaps&heat-view=all", {}),
        ("heat-row", "?panel=heatmaps&heat-view=row", {}),
        ("heat-phone", LENET, {"viewport": {"width": 375, "height": 800}}),
        ("heat-stage", "?panel=heatmaps", {"viewport": {"width": 1920, "height": 1080}}),
    ],
)
def test_nothing_overflows(
    open_page: Any, shots: Path | None, name: str, address: str, options: dict[str, Any]
) -> None:
    page = open_page(address, **options)
    page.wait_for_selector(".vz-he-title:visible", timeout=60_000)
    quiet(page)
    if name.endswith("stage"):
        page.keyboard.press("s")
        page.wait_for_selector("body.vz-stage")
        page.wait_for_timeout(300)
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
    if shots:
        page.screenshot(path=shots / f"{name}.png", full_page=name.endswith("phone"))
