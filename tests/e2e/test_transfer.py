"""Transfer learning in a real browser: expected, compared, opened elsewhere, kept in the link."""

import io
import re
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image

import visualizer as vz

pytestmark = pytest.mark.e2e
VIEW = "?net=lenet5&picture=digit_3&layer=0&panel=training&tr-view=transfer"
QUICK = f"{VIEW}&tr-transfer=counts=1.4,seeds=1"


def test_four_ways_are_compared_and_one_opens_in_another_tab(open_page: Any) -> None:
    page = open_page(QUICK)
    page.wait_for_selector("#vz-tt-run:visible", timeout=60_000)
    assert page.locator(".vz-tt-way").count() == 4
    assert page.input_value("#vz-tt-counts") == "1, 4"
    page.click('[data-count="1"][data-guess="head"]')
    page.click("#vz-tt-run")
    page.wait_for_selector("#vz-tt-sentence:visible", timeout=180_000)
    assert page.inner_text("#vz-tt-sentence").startswith("With 1 picture a class, ")
    assert "you expected “New last layer only”" in page.inner_text(".vz-tt-reveals")
    cells = page.locator("#vz-tt-table td[data-count]").all_inner_texts()
    assert len(cells) == 8
    assert all(re.search(r"\d+\.\d %", cell) for cell in cells)
    page.select_option("#vz-tt-panel", "file:safetensors")
    with page.expect_download() as saved:
        page.click('#vz-tt-table button[data-way="frozen"]')
    model = vz.read_trained(saved.value.path())
    assert model.layer("0").kind == vz.load_model("lenet5").layer("0").kind
    page.select_option("#vz-tt-panel", "feature-maps")
    page.click('#vz-tt-table button[data-way="frozen"]')
    page.wait_for_selector('[role="tab"][aria-selected="true"]:has-text("Feature maps")')
    page.wait_for_function("document.body.innerText.includes('early layers frozen')")
    assert not re.search(r"[0-9a-f]{32}", page.url)


def test_a_choice_is_in_the_link_and_a_stopped_run_concludes_nothing(open_page: Any) -> None:
    page = open_page(VIEW)
    page.wait_for_selector("#vz-tt-run:visible", timeout=60_000)
    page.fill("#vz-tt-counts", "many")
    page.press("#vz-tt-counts", "Enter")
    assert "cannot be read as numbers of pictures" in page.inner_text("#vz-tt-counts-fault")
    page.select_option("#vz-tt-base", "vgg_fashion")
    page.wait_for_function("document.querySelector('#vz-tt-frozen').options.length === 6")
    page.wait_for_function("location.search.includes('vgg_fashion')")
    page.click("#vz-tt-run")
    page.click("#vz-tt-stop")
    page.wait_for_function(
        "document.querySelector('#vz-tt-status').textContent.startsWith('Stopped;')"
    )
    assert page.locator("#vz-tt-sentence").is_hidden()


def archive() -> bytes:
    """Two kinds of photos, six each: upright stripes and lying ones, with noise."""
    file, rng = io.BytesIO(), np.random.default_rng(0)
    with zipfile.ZipFile(file, "w") as folder:
        for number in range(12):
            waves = 120 + 60 * np.sin(np.arange(240) / (5 + number % 6))
            stripes = np.broadcast_to(waves[:, None] if number < 6 else waves[None], (240, 240))
            noisy = stripes[:, :, None] + rng.normal(0, 20, (240, 240, 3))
            picture = io.BytesIO()
            Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(picture, "PNG")
            folder.writestr(
                f"{'lying' if number < 6 else 'upright'}/{number}.png", picture.getvalue()
            )
    return file.getvalue()


def test_an_imagenet_network_learns_from_a_few_own_photos(open_page: Any) -> None:
    given = "data=own,counts=3,ways=head"  # of the network chosen above
    page = open_page(f"?net=efficientnet_lite0&panel=training&tr-view=transfer&tr-transfer={given}")
    page.wait_for_selector("#vz-tt-run:visible", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('#vz-tt-status').textContent.startsWith('Your own pictures are')"
    )
    assert page.locator("#vz-tt-run").is_disabled()
    zipped = {"name": "stripes.zip", "mimeType": "application/zip", "buffer": archive()}
    page.locator(".vz-tt .vz-tn-drop input[type=file]").first.set_input_files([zipped])
    page.wait_for_selector("#vz-tt-run:enabled", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('#vz-tt-status').textContent.includes('if nothing else')",
        timeout=60_000,
    )
    assert "data%3Down,counts" in page.url  # and not the secret name of the pictures
    assert not re.search(r"[0-9a-f]{32}", page.url)
    page.click("#vz-tt-run")
    page.wait_for_selector("#vz-tt-sentence:visible", timeout=180_000)
    assert "100.0 % right" in page.inner_text("#vz-tt-sentence")
    assert "Only 2 pictures are left to test on" in page.inner_text("#vz-tt-notes")
    page.select_option("#vz-tt-panel", "file:safetensors")
    with page.expect_download() as saved:
        page.click('#vz-tt-table button[data-way="head"]')
    model = vz.read_trained(saved.value.path())
    ours = vz.classify(model, vz.sample("chelsea"), top=2)
    assert {one.label for one in ours} == {"lying", "upright"}
    page.select_option("#vz-tt-panel", "heatmaps")
    page.click('#vz-tt-table button[data-way="head"]')
    page.wait_for_selector('[role="tab"][aria-selected="true"]:has-text("Heatmaps")')
    page.wait_for_function(
        f"document.querySelector('#vz-workspace').innerText.includes('{ours[0].label}')"
    )
    shown = page.inner_text("#vz-workspace")
    assert f"{100 * ours[0].probability:.1f} %" in shown
