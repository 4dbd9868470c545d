"""The Filters tab in a real browser: weights, patterns, patches, channels switched off."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import visualizer as vz

pytestmark = pytest.mark.e2e


def view(page: Any, name: str) -> Any:
    """Wait until the network has run, and give the view of this name."""
    page.wait_for_selector(".vz-prediction-label", timeout=30_000)
    page.wait_for_selector(f"#vz-fi-{name}:visible")
    return page.locator(f"#vz-fi-{name}")


def says(page: Any, selector: str, pattern: str, timeout_s: int = 15) -> str:
    """Wait until an element's text matches; give the text."""
    page.wait_for_function(
        "([selector, pattern]) => new RegExp(pattern).test("
        "document.querySelector(selector)?.textContent ?? '')",
        arg=[selector, pattern],
        timeout=1000 * timeout_s,
    )
    return str(page.locator(selector).first.inner_text())


def test_weights_are_drawn_and_read_and_open_in_the_workbench(open_page: Any) -> None:
    page = open_page("?picture=chelsea&layer=conv_stem&ch=3&panel=filters")
    panel = view(page, "weights")
    says(page, ".vz-fi-detail-title", "Filter 3")
    colours = page.evaluate(
        """() => {
          const canvas = document.querySelector("#vz-fi-weights .vz-fi-scroll canvas");
          const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colours > 100  # 32 filters of 27 weights, not an empty sheet
    box = panel.locator(".vz-fi-scroll canvas").first.bounding_box()
    page.mouse.move(box["x"] + 15, box["y"] + 15)
    said = says(page, "#vz-fi-weights .vz-fi-readout", "^Filter 0, row 0, column 0: red")
    numbers = [float(one.replace("−", "-")) for one in re.findall(r"−?\d+\.\d+", said)]
    weights = vz.filters(vz.load_model("efficientnet_lite0", device="cpu"), "conv_stem")
    assert numbers == pytest.approx(weights[0, :, 0, 0].tolist(), rel=1e-4)
    panel.get_by_role("button", name="Open in the workbench").click()
    page.wait_for_selector("#vz-arithmetic:visible, .vz-bench:visible", timeout=15_000)
    page.wait_for_function("location.search.includes('panel=arithmetic')")
    page.wait_for_function("location.search.includes('wb=')")


def test_the_training_of_a_filter_is_scrubbed_through(open_page: Any) -> None:
    page = open_page("?net=lenet5&picture=digit_3&layer=0&panel=filters")
    panel = view(page, "weights")
    says(page, ".vz-fi-detail-title", "Filter 0")
    panel.locator("select:has(option[value=training])").select_option("training")
    says(page, ".vz-fi-moments p", r"^Step 5,628 \(epoch 12\): test accuracy 99\.5 %")
    trained = panel.locator(".vz-fi-detail table").first.inner_text()
    panel.get_by_label("Moment of the training").focus()
    page.keyboard.press("Home")
    says(page, ".vz-fi-moments p", r"^Step 0 \(epoch 0\): test accuracy 10\.1 %")
    assert panel.locator(".vz-fi-detail table").first.inner_text() != trained
    panel.get_by_role("button", name="Play").click()
    says(page, ".vz-fi-moments p", "^Step (30|100|200)")


def test_a_pattern_forms_and_another_is_stopped(open_page: Any) -> None:
    page = open_page("?net=lenet5&picture=digit_3&layer=4&ch=3&panel=filters&filters=pattern")
    panel = view(page, "pattern")
    panel.get_by_role("button", name="Grow the pattern").click()
    says(page, ".vz-fp-status", "^All 128 steps taken", 30)
    reached = float(panel.locator(".vz-fp-numbers dd").first.inner_text())
    model = vz.load_model("lenet5", device="cpu")
    picture = vz.visualize_filter(model, "4", 3)  # the same seed, so the same picture
    assert reached == pytest.approx(vz.feature_maps(model, picture, ["4"])["4"][3].mean(), rel=1e-3)
    assert panel.get_by_role("button", name=re.compile("^Show channel 3 of layer 4")).is_visible()
    panel.get_by_text("How it is made").click()
    panel.locator("label:has-text('Steps') select").select_option("512")
    panel.get_by_role("button", name="Grow the pattern").click()
    says(page, ".vz-fp-status", "^Step [1-9]")
    panel.get_by_role("button", name="Stop").click()
    assert re.match(r"Stopped at step \d+ of 512", says(page, ".vz-fp-status", "^Stopped"))
    assert panel.locator(".vz-fp-pieces li").count() == 1


def test_the_nine_digits_that_drive_a_channel_are_found(open_page: Any, tmp_path: Path) -> None:
    page = open_page("?net=lenet5&picture=digit_3&layer=4&ch=3&panel=filters&filters=patches")
    panel = view(page, "patches")
    said = says(page, "#vz-ft-found", "in 1,797 pictures", 30)
    assert "Classes: 6 × “8”, 3 × “9”." in said
    assert panel.locator(".vz-ft-card").count() == 9
    page.wait_for_function("!document.querySelector('.vz-ft-coming')")
    panel.locator(".vz-ft-card").nth(0).focus()
    page.keyboard.press("End")
    assert panel.locator(".vz-ft-card").nth(8).get_attribute("aria-selected") == "true"
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("broken/letter.png", b"Dear network")
        file = io.BytesIO()
        Image.fromarray(np.eye(28, dtype=np.uint8) * 255).save(file, "PNG")
        archive.writestr("lines/one.png", file.getvalue())
    panel.locator("input[type=file]").first.set_input_files(tmp_path / "mine.zip")
    assert "in 1 picture" in says(page, "#vz-ft-found", "in 1 picture")
    assert "left out" in panel.locator(".vz-co-notes").inner_text()


def test_a_channel_switched_off_changes_the_prediction(open_page: Any) -> None:
    page = open_page("?picture=chelsea&layer=act1&panel=filters&filters=ablation")
    panel = view(page, "ablation")
    says(page, ".vz-fi-outcome", "^With all channels: tiger cat")
    panel.get_by_role("button", name="Measure importance").click()
    panel.get_by_role("button", name="Switch the most important off").wait_for(timeout=15_000)
    panel.get_by_label("How many of the most important").fill("1")
    panel.get_by_role("button", name="Switch the most important off").click()
    said = says(page, ".vz-fi-outcome", "^Without channel 23 it is Egyptian cat")
    assert "no longer tiger cat" in said
    page.wait_for_function("location.search.includes('off=23')")
    model = vz.load_model("efficientnet_lite0", device="cpu", backend="onnx")
    found = vz.ablate(model, vz.sample("chelsea"), "act1", [23])
    share = 100 * found.after[0].probability
    assert f"{share:.1f} %" in said


@pytest.mark.parametrize("name", ["weights", "pattern", "patches", "ablation"])
def test_nothing_overflows_on_a_phone(open_page: Any, shots: Path | None, name: str) -> None:
    address = f"?picture=coffee&layer=blocks.3.2.add&ch=7&panel=filters&filters={name}"
    page = open_page(address, viewport={"width": 375, "height": 800})
    panel = view(page, name)
    if name == "pattern":
        panel.get_by_role("button", name="Grow the pattern").click()
        says(page, ".vz-fp-status", "^Step [1-9]", 30)
        panel.get_by_role("button", name="Stop").click()
    elif name == "patches":
        says(page, "#vz-ft-found", "in 8 pictures", 30)
    else:
        page.wait_for_selector(f"#vz-fi-{name} .vz-fi-body:visible")
    outside = page.evaluate(
        """name => [...document.querySelectorAll(`#vz-fi-${name} *`)].filter((part) =>
          part.getBoundingClientRect().right > innerWidth && !part.closest(".vz-fi-scroll")
        ).map((part) => part.className)"""
    , name)  # fmt: skip
    assert outside == []
    if shots:
        page.screenshot(path=shots / f"filters-{name}-phone.png", full_page=True)
