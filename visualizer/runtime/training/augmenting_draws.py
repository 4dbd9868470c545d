"""The random numbers of many draws at once: those that PyTorch's generator gives one by one.

Each draw of a step has a generator of its own, seeded with 32 bits. Only its first numbers are
wanted, so the Mersenne Twister of all draws is run side by side, and no further than needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Floats = NDArray[np.float32]

MIDDLE = 397  # the recurrence reaches this far ahead
WORDS_MOST = 624 - MIDDLE - 1
MULTIPLIER, MATRIX = np.uint32(1_812_433_253), np.uint32(0x9908B0DF)
UPPER, LOWER = np.uint32(0x80000000), np.uint32(0x7FFFFFFF)
BITS = 24  # of a float32 in [0, 1)


def first_words(seeds: Words, count: int) -> Words:
    """Give the first ``count`` outputs of a Mersenne Twister for each seed: (count, n).

    Source: Matsumoto & Nishimura, ACM TOMACS 8(1), 1998; seeding as in their 2002 version.
    """
    state = np.empty((MIDDLE + count + 1, len(seeds)), dtype=np.uint32)
    state[0] = seeds
    scratch = np.empty(len(seeds), dtype=np.uint32)
    for index in range(1, len(state)):
        before, here = state[index - 1], state[index]
        np.right_shift(before, 30, out=scratch)
        np.bitwise_xor(before, scratch, out=scratch)
        np.multiply(scratch, MULTIPLIER, out=here)
        np.add(here, np.uint32(index), out=here)
    joined = (state[:count] & UPPER) | (state[1 : count + 1] & LOWER)
    words = state[MIDDLE : MIDDLE + count] ^ (joined >> np.uint32(1))
    words ^= (joined & 1) * MATRIX
    words ^= words >> 11
    words ^= (words << 7) & np.uint32(0x9D2C5680)
    words ^= (words << 15) & np.uint32(0xEFC60000)
    words ^= words >> 18
    return words


class Stream:
    """The numbers of many draws of one step, read in the order in which torchvision asks for them.

    Shapes: ``words`` is (count, n); what is read is (n,), one number a draw.
    """

    def __init__(self, words: Words) -> None:
        self.words, self.place = words, 0

    def of(self, chosen: NDArray[np.bool_]) -> Stream:
        """Go on with some of the draws."""
        stream = Stream(self.words[:, chosen])
        stream.place = self.place
        return stream

    def __len__(self) -> int:
        return self.words.shape[1]

    def take(self) -> Words:
        """Read the next 32 bits."""
        self.place += 1
        return self.words[self.place - 1]

    def uniform(self, low: float = 0, high: float = 1) -> Floats:
        """Read what ``torch.empty(1).uniform_(low, high)`` gives."""
        return scaled(self.take(), low, high)

    def below(self, limit: int) -> NDArray[np.int64]:
        """Read what ``torch.randint(limit, ())`` gives."""
        return (self.take() % np.uint32(limit)).astype(np.int64)

    def order(self, count: int) -> NDArray[np.int64]:
        """Read what ``torch.randperm(count)`` gives: (n, count)."""
        found = np.tile(np.arange(count), (len(self), 1))
        rows = np.arange(len(self))
        for place in range(count - 1):
            other = place + self.below(count - place)
            held = found[rows, other].copy()
            found[rows, other] = found[:, place]
            found[:, place] = held
        return found


def scaled(words: Words, low: float, high: float) -> Floats:
    """Turn 32 bits into float32 in [low, high), as PyTorch does on the CPU."""
    share = (words & np.uint32((1 << BITS) - 1)).astype(np.float64) / (1 << BITS)
    start, end = np.float32(low), np.float32(high)
    return (share * np.float64(end - start) + np.float64(start)).astype(np.float32)


def streams(seeds: Sequence[Sequence[int]], words: int) -> list[Stream]:
    """Prepare a stream for each of several steps, all at once; ``seeds`` are (steps, n)."""
    if not seeds:
        return []
    together = first_words(np.asarray(seeds, dtype=np.uint32).reshape(-1), words)
    parts = together.reshape(words, len(seeds), -1)
    return [Stream(parts[:, step]) for step in range(len(seeds))]
