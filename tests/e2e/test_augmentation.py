"""The augmentation panel, in a real browser."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import visualizer as vz
from visualizer.runtime.augmentation.draw import working_copy
from visualizer.runtime.augmentation.objects import sample_objects
from visualizer.runtime.picture import read_picture

IMAGES = Path(__file__).resolve().parents[2] / "assets" / "images"
SIDES = "top", "left", "height", "width"
pytestmark = pytest.mark.e2e
SUM = """number => {
  const canvas = document.querySelectorAll(".vz-au-tile canvas")[number];
  const {width, height} = canvas;
  const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
  return data.reduce((sum, value, at) => (sum * 31 + value * (at % 7)) % 1000003, 0);
}"""


def ready(page: Any) -> None:
    page.wait_for_selector(".vz-au-fired", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('.vz-au-wipe img.vz-au-after')?.naturalWidth", timeout=60_000
    )


def says(page: Any, selector: str, text: str) -> None:
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=60_000,
    )


def steps(page: Any) -> list[str]:
    return [card.get_attribute("data-step") for card in page.locator(".vz-au-card").all()]


def test_draws_are_the_librarys_and_told(open_page: Any) -> None:
    pipeline = "hflip(p=1);rotate(degrees=40)"
    page = open_page(f"?panel=augmentation&picture=coffee&au={pipeline}&au-draw=2")
    ready(page)
    told = page.locator("#vz-au-fired").inner_text()
    picture, applied = vz.augment(vz.sample("coffee"), pipeline, n=3)[2]
    for one in applied:
        assert one.title in told
        assert one.text.replace("-", "−") in told
    page.locator("#vz-au-tab-python").click()
    says(page, "#vz-au-compose", "v2.RandomRotation(degrees=40")
    says(
        page, "#vz-au-draw-lines", 'vz.augment(vz.sample("coffee"), "hflip(p=1);rotate(degrees=40)"'
    )
    with page.expect_download() as waiting:
        page.locator("#vz-au-zip").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert len([name for name in archive.namelist() if name.endswith(".png")]) == 16
    assert json.loads(archive.read("draws.json"))["pipeline"] == pipeline
    assert picture.dtype == np.uint8


def test_pipeline_by_hand_and_keys_is_in_the_link(open_page: Any) -> None:
    page = open_page("?panel=augmentation&au=hflip;rotate")
    ready(page)
    page.locator("[data-step=rotate] .vz-au-handle-grip").focus()
    page.keyboard.press("ArrowUp")
    assert steps(page) == ["rotate", "hflip"]
    assert page.evaluate("document.activeElement.closest('li').dataset.step") == "rotate"
    page.select_option("#vz-au-add", "grey")
    page.locator("[data-step=hflip] .vz-au-switch").click()
    page.locator("[data-step=rotate] [data-parameter=degrees] input").fill("90")
    page.wait_for_function(
        "decodeURIComponent(location.search).includes('au=rotate(degrees=90);-hflip;grey')"
    )
    grip = page.locator("[data-step=grey] .vz-au-handle-grip")
    grip.hover()  # the page may still be scrolling to the new card
    handle = grip.bounding_box()
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    page.mouse.move(handle["x"] + 5, handle["y"] - 400, steps=5)
    page.mouse.up()
    assert steps(page) == ["grey", "rotate", "hflip"]
    page.locator("[data-step=grey] .vz-au-remove").click()
    assert steps(page) == ["rotate", "hflip"]
    page.select_option("#vz-au-recipe", "digits")
    says(page, "#vz-au-story", "a mirrored 2 is not a 2")
    page.wait_for_function("location.search.includes('elastic')")
    page.reload()
    ready(page)
    assert steps(page) == ["rotate", "affine", "elastic"]


def test_a_slider_changes_all_draws_and_a_seed_repeats_them(open_page: Any) -> None:
    page = open_page("?panel=augmentation&au=rotate(degrees=5,p=1)")
    ready(page)
    first = [page.evaluate(SUM, number) for number in range(16)]
    assert len(set(first)) == 16
    page.locator("[data-step=rotate] [data-parameter=degrees] input").fill("170")
    page.wait_for_function(f"({SUM})(15) !== {first[15]}", timeout=20_000)
    page.locator("[data-step=rotate] [data-parameter=degrees] input").fill("5")
    page.wait_for_function(f"({SUM})(15) === {first[15]}", timeout=20_000)
    page.locator("#vz-au-redraw").click()
    page.wait_for_function(f"({SUM})(0) !== {first[0]}", timeout=20_000)
    page.locator("#vz-au-seed").fill("0")
    page.keyboard.press("Enter")
    page.wait_for_function(f"({SUM})(0) === {first[0]}", timeout=20_000)
    page.locator("#vz-au-wipe").focus()
    page.keyboard.press("End")
    assert page.locator("#vz-au-wipe").get_attribute("aria-valuetext") == "all before"


def test_digits_warn_and_an_empty_pipeline_says_so(open_page: Any) -> None:
    page = open_page("?panel=augmentation&net=lenet5&picture=digit_2&au=hflip(p=1)")
    ready(page)
    says(page, "#vz-au-cautions", "A mirrored 2 is no 2")
    page.locator("[data-step=hflip] .vz-au-remove").click()
    says(page, "#vz-au-cautions", "the untouched picture is shown")
    says(page, "#vz-au-agreement", "16 of 16 draws (100 %) are still “2”")


def test_curve_and_shift_are_measured(open_page: Any) -> None:
    digit = "?panel=augmentation&net=lenet5&picture=digit_3"
    page = open_page(f"{digit}&au-view=curve&au-curve=rotate.angle")
    says(page, ".vz-ac-status", "least sure of “3”")
    page.locator("#vz-ac-chart").focus()
    page.keyboard.press("Home")
    model = vz.load_model("lenet5", device="cpu", backend="onnx")
    curve = vz.response_curve(model, vz.sample("digit_3"), "rotate.angle", [-180.0])
    shown = page.locator(".vz-ac-said").inner_text()
    assert f"{100 * float(curve.probability[0]):.1f}" in shown or "<" in shown
    assert curve.top[0] != 3
    assert shown.endswith(f"says “{curve.top[0]}”")
    page.wait_for_function("document.querySelector('.vz-ac-picture').naturalWidth > 0")
    page.locator("#vz-au-tab-shift").click()
    says(page, "#vz-au-shifts", "no difference at all after a shift by 1 pixel.")
    page.wait_for_function("document.querySelectorAll('.vz-au-forgiven-row').length === 12")
    says(page, "#vz-au-forgiven", "max pooling59 %")


def test_a_draw_goes_to_the_other_panels_and_back(open_page: Any) -> None:
    page = open_page(
        "?panel=augmentation&picture=coffee&au=vflip(p=1)",
        viewport={"width": 1920, "height": 1080},
    )
    ready(page)
    says(page, "#vz-au-agreement", "draws")
    before = page.evaluate(SUM, 0)
    page.locator("#vz-au-adopt").click()
    says(page, ".vz-au-adopted", "draw 1")
    assert page.evaluate(SUM, 0) == before  # not flipped twice
    page.locator("#vz-au-back").click()
    page.wait_for_selector(".vz-au-adopted", state="hidden")
    page.set_viewport_size({"width": 375, "height": 812})
    page.wait_for_function("document.documentElement.scrollWidth <= 375")


def test_heat_and_map_follow_a_draw(open_page: Any) -> None:
    page = open_page(
        "?panel=augmentation&net=lenet5&picture=digit_3&layer=0&ch=2&au=vflip(p=1)&au-view=inside"
    )
    ready(page)
    says(page, "#vz-au-inside-words", "channel 2 of 0.")
    says(page, "#vz-au-inside-after", "Draw 1")
    model = vz.load_model("lenet5", device="cpu", backend="onnx")
    flipped, _ = vz.augment(vz.sample("digit_3"), "vflip(p=1)", n=1)[0]
    for which, picture in (("before", vz.sample("digit_3")), ("after", flipped)):
        values = vz.feature_maps(model, picture, ["0"])["0"][2]
        caption = page.locator(f"#vz-au-inside-{which} figcaption").last.inner_text()
        low, high = (float(end.replace("\u2212", "-")) for end in caption.split(" to "))
        assert low == pytest.approx(values.min(), rel=6e-3)
        assert high == pytest.approx(values.max(), rel=6e-3)
        size = "canvas => [canvas.height, canvas.width]"
        shown = page.locator(f"#vz-au-inside-{which} .vz-au-inside-map").evaluate(size)
        assert shown == list(values.shape)
    for number in (2, 1):
        page.locator(".vz-au-tile").nth(number - 1).click()
        says(page, "#vz-au-inside-after", f"Draw {number}")
    assert len([url for url in page.guard.requests if "augment/adopt" in url]) == 2


def test_boxes_and_masks_move_along_and_are_told(open_page: Any) -> None:
    pipeline = "resized_crop(scale=0.1..0.4);rotate(degrees=3,p=0.01)"
    page = open_page(f"?panel=augmentation&picture=chelsea&au={pipeline}&au-draw=3")
    ready(page)
    says(page, ".vz-au-objects", "cat's head")
    told = page.locator(".vz-au-object").first.inner_text()
    found = re.search(
        r"(\d+)\s% of it is still in the picture; it fills (\d+)\s% of the draw", told
    )
    assert found
    pixels, objects = working_copy(read_picture(vz.sample("chelsea")), sample_objects("chelsea"))
    _, applied = vz.augment(pixels, pipeline, n=4)[3]
    top, left, height, width = (applied[0].values[f"{key}_px"] for key in SIDES)
    mask = objects[0].mask
    assert mask is not None
    inside = mask[top : top + height, left : left + width]
    assert float(found[1]) == pytest.approx(100 * inside.sum() / mask.sum(), abs=1)
    assert float(found[2]) == pytest.approx(100 * inside.mean(), abs=1)
    assert page.locator(".vz-au-tile-marks .vz-au-mask-line").count() == 16
    assert page.locator(".vz-au-over .vz-au-mask-line").count() == 1
    page.locator("#vz-au-objects").click()
    assert page.locator(".vz-au-mark").count() == 0
    page.wait_for_function("location.search.includes('au-objects=off')")
    page.reload()
    ready(page)
    assert page.locator("#vz-au-objects").get_attribute("aria-pressed") == "false"
    assert page.locator(".vz-au-mark").count() == 0
    page.locator("#vz-au-objects").click()
    assert page.locator(".vz-au-tile-marks .vz-au-mask-line").count() == 16


def test_the_second_picture_of_a_mix_is_chosen(open_page: Any) -> None:
    pipeline = "mixup(p=1)"
    page = open_page(f"?panel=augmentation&picture=chelsea&au={pipeline}&au-partner=flower")
    ready(page)
    _, (mixed,) = vz.augment(vz.sample("chelsea"), pipeline, n=1, partner=vz.sample("flower"))[0]
    share = round(100 * mixed.values["share"])
    says(page, "#vz-au-mixed", f"{share} % Cat{100 - share} % Flower")
    says(page, "#vz-au-partners", "Mixed with Flower")
    first = page.evaluate(SUM, 0)
    page.locator("#vz-au-tab-python").click()
    says(page, "#vz-au-draw-lines", 'partner=vz.sample("flower")')
    page.locator("[data-picture='sample:flower']").focus()
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.picture") == "sample:coffee"
    page.keyboard.press("Enter")
    says(page, "#vz-au-mixed", f"{100 - share} % Cup of coffee")
    page.wait_for_function("location.search.includes('au-partner=coffee')")
    assert page.evaluate(SUM, 0) != first
    page.locator(".vz-au-partners input[type=file]").set_input_files(IMAGES / "rocket.jpg")
    says(page, "#vz-au-mixed", f"{100 - share} % Your picture")
    own = page.locator(".vz-au-partner[aria-pressed=true]").get_attribute("data-picture")
    assert not own.startswith("sample:")
    page.wait_for_function("!location.search.includes('au-partner')")
    page.locator("#vz-au-adopt").click()
    says(page, ".vz-au-adopted", "draw 1")
    adopted = [url for url in page.guard.requests if "augment/adopt" in url]
    assert f"partner={own}" in adopted[-1]
    page.locator("[data-step=mixup] .vz-au-switch").click()
    page.wait_for_selector("#vz-au-partners", state="hidden")


def test_a_second_picture_that_is_not_there_is_said(open_page: Any) -> None:
    page = open_page("?panel=augmentation&picture=chelsea&au=cutmix&au-partner=nonsense")
    page.guard.expected = ("404",)
    ready(page)
    says(page, ".vz-au-notice", "There is no sample 'nonsense'")
    says(page, ".vz-au-notice", "The usual one is mixed in instead.")
    says(page, "#vz-au-partners", "Mixed with Cup of coffee")
