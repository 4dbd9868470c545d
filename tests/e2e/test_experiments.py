"""The experiments, in a real browser."""

from typing import Any

import pytest

import visualizer as vz

pytestmark = pytest.mark.e2e


def run(page: Any) -> None:
    page.click("#vz-te-run")
    page.wait_for_selector("#vz-te-table tbody tr", timeout=300_000)


def test_expect_run_and_reveal_as_in_a_notebook(open_page: Any) -> None:
    page = open_page(
        "?panel=training&tr-view=experiments&tr-experiment=batchnorm:data=digits,seed=3"
    )
    page.wait_for_selector("[data-experiment='batchnorm'][aria-checked='true']", timeout=60_000)
    assert page.locator(".vz-te-card").count() == 7
    assert page.input_value("#vz-te-seed") == "3"
    page.click("[data-guess='second']")
    run(page)
    found = vz.experiment("batchnorm", seed=3)
    assert page.inner_text("#vz-te-sentence") == found.sentence
    right = page.locator(".vz-te-right")
    assert right.get_attribute("data-guess") == found.guess
    expected = "As you expected" if found.guess == "second" else "You expected: it does harm"
    assert page.inner_text("#vz-te-expected").startswith(expected)
    assert page.locator("#vz-te-legend li").count() == 2
    page.locator("#vz-te-table tbody select").first.select_option("filters")
    page.locator("#vz-te-table tbody .vz-button").first.click()
    page.wait_for_function("new URLSearchParams(location.search).get('panel') === 'filters'")
    page.wait_for_function(
        "document.querySelector('.vz-workspace').textContent.includes('With batch normalisation')"
    )


def test_a_pipeline_is_handed_over_and_a_run_can_be_stopped(open_page: Any) -> None:
    page = open_page("?panel=augmentation&picture=coffee&au=hflip(p=1)")
    page.wait_for_selector("#vz-au-train:visible", timeout=60_000)
    page.click("#vz-au-train")
    page.wait_for_selector("[data-experiment='augmentation'][aria-checked='true']", timeout=60_000)
    assert "hflip" in page.inner_text("#vz-te-augment")
    assert page.is_visible("#vz-te-usual")
    page.click("#vz-te-run")
    page.wait_for_function(
        "document.querySelector('#vz-te-legend')?.textContent.includes('%')", timeout=120_000
    )
    page.click("#vz-te-stop")
    page.wait_for_function(
        "document.querySelector('#vz-te-status').textContent.startsWith('Stopped')"
    )
    assert not page.is_visible("#vz-te-table")
    page.click("#vz-te-usual")
    assert "hflip;vflip" in page.inner_text("#vz-te-augment")


def test_a_pipeline_that_mixes_pictures_is_handed_over_and_says_what_is_counted(
    open_page: Any,
) -> None:
    page = open_page("?panel=augmentation&picture=coffee&au=hflip;mixup(alpha=0.2,p=0.5)")
    page.wait_for_selector("#vz-au-train:visible", timeout=60_000)
    page.click("#vz-au-train")
    page.wait_for_selector("[data-experiment='augmentation'][aria-checked='true']", timeout=60_000)
    says = "document.querySelector('#vz-te-augment')?.textContent"
    page.wait_for_function(f"{says}?.includes('mixup(alpha=0.2,p=0.5)')")
    assert "class of the largest share" in page.inner_text("#vz-te-augment")
    page.click("#vz-te-run")
    page.wait_for_function(
        "document.querySelector('#vz-te-legend')?.textContent.includes('%')", timeout=120_000
    )
    page.click("#vz-te-stop")
