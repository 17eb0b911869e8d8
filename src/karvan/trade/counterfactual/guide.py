"""The Advanced Guide's loop for full effects, step by step as it stands in print: for replication and nothing else.

It stops at a change of prices below one hundredth and is then not at the equilibrium: in the guide's own application
the exact one differs by up to 0.6 points of real GDP. :func:`karvan.trade.counterfactual.exact.counterfactual` is
exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.errors import NotConvergedError
from karvan.numerics.hat import balanced

Floats = NDArray[np.float64]
STOP = 0.01
TOLERANCE = 1e-13
MOST_BALANCING = 200_000
MOST_STEPS = 100


@dataclass(frozen=True)
class GuideEffects:
    """Effects as the guide prints them, ratios over its base, shape (N,); ``steps`` of its loop."""

    conditional_exports: Floats
    full_exports: Floats
    price: Floats
    import_resistance: Floats
    real_gdp: Floats
    steps: int


class _Point(NamedTuple):
    """Where the loop stands: trade, factors of exporters and importers, sizes, resistances as powers 1 - sigma."""

    trade: Floats
    sells: Floats
    buys: Floats
    output: Floats
    expenditure: Floats
    outward: Floats
    inward: Floats


def guide_effects(trade: Floats, before: Floats, after: Floats, reference: int, sigma: float) -> GuideEffects:
    """The loop of Yotov, Piermartini, Monteiro & Larch 2016, An advanced guide to trade policy analysis, chapter 2.

    Parameters
    ----------
    trade
        Shape (N, N): fitted trade, domestic sales among it, whose sums are the observed ones.
    before, after
        Shape (N, N): t^(1-s) in base and counterfactual.
    reference
        Place of the country whose inward resistance is 1.
    sigma
        Elasticity of substitution, above 1.

    Raises
    ------
    NotConvergedError
        The loop does not reach its own stop.
    """
    output, expenditure = trade.sum(axis=1), trade.sum(axis=0)
    phi = expenditure / output
    base = _point(trade, before, reference, (output, expenditure))
    held = _point(trade, after, reference, (output, expenditure))
    last, price, earlier = held, _price(base, held, reference, sigma), np.zeros_like(output)
    outward, inward = np.ones_like(output), np.ones_like(output)
    for step in range(1, MOST_STEPS + 1):
        moved = last.trade * price[:, None] * price[None, :] / (outward[:, None] * inward[None, :])
        now = _point(moved, after, reference, phi)
        outward, inward = now.outward / last.outward, now.inward / last.inward
        change = price - earlier
        earlier, price, last = price, _price(last, now, reference, sigma), now
        if float(np.std(change, ddof=1)) <= STOP and abs(float(change.max())) <= STOP:
            return _effects(base, held, now, reference, sigma, step)
    raise NotConvergedError(f"the guide's loop did not stop within {MOST_STEPS} steps")


def _point(trade: Floats, terms: Floats, reference: int, sizes: tuple[Floats, Floats] | Floats) -> _Point:
    """The terms balanced to the sums of ``trade``; sizes are given, or expenditure is a multiple of the output told."""
    sells, buys, miss = balanced(terms, trade.sum(axis=1), trade.sum(axis=0), TOLERANCE, MOST_BALANCING)
    if not miss <= TOLERANCE:
        raise NotConvergedError(f"the guide's effects do not settle; sales still miss by {miss:.2g}")
    sells, buys = sells * buys[reference], buys / buys[reference]
    told = sells[:, None] * terms * buys[None, :]
    output, expenditure = sizes if isinstance(sizes, tuple) else (told.sum(axis=1), sizes * told.sum(axis=1))
    at = expenditure[reference]
    return _Point(told, sells, buys, output, expenditure, output * at / sells, expenditure / (buys * at))


def _price(then: _Point, now: _Point, reference: int, sigma: float) -> Floats:
    """Factory prices over those of another point, as the exporters' factors tell them."""
    at_reference = now.expenditure[reference] / then.expenditure[reference]
    return np.asarray((now.sells / then.sells / at_reference) ** (1.0 / (1.0 - sigma)))


def _effects(base: _Point, held: _Point, last: _Point, reference: int, sigma: float, steps: int) -> GuideEffects:
    price = _price(base, last, reference, sigma)
    output = price * base.output
    expenditure = base.expenditure / base.output * output
    outward = output * last.expenditure[reference] / last.sells
    terms = last.trade / (last.sells[:, None] * last.buys[None, :])
    full = output[:, None] * expenditure[None, :] * terms / (outward[:, None] * last.inward[None, :])
    resistance = (last.inward / base.inward) ** (1.0 / (1.0 - sigma))
    before = _abroad(base.trade)
    return GuideEffects(
        conditional_exports=_abroad(held.trade) / before,
        full_exports=_abroad(full) / before,
        price=price,
        import_resistance=resistance,
        real_gdp=price / resistance,
        steps=steps,
    )


def _abroad(trade: Floats) -> Floats:
    """Exports of each country, shape (N,)."""
    return np.asarray(trade.sum(axis=1) - np.diagonal(trade))
