"""Maps layer by layer, and retrieval, in a real browser."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

import visualizer as vz

pytestmark = pytest.mark.e2e
LAYERS = "?panel=embeddings&net=lenet5&picture=digit_3&em=layers"
RETRIEVAL = "?panel=embeddings&net=lenet5&picture=digit_3&em=retrieval"
OVER = "document.querySelector('#vz-el-go').textContent === 'Make them again'"


def made(page: Any, pictures: str = "300") -> None:
    """Make the maps of a few pictures and wait for them."""
    page.wait_for_selector("#vz-el-go:not([disabled])", timeout=60_000)
    page.select_option("#vz-el-part", pictures)
    page.click("#vz-el-go")
    page.wait_for_function(OVER, timeout=120_000)


def answered(page: Any) -> None:
    page.wait_for_selector("#vz-rt-pixels .vz-rt-card", timeout=60_000)


def says(page: Any, selector: str, text: str) -> None:
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=60_000,
    )


def indices(page: Any, side: str) -> list[int]:
    found = page.locator(f"#vz-rt-{side} .vz-rt-card")
    return [int(text) for text in found.evaluate_all("all => all.map(one => one.dataset.index)")]


def test_classes_come_apart_on_the_way_to_the_answer(open_page: Any, shots: Path | None) -> None:
    page = open_page(LAYERS)
    made(page)
    assert page.locator(".vz-el-card").count() == 5
    scores = [
        float(re.findall(r"[\d.]+", text)[0])
        for text in page.locator(".vz-el-small-number").all_inner_texts()
    ]
    assert scores[0] < 0.7 < 0.9 < scores[-1]
    assert "rises from" in page.inner_text("#vz-el-verdict")
    assert page.locator(".vz-el-plot .vz-el-accuracy .vz-el-mark").count() == 5
    if shots:
        page.screenshot(path=shots / "layers.png", full_page=True)
    fits_a_phone(page)


def fits_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_one_map_turns_into_the_next_and_its_pictures_are_told(open_page: Any) -> None:
    page = open_page(LAYERS, reduced_motion="reduce")
    made(page)
    the_slider_turns_one_map_into_the_next(page)
    arrow_keys_on_the_map_tell_of_pictures_and_a_class_fades_the_others(page)


def the_slider_turns_one_map_into_the_next(page: Any) -> None:
    page.focus("#vz-el-depth")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text(".vz-el-where") == "layer 10 · ReLU"
    assert page.locator(".vz-el-card[aria-pressed=true]").inner_text().startswith("layer 10")
    page.evaluate(
        """() => {
          const slider = document.querySelector("#vz-el-depth");
          slider.value = "1.5";
          slider.dispatchEvent(new Event("input"));
        }"""
    )
    assert page.inner_text(".vz-el-where") == "between layer 5 and layer 8"
    page.locator(".vz-el-card").first.click()
    assert page.inner_text(".vz-el-where") == "layer 2 · max pooling"


def arrow_keys_on_the_map_tell_of_pictures_and_a_class_fades_the_others(page: Any) -> None:
    page.focus(".vz-el-canvas")
    page.keyboard.press("ArrowDown")
    assert re.fullmatch(r"\d", page.inner_text(".vz-el-first"))
    assert re.search("recognised|taken for", page.inner_text(".vz-el-second"))
    assert "/collections/digits/" in page.get_attribute(".vz-el-picture", "src")
    page.keyboard.press("Escape")
    assert page.locator(".vz-el-picture").is_hidden()
    seven = page.get_by_role("button", name="7", exact=True)
    seven.click()
    assert seven.get_attribute("aria-pressed") == "true"


def test_making_maps_can_be_cancelled_and_finished_ones_stay(open_page: Any) -> None:
    page = open_page(LAYERS)
    page.wait_for_selector("#vz-el-go:not([disabled])", timeout=60_000)
    page.click("#vz-el-go")
    page.wait_for_selector(".vz-el-small-number:has-text('accuracy')", timeout=120_000)
    page.click("#vz-el-go")
    page.wait_for_function(OVER)
    assert 1 <= page.locator(".vz-el-card").count() < 5
    assert "growing" not in page.inner_text(".vz-el-strip")


def test_the_rows_are_the_librarys_nearest(open_page: Any) -> None:
    page = open_page(RETRIEVAL + "&em-query=17&em-layer=8")
    answered(page)
    model, digits = vz.load_model("lenet5"), vz.collection("digits")
    features = vz.extract_features(model, digits, layer="8")
    found = vz.nearest(features, features[17], k=21, metric="cosine")
    wanted = [int(index) for index in np.ravel(found.indices) if index != 17]
    assert indices(page, "deep") == wanted[:20]
    assert digits.labels is not None
    right = int(np.sum(digits.labels[wanted[:10]] == digits.labels[17]))
    word = "all" if right == 10 else str(right)
    assert page.inner_text("#vz-rt-deep .vz-rt-found").startswith(f"{word} of the first 10")
    assert page.locator("#vz-rt-pixels .vz-rt-card").count() == 20
    assert "Exact search" in page.inner_text("#vz-rt-cost")
    an_answer_becomes_the_query_and_the_link_keeps_it(page)


def an_answer_becomes_the_query_and_the_link_keeps_it(page: Any) -> None:
    first = indices(page, "deep")[0]
    page.locator("#vz-rt-deep .vz-rt-card").first.click()
    says(page, ".vz-rt-query-title", f"Picture {first:,}")
    assert parse_qs(urlsplit(page.url).query)["em-query"] == [str(first)]
    page.fill("#vz-rt-number", "1797")
    page.keyboard.press("Enter")
    says(page, ".vz-rt-said", "Handwritten digits has 0 to 1,796")


def test_the_own_picture_asks_and_the_visitor_says_what_it_shows(open_page: Any) -> None:
    page = open_page(RETRIEVAL + "&em-query=own")
    answered(page)
    says(page, "#vz-rt-lesson", "is itself in this collection")
    assert page.locator(".vz-rt-mark").count() == 0
    page.select_option("#vz-rt-class", "3")
    assert page.locator("#vz-rt-deep .vz-rt-same").count() >= 18
    says(page, "#vz-rt-deep .vz-rt-found", "of its class")
    fits_a_phone(page)


def test_deep_features_beat_pixels_over_the_collection(open_page: Any, shots: Path | None) -> None:
    """The numbers of docs/lecturers.md."""
    page = open_page(RETRIEVAL)
    answered(page)
    page.click("#vz-rt-measure")
    says(page, "#vz-rt-verdict", "deep features beat raw pixels")
    deep, pixels, chance = page.locator(".vz-rt-table tbody tr").evaluate_all(
        """rows => rows.map((row) =>
          [...row.querySelectorAll("td")].map((cell) => cell.innerText.trim()))"""
    )
    assert [deep[0], deep[3]] == ["0.989", "0.912"]
    assert [pixels[0], pixels[3]] == ["0.980", "0.671"]
    assert chance[3] == "0.100"
    page.select_option("#vz-em-layer", "2")
    page.wait_for_function(
        "document.querySelector('#vz-rt-deep .vz-rt-note').innerText.includes('layer 2')"
    )
    page.click("#vz-rt-measure")
    says(page, "#vz-rt-verdict", "raw pixels beat this layer")
    assert page.locator(".vz-rt-of-deep").count() == 2
    if shots:
        page.screenshot(path=shots / "retrieval.png", full_page=True)


def test_what_has_not_been_looked_at_is_offered(open_page: Any) -> None:
    """A large collection: the server asks to look at the pictures first."""
    page = open_page(RETRIEVAL.replace("em=retrieval", "em=map"))
    page.guard.expected = ("409",)
    refusal = json.dumps({"error": "Not yet.", "features_missing": True})
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=409, body=refusal, content_type="application/json")
        else:
            route.continue_()

    page.route("**/vz/retrieval?*", refuse)
    page.wait_for_selector("#vz-em-tab-retrieval", timeout=60_000)
    page.click("#vz-em-tab-retrieval")
    page.wait_for_selector("#vz-rt-look", timeout=60_000)
    assert "1,797 pictures" in page.inner_text(".vz-rt-prepare")
    page.click("#vz-rt-look")
    answered(page)
    assert page.locator(".vz-rt-prepare").is_hidden()
