"""Transfer learning in a real browser: expected, compared, opened elsewhere, kept in the link."""

import re
from typing import Any

import pytest

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
