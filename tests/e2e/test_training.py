"""The training panel's frame: setup, transport, curves, what is kept; in a real browser."""

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
SHAPES = "#vz-tn-pieces li .vz-tn-shape"
INK = """name => {
  const canvas = document.querySelector(`[data-curve=${name}] canvas`);
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, at) => at % 4 === 3 && value > 0).length;
}"""


def ready(page: Any) -> None:
    page.wait_for_selector(f"{SHAPES}:not(:empty)", timeout=60_000)
    page.wait_for_selector("#vz-tn-start:not([disabled])", timeout=60_000)


def status(page: Any, *wanted: str) -> None:
    page.wait_for_function(
        "wanted => wanted.includes(document.querySelector('.vz-tn-transport').dataset.status)",
        arg=list(wanted),
        timeout=120_000,
    )


def says(page: Any, selector: str, text: str) -> None:
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=60_000,
    )


def step(page: Any) -> int:
    found = re.search(r"step ([\d,]+) of", page.locator(".vz-tn-place").inner_text())
    return int(found.group(1).replace(",", "")) if found else 0


def settled(page: Any) -> None:
    """Wait until a paused training stands still and the page knows where."""
    page.wait_for_selector('.vz-tn-transport[aria-busy="false"]', timeout=60_000)


def layers(page: Any, *wanted: str) -> None:
    """Wait until the setup lists layers whose titles begin so, from the first on."""
    page.wait_for_function(
        """wanted => {
          const found = [...document.querySelectorAll('.vz-tn-piece-title')];
          return wanted.every((title, at) => found[at]?.innerText.startsWith(title));
        }""",
        arg=list(wanted),
        timeout=60_000,
    )


def test_one_click_trains_lenet_on_digits_and_keeps_it(open_page: Any) -> None:
    page = open_page("?panel=training", viewport={"width": 1920, "height": 1080})
    ready(page)
    says(page, ".vz-tn-place", "1,294 pictures, 15 times each: 615 steps")
    says(page, "#vz-tn-totals", "61,706 parameters")
    page.wait_for_function("document.querySelector('.vz-tn-samples')?.width > 300")
    page.locator("#vz-tn-start").click()
    status(page, "ended")
    says(page, ".vz-tn-place", "Epoch 15 of 15 · step 615 of 615")
    share = re.search(r"([\d.]+) %", page.locator(".vz-tn-left").inner_text())
    assert share is not None
    assert float(share.group(1)) > 94  # 144 validation pictures
    for name in ("loss", "accuracy", "rate"):
        page.wait_for_function(f"name => ({INK})(name) > 300", arg=name)
    with page.expect_download() as waiting:
        page.locator("[data-file=safetensors]").click()
    model = vz.read_trained(Path(waiting.value.path()))
    assert model.spec.parameters == 61_706
    says(page, "#vz-tn-python code", "seed=0")
    page.locator("[data-panel=filters]").click()
    says(page, "#vz-network", "LeNet-5")
    page.wait_for_function("location.search.includes('panel=filters')")
    assert not re.search("[0-9a-f]{32}", page.evaluate("location.href"))


def test_curves_tell_every_step_and_lead_to_a_moment(open_page: Any) -> None:
    page = open_page("?panel=training&tr-epochs=3", viewport={"width": 1600, "height": 1000})
    ready(page)
    page.locator("#vz-tn-start").click()
    status(page, "ended")
    figure = page.locator("#vz-tn-plots")
    figure.focus()
    page.keyboard.press("Home")
    says(page, ".vz-tn-where", "step 1,")
    first = figure.get_attribute("aria-valuetext")
    page.keyboard.press("PageUp")
    says(page, ".vz-tn-where", "step 42,")
    assert first != figure.get_attribute("aria-valuetext")
    before = page.evaluate(INK, "loss")
    page.locator("#vz-tn-log").check()
    page.wait_for_function(f"({INK})('loss') !== {before}")
    page.locator("[data-curve=loss] canvas").click(position={"x": 60, "y": 40})
    page.wait_for_function(
        "/untrained|epoch 1 /.test(document.querySelector('.vz-tn-keep-head').textContent)"
    )


def test_a_network_by_hand_and_keys_is_in_the_link(open_page: Any) -> None:
    page = open_page("?panel=training&tr-net=linear&tr-seed=3&tr-epochs=1")
    ready(page)
    layers(page, "Flatten", "Fully connected")
    assert page.locator(".vz-tn-piece-title").count() == 2
    page.select_option("#vz-tn-add", "conv")
    says(page, "#vz-tn-pieces li:first-child .vz-tn-shape", "16 × 26 × 26")
    page.locator("#vz-tn-pieces li:first-child [data-field=kernel]").fill("5")
    says(page, "#vz-tn-pieces li:first-child .vz-tn-shape", "16 × 24 × 24")
    page.select_option("#vz-tn-add", "maxpool")
    says(page, "#vz-tn-pieces li:nth-child(2) .vz-tn-shape", "16 × 12 × 12")
    page.locator("#vz-tn-pieces li:nth-child(2) .vz-tn-grip").focus()
    page.keyboard.press("ArrowUp")
    layers(page, "Max", "Convolution")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".vz-tn-misfit")
    says(page, ".vz-tn-misfit .vz-tn-fault", "before Flatten")
    page.wait_for_selector("#vz-tn-start[disabled]")
    page.keyboard.press("Delete")
    page.wait_for_selector("#vz-tn-start:not([disabled])")
    page.wait_for_function(
        "decodeURIComponent(location.search).includes('tr-stack=conv(16,5);flatten;linear(classes)')"
    )
    page.reload()
    ready(page)
    layers(page, "Convolution", "Flatten", "Fully")
    assert page.locator(".vz-tn-piece-title").count() == 3
    assert page.locator("#vz-tn-seed").input_value() == "3"
    page.locator("#vz-tn-start").click()
    status(page, "ended")


def test_pause_single_steps_and_speed_by_keys(open_page: Any) -> None:
    page = open_page("?panel=training")
    ready(page)
    page.select_option("#vz-tn-speed", "10")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")
    status(page, "running")
    page.wait_for_function(
        "/step ([3-9]|\\d\\d) of/.test(document.querySelector('.vz-tn-place').textContent)"
    )
    page.keyboard.press(" ")
    status(page, "paused")
    settled(page)
    here = step(page)
    assert here < 60
    page.keyboard.press("n")
    says(page, ".vz-tn-place", f"step {here + 1} of")
    status(page, "paused")
    page.keyboard.press("x")
    status(page, "ended")
    says(page, "#vz-tn-note", f"Stopped at step {here + 1} of 615")
    page.locator("[data-field=batch]").fill("6")
    says(page, "#vz-tn-note", "The setup has changed")
    says(page, "#vz-tn-start", "Start anew")


def test_what_cannot_be_trained_is_said(open_page: Any) -> None:
    page = open_page(
        "?panel=training&tr-rate=1000&tr-optimiser=sgd&tr-schedule=constant&tr-net=vgg"
    )
    ready(page)
    says(page, ".vz-tn-notice", "There is no network “vgg”")
    page.locator("#vz-tn-start").click()
    status(page, "ended")
    says(page, "#vz-tn-note", "not a number")
    page.get_by_text("As text").click()
    page.locator("#vz-tn-text").fill("conv(6,5);wizard")
    page.guard.expected = ("400",)
    page.locator("#vz-tn-text").blur()
    says(page, ".vz-tn-network > .vz-tn-fault", "There is no layer 'wizard'")


def archive() -> bytes:
    """Three classes of noise, told apart by their colour."""
    rng, file = np.random.default_rng(0), io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        for place, name in enumerate(("red", "green", "blue")):
            for number in range(20):
                noise = rng.integers(0, 90, (24, 24, 3), dtype=np.uint8)
                noise[..., place] += 120
                picture = io.BytesIO()
                Image.fromarray(noise).save(picture, "PNG")
                folder.writestr(f"{name}/{number}.png", picture.getvalue())
    return file.getvalue()


def test_own_pictures_are_learned_and_in_no_link(open_page: Any) -> None:
    page = open_page("?panel=training&tr-epochs=6")
    ready(page)
    page.select_option("#vz-tn-data", "own zip or folder")
    zipped = {"name": "colours.zip", "mimeType": "application/zip", "buffer": archive()}
    page.locator(".vz-tn-drop input[type=file]").first.set_input_files([zipped])
    page.wait_for_function(
        "document.querySelector('#vz-tn-data').selectedOptions[0].textContent === 'colours'"
    )
    says(page, "#vz-tn-pieces li:last-child .vz-tn-shape", "3 values")
    page.locator("#vz-tn-start").click()
    status(page, "ended")
    says(page, ".vz-tn-left", "Validation, epoch")
    page.fill("#vz-tn-seed", "5")
    page.locator("#vz-tn-seed").blur()
    page.wait_for_function("location.search.includes('tr-seed=5')")  # the address is up to date
    assert "tr-data" not in page.evaluate("location.search")


def test_a_phone_has_no_sideways_scrolling_and_a_folded_setup(open_page: Any) -> None:
    page = open_page("?panel=training&tr-epochs=1", viewport={"width": 375, "height": 812})
    page.wait_for_selector("#vz-tn-start:not([disabled])", timeout=60_000)
    assert page.locator("#vz-tn-setup").get_attribute("open") is None
    page.locator("#vz-tn-start").click()
    status(page, "ended")
    page.locator("#vz-tn-setup > summary").click()
    page.wait_for_selector("#vz-tn-network", state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
