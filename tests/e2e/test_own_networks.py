"""A network trained on the page works in its other tabs, and no address ever carries it."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

OWN = "[role=group][aria-label='Trained by you'] .vz-option"
SECRET = re.compile(r"[0-9a-f]{32}")


def test_a_trained_network_is_chosen_used_and_missed_when_it_is_gone(open_page: Any) -> None:
    page = open_page("?panel=training&tr-epochs=2")
    tokens: list[str] = []

    def note(request: Any) -> None:
        token = request.headers.get("x-visitor")
        if token:
            tokens.append(token)

    page.on("request", note)
    page.get_by_role("button", name="Start", exact=False).first.click(timeout=60_000)
    page.get_by_role("button", name="Start again").wait_for(timeout=90_000)
    page.click("#vz-network")
    entry = page.locator(OWN, has_text="epoch 2 of 2")  # the open menu learns of it by itself
    entry.wait_for(timeout=15_000)
    assert page.locator(OWN).count() == 1  # one entry for a training, at its newest epoch
    assert entry.inner_text().startswith("LeNet-5, digits, epoch 2 of 2")
    entry.click()
    page.wait_for_function(
        "document.querySelector('.vz-network-title').textContent.includes('epoch 2 of 2')"
    )
    page.wait_for_selector(".vz-prediction-label", timeout=30_000)
    page.get_by_role("tab", name="Filters", exact=True).click()
    page.wait_for_selector("#vz-fi-weights:visible")
    page.wait_for_function(
        "document.querySelector('#vz-fi-weights')?.textContent.includes('vz.read_trained(')"
    )
    page.locator("[data-action=link]").click()
    page.wait_for_function("document.body.textContent.includes('Your own network stays')")
    copied = page.evaluate("navigator.clipboard.readText()")
    for address in (copied, page.url):
        assert "panel=filters" in address
        assert not SECRET.search(address)
    page.guard.expected = ("410",)
    page.evaluate("(t) => fetch('vz/visitors/leave', {method: 'POST', body: t})", tokens[-1])
    page.get_by_role("button", name="Stretch").or_(page.get_by_text("Stretch")).first.click()
    page.wait_for_function(
        "document.body.textContent.includes('is no longer on the server; EfficientNet-Lite0 is')",
        timeout=30_000,
    )
    page.wait_for_function("location.search.includes('net=efficientnet_lite0')")
    page.click("#vz-network")
    page.locator("[role=option], .vz-option").first.wait_for()
    page.locator(OWN).wait_for(state="detached")
