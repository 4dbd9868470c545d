"""What several tests share: the data sets beside the checkout, and odd files made on the spot."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

BadInputs = tuple[Path, list[dict[str, str]]]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of test data: the environment's DATA, or shared/data beside the checkout.

    Without it a test is skipped; with CI=1 it fails, so that nothing is skipped unseen there.
    """
    folder = Path(os.environ.get("DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        reason = f"test data are not at {folder}; the variable DATA may name another folder"
        if os.environ.get("CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder.resolve()


@pytest.fixture(scope="session")
def bad_inputs(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> BadInputs:
    """Odd and hostile files: their folder, and the rows (file, bytes, verdict, note) about them."""
    folder = tmp_path_factory.mktemp("bad_inputs")
    script = shared_data / "make_bad_inputs.py"
    subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return folder, list(csv.DictReader(file))


@pytest.fixture(scope="module")
def few_steps() -> Iterator[None]:
    """Let transfer learning take few steps: for what does not depend on how much is learned."""
    from visualizer.runtime.training import transfer_scale

    with pytest.MonkeyPatch.context() as patch:
        small = replace(transfer_scale.SMALL, steps=10, epochs=(2, 100))
        patch.setattr(transfer_scale, "SMALL", small)
        yield
