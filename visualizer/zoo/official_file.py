"""What a download needs to know of a file: where it comes from, where it goes, how to verify it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class OfficialFile(Protocol):
    """A publisher's file: weights, or a data set.

    ``sha256`` is the whole digest, or its first digits; ``size_bytes`` the size, for weights to
    three decimals in MiB; ``instead`` ends the sentence "Try again, or …"; ``home`` is the
    environment variable that names another folder.
    """

    @property
    def path(self) -> Callable[[], Path]: ...  # noqa: D102  where the file belongs
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def size_bytes(self) -> int: ...  # noqa: D102
    @property
    def url(self) -> str | None: ...  # noqa: D102
    @property
    def instead(self) -> str: ...  # noqa: D102
    @property
    def home(self) -> str: ...  # noqa: D102
