"""A student's first visit, in a real browser."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import visualizer as vz

pytestmark = pytest.mark.e2e
READY = "document.querySelector('#vz-facts')?.textContent.length > 0"


def ready(page: Any) -> None:
    page.wait_for_function(READY, timeout=30_000)


def quiet(page: Any) -> None:
    """Wait until nothing has been requested for half a second (Gradio's heartbeat never ends)."""
    seen = -1
    while seen != len(page.guard.requests):
        seen = len(page.guard.requests)
        page.wait_for_timeout(500)


def address_carries(page: Any, *parts: str) -> None:
    conditions = " && ".join(f"location.search.includes('{part}')" for part in parts)
    page.wait_for_function(conditions, timeout=10_000)


def test_a_tab_whose_files_do_not_arrive_says_so_and_tries_again(open_page: Any) -> None:
    page = open_page()
    page.guard.expected = ("net::ERR_FAILED",)
    page.route("**/js/heatmaps**", lambda route: route.abort())
    ready(page)
    page.get_by_role("tab", name="Heatmaps", exact=True).click()
    page.locator("#vz-heatmaps [role=alert]", has_text="files did not arrive").wait_for()
    page.unroute("**/js/heatmaps**")
    page.locator("#vz-heatmaps").get_by_role("button", name="Try again").click()
    page.wait_for_selector("#vz-heatmaps select:visible")


def test_first_visit_shows_the_prediction_and_all_maps(open_page: Any) -> None:
    page = open_page()
    ready(page)
    fetched = {address.partition("/js/")[2] for address in page.guard.files}
    assert "feature_maps.js" in fetched
    assert not {name for name in fetched if name.startswith(("training", "embeddings"))}
    top = page.locator(".vz-prediction-label").all_text_contents()[:3]
    assert set(top) == {"tiger cat", "Egyptian cat", "tabby"}
    assert "96 channels" in page.locator("#vz-channel-count").inner_text()
    assert "ONNX Runtime" in page.locator(".vz-run-badge").inner_text()
    strip = page.locator("#vz-layers")
    strip.focus()
    page.keyboard.press("Home")
    address_carries(page, "layer=input")
    page.keyboard.press("ArrowDown")
    address_carries(page, "layer=pad")
    page.keyboard.press("End")
    address_carries(page, "layer=softmax")


def test_a_link_opens_the_same_view_and_its_number_is_the_networks(open_page: Any) -> None:
    page = open_page("?net=efficientnet_lite0&picture=coffee&layer=act2&ch=7&cell=2,3")
    ready(page)
    page.wait_for_function("document.querySelector('#vz-readout').textContent.includes('row 2')")
    quiet(page)
    shown = page.locator("#vz-readout").inner_text()
    model = vz.load_model("efficientnet_lite0", device="cpu", backend="onnx")
    value = vz.feature_maps(model, vz.sample("coffee"), ["act2"])["act2"][7, 2, 3]
    assert f"row 2, column 3 · {value:.4f}" in shown  # exact, so without ≈
    assert page.locator(".vz-prediction-label").first.inner_text() == "espresso"


def test_nonsense_in_the_link_falls_back_and_says_so(open_page: Any) -> None:
    page = open_page("?net=nothing&picture=nobody&layer=nowhere&ch=99999&cell=a,b")
    page.guard.expected = ("404",)
    ready(page)
    assert "nothing" in page.locator("#workspace").inner_text()
    address_carries(page, "net=efficientnet_lite0")


def test_hovering_sorting_and_colouring_ask_the_server_nothing(open_page: Any) -> None:
    page = open_page("?layer=act2")
    ready(page)
    quiet(page)
    before = len(page.guard.requests)
    box = page.locator("#vz-grid").bounding_box()
    for step in range(40):
        page.mouse.move(box["x"] + 5 + 9 * step, box["y"] + 5 + 7 * step)
    assert "channel" in page.locator("#vz-readout").inner_text()
    assert page.locator(".vz-receptive-label").inner_text() != ""
    page.select_option("#vz-sort", index=2)
    page.select_option("#vz-range", index=2)
    page.select_option("#vz-colours", index=1)
    page.locator("#vz-size").fill("48")
    assert len(page.guard.requests) == before


def test_uploads_are_private_and_survive_nothing(open_page: Any, tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "mine.png")
    page = open_page("?layer=act1&ch=3")
    ready(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload").click()
    chooser.value.set_files(tmp_path / "mine.png")
    page.wait_for_function(
        "document.querySelector('.vz-picture-size').textContent.includes('60 × 90')"
    )
    address_carries(page, "net=")
    assert "picture=" not in page.url or "chelsea" not in page.url
    quiet(page)
    with page.expect_download() as download:
        page.locator("#vz-export-npz").click()
    model = vz.load_model("efficientnet_lite0", device="cpu", backend="onnx")
    with np.load(io.BytesIO(Path(download.value.path()).read_bytes())) as file:
        assert np.array_equal(file["act1"], vz.feature_maps(model, pixels, ["act1"])["act1"])


def test_closing_the_page_ends_its_uploads(open_page: Any, tmp_path: Path) -> None:
    Image.fromarray(np.full((40, 50, 3), 9, np.uint8)).save(tmp_path / "mine.png")
    page, other = open_page(), open_page()
    ready(page)
    private = re.compile(r"/vz/run\?.*picture=([0-9a-f]{32})")
    with page.expect_request(private) as run:
        page.locator(".vz-sources input[type=file]").set_input_files(tmp_path / "mine.png")
    found = private.search(run.value.url)
    assert found is not None
    address = f"vz/pictures/{found[1]}"
    status = "address => fetch(address).then(answer => answer.status)"
    assert other.evaluate(status, address) == 200
    page.close(run_before_unload=False)
    other.guard.expected = ("410",)
    other.wait_for_function(
        "address => fetch(address).then(answer => answer.status === 410)", arg=address
    )


def test_a_page_at_rest_holds_no_connection(open_page: Any) -> None:
    """Browsers allow six to a host: a waiting stream in each of six tabs would stop the seventh."""
    page = open_page()
    ready(page)
    quiet(page)
    assert not [address for address in page.guard.requests if "heartbeat" in address]


def test_a_file_that_is_no_picture_gets_a_sentence_and_changes_nothing(
    open_page: Any, tmp_path: Path
) -> None:
    page = open_page()
    page.guard.expected = ("400",)
    ready(page)
    (tmp_path / "letter.jpg").write_text("Dear network")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload").click()
    chooser.value.set_files(tmp_path / "letter.jpg")
    page.wait_for_selector(".vz-upload-error:visible")
    assert len(page.locator(".vz-upload-error").inner_text()) < 240
    assert "300 × 451" in page.locator(".vz-picture-size").inner_text()


def test_weights_that_are_not_here_are_offered_untrained_and_labelled(open_page: Any) -> None:
    page = open_page("?net=resnet18")
    page.guard.expected = ("409",)
    page.wait_for_selector(".vz-offer:visible")
    page.get_by_role("button", name="untrained").click()
    ready(page)
    address_carries(page, "net=resnet18", "weights=untrained")
    assert page.locator("#vz-untrained").is_visible()
    assert "untrained" in page.locator(".vz-prediction").inner_text()


def test_drawing_a_digit_predicts_it(open_page: Any) -> None:
    page = open_page("?net=lenet5&picture=digit_3")
    ready(page)
    page.get_by_role("button", name="Draw").click()
    canvas = page.locator(".vz-pad-canvas")
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 30
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + box["height"] - 60, steps=12)
    page.mouse.up()
    page.wait_for_function(
        "document.querySelector('.vz-prediction-label')?.textContent === '1'", timeout=15_000
    )


@pytest.mark.parametrize(
    ("name", "address", "options"),
    [
        ("light", "", {}),
        ("dark", "?__theme=dark&layer=act2&ch=5", {}),
        ("phone", "?net=lenet5&picture=digit_3", {"viewport": {"width": 375, "height": 800}}),
        ("projector", "?layer=blocks.3.0.act1", {"viewport": {"width": 1920, "height": 1080}}),
    ],
)
def test_nothing_overflows(
    open_page: Any, shots: Path | None, name: str, address: str, options: dict[str, Any]
) -> None:
    page = open_page(address, **options)
    ready(page)
    if name == "projector":
        page.keyboard.press("s")
        page.wait_for_selector("body.vz-stage")
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
    if name != "phone":
        left = page.locator("#vz-workspace").bounding_box()
        assert left["x"] + left["width"] <= page.locator("#vz-right").bounding_box()["x"]
    if shots:
        page.screenshot(path=shots / f"{name}.png", full_page=name == "phone")


def test_hover_keeps_60_frames_a_second_with_1280_channels(open_page: Any) -> None:
    """Script time of a frame, not the screen's rate, which these machines share with others."""
    page = open_page("?layer=act2")
    ready(page)
    box = page.locator("#vz-grid").bounding_box()
    times_ms = page.evaluate(
        """async ([x, y]) => {
          const grid = document.querySelector("#vz-grid");
          const times = [];
          for (let step = 0; step < 60; step += 1) {
            const start = performance.now();
            grid.dispatchEvent(new PointerEvent("pointermove", {bubbles: true,
              clientX: x + 6 * (step % 50), clientY: y + 5 * (step % 40)}));
            await Promise.resolve();
            times.push(performance.now() - start);
            await new Promise(requestAnimationFrame);
          }
          return times.sort((a, b) => a - b);
        }""",
        [box["x"] + 10, box["y"] + 10],
    )
    assert times_ms[len(times_ms) // 2] < 16.7
