"""The map of the embeddings panel, in a real browser."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e
LENET = "?panel=embeddings&net=lenet5&picture=digit_3"
FEW = LENET + "&em-limit=400"


def settled(page: Any) -> None:
    page.wait_for_selector("#vz-mp-quality:not([hidden]) dd", timeout=120_000)
    page.wait_for_function("Number(document.querySelector('#vz-mp-canvas').dataset.thumbs) > 50")


def thumbs(page: Any) -> int:
    return int(page.locator("#vz-mp-canvas").get_attribute("data-thumbs"))


def test_first_sight_is_the_digits_through_lenet(open_page: Any, shots: Path | None) -> None:
    """The workspace keeps its own network: the panel says so and offers the other."""
    page = open_page("?panel=embeddings")
    settled(page)
    accuracy = page.locator("#vz-mp-quality dd").first.inner_text()
    assert float(accuracy.removesuffix(" %")) >= 98
    assert "LeNet-5 sees them here" in page.locator(".vz-em-misfit").inner_text()
    assert "efficientnet_lite0" in page.url
    page.locator("#vz-em-everywhere").click()
    page.wait_for_function("location.search.includes('net=lenet5')")
    page.locator(".vz-em-misfit").wait_for(state="hidden")
    if shots:
        page.screenshot(path=shots / "embeddings.png")


def test_exploring_the_map_asks_the_server_nothing(open_page: Any) -> None:
    page = open_page(FEW)
    settled(page)
    page.wait_for_timeout(800)
    before, seen = len(page.guard.requests), thumbs(page)
    box = page.locator("#vz-mp-canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.42
    page.mouse.move(x, y)
    for _ in range(4):
        page.mouse.wheel(0, -200)
    page.wait_for_function("Number(document.querySelector('#vz-mp-canvas').dataset.zoom) > 2")
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.up()
    page.locator("#vz-mp-all").click()
    page.locator("#vz-mp-canvas").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".vz-mp-detail .vz-mp-near-one >> nth=9")
    assert "Probability" in page.locator(".vz-mp-detail").inner_text()
    page.locator("#vz-mp-dots").click()
    page.wait_for_function("document.querySelector('#vz-mp-canvas').dataset.thumbs === '0'")
    page.select_option("#vz-mp-colour", "correct")
    assert "wrong" in page.locator(".vz-mp-kinds").inner_text()
    assert seen > 50
    assert len(page.guard.requests) == before
    page.wait_for_function("location.search.includes('em-colour=correct')")


def test_a_map_is_scrubbed_cut_out_saved_and_added_to(open_page: Any) -> None:
    page = open_page(FEW)
    settled(page)
    the_growth_can_be_scrubbed(page)
    a_loop_selects_and_its_table_can_be_saved(page)
    the_visitors_picture_lands_among_its_like(page)


def the_growth_can_be_scrubbed(page: Any) -> None:
    slider = page.locator("#vz-mp-frame")
    assert int(slider.get_attribute("max")) > 5
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext").startswith("Iteration 0 of")
    page.keyboard.press("ArrowRight")
    page.locator("#vz-mp-play").click()
    page.wait_for_function(
        "(slider => slider.value === slider.max)(document.querySelector('#vz-mp-frame'))",
        timeout=30_000,
    )


def a_loop_selects_and_its_table_can_be_saved(page: Any) -> None:
    box = page.locator("#vz-mp-canvas").bounding_box()
    corners = [(0.05, 0.2), (0.95, 0.2), (0.95, 0.95), (0.05, 0.95)]
    page.locator("#vz-mp-loop").click()
    places = [(box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    count = int(page.locator("#vz-mp-mix").inner_text().split(" ")[0].replace(",", ""))
    assert 100 < count <= 400
    with page.expect_download() as saved:
        page.locator("#vz-mp-csv").click()
    lines = Path(saved.value.path()).read_text().splitlines()
    assert lines[0] == "index,name,label,prediction,probability,x,y"
    assert len(lines) == count + 1


def the_visitors_picture_lands_among_its_like(page: Any) -> None:
    page.locator("#vz-mp-mine").click()
    page.wait_for_function(
        "document.querySelector('#vz-mp-landing').textContent.includes('nearest are 3')",
        timeout=20_000,
    )


def test_drawing_ten_thousand_points_is_quick(open_page: Any) -> None:
    page = open_page(LENET + "&em-limit=100&em-perp=10")
    page.wait_for_selector("#vz-mp-quality:not([hidden]) dd", timeout=120_000)
    middle_ms = page.evaluate(
        """async () => {
          const sheet = document.querySelector('link[href$="/style.css"]').href;
          const base = sheet.replace("style.css", "js/embeddings/");
          const {MapCanvas} = await import(base + "map_canvas.js");
          const {Camera, boundsOf} = await import(base + "map_camera.js");
          const {sprites} = await import(base + "sprites.js");
          const {kindsOf} = await import(base + "palette.js");
          const count = 10000;
          const of = (make) => Int32Array.from({length: count}, (_, at) => make(at));
          const points = {indices: of((at) => at % 1797), labels: of((at) => at % 10),
            predictions: of((at) => at % 10), classes: [..."0123456789"]};
          const positions = Float32Array.from({length: 2 * count},
            (_, at) => Math.sin(at * 12.9898) * 40 + (at >> 1) % 10 * 9);
          const camera = Object.assign(new Camera(), {width: 900, height: 640});
          camera.look(boundsOf(positions, 2), 2);
          const canvas = document.createElement("canvas");
          document.querySelector(".vz-mp").append(canvas);
          const map = new MapCanvas(canvas);
          const scene = {data: {points, count, neighboursOf: () => []}, positions, camera,
            sheet: await sprites({name: "digits", suits: "mnist", count: 1797}), mode: "label",
            kinds: kindsOf("label", points), faded: new Set(), dots: false, active: -1, pinned: -1,
            selected: new Set(), mine: null, loop: null, names: true};
          map.restyle(scene);
          for (let turn = 0; turn < 40; turn += 1) {
            camera.zoomAt(450, 320, 1.03);
            map.draw(scene);
            await new Promise(requestAnimationFrame);
          }
          canvas.remove();
          return map.times.sort((a, b) => a - b)[20];
        }"""
    )
    assert 0 < middle_ms < 50  # these machines are shared


def test_a_perplexity_too_large_is_refused_in_a_sentence(open_page: Any) -> None:
    page = open_page(LENET + "&em-limit=60&em-perp=30")
    page.guard.expected = ("400", "422")
    page.wait_for_selector("#vz-mp-message:visible", timeout=60_000)
    assert "needs at least 91 pictures" in page.locator("#vz-mp-message").inner_text()
