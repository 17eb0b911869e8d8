"""Times drawn from distributions, each from its own stream: one uniform number a draw wherever that can be.

The quantile of the normal distribution is Wichura's (1988, Algorithm AS 241: the percentage points of the normal
distribution), good to 1e-15.
"""

from __future__ import annotations

import math

import numpy as np

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.layout import (
    CONSTANT,
    ERLANG,
    EXPONENTIAL,
    HYPEREXPONENTIAL,
    KIND,
    LOGNORMAL,
    QUANTILES_AT,
    QUANTILES_COUNT,
    SHAPE,
    STREAM,
    UNIFORM,
    Floats,
    Memory,
)
from karvan.numerics.streams import uniform

_CENTRE_ABOVE = np.array([
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
])  # fmt: skip
_CENTRE_BELOW = np.array([
    5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
])  # fmt: skip
_SIDE_ABOVE = np.array([
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
])  # fmt: skip
_SIDE_BELOW = np.array([
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
])  # fmt: skip
_TAIL_ABOVE = np.array([
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
])  # fmt: skip
_TAIL_BELOW = np.array([
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
])  # fmt: skip


@inlined
def _ratio(above: Floats, below: Floats, x: float) -> float:
    """A ratio of two polynomials, the highest power first."""
    top, bottom = above[0], below[0]
    for at in range(1, above.size):
        top = top * x + above[at]
        bottom = bottom * x + below[at]
    return top / bottom


@called
def normal_quantile(u: float) -> float:
    """The standard normal value that a share u in (0, 1) does not exceed; u below 1e-300 counts as that."""
    centred = u - 0.5
    if abs(centred) <= 0.425:
        return centred * _ratio(_CENTRE_ABOVE, _CENTRE_BELOW, 0.180625 - centred * centred)
    tail = u if centred < 0.0 else 1.0 - u
    root = math.sqrt(-math.log(max(tail, 1e-300)))
    if root <= 5.0:
        value = _ratio(_SIDE_ABOVE, _SIDE_BELOW, root - 1.6)
    else:
        value = _ratio(_TAIL_ABOVE, _TAIL_BELOW, root - 5.0)
    return -value if centred < 0.0 else value


@called
def _between(memory: Memory, row: int, u: float) -> float:
    """The quantile at share u, straight between the nodes."""
    first = memory.whole[row + QUANTILES_AT]
    x = u * (memory.whole[row + QUANTILES_COUNT] - 1)
    at = np.int64(x)
    low = memory.real[first + at]
    return low + (x - at) * (memory.real[first + at + 1] - low)


@inlined
def _exponential(memory: Memory, stream: int) -> float:
    """An exponential number of mean 1."""
    return -math.log1p(-uniform(memory.whole, stream))


@called
def _several(memory: Memory, row: int) -> float:
    """A time that takes more than one uniform number: Erlang, or hyperexponential."""
    stream, shape = memory.whole[row + STREAM], row + SHAPE
    if memory.whole[row + KIND] == ERLANG:
        total = 0.0
        for _ in range(np.int64(memory.real[shape + 1])):
            total += _exponential(memory, stream) * memory.real[shape]
        return total
    first = uniform(memory.whole, stream) < memory.real[shape + 2]
    return _exponential(memory, stream) * (memory.real[shape] if first else memory.real[shape + 1])


@called
def draw(memory: Memory, row: int) -> float:
    """The next time of a distribution, in hours."""
    kind, shape = memory.whole[row + KIND], row + SHAPE
    if kind == CONSTANT:
        return memory.real[shape]
    if kind == EXPONENTIAL:
        return _exponential(memory, memory.whole[row + STREAM]) * memory.real[shape]
    if kind in (ERLANG, HYPEREXPONENTIAL):
        return _several(memory, row)
    u = uniform(memory.whole, memory.whole[row + STREAM])
    if kind == UNIFORM:
        return memory.real[shape] + (memory.real[shape + 1] - memory.real[shape]) * u
    if kind == LOGNORMAL:
        return math.exp(memory.real[shape] + memory.real[shape + 1] * normal_quantile(u))
    return _between(memory, row, u)
