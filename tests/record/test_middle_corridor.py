"""The built-in corridor against published figures, the counts of its compilers and its own rules of evidence."""

from __future__ import annotations

import csv
from collections import Counter
from heapq import heappop, heappush
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.checks import rules
from karvan.corridor.corridor import Corridor
from karvan.scenario.state import state
from karvan.schema.tables import table, tables
from karvan.units import EARTH_RADIUS_KM
from tests.built_in import base_levers, base_state, middle_corridor

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "transport"
YEARS = range(2019, 2026)
KEYS = (
    *("place", "link", "resource", "commodity", "mode", "direction", "handling_class"),
    *("from_mode", "from_gauge_mm", "to_mode", "to_gauge_mm"),
)
OWN = {"own_estimate", "own_knowledge"}

# Mt of market by group and year, 2019-2025, as the compilers of the demand table print them; segments by pattern.
TOTALS = {
    "CE_": [15.3, 15.3, 16.2, 14.0, 14.3, 15.3, 15.8],
    "CT_": [0.7, 0.8, 0.9, 0.9, 1.0, 1.1, 1.2],
    "CA_W_|CA_E$|CG_": [0.9, 0.9, 1.0, 1.2, 1.5, 1.7, 1.9],
    "CCA_": [5.1, 5.5, 6.5, 7.6, 10.0, 11.3, 13.8],
    "KC_": [9.2, 10.8, 8.1, 9.4, 12.0, 13.7, 14.2],
    "KAZ_(GR|MT)_(AZ|TR|EU)|KAZ_(FL_CA|UR|SU|FE|PO|COT|BOX_W)$": [5.9, 5.9, 5.9, 6.9, 7.2, 8.2, 9.0],
    "KAZ_OP_": [2.0, 1.8, 1.9, 2.1, 2.4, 2.4, 2.2],
    "KAZ_CR_FREE": [20.5, 19.6, 18.8, 16.1, 18.0, 17.5, 18.4],
    "KAZ_CR_CPC": [51.3, 47.6, 48.9, 48.0, 51.6, 50.5, 58.4],
    "KAZ_(GR|MT)_IR": [1.1, 0.9, 0.5, 0.5, 0.3, 0.6, 1.0],
    "UZB_": [0.9, 1.0, 1.2, 1.0, 1.2, 1.3, 1.4],
    "OVS_": [0.5, 0.6, 0.6, 0.7, 0.7, 0.8, 0.8],
    "TKM_CR": [5.9, 5.9, 6.0, 5.4, 5.0, 4.8, 4.1],
    "TKM_(UR|OP|PO|TX|IMP|EXP)": [2.0, 2.3, 3.4, 3.2, 4.2, 4.5, 4.8],
    "TJK_": [0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
    "AZE_CA": [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2],
    "TUR_(KAZ|UZB|TKM|KGTJ)": [1.0, 0.9, 1.2, 1.4, 1.5, 1.5, 1.6],
    "EU_": [1.5, 1.4, 1.7, 2.4, 2.8, 2.7, 2.7],
    "CA_TR_TRK|GEO_CAR": [0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4],
    "RUS_IRN_|IRN_": [4.2, 4.7, 6.5, 6.5, 7.2, 8.7, 7.9],
    "RUS_AZE_": [2.3, 2.3, 2.5, 2.7, 3.0, 3.1, 2.8],
    "TUR_AZE|AZE_TUR": [1.8, 1.9, 2.2, 2.4, 2.4, 2.5, 2.6],
    "CN_IRN|IND_CA": [0.6, 0.5, 0.6, 0.6, 0.7, 0.7, 0.8],
}


@pytest.fixture(scope="module", name="corridor")
def _corridor() -> Corridor:
    return middle_corridor()


def _resources(year: int) -> pd.DataFrame:
    return base_state(year)["resources"].set_index("resource")


def test_no_rule_of_the_house_is_broken(corridor: Corridor) -> None:
    assert rules.problems(corridor) == []


def test_demand_holds_every_origin_destination_row_and_invents_none(corridor: Corridor) -> None:
    demand = corridor["demand"]
    assert len(demand) == 3276
    assert len(demand[["origin", "destination"]].drop_duplicates()) == 339
    assert len(demand[["origin", "destination", "commodity"]].drop_duplicates()) == 459
    assert demand["commodity"].nunique() == len(corridor["commodities"]) == 14
    assert sorted(demand["year"].unique()) == list(YEARS)
    assert demand.groupby(["segment", "origin", "destination", "commodity"]).size().eq(len(YEARS)).all()


def test_loads_on_resources_stand_only_in_resources(corridor: Corridor) -> None:
    for name in ("demand", "segments", "growth"):
        assert not corridor[name]["segment"].str.startswith("BG_").any()


def test_market_by_group_and_year_is_the_printed_one(corridor: Corridor) -> None:
    demand = corridor["demand"]
    covered = 0
    for pattern, printed in TOTALS.items():
        rows = demand[demand["segment"].str.match(pattern)]
        covered += len(rows)
        assert rows.groupby("year")["kt"].sum().to_numpy() / 1000 == pytest.approx(printed, abs=0.0501), pattern
    assert covered == len(demand)


def test_boxes_weigh_what_boxes_weigh(corridor: Corridor) -> None:
    """Three segments are boxed only in part: their boxes are no second unit of all their tonnes."""
    boxes = corridor["demand"].query("handling_class == 'container' and teu > 0")
    tonnes_per_teu = 1000 * boxes["kt"] / boxes["teu"]
    assert set(boxes.loc[~tonnes_per_teu.between(5, 26), "segment"]) == {"UZB_PO", "TKM_PO", "TJK_CT"}


def test_every_row_names_a_source_that_has_a_citation(corridor: Corridor) -> None:
    sources = corridor["sources"]
    assert sources["citation"].str.len().gt(0).all()
    for name in corridor:
        if "source" in table(name).column_names and name != "sources":
            assert set(corridor[name]["source"]) <= set(sources["source"]), name


def test_no_source_is_listed_that_nothing_rests_on(corridor: Corridor) -> None:
    named = {key for name in corridor if name != "sources" for key in corridor[name].get("source", ())}
    inserted = corridor["levers"]["value"].str.extract(r'"source": "([^"]+)"')[0].dropna()
    assert set(corridor["sources"]["source"]) == named | set(inserted)


def test_an_own_estimate_is_low_confidence_everywhere(corridor: Corridor) -> None:
    for name in corridor:
        if "confidence" in table(name).column_names:
            own = corridor[name][corridor[name]["source"].isin(OWN)]
            assert own["confidence"].eq("low").all(), name


def test_no_link_is_shorter_than_the_great_circle(corridor: Corridor) -> None:
    places = corridor["places"].set_index("place")[["lon_deg", "lat_deg"]].apply(np.radians)
    links = corridor["links"]
    a, b = places.loc[links["from_place"]].to_numpy(), places.loc[links["to_place"]].to_numpy()
    half = np.sin((b - a) / 2) ** 2
    angle = 2 * np.arcsin(np.sqrt(half[:, 1] + np.cos(a[:, 1]) * np.cos(b[:, 1]) * half[:, 0]))
    assert (links["length_km"].to_numpy() >= EARTH_RADIUS_KM * angle - 0.1).all()


def test_alat_to_poti_is_the_published_length(corridor: Corridor) -> None:
    line = corridor["links"].set_index("link").loc[[f"L{n}" for n in range(151, 160)]]
    assert (line["from_place"].iloc[0], line["to_place"].iloc[-1]) == ("AZ_ALT", "GE_PTI")
    assert line["to_place"].iloc[:-1].tolist() == line["from_place"].iloc[1:].tolist()
    assert line["length_km"].sum() == pytest.approx(808, rel=0.02)


def _shortest_km(corridor: Corridor, start: str, end: str, closed: set[str]) -> float:
    """Length of the shortest way by open rail and Caspian feeder (Dijkstra)."""
    links = corridor["links"].query("mode in ('rail', 'feeder') and open_from != '9999'")
    way: dict[str, list[tuple[str, float]]] = {}
    columns = ["from_place", "to_place", "length_km", "both_ways"]
    for a, b, km, both in links.loc[~links["link"].isin(closed), columns].to_numpy().tolist():
        way.setdefault(a, []).append((b, km))
        way.setdefault(b, []).extend([(a, km)] if both else [])
    heap, done = [(0.0, start)], set()
    while heap:
        km, place = heappop(heap)
        if place == end:
            return km
        for following, more in () if place in done else way.get(place, ()):
            heappush(heap, (km + more, following))
        done.add(place)
    raise AssertionError(f"no way from {start} to {end}")


@pytest.mark.parametrize(
    ("start", "end", "closed", "km"),
    [
        pytest.param("KZ_ALT", "BY_BQT", set(), 5412, id="Altynkol-Brest, published 5,430"),
        pytest.param("KZ_ALT", "KZ_AKT", set(), 3092, id="Altynkol-Aktau by the Almaty bypass and Kyzylorda"),
        pytest.param("KZ_ALT", "KZ_AKT", {"L065"}, 3250, id="Altynkol-Aktau by the bypass and Zhezkazgan"),
        pytest.param("KZ_ALT", "KZ_AKT", {"L036", "L065"}, 3280, id="Altynkol-Aktau by Almaty and Zhezkazgan"),
        pytest.param("CN_SIA", "AZ_ALT", {"L024W", "L208"}, 6820, id="Xi'an-Alat by Khorgos, the bypass and Aktau"),
        pytest.param(
            "CN_SIA", "AZ_ALT", {"L024W", "L065", "L208"}, 6980, id="Xi'an-Alat by Khorgos, Zhezkazgan and Aktau"
        ),
    ],
)
def test_lines_have_their_published_lengths(
    corridor: Corridor, start: str, end: str, closed: set[str], km: float
) -> None:
    assert _shortest_km(corridor, start, end, closed) == pytest.approx(km, rel=0.005)


@pytest.mark.parametrize("year", YEARS)
def test_capacity_is_servers_times_units_in_every_year(year: int) -> None:
    queues = _resources(year).query("behaviour == 'queue'")
    implied = (
        queues["servers"] * queues["units_per_service"] * queues["hours_open_per_year"] / queues["service_hours"]
    ).astype(float)
    assert len(queues) == 56
    assert np.abs(implied / queues["capacity_per_year"] - 1).max() < 0.02


@pytest.mark.parametrize("year", YEARS)
def test_box_terminals_with_a_published_capacity_are_rationed_below_it_and_queue_below_that(year: int) -> None:
    terminals = _resources(year).loc[["R_AKTAU_BOX", "R_ALAT_BOX", "R_TKM_BOX", "R_POTI_TEU", "R_BATUMI_TEU"]]
    assert terminals["max_utilisation"].eq(0.76).all()  # 0.95 of the published capacity, held at an occupancy of 0.8
    published = 0.8 * terminals["capacity_per_year"]
    printed = {2019: 580_000, 2024: 620_000, 2025: 680_000}
    assert published["R_POTI_TEU"] == pytest.approx(printed.get(year, published["R_POTI_TEU"]))
    assert (terminals["background_per_year"] < 0.95 * published).all()


def test_nothing_turns_round_in_a_georgian_port(corridor: Corridor) -> None:
    """Ships to the far end of the Black Sea carry up to 1,500 TEU: nobody takes boxes there to change ships."""
    sea = ["feeder", "deep_sea"]
    changes = corridor["transfers"].query("place in ('GE_PTI', 'GE_BUS') and handling_class == 'container'")
    assert len(changes) > 0
    assert not (changes["from_mode"].isin(sea) & changes["to_mode"].isin(sea)).any()


@pytest.mark.parametrize(("year", "count"), [(2019, 532_000), (2022, 358_000), (2024, 544_000)])
def test_background_at_poti_leaves_out_laden_boxes_and_the_empties_they_leave(year: int, count: int) -> None:
    laden = {2019: 52_000, 2022: 48_000, 2024: 74_000}[year]
    assert _resources(year).loc["R_POTI_TEU", "background_per_year"] == count - 2 * laden


@pytest.mark.parametrize(("year", "kt"), [(2019, 195), (2020, 397), (2021, 333), (2022, 432)])
def test_trains_to_kars_run_as_often_as_the_record_fills_them(corridor: Corridor, year: int, kt: float) -> None:
    counted = corridor["observations"].query(f"indicator == 'btk_total' and year == {year} and period == 'Y'")
    assert counted["value"].item() == pytest.approx(kt / 1000)
    links = base_state(year)["links"].set_index("link")
    assert links.loc["L164", "headway_h"] == pytest.approx(8760 / (kt * 1000 / 2 / 1200), rel=0.01)
    assert links.loc["L175", "headway_h"] == (48 if year == 2019 else 24)  # one night a day through the tunnel


@pytest.mark.parametrize("year", YEARS)
def test_a_fleet_carries_what_its_ships_can_in_every_year(year: int) -> None:
    fleets = _resources(year).query("behaviour == 'slots'")
    implied = fleets["ships"] * 8760 / fleets["cycle_h"] * fleets["payload"]
    assert len(fleets) == 20
    assert np.abs(implied / fleets["capacity_per_year"] - 1).max() < 0.02
    assert np.abs(fleets["cycle_h"] / fleets["ships"] / fleets["headway_h"] - 1).max() < 0.02


@pytest.mark.parametrize("year", [*YEARS, 2026])
def test_other_traffic_leaves_room_in_every_year(year: int) -> None:
    resources = _resources(year)
    resources = resources.query("capacity_per_year > 0")  # planned lines have none before they are built
    assert (resources["background_per_year"] < resources["capacity_per_year"] * resources["max_utilisation"]).all()


def test_what_changed_in_the_record_years_is_there() -> None:
    def capacity(resource: str, year: int) -> float:
        return float(_resources(year)["capacity_per_year"].to_dict()[resource])

    assert capacity("R_AKG_MOY_F", 2023) == 12 * 345  # train pairs a day on Aktogay-Moyynty before the second track
    assert capacity("R_AKG_MOY_F", 2026) > 4 * capacity("R_AKG_MOY_F", 2024)
    assert capacity("R_BTK_F", 2025) > 2 * capacity("R_BTK_F", 2022)  # the Georgian section, 1 to 5 Mt in May 2024
    assert capacity("R_BTC_KAZ", 2022) == 300_000  # Tengiz oil from March 2023, six weeks without in 2025
    assert capacity("R_BTC_KAZ", 2023) == 1_500_000
    assert capacity("R_BTC_KAZ", 2025) == pytest.approx(1_330_000, rel=0.01)


def test_ocean_prices_of_history_are_the_published_blend() -> None:
    """0.35 spot and 0.65 contract, Shanghai-Rotterdam, USD/FEU."""
    printed = {2019: 1668, 2020: 2100, 2021: 6525, 2022: 7960, 2023: 2315, 2024: 3510, 2025: 2718}
    for year, usd_per_feu in printed.items():
        links = base_state(year)["links"]
        lane = links.query("from_place == 'CN_SHA' and to_place == 'NL_RTM' and gateway_group == 'ocean_suez'")
        assert lane["usd_per_feu"].item() == pytest.approx(usd_per_feu, rel=0.01), year


def test_no_change_stands_twice(corridor: Corridor) -> None:
    """Ocean prices and the start of Tengiz oil are history alone; storms and the harvest are in other figures."""
    levers = corridor["levers"]
    shocks = levers[levers["owner"].str.startswith("shock:")]
    assert not (shocks["column"].isin(["usd_per_feu", "usd_per_feu_back"])).any()
    assert not (levers["where"].str.contains("KAZ_GR_")).any()
    tengiz = levers[levers["where"].eq("resource=R_BTC_KAZ") & levers["operation"].eq("set")]
    assert set(tengiz.loc[tengiz["from"] < "2026", "owner"]) == {"history"}
    assert set(tengiz.loc[tengiz["from"] > "2026", "owner"]) == {"agreement:A32"}
    cells = shocks[shocks["operation"].eq("set")].groupby(["table", "where", "column", "from"]).size()
    assert cells.eq(1).all()


def test_a_shock_and_its_levers_come_and_go_together(corridor: Corridor) -> None:
    owners = {owner for owner in corridor["levers"]["owner"] if owner.startswith("shock:")}
    assert owners == {f"shock:{key}" for key in corridor["shocks"]["shock"]}
    hypothetical = corridor["shocks"].loc[~corridor["shocks"]["happened"], "shock"]
    sea = ["caspian_level_1m", "caspian_level_2m", "storm_season"]
    assert hypothetical.tolist() == ["car_reexport_crackdown", *sea]


def test_aversion_after_2022_is_a_shock_and_can_be_dropped(corridor: Corridor) -> None:
    assert not corridor["choice"]["kind"].eq("aversion").any()
    north = base_state(2023)["choice"].query("gateway_group == 'by_pl_brest'")
    assert sorted(north["constant_usd_per_teu"]) == [1000, 1100]
    without = tuple(lever for lever in base_levers() if lever.owner != "shock:northern_penalty")
    assert state(corridor, without, 2023)["choice"].query("gateway_group == 'by_pl_brest'").empty


def test_the_cape_is_open_only_while_ships_avoid_the_red_sea() -> None:
    for year, is_open in ((2023, False), (2024, True), (2025, True)):
        cape = base_state(year)["links"].query("gateway_group == 'ocean_cape'")
        assert cape["open"].eq(is_open).all()
    assert len(cape) == 48


def test_ministry_series_is_the_preferred_one(corridor: Corridor) -> None:
    rows = corridor["observations"].query("indicator == 'titr_tonnes' and period == 'Y' and preferred")
    series = rows[rows["scope"].str.startswith("ministry") & rows["status"].eq("observed")].sort_values("year")
    assert series["year"].tolist() == list(YEARS)
    assert series["value"].tolist() == [0.759, 0.783, 0.586, 1.485, 2.764, 4.484, 4.119]
    narrower = corridor["observations"].query("indicator == 'titr_tonnes' and value == 3.3")
    assert narrower["scope"].item().startswith("association")


def test_one_figure_of_each_kind_is_preferred(corridor: Corridor) -> None:
    rows = corridor["observations"].copy()
    rows["kind"] = rows["status"].replace({"estimate": "observed"})
    preferred = rows.groupby(["indicator", "subject", "scope", "year", "period", "kind", "unit"])["preferred"].sum()
    assert preferred.eq(1).all()


def test_no_yearly_count_is_known_before_christmas(corridor: Corridor) -> None:
    rows = corridor["observations"].query("status == 'observed' and unit in ('Mt', 'TEU', 'wagons', 'vehicles')")
    yearly = rows[rows["period"].eq("Y") & ~rows["source"].str.startswith("wnam")]
    assert (yearly["published"] >= yearly["year"].astype("str") + "-12-25").all()


def test_indicators_read_columns_that_outcomes_have(corridor: Corridor) -> None:
    key = ["indicator", "subject", "scope"]
    observed = set(corridor["observations"][key].itertuples(index=False, name=None))
    assert set(corridor["indicators"][key].itertuples(index=False, name=None)) <= observed
    groups = set(corridor["links"]["gateway_group"])
    for name, where, column in corridor["indicators"][["table", "where", "column"]].to_numpy().tolist():
        wanted = dict(condition.split("=") for condition in where.split(" & "))
        assert {column, *wanted} <= set(tables("outcomes")[name].column_names)
        assert set(wanted.get("gateway_group", "").split("|")) - {""} <= groups


def test_each_segment_and_the_background_grow_at_a_rate_in_each_year(corridor: Corridor) -> None:
    growth = corridor["growth"]
    for start in (2026, 2031):
        patterns = growth.loc[growth["from_year"].eq(start), "segment"]
        for segment in corridor["segments"]["segment"]:
            assert any(segment == p or (p.endswith("*") and segment.startswith(p[:-1])) for p in patterns), segment
    background = growth.loc[growth["segment"].eq("background"), ["from_year", "to_year"]]
    assert background.to_numpy().tolist() == [[2027, 2030], [2031, 2040]]


def _counted(rows: list[dict[str, str]], key: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row[column] for column in key) for row in rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.skipif(not FACTS.exists(), reason="the facts the tables were cut from are not beside this checkout")
def test_no_row_of_the_facts_was_lost(corridor: Corridor) -> None:
    dropped = {"transfers": 4, "uses": 2}  # boxes turning round at Poti and Batumi: docs/data.md
    added = {"links": 3, "resources": 8, "uses": 34}  # planned lines and roads, closed or without capacity until built
    for name in ("places", "links", "transfers", "borders", "resources", "uses", "commodities", "modes"):
        facts = [
            {column.removesuffix("_id"): cell for column, cell in row.items()}
            for row in _rows(FACTS / "network" / f"{name}.csv")
        ]
        kept = _rows(Path(corridor.folder) / f"{name}.csv")
        key = [column for column in KEYS if column in facts[0] and column in kept[0]]
        lost = _counted(facts, key) - _counted(kept, key)
        assert lost.total() == dropped.get(name, 0), (name, lost)
        assert len(kept) == len(facts) - lost.total() + added.get(name, 0), name


@pytest.mark.skipif(not FACTS.exists(), reason="the facts the tables were cut from are not beside this checkout")
def test_no_demand_of_the_facts_was_lost(corridor: Corridor) -> None:
    facts = [row for row in _rows(FACTS / "demand_segments.csv") if not row["segment_id"].startswith("BG_")]
    assert len(corridor["demand"]) == len(facts)
    assert corridor["demand"]["kt"].sum() == pytest.approx(sum(float(row["kt"]) for row in facts))
    assert corridor["demand"]["teu"].sum() == pytest.approx(sum(float(row["teu"]) for row in facts))
