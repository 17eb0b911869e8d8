"""Random streams: Philox4x64-10, the same bits as numpy's, keyed by (seed, replication, purpose).

Method: Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3. The key of a stream is made
from the seed and the purpose, a text such as ``border inspection``; the replication is the highest word of its counter.
So a purpose meets the same luck in every scenario, whatever else the scenario holds, and any replication stands alone.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from karvan.numerics.compiled import called, inlined

Words = NDArray[np.uint64]
# A stream lies in memory as its key, counter (lowest word), replication (highest word), drawn words, the next of them.
_KEY, _COUNTER, _REPLICATION, _DRAWN, _POSITION = 0, 2, 3, 4, 8
STREAM_WORDS = 9

_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_LOW, _HALF, _ZERO = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(0)
_ELEVEN, _BUFFER = np.uint64(11), 4
_UNIT = 2.0**-53
_ROUNDS = 10


def stream_key(seed: int, purpose: str) -> NDArray[np.uint64]:
    """The two words of a stream's key, shape (2,): numpy's seed sequence of the seed and a digest of the purpose.

    Examples
    --------
    >>> bool((stream_key(1, "sailing") == stream_key(1, "sailing")).all()), stream_key(1, "sailing").shape
    (True, (2,))
    >>> bool((stream_key(1, "sailing") == stream_key(1, "loading")).any())
    False
    """
    digest = hashlib.sha256(purpose.encode()).digest()
    words = tuple(int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4))
    return np.random.SeedSequence(seed, spawn_key=words).generate_state(2, np.uint64).astype(np.uint64)


def generator(seed: int, replication: int, purpose: str) -> np.random.Generator:
    """The stream as a generator of numpy's, which draws the same numbers as a kernel.

    Examples
    --------
    >>> one, other = (generator(7, 3, "sailing").random(2) for _ in range(2))
    >>> bool((one == other).all())
    True
    """
    counter = np.array([0, 0, 0, replication], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=stream_key(seed, purpose), counter=counter))


def stream_words(keys: Words, replication: int) -> Words:
    """Streams at their beginning, shape (streams, STREAM_WORDS), from keys of shape (streams, 2)."""
    words = np.zeros((len(keys), STREAM_WORDS), dtype=np.uint64)
    words[:, _KEY : _KEY + 2] = keys
    words[:, _REPLICATION] = replication
    words[:, _POSITION] = _BUFFER
    return words


@inlined
def _high(left: np.uint64, right: np.uint64) -> np.uint64:
    """The upper 64 bits of the product of two 64-bit words, from products of their halves."""
    a, b = left >> _HALF, left & _LOW
    c, d = right >> _HALF, right & _LOW
    low, cross, other = b * d, a * d, b * c
    carry = (low >> _HALF) + (cross & _LOW) + (other & _LOW)
    return a * c + (cross >> _HALF) + (other >> _HALF) + (carry >> _HALF)


@called
def _refill(cells: NDArray[np.int64], stream: int) -> None:
    """Draw the next four words of a stream."""
    cells[stream + _COUNTER] += 1
    c0, c1, c2, c3 = np.uint64(cells[stream + _COUNTER]), _ZERO, _ZERO, np.uint64(cells[stream + _REPLICATION])
    k0, k1 = np.uint64(cells[stream + _KEY]), np.uint64(cells[stream + _KEY + 1])
    for _ in range(_ROUNDS):
        h0, l0 = _high(_MULTIPLIER_0, c0), _MULTIPLIER_0 * c0
        h1, l1 = _high(_MULTIPLIER_1, c2), _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0
        k0, k1 = k0 + _WEYL_0, k1 + _WEYL_1
    cells[stream + _DRAWN], cells[stream + _DRAWN + 1] = np.int64(c0), np.int64(c1)
    cells[stream + _DRAWN + 2], cells[stream + _DRAWN + 3] = np.int64(c2), np.int64(c3)
    cells[stream + _POSITION] = 0


@inlined
def uniform(cells: NDArray[np.int64], stream: int) -> float:
    """The next number in [0, 1) of the stream that begins at a cell."""
    position = cells[stream + _POSITION]
    if position == _BUFFER:
        _refill(cells, stream)
        position = np.int64(0)
    cells[stream + _POSITION] = position + 1
    return np.float64(np.uint64(cells[stream + _DRAWN + position]) >> _ELEVEN) * _UNIT
