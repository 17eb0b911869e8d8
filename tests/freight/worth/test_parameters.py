"""Parameters, values of time and dispersion against preparing and running twice with them changed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.freight.equilibrium import Equilibrium
from karvan.freight.worth.adjoint import Adjoint
from karvan.freight.worth.cells import load_of
from karvan.freight.worth.parameters import OF_CHOICE, parameter_cells
from karvan.freight.worth.service import service_cells
from karvan.freight.year import year_of
from tests.freight.solved import solve as prepared_world
from tests.freight.worth.test_cells import busy, reached
from tests.worlds import commodity, demand, frame

STEP = 1e-4
YARD = 0


def world() -> Corridor:
    """The busy Y with cheap and dear goods and every parameter of choice."""
    parameters = [
        {"parameter": name, "value": value, "unit": "1", "description": name}
        for name, value in (*zip(OF_CHOICE, (0.3, 0.8, 0.4, 1.3), strict=True), ("detour_bound", 3.0))
    ]
    dear = {**commodity("dear", "container"), "choice_usd_per_t_day": 9.0, "dispersion": 4.0}
    tables = {name: busy()[name] for name in ("demand", "resources", "uses", "choice")}
    more = frame("demand", [demand("east", "west", "dear", "container", 20.0)])
    resources = tables["resources"].assign(sd_hours=[8.0, 3.0, 0.0, 9.0])
    return busy().replace(
        parameters=frame("parameters", parameters),
        commodities=pd.concat([busy()["commodities"], frame("commodities", [dear])], ignore_index=True),
        demand=pd.concat([tables["demand"], more], ignore_index=True),
        resources=resources,
    )


@cache
def cells() -> pd.DataFrame:
    """Derivatives of the load of the yard."""
    solved = prepared_world(world())
    answer = reached(solved.prepared, solved.state)
    derivatives = Adjoint(answer).derivatives(load_of(Adjoint(answer), YARD))
    year = year_of(solved.prepared, solved.state)
    return parameter_cells(solved.prepared, solved.state, year, answer, derivatives)


def run(corridor: Corridor) -> Equilibrium:
    """The equilibrium of a corridor, prepared anew."""
    solved = prepared_world(corridor)
    return reached(solved.prepared, solved.state)


def moved(cell: pd.Series, sign: float) -> Corridor:
    """The corridor with one cell moved a little."""
    table = world()[cell["table"]]
    own = table.iloc[:, 0] == cell["row"]
    assert own.sum() == 1
    value = table[cell["column"]].where(~own, cell["value"] * (1.0 + sign * STEP))
    return world().replace(**{cell["table"]: table.assign(**{cell["column"]: value})})


def test_every_parameter_of_choice_and_every_commodity_has_a_row() -> None:
    rows = set(cells()[["table", "row", "column"]].itertuples(index=False, name=None))
    named = {("parameters", name, "value") for name in OF_CHOICE}
    of = {("commodities", n, c) for n in ("goods", "metals", "dear") for c in ("choice_usd_per_t_day", "dispersion")}
    assert rows == named | of


@pytest.mark.parametrize("number", range(10))
def test_a_parameter_answers_as_preparing_and_running_twice_does(number: int) -> None:
    cell = cells().iloc[number]
    higher, lower = (run(moved(cell, sign)).load[YARD] for sign in (1.0, -1.0))
    floor = 1e-5 * cells()["elasticity"].abs().max()
    assert cell["elasticity"] == pytest.approx((higher - lower) / (2 * STEP), rel=1e-4, abs=floor)


def test_the_yard_answers_to_what_shippers_make_of_time_and_cost() -> None:
    told = cells().set_index(["row", "column"])["elasticity"]
    assert told.loc[("goods", "dispersion")] != 0.0
    assert told.loc[("dear", "choice_usd_per_t_day")] != 0.0
    assert told.loc[("metals", "dispersion")] == 0.0
    assert told.loc[("outside_factor", "value")] > 0.0


def test_ships_of_one_service_that_leave_equally_often_share_what_their_headway_does() -> None:
    links = world()["links"]
    twin = links.loc[links["link"] == "lower_ship"].assign(link="lower_twin")
    uses = world()["uses"]
    same = uses.loc[uses["link"] == "lower_ship"].assign(link="lower_twin")
    both = world().replace(links=pd.concat([links, twin]), uses=pd.concat([uses, same]))
    one, two = (_headways(made) for made in (world(), both))
    assert two["lower_ship"] == pytest.approx(two["lower_twin"])
    assert np.sign(two["lower_ship"]) == np.sign(one["lower_ship"])


def _headways(corridor: Corridor) -> dict[str, float]:
    solved = prepared_world(corridor)
    answer = reached(solved.prepared, solved.state)
    derivatives = Adjoint(answer).derivatives(load_of(Adjoint(answer), YARD))
    told = service_cells(solved.prepared, year_of(solved.prepared, solved.state), answer, derivatives)
    own = told.loc[told["column"] == "headway_h"]
    return dict(zip(own["row"], own["derivative"], strict=True))
