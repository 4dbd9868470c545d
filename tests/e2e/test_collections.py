"""Choosing a collection of pictures, in a real browser."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.e2e
MOUNT = """async () => {
  const sheet = document.querySelector('link[href$="/style.css"]').href;
  const file = (name) => sheet.replace("style.css", `js/${name}`);
  const {collectionPicker} = await import(file("collection_picker.js"));
  const {workspace} = await import(file("store.js"));
  const host = document.createElement("div");
  host.className = "vz";
  host.id = "probe";
  host.style = "position:fixed;inset:0;z-index:9999;background:var(--vz-paper);padding:16px";
  document.body.append(host);
  window.heard = [];
  const onChange = (record) => window.heard.push(record.title);
  window.picker = collectionPicker({workspace, onChange});
  host.append(window.picker.element);
}"""


def mounted(open_page: Any, **options: Any) -> Any:
    page = open_page("?net=lenet5", **options)
    page.wait_for_selector("#vz-network", timeout=60_000)
    page.evaluate(MOUNT)
    page.wait_for_function("window.heard.length === 1", timeout=60_000)
    return page


def png(side: int) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(side).integers(0, 256, (side, side, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_zip_a_folder_and_what_was_left_out(open_page: Any, tmp_path: Path) -> None:
    page = mounted(open_page, viewport={"width": 375, "height": 700})
    assert page.evaluate("window.heard") == ["Handwritten digits"]
    archive = tmp_path / "pets.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("cat/1.png", "dog/2.png"):
            file.writestr(name, png(20))
        file.writestr("dog/broken.png", png(30)[:300])
    page.locator("#probe input[accept]").set_input_files(archive)
    page.wait_for_function("window.heard.at(-1) === 'pets'", timeout=60_000)
    assert page.locator("#probe .vz-co-facts").inner_text() == "2 pictures · 2 classes"
    page.locator("#probe summary", has_text="1 of 3 files were left out.").click()
    assert "dog/broken.png" in page.locator("#probe li").inner_text()

    folder = tmp_path / "plants"
    for kind in ("oak", "elm", "fir"):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "1.png").write_bytes(png(24))
    (folder / "notes.txt").write_text("words")
    page.locator("#probe input[webkitdirectory]").set_input_files(folder)
    page.wait_for_function("window.heard.at(-1) === 'plants'", timeout=60_000)
    assert page.locator("#probe .vz-co-facts").inner_text() == "3 pictures · 3 classes"
    assert "Not sent, being no pictures: 1 of 4" in page.locator("#probe .vz-co-notes").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_refusal_keeps_what_was_chosen(open_page: Any, tmp_path: Path) -> None:
    page = mounted(open_page)
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as file:
        file.writestr("../outside.png", png(20))
    page.locator("#probe input[accept]").set_input_files(bad)
    alert = page.locator("#probe [role=alert]")
    alert.wait_for(timeout=60_000)
    assert "path that leads outside" in alert.inner_text()
    assert page.evaluate("window.picker.record().title") == "Handwritten digits"
    page.locator("#probe select").select_option("samples")
    assert not alert.is_visible()
    page.wait_for_function("window.heard.at(-1) === 'Samples'")


def test_a_data_set_to_download_is_offered_with_its_size(open_page: Any) -> None:
    page = mounted(open_page)
    page.locator("#probe select").select_option("cifar10")
    offer = page.locator("#probe .vz-co-offer")
    assert "CIFAR-10 is not on this machine yet." in offer.inner_text()
    assert offer.locator("button").inner_text() == "Download (170 MB)"
    assert page.evaluate("window.heard") == ["Handwritten digits"]
