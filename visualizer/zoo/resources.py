"""Where the folders that travel with the package lie."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """Find ``assets`` or ``models``: inside an installed wheel, beside the package in a checkout.

    A checkout and an editable install share the second place; either way the path is absolute.
    """
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
