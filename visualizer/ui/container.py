"""A JSON header and arrays as bytes that the browser reads without copying."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def container(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack a JSON header and arrays into bytes that the browser reads without copying.

    Layout: header length (uint32, little endian), header, arrays; each part padded to 4 bytes.
    """
    parts, listed, offset = [], {}, 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        listed[name] = {"dtype": str(data.dtype), "shape": list(data.shape), "offset": offset}
        raw = data.tobytes()
        raw += b"\0" * (-len(raw) % 4)
        parts.append(raw)
        offset += len(raw)
    text = json.dumps({**header, "arrays": listed}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return len(text).to_bytes(4, "little") + text + b"".join(parts)
