"""What a zone sends and receives: demand and what is served of it, with whom, by which ways, and its source."""

from __future__ import annotations

from karvan.corridor.corridor import Corridor
from karvan.report.numbers import amount, figure, percent
from karvan.report.tables import gateway_names, place_names
from karvan.study.live.reaction import Reaction
from karvan.study.live.zone import End, ways_of
from karvan.units import HOURS_PER_DAY
from karvan.web.page.cards.history import cited
from karvan.web.view import Json

PARTNERS, WAYS = 3, 3
Rows = list[tuple[str, str, str]]
_ENDS: tuple[tuple[str, End, End, str], ...] = (
    ("sent", "origin", "destination", "to"), ("received", "destination", "origin", "from"),
)  # fmt: skip


def exchanged(corridor: Corridor, reaction: Reaction, zone: str) -> Rows:
    """What a zone sends and receives: demand, what is served, cost and days, and with whom most."""
    names, told = place_names(corridor), []
    for head, here, there, way in _ENDS:
        pairs = reaction.pairs.loc[reaction.pairs[here] == zone]
        demand, served = float(pairs["demand_kt"].sum()), pairs["served_kt"]
        if demand <= 0:
            continue
        total = float(served.sum())
        told.append((f"Demand {head}", amount(demand, "kt"), f"{percent(total / demand)} served"))
        if total > 0:
            cost, hours = (float((pairs[name] * served).sum()) / total for name in ("mean_usd_per_t", "mean_hours"))
            told += [("Mean price", figure(cost), "USD/t"), ("Mean time", figure(hours / HOURS_PER_DAY), "days")]
        partners = served.groupby(pairs[there]).sum().nlargest(PARTNERS)
        told += [(f"{way} {names[str(key)]}", amount(float(kt), "kt"), "") for key, kt in partners.items() if kt > 0]
    return told


def main_ways(corridor: Corridor, reaction: Reaction, zone: str) -> list[Json]:
    """For each end with cargo the gateways that most of it passes, with cargo and share; what is left has a row."""
    names = gateway_names(corridor)
    told: list[Json] = []
    for head, end, _, _ in _ENDS:
        ways = ways_of(reaction, zone, end)
        if ways.empty:
            continue
        first = zip(*(ways[name].head(WAYS) for name in ("share", "way", "kt")), strict=True)
        rows = [[percent(share), _way(way, names), amount(kt, "kt")] for share, way, kt in first]
        rest = ways.iloc[WAYS:]
        if len(rest):
            others = f"{len(rest)} other ways" if len(rest) > 1 else "another way"
            rows.append([percent(float(rest["share"].sum())), others, amount(float(rest["kt"].sum()), "kt")])
        told.append({"head": f"Ways of what is {head}", "rows": rows})
    return told


def _way(groups: tuple[str, ...], names: dict[str, str]) -> str:
    """The gateways of a way by their names, in the order of passage."""
    return " \N{RIGHTWARDS ARROW} ".join(names.get(group, group) for group in groups) or "no gateway"


def demand_source(corridor: Corridor, year: int, zone: str) -> Json | None:
    """Where most of a zone's demand comes from, by the last year of the table up to the one shown; None: no demand."""
    demand = corridor["demand"]
    rows = demand.loc[((demand["origin"] == zone) | (demand["destination"] == zone)) & (demand["year"] <= year)]
    if rows.empty:
        return None
    last = int(rows["year"].max())
    by_source = rows.loc[rows["year"] == last].groupby(["source", "confidence"], as_index=False)[["kt"]].sum()
    first, total = by_source.sort_values("kt").iloc[-1], float(by_source["kt"].sum())
    share = percent(float(first["kt"]) / total if total > 0 else None)
    told = {"source": cited(corridor, str(first["source"])), "confidence": str(first["confidence"])}
    return {"year": last, "share": share, **told}
