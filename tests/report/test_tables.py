"""Plain tables that both doors tell."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from karvan.corridor.outcome import Convergence
from karvan.report import answer, tables
from tests.power.worlds import two_zones
from tests.report.made import corridor, outcome, rows
from tests.worlds import YEAR, frame


def test_the_fullest_resource_comes_first_and_only_what_exceeds_capacity_is_over() -> None:
    ranked = tables.bottlenecks(outcome(first_kt=100, second_kt=120), corridor(), YEAR)
    assert ranked["resource"].tolist() == ["border", "line"]
    assert ranked["over"].tolist() == [True, False]


def test_a_load_on_no_capacity_at_all_is_over_without_end() -> None:
    made = outcome()
    row = {"year": YEAR, "resource": "line", "unit": "t", "capacity": 0.0, "load": 5.0, "utilisation": 0.0}
    made = type(made)("made", {**made.tables, "freight.resources": rows("freight.resources", row)}, made.provenance)
    first = tables.bottlenecks(made, corridor(), YEAR).iloc[0]
    assert first["over"]
    assert first["utilisation"] == float("inf")


def test_gateways_between_countries_are_told_before_larger_ones_inside_one() -> None:
    found = tables.gateways(outcome(), corridor(), YEAR)
    assert dict(zip(found["gateway_group"], found["international"], strict=True)) == {"inland": False, "crossing": True}
    boxes = dict(answer.details(outcome(), corridor(), YEAR))["Boxes"]
    assert boxes == "Middle\N{EN DASH}West 10.0 k TEU"


def test_cargo_that_stays_away_is_said_and_all_served_is_said_too() -> None:
    assert "all that is demanded" in dict(answer.four_lines(outcome(), corridor(), YEAR))["Cargo"]
    made = outcome()
    pairs = made["freight.pairs"].assign(served_kt=90.0, unserved_kt=30.0)
    short = type(made)("made", {**made.tables, "freight.pairs": pairs}, made.provenance)
    assert "; 30.0 kt (25 %) stays away" in dict(answer.four_lines(short, corridor(), YEAR))["Cargo"]


def test_a_record_line_is_scaled_and_named_as_the_corridor_names_it() -> None:
    (line,) = tables.record_lines(tables.gateway_record(outcome(), corridor()))
    assert (line.name, line.unit, line.modelled, line.observed) == ("Cargo across", "kt", {YEAR: 120.0}, {YEAR: 100.0})


def test_two_scopes_under_one_name_are_told_apart() -> None:
    seen = {"indicator": "crossed", "year": YEAR, "period": "Y", "unit": "kt", "part": "none", "modelled": 1.0}
    both = rows(
        "record.comparison",
        {**seen, "subject": "all", "scope": "gross", "observed": 1.0},
        {**seen, "subject": "all", "scope": "net", "observed": 2.0},
    )
    made = outcome()
    made = type(made)("made", {**made.tables, "record.comparison": both}, made.provenance)
    names = tables.gateway_record(made, corridor())["name"].tolist()
    assert names == ["Cargo across (all, gross)", "Cargo across (all, net)"]


def test_half_years_and_unmodelled_figures_are_not_set_beside_whole_years() -> None:
    seen = {"indicator": "crossed", "subject": "all", "year": YEAR, "unit": "kt", "part": "none", "observed": 1.0}
    both = rows(
        "record.comparison", {**seen, "period": "H1", "modelled": 1.0}, {**seen, "period": "Y", "modelled": None}
    )
    made = outcome()
    made = type(made)("made", {**made.tables, "record.comparison": both}, made.provenance)
    assert tables.gateway_record(made, corridor()).empty


def test_told_routes_hold_the_used_ones_and_the_best_through_other_countries() -> None:
    shares = [0.6, 0.2, 0.1, 0.04, 0.03, 0.03]
    countries = ["A>C", "A>C", "A>C", "A>C", "A>B>C", "A>B>C"]
    told = tables.told_routes(pd.DataFrame({"share": shares, "countries": countries}), 4)
    assert told["rank"].tolist() == [1, 2, 3, 5]
    assert round(float(told["alike"].iloc[-1]), 6) == 0.06


def test_sources_are_counted_by_the_rows_that_rest_on_them() -> None:
    world = corridor()
    (found,) = tables.sources_used(world).to_dict("records")
    others = [name for name in world if "source" in world[name].columns and name != "sources"]
    assert found["rows"] == found["low"] == sum(len(world[name]) for name in others)


def test_a_group_whose_links_join_two_places_is_called_after_them() -> None:
    world = corridor()
    links = pd.concat([world["links"], world["links"].iloc[:1].assign(link="third", gateway_group="crossing")])
    names = tables.gateway_names(world.replace(links=links.reset_index(drop=True)))
    assert names["inland"] == "East\N{EN DASH}Middle"
    assert names["crossing"] == "Crossing"


def test_a_year_that_did_not_converge_is_cautioned_and_one_after_the_record_is_a_projection() -> None:
    parts = (Convergence("freight 2024", True, 9, 1e-10, ""), Convergence("freight 2025", False, 400, 2e-3, "stopped"))
    made = replace(outcome(), convergence=parts)
    (shown,) = answer.cautions(made, 2025)
    assert shown.startswith("2025 did not converge (residual 2.0e-03")
    assert answer.cautions(made, 2024) == ["2025 did not converge: their figures are no equilibrium."]
    assert (answer.when(corridor(), YEAR), "projection" in answer.when(corridor(), YEAR + 1)) == ("modelled", True)


def test_confidence_is_counted_table_by_table() -> None:
    world = corridor().replace(segments=frame("segments", [{"segment": "a", "name": "A", "confidence": "high"}]))
    counts = {row["table"]: row for row in tables.confidence_counts(world).to_dict("records")}
    assert counts["segments"] == {"table": "segments", "rows": 1, "high": 1, "medium": 0, "low": 0}


def test_subjects_without_tables_are_not_in_the_corridor_and_agreements_are_counted() -> None:
    agreement = {"agreement": "one", "title": "An agreement"}
    world = corridor().replace(agreements=frame("agreements", [agreement]))
    told = dict(answer.four_lines(outcome(), world, YEAR))
    assert (told["Power"], told["Trade"]) == ("not in this corridor", "not in this corridor")
    assert told["Agreements"].startswith("1 in the register with 0 commitments")


def test_power_tells_load_what_is_unserved_and_the_renewable_share_or_how_to_solve_it() -> None:
    carriers = [{"name": "sun", "renewable": True}, {"name": "gas", "renewable": False}]
    zones = {"power.buses": frame("power.buses", [{"name": "z"}]), "power.carriers": frame("power.carriers", carriers)}
    world = corridor().replace(**zones)
    assert "karvan run --power weeks" in dict(answer.four_lines(outcome(), world, YEAR))["Power"]
    energies = {"sun": 1.0, "gas": 2.5, "exchange": 0.5, "unserved": 0.001, "load": -4.001}
    rows = [{"year": YEAR, "bus": "z", "carrier": name, "twh": twh, "co2_mt": 0.0} for name, twh in energies.items()]
    balance = pd.DataFrame(rows)
    solved = replace(outcome(), tables={**outcome().tables, "power.balance": balance})
    told = dict(answer.four_lines(solved, world, YEAR))["Power"]
    assert told == "4.00 TWh of load in 1 zones, 1.00 GWh of it unserved; 29 % of output renewable; 0 Mt CO2"
    other = replace(solved, tables={**solved.tables, "power.balance": balance.assign(year=YEAR - 1)})
    assert "no load of" in dict(answer.four_lines(other, world, YEAR))["Power"]


def test_lines_and_resources_are_ranked_together_by_worth_of_one_per_cent_and_lines_tell_their_full_hours() -> None:
    made = outcome()
    valued = made["freight.resources"].assign(value_usd_per_percent=[3e6, 1e6])
    line = {"year": YEAR, "line": "cable", "capacity_mw": 60.0, "value_usd_per_unit": 4e6,
            "value_usd_per_percent": 2.4e6, "binding_hours": 8000.0, "binding": True, "utilisation": 0.9}  # fmt: skip
    shown = {**made.tables, "freight.resources": valued, "power.lines": rows("power.lines", line)}
    made = replace(made, tables=shown)
    world = corridor().replace(**{name: two_zones()[name] for name in ("power.buses", "power.links")})
    ranked = tables.with_lines(tables.bottlenecks(made, world, YEAR), made, world, YEAR)
    assert ranked["resource"].tolist() == ["line", "cable", "border"]
    assert ranked.loc[1, "name"] == "east\N{EN DASH}west (power, full 8,000 h)"
