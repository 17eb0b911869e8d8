"""What another cost of trade, or another tariff, makes of a world once all incomes and prices have answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from karvan.errors import DataError, InfeasibleError, NotConvergedError, Problem
from karvan.numerics.hat import BANKRUPT, SOLVED, STRANGE, Base, Demanded, Ended, Terms, cleared, demanded
from karvan.trade.counterfactual.world import World, checked_world

Floats = NDArray[np.float64]
Closure = Literal["multiplicative", "additive", "balanced"]
CLOSURES: tuple[Closure, ...] = ("multiplicative", "additive", "balanced")

TOLERANCE = 1e-12
PURGED = 1e-13
MOST_STEPS = 100_000


@dataclass(frozen=True)
class Shock:
    """Another cost of trade and other tariffs.

    Parameters
    ----------
    cost
        Shape (K, N, N) or one that broadcasts to it, above 0: cost of trade over the base, tariffs left out.
    tariffs
        Shape (K, N, N), fractions; None: as they were.
    """

    cost: Floats
    tariffs: Floats | None = None


@dataclass(frozen=True)
class Counterfactual:
    """A world and what became of it, ratios over the base world.

    Parameters
    ----------
    base
        The world that ratios are over. Where deficits are balanced it is the world without deficits.
    tariffs
        Shape (K, N, N): those in force now.
    flows
        Shape (K, N, N): what buyers pay now, tariffs in it; a country's columns add up to its expenditure.
    flow_ratio
        Shape (K, N, N): flows over those of the base; of pairs without trade too, what they would be multiplied by.
    cost_ratio
        Shape (K, N, N): tau, cost with tariff over the base.
    price
        Shape (N,), above 0: what a country's goods cost at the gate; world output is the numeraire.
    price_index
        Shape (N,), above 0: what a unit of its buyers' basket costs.
    expenditure_ratio, income_ratio
        Shape (N,), above 0: spending; output and tariff revenue together.
    residual
        The largest relative miss of sales from output over countries, worked out apart from the solver.
    iterations
        Steps that the solver took; 0 where the base stands as it was.
    """

    base: World
    tariffs: Floats
    flows: Floats
    flow_ratio: Floats
    cost_ratio: Floats
    price: Floats
    price_index: Floats
    expenditure_ratio: Floats
    income_ratio: Floats
    closure: Closure
    residual: float
    iterations: int

    @property
    def world(self) -> World:
        """The new world, from which another counterfactual may start."""
        return replace(self.base, flows=self.flows, tariffs=self.tariffs)

    @property
    def welfare(self) -> Floats:
        """Real expenditure over the base, shape (N,): (E' / E) / P."""
        return np.asarray(self.expenditure_ratio / self.price_index)

    @property
    def real_gdp(self) -> Floats:
        """Real income, tariff revenue among it, over the base, shape (N,)."""
        return np.asarray(self.income_ratio / self.price_index)

    @property
    def export_resistance(self) -> Floats:
        """Outward multilateral resistance over the base, shape (N,): p^-(1 + theta)/theta; not told of several sectors.

        From p_i Pi_i proportional to (Y_i / Y)^(-1/theta) (Anderson & van Wincoop 2003).
        """
        if len(self.base.sectors) > 1:
            return np.full(len(self.base.countries), np.nan)
        theta = float(self.base.theta[0])
        return np.asarray(self.price ** (-(1.0 + theta) / theta))

    def quantity_ratio(self, valuation: Literal["fob", "cif"]) -> Floats:
        """Quantities over the base, shape (K, N, N): values without tariff over p (fob), or over p and cost (cif)."""
        if valuation == "cif":
            return np.asarray(self.flow_ratio / (self.price[None, :, None] * self.cost_ratio))
        levied = (1.0 + self.tariffs) / (1.0 + self.base.tariffs)
        return np.asarray(self.flow_ratio / (levied * self.price[None, :, None]))


def counterfactual(base: World, shock: Shock, closure: Closure = "multiplicative") -> Counterfactual:
    """The general equilibrium after a shock, exactly: no parameter but theta is needed, no level estimated.

    Expenditure shares answer with elasticity theta, sectors keep their shares of spending, labour moves between sectors
    of a country and nowhere else, sectors use no goods of others. It says nothing of how long the way takes, of
    unemployment or investment, and a pair without trade stays without.

    Parameters
    ----------
    base
        A checked world.
    shock
        Costs over the base and new tariffs.
    closure
        What becomes of trade deficits. ``multiplicative``: income stays the same multiple of output (scaled so that the
        world spends what it makes). ``additive``: each keeps its deficit in units of world output. ``balanced``: none
        has any, neither after nor before: the base is first solved without, and ratios are over that.

    Returns
    -------
    Counterfactual
        ``residual`` at most 1e-12; all ratios exactly 1 where nothing changes; multiplying all flows and the deficits
        of the base by one number changes no ratio.

    Raises
    ------
    DataError
        A shock of another shape, not above 0, or a tariff below 0 or at home.
    InfeasibleError
        An income would not be above 0: a deficit kept in money is more than what its country still makes.
    NotConvergedError
        No convergence, a number that is none, or a solution that fails the check of its own residuals.

    Reference: Dekle, Eaton & Kortum 2008, Global rebalancing with gravity; Baier, Yotov & Zylkin 2019, On the widely
    differing effects of free trade agreements; Costinot & Rodríguez-Clare 2014, Trade theory with numbers.

    Examples
    --------
    Two like countries at 80 % domestic sales, theta 5: without the ninth of cost that trade bears, welfare rises by the
    own-share formula, (0.8 / 0.8')^(1/5).

    >>> from karvan.trade.counterfactual.world import World
    >>> flows = np.array([[[8.0, 2.0], [2.0, 8.0]]])
    >>> two = World(("A", "B"), ("total",), flows, np.zeros_like(flows), np.array([5.0]))
    >>> cost = np.array([[[1.0, 0.9], [0.9, 1.0]]])
    >>> made = counterfactual(two, Shock(cost))
    >>> own = made.flows[0, 0, 0] / made.flows[0, :, 0].sum()
    >>> round(float(made.welfare[0] - (own / 0.8) ** (-1 / 5.0)), 12)
    0.0
    """
    if closure not in CLOSURES:
        raise DataError(f"no closure {closure!r}; there are {', '.join(CLOSURES)}")
    if closure == "balanced":
        base = without_deficits(base)
    start = starting(base, closure)
    changes = shock_arrays(base, shock)
    return _told(base, start, _solved(base, start, changes[1], changes[2], TOLERANCE), changes, closure)


def shock_arrays(base: World, shock: Shock) -> tuple[Floats, Floats, Floats]:
    """Of a shock, checked: tau (cost with tariff over the base), tau^-theta and tariffs now, all of shape (K, N, N)."""
    levied = base.tariffs if shock.tariffs is None else np.asarray(shock.tariffs, dtype=float)
    cost = _checked_cost(base, shock, levied)
    tau = cost * (1.0 + levied) / (1.0 + base.tariffs)
    return tau, tau ** -base.theta[:, None, None], levied


def without_deficits(base: World) -> World:
    """The same world once every country spends what it earns: trade and prices have answered."""
    start = starting(base, "additive")._replace(transfer=np.zeros(len(base.countries)))
    same = np.ones_like(base.flows)
    ended = _solved(base, start, same, base.tariffs, PURGED)
    told = _told(base, start, ended, (same, same, base.tariffs), "balanced")
    return checked_world(replace(base, flows=told.flows))


def starting(base: World, closure: Closure) -> Base:
    """The arrays that the kernels start from."""
    by_sector = base.flows.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(by_sector[:, None, :] > 0.0, base.flows / by_sector[:, None, :], 0.0)
    deficit = base.deficit if closure == "additive" else np.zeros(len(base.countries))
    return Base(
        share=np.ascontiguousarray(share),
        spent=np.ascontiguousarray(by_sector / base.expenditure),
        output=base.output,
        transfer=deficit,
        multiple=(base.output + base.deficit) / base.output,
        by_multiple=closure == "multiplicative",
        theta=np.ascontiguousarray(base.theta),
    )


def _checked_cost(base: World, shock: Shock, levied: Floats) -> Floats:
    shape = base.flows.shape
    try:
        cost = np.ascontiguousarray(np.broadcast_to(np.asarray(shock.cost, dtype=float), shape))
    except ValueError as error:
        raise DataError(f"costs of shape {np.shape(shock.cost)} do not fit trade of shape {shape}") from error
    problems = []
    if not (np.isfinite(cost).all() and (cost > 0.0).all()):
        problems.append(Problem("cost of trade", table="trade", value=str(float(np.nanmin(cost))), expected="(0,)",
                                remedy="a cost is over the base: 1 where nothing changes"))  # fmt: skip
    if levied.shape != shape or not (np.isfinite(levied).all() and (levied >= 0.0).all()):
        problems.append(Problem("new tariffs", table="tariffs", expected=f"fractions of shape {shape}, at least 0"))
    elif levied[:, range(shape[1]), range(shape[1])].any():
        problems.append(Problem("tariff at home", table="tariffs", expected="0", remedy="leave the row out"))
    if problems:
        raise DataError("", problems)
    return cost


def _solved(base: World, start: Base, tt: Floats, levied: Floats, tolerance: float) -> Ended:
    """Prices that clear all markets, or an error that says what keeps them from it."""
    ended = cleared(start, terms_of(start, tt, levied), tolerance, MOST_STEPS)
    refuse(base, start, ended)
    return ended


def terms_of(start: Base, tt: Floats, levied: Floats) -> Terms:
    """What the kernels need of tau^-theta and tariffs, both of shape (K, N, N)."""
    cost, kept = (np.ascontiguousarray(each) for each in (start.share * tt, 1.0 / (1.0 + levied)))
    return Terms(cost, kept, bool(levied.any()))


def refuse(base: World, start: Base, ended: Ended) -> None:
    """Raise what a solve that did not end well means."""
    if ended.outcome == BANKRUPT:
        income = ended.price * base.output + start.transfer
        names = ", ".join(name for name, left in zip(base.countries, income, strict=True) if not left > 0.0)
        raise InfeasibleError(
            f"{names} would earn less than the surplus that is handed on; let deficits be multiplicative or balanced"
        )
    if ended.outcome == STRANGE:
        raise NotConvergedError("an equilibrium price is no number: the shock is too large for this elasticity")
    if ended.outcome != SOLVED:
        raise NotConvergedError(f"no equilibrium after {ended.steps} steps; markets still miss by {ended.residual:.2g}")


def _told(
    base: World, start: Base, ended: Ended, changes: tuple[Floats, Floats, Floats], closure: Closure
) -> Counterfactual:
    """The results at given prices, each over the same formula at the base, so that no change is exactly 1."""
    price, (tau, tt, levied) = ended.price, changes
    now = demanded(start, terms_of(start, tt, levied), price)
    then = demanded(start, terms_of(start, np.ones_like(tt), base.tariffs), np.ones_like(price))
    weight = np.divide(now.weight, then.weight, out=np.ones_like(now.weight), where=start.spent > 0.0)
    spending = now.spending / then.spending
    pull = price[None, :] ** -base.theta[:, None]
    ratio = tt * pull[:, :, None] / weight[:, None, :] * spending[None, None, :]
    flows = base.flows * ratio
    if closure == "balanced":
        # A base that still holds deficits spends more, or less, than the formula without them says.
        flows = flows * (then.spending / base.expenditure)[None, None, :]
    index = np.exp(-(start.spent / base.theta[:, None] * np.log(weight)).sum(axis=0))
    residual = _checked(base, price, flows, levied, now)
    return Counterfactual(
        base=base,
        tariffs=levied,
        flows=flows,
        flow_ratio=ratio,
        cost_ratio=tau,
        price=price,
        price_index=index,
        expenditure_ratio=spending,
        income_ratio=_income(price, start, levied, now, tt) / _income(np.ones_like(price), start, base.tariffs, then),
        closure=closure,
        residual=residual,
        iterations=ended.steps,
    )


def _income(price: Floats, start: Base, levied: Floats, found: Demanded, tt: Floats | float = 1.0) -> Floats:
    """Output and tariff revenue at given prices, shape (N,)."""
    pull = price[None, :] ** -start.theta[:, None]
    part = start.share * tt * pull[:, :, None] * (levied / (1.0 + levied))
    weight = np.where(start.spent > 0.0, found.weight, 1.0)
    share = (start.spent * part.sum(axis=1) / weight).sum(axis=0)
    return np.asarray(price * start.output + share * found.spending)


def _checked(base: World, price: Floats, flows: Floats, levied: Floats, found: Demanded) -> float:
    """How far the told flows are from clearing; raises on a wrong root."""
    sales = (flows / (1.0 + levied)).sum(axis=(0, 2))
    spent = flows.sum(axis=(0, 1))
    off = float(np.max(np.abs(sales / (price * base.output) - 1.0)))
    unspent = float(np.max(np.abs(spent / found.spending - 1.0)))
    if not (price > 0.0).all() or not off < 1e-9 or not unspent < 1e-9:
        raise NotConvergedError(f"a solution that does not clear: sales miss by {off:.2g}, spending by {unspent:.2g}")
    return max(off, unspent)
