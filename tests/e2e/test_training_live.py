"""What moves while a network learns, and goes back to any epoch: in a real browser."""

from typing import Any

import pytest

pytestmark = pytest.mark.e2e
LIVE = "?panel=training&tr-epochs=4"
INK = """() => {
  const canvas = document.querySelector('.vz-tl-map-canvas');
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value) => (sum * 31 + value) % 1000003, 7);
}"""


def trained(page: Any, button: str = "#vz-tn-start") -> None:
    page.wait_for_selector(f"{button}:not([disabled])", timeout=60_000)
    page.click(button)
    page.wait_for_selector('.vz-tn-transport[data-status="running"]', timeout=60_000)
    page.wait_for_selector('.vz-tn-transport[data-status="ended"]', timeout=120_000)


def says(page: Any, selector: str, text: str) -> None:
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=60_000,
    )


def at_rest(page: Any) -> None:
    """Wait until the map lies where it belongs."""
    page.locator(".vz-tl-map-canvas").scroll_into_view_if_needed()
    page.wait_for_selector('.vz-tl-map-canvas[aria-busy="false"]', timeout=60_000)


def asked(page: Any) -> int:
    """Count the moments that the page has asked for."""
    return sum("/moment?" in url for url in page.guard.requests)


def test_every_view_goes_to_the_moment_and_nothing_is_asked_for_twice(open_page: Any) -> None:
    page = open_page(LIVE, viewport={"width": 1600, "height": 1000})
    trained(page)
    track = page.locator(".vz-tl-track")
    views = {
        ".vz-tl-moment": ("before the first step", "Epoch 3 of 4"),
        ".vz-tl-badge": ("before its first step", "after epoch 3 of 4"),
        ".vz-tn-keep-head": ("untrained", "epoch 3"),
    }
    counts = set()
    for key, place in (("Home", 0), ("End", None), ("ArrowLeft", 1)):
        track.press(key)
        if place is None:
            says(page, ".vz-tl-moment", "Epoch 4 of 4")
            continue
        for selector, wanted in views.items():
            says(page, selector, wanted[place])
        counts.add(page.inner_text(".vz-tl-confusion .vz-tl-head"))
    assert len(counts) == 2
    for key in ("ArrowLeft", "ArrowLeft"):  # all five have been seen now
        track.press(key)
    says(page, ".vz-tl-moment", "Epoch 1 of 4")
    page.wait_for_function("document.querySelector('.vz-tl-badge').innerText.includes('epoch 1')")
    known = asked(page)
    for key in ("Home", "End", "Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        track.press(key)
    says(page, ".vz-tl-moment", "Epoch 3 of 4")
    assert asked(page) == known


def test_the_same_weights_give_the_same_map_however_they_came(open_page: Any) -> None:
    page = open_page(LIVE, viewport={"width": 1600, "height": 1000})
    maps = []
    for key in ("Home", "ArrowLeft"):
        trained(page)
        track = page.locator(".vz-tl-track")
        track.press(key)  # by way of the beginning, or not
        track.press("End")
        track.press("ArrowLeft")
        says(page, ".vz-tl-moment", "Epoch 3 of 4")
        at_rest(page)
        maps.append(page.evaluate(INK))
    assert maps[0] == maps[1]


def test_a_phone_keeps_weights_large_enough_for_a_finger(open_page: Any) -> None:
    page = open_page(f"{LIVE}&tr-layer=3", viewport={"width": 375, "height": 812})
    trained(page)
    says(page, ".vz-tl-filters .vz-tl-note", "16 rows, one a filter; 6 columns")
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector('.vz-tl-filters .vz-tl-tiles');
          const weight = canvas.clientWidth / (6 * 5);
          return weight >= 4 && document.documentElement.scrollWidth <= 375;
        }"""
    )
