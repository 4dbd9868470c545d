"""One step of a training taken apart in a real browser: what is shown is what the training does."""

import re
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.e2e
STEP = "?net=lenet5&picture=digit_3&layer=0&panel=training&tr-view=step"
READY = ".vz-ts-body:not([hidden]) .vz-ts-line"


def opened(page: Any) -> None:
    page.click(".vz-ts-empty button", timeout=60_000)
    page.wait_for_selector(READY, timeout=60_000)


def numbers(text: str) -> list[Decimal]:
    return [Decimal(one.replace("−", "-")) for one in re.findall(r"−?\d+(?:\.\d+)?", text)]


def line(page: Any, key: str) -> list[Decimal]:
    """Read a line's numbers, a minus between two of them as the second one's sign."""
    text = page.inner_text(f'[data-line="{key}"] .vz-ts-numbers').split(", in float32")[0]
    return numbers(text.replace("− ", "−"))


def test_the_foretold_step_is_the_one_that_is_taken(open_page: Any) -> None:
    page = open_page(STEP)
    opened(page)
    assert page.inner_text(".vz-ts-title").startswith("Step 1 of ")
    page.click("#vz-ts-take")
    page.wait_for_selector(".vz-ts-checked:not([hidden])", timeout=60_000)
    assert "all 61,706 weights are the foretold ones, bit for bit" in page.inner_text(
        ".vz-ts-checked"
    )
    page.wait_for_function(
        "document.querySelector('.vz-ts-title').textContent.startsWith('Step 2 of ')"
    )


MIXED = (
    STEP
    + "&tr-augment=mixup;cutmix&tr-smoothing=0.1&tr-stack=conv(4,5,2);relu;flatten;linear(classes)"
)


def test_a_mixed_pictures_loss_recomputes_from_its_shares(open_page: Any) -> None:
    """Row by row y · (z − max), then the logarithm of the sum less their total."""
    page = open_page(MIXED)
    opened(page)
    page.wait_for_selector("#vz-ts-mixed-line")
    rows = page.locator(".vz-ts-table tbody tr")
    cells = [rows.nth(place).locator("td").all_inner_texts() for place in range(rows.count())]
    shares = [numbers(one[4])[0] for one in cells]
    assert page.inner_text(".vz-ts-table thead th:nth-child(6)") == "label y"
    assert abs(sum(shares, Decimal(-1))) < Decimal("1e-6")
    target = [numbers(one[5])[0] for one in cells]
    for share, smoothed in zip(shares, target, strict=True):
        assert abs(Decimal("0.9") * share + Decimal("0.01") - smoothed) < Decimal("1e-9")
    apart = [numbers(one[1])[0] for one in cells]
    expected = sum((t * z for t, z in zip(target, apart, strict=True)), Decimal(0))
    line = page.inner_text("#vz-ts-mixed-line").split("=", 1)[1]  # log − (Σ) ± rounding = loss
    logarithm, total, *rounding, loss = numbers(line.replace("− ", "−").replace("−(", "("))
    assert abs(total - expected) < Decimal("1e-6")
    assert abs(logarithm - total + sum(rounding) - loss) < Decimal("1e-6")


def test_the_update_is_guessed_shown_and_recomputes(open_page: Any) -> None:
    page = open_page(STEP)
    opened(page)
    assert "?" in page.inner_text('[data-line="new"]')
    page.click('[data-guess="grows"]')
    assert re.match(r"(Right|No): it (grows|shrinks) from", page.inner_text(".vz-ts-verdict"))
    mean, squares, root = line(page, "meanHat"), line(page, "squareHat"), line(page, "root")
    for top, bottom, result, *_ in (mean, squares):
        assert abs(top / bottom / result - 1) < Decimal("1e-6")
    assert abs(root[0].sqrt() / root[1] - 1) < Decimal("1e-6")
    rate, moved, deep, small, step = line(page, "step")
    assert abs(rate * moved / (deep + small) / step - 1) < Decimal("1e-6")
    *parts, new = line(page, "new")
    assert abs(sum(parts) - new) < Decimal("1e-8")


def test_a_gradient_is_followed_to_the_label_and_the_link_keeps_the_weight(open_page: Any) -> None:
    page = open_page(STEP)
    opened(page)
    page.click('.vz-ts-norm[data-layer="11"]')
    page.wait_for_selector(".vz-ts-positions .vz-eq-opens")
    page.wait_for_function("document.querySelector('.vz-ts-which').textContent.includes(' 11 ')")
    page.wait_for_function(  # a fully connected weight has one position
        "!document.querySelector('#vz-ts-weight').textContent.includes('added up over')"
    )
    page.click(".vz-ts-positions .vz-eq-opens")
    page.wait_for_selector("#vz-ts-origin-line")
    assert "This is a logit" in page.inner_text(".vz-ts-origin")
    share, target, count, apart, _, gradient, *_ = numbers(page.inner_text("#vz-ts-origin-line"))
    assert apart == share - target
    unit = re.search(r"10⁻(.)", page.inner_text("#vz-ts-origin-line"))
    scale = Decimal(10) ** ("⁰¹²³⁴⁵⁶⁷⁸⁹".index(unit[1]) if unit else 0)
    assert abs(apart / count * scale - gradient) <= abs(gradient) / 1000
    page.wait_for_function("location.search.includes('tr-step=')")
    again = open_page(page.url[page.url.index("?") :])
    opened(again)
    again.wait_for_function(
        "which => document.querySelector('.vz-ts-which').textContent === which",
        arg=page.text_content(".vz-ts-which"),
    )
