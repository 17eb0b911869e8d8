"""Trade: counterfactuals of many countries, draws, a three-way estimate, and gegravity beside it where it is installed.

Seconds are told as the clock and as the processor counts them: on a busy machine only the second means anything.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.measured import Rows
from karvan.cli.inputs import one_scenario
from karvan.store.builtin import load
from karvan.study.coupling import coupled, trade_session
from karvan.trade.counterfactual import (
    Shock,
    World,
    counterfactual,
    counterfactual_draws,
    even_totals,
    gravity_flows,
    uncertain,
)
from karvan.trade.gravity import THREE_WAY, estimate

Floats = NDArray[np.float64]
SIGMA = 5.0
DISTANCE, BORDER, AGREEMENT = -0.8, -2.5, 0.4
DRAWS = 1000
PEER_SIZES = (30, 69)
PEER_SCALES = (100.0, 1.0, 10.0, 1000.0, 10_000.0)
REPEATS = 5
COUPLED = ("tariff-free-turkic-trade", 2030)


def made(count: int, seed: int = 1) -> tuple[World, pd.DataFrame, Floats]:
    """A world of structural gravity, its rows with their terms, and a cost of an agreement between a tenth of pairs."""
    rng = np.random.default_rng(seed)
    place, size = rng.uniform(0.0, 1.0, (count, 2)), np.exp(rng.normal(0.0, 1.5, count))
    far = np.log(0.05 + np.linalg.norm(place[:, None] - place[None, :], axis=2))
    abroad = 1.0 - np.eye(count)
    spent, _ = even_totals(size, size * np.exp(rng.normal(0.0, 0.05, count)))
    flows = gravity_flows(np.exp(DISTANCE * far + BORDER * abroad), size, spent)
    agreed = np.triu(rng.uniform(size=(count, count)) < 0.1, 1).astype(float)
    agreed += agreed.T
    names = tuple(f"C{number:03d}" for number in range(count))
    rows = pd.DataFrame(
        [(names[i], names[j], flows[i, j], far[i, j], abroad[i, j]) for i in range(count) for j in range(count)],
        columns=["exporter", "importer", "musd", "far", "abroad"],
    )
    rows = rows.assign(year="2006", Y=rows["exporter"].map(dict(zip(names, size, strict=True))))
    rows["E"] = rows["importer"].map(dict(zip(names, spent, strict=True)))
    rows["agreed"] = agreed.reshape(-1)
    world = World(names, ("total",), flows[None], np.zeros((1, count, count)), np.array([SIGMA - 1.0]))
    return world, rows, np.exp(AGREEMENT * agreed / (1.0 - SIGMA))[None]


def _best(action: Callable[[], object]) -> tuple[float, float]:
    """The shortest of some repeats, in seconds of the clock and of the processor."""
    found = []
    for _ in range(REPEATS):
        clock, processor = time.perf_counter(), time.process_time()
        action()
        found.append((time.perf_counter() - clock, time.process_time() - processor))
    return min(each[0] for each in found), min(each[1] for each in found)


def _panel(countries: int = 200, years: int = 8, seed: int = 2) -> pd.DataFrame:
    """A panel of countries squared times years rows, a fifth of them zeros, with agreements that come in."""
    rng = np.random.default_rng(seed)
    exporter, importer, year = (at.ravel() for at in np.indices((countries, countries, years)))
    sells, buys = rng.normal(size=(2, countries, years))
    likes, start = rng.normal(size=(countries, countries)), rng.integers(0, 2 * years, (countries, countries))
    rta = (year >= start[exporter, importer]).astype(float)
    mean = np.exp(sells[exporter, year] + buys[importer, year] + likes[exporter, importer] + 0.3 * rta)
    trade = np.where(rng.uniform(size=mean.size) < 0.2, 0.0, mean * rng.gamma(2.0, 0.5, mean.size))
    return pd.DataFrame({"exporter": exporter, "importer": importer, "year": year, "rta": rta, "musd": trade})


def trade(sizes: tuple[int, ...] = (30, 70, 200), panel: tuple[int, int] = (200, 8)) -> Rows:
    """What the bars of trade are held to; the first call of each kernel compiles and is not counted."""
    rows: Rows = []
    for size in sizes:
        world, _, cost = made(size)
        found = counterfactual(world, Shock(cost))
        clock, processor = _best(partial(counterfactual, world, Shock(cost)))
        rows.append({"case": f"one counterfactual, {size} countries", "seconds": clock, "cpu_seconds": processor,
                     "residual": found.residual, "steps": found.iterations})  # fmt: skip
    world, _, cost = made(70)
    drawn = uncertain(None, [], world.theta, 0.2, DRAWS, seed=1)
    counterfactual_draws(world, Shock(cost), drawn, np.zeros(1))
    clock, processor = _best(lambda: counterfactual_draws(world, Shock(cost), drawn, np.zeros(1)))
    rows.append({"case": f"{DRAWS} draws, 70 countries", "seconds": clock, "cpu_seconds": processor})
    return [*rows, *_three_way(panel), *_loop(), *_beside_gegravity()]


def _loop() -> Rows:
    """Freight and trade in a loop on the built-in corridor, routes at hand; the first pass is not counted."""
    corridor = load("middle-corridor")
    session = trade_session(corridor, one_scenario(COUPLED[0], corridor), (COUPLED[1],))
    found = coupled(session, COUPLED[1])
    clock, processor = time.perf_counter(), time.process_time()
    coupled(session, COUPLED[1])
    took, worked = time.perf_counter() - clock, time.process_time() - processor
    return [{"case": f"freight and trade, {COUPLED[0]} {COUPLED[1]}", "seconds": took, "cpu_seconds": worked,
             "rounds": len(found.rounds), "converged": found.converged}]  # fmt: skip


def _three_way(panel: tuple[int, int]) -> Rows:
    frame = _panel(*panel)
    estimate(frame.loc[frame["exporter"] < 20], ["rta"], THREE_WAY)
    clock, processor = time.perf_counter(), time.process_time()
    found = estimate(frame, ["rta"], THREE_WAY, clusters="exporter^importer")
    took, worked = time.perf_counter() - clock, time.process_time() - processor
    return [{"case": f"three-way ppml, {len(frame)} rows", "seconds": took, "cpu_seconds": worked, "rta": found["rta"],
             "dropped": len(found.dropped)}]  # fmt: skip


def _beside_gegravity() -> Rows:
    if importlib.util.find_spec("gegravity") is None:
        return [{"case": "gegravity", "note": "not installed: pip install -c constraints.txt -e '.[bench]'"}]
    rows: Rows = []
    for size in PEER_SIZES:
        world, table, cost = made(size)
        own = counterfactual(world, Shock(cost))
        ours, _ = _best(partial(counterfactual, world, Shock(cost)))
        theirs, price = _gegravity(table, world.countries)
        price = price * (own.price / price).mean()
        rows.append({"case": f"gegravity, {size} countries", "seconds": theirs, "karvan_seconds": ours,
                     "times_faster": theirs / ours,
                     "prices_apart": float(np.abs(price / own.price - 1.0).max())})  # fmt: skip
    return rows


def _gegravity(table: pd.DataFrame, countries: tuple[str, ...]) -> tuple[float, Floats]:
    """Seconds and factory prices of the first scale of resistances with which it ends; its wrong roots do not count."""
    import gegravity

    known = {"far": DISTANCE, "abroad": BORDER, "agreed": AGREEMENT}
    data = gegravity.BaselineData(
        table.assign(agreed=0.0), imp_var_name="importer", exp_var_name="exporter", year_var_name="year",
        trade_var_name="musd", expend_var_name="E", output_var_name="Y",
    )  # fmt: skip
    costs = pd.DataFrame([{"var": name, "coeff": value, "ste": 0.1} for name, value in known.items()])
    for scale in PEER_SCALES:
        model = gegravity.OneSectorGE(
            data, year="2006", expend_var_name="E", output_var_name="Y", sigma=SIGMA, reference_importer=countries[0],
            cost_variables=list(known),
            cost_coeff_values=gegravity.CostCoeffs(costs, identifier_col="var", coeff_col="coeff", stderr_col="ste"),
        )  # fmt: skip
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(ValueError):
            model.build_baseline(omr_rescale=scale)
            model.define_experiment(table)
            model.simulate()
            took = time.perf_counter() - began
            change = model.country_results["factory gate price change (percent)"].reindex(countries)
            return took, 1.0 + change.to_numpy(dtype=float) / 100.0
    return float("nan"), np.full(len(countries), np.nan)
