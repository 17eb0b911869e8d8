"""Rules that links, borders, transfers and uses must keep beyond their schema."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.checks.findings import Finding, found
from karvan.corridor.corridor import Corridor
from karvan.errors import Problem
from karvan.numerics.geodesy import great_circle_km

ROUNDING_OF_LENGTH = 0.01
_FORMS = "a link, or a place with from_mode and to_mode"


def link_not_shorter_than_great_circle(corridor: Corridor) -> list[Problem]:
    """No way is shorter than the great circle between its ends; 1 % is allowed for rounding."""
    places, links = corridor["places"].drop_duplicates("place").set_index("place"), corridor["links"]
    ends = [places.reindex(links[end])[axis] for end in ("from_place", "to_place") for axis in ("lon_deg", "lat_deg")]
    circle = great_circle_km(*ends)
    short = links["length_km"].to_numpy() < (1 - ROUNDING_OF_LENGTH) * circle
    finding = Finding(
        "shorter than the great circle",
        "length_km",
        lambda row: f"at least {row['circle']:.0f} km, from {row['from_place']} to {row['to_place']}",
        "check the length and the coordinates of both places",
    )
    return found("links", links.assign(circle=circle), short, finding)


def link_joins_two_places(corridor: Corridor) -> list[Problem]:
    """A link ends elsewhere than it begins."""
    links = corridor["links"]
    finding = Finding("link to its own start", "to_place", "another place than from_place", "name the other end")
    return found("links", links, links["from_place"] == links["to_place"], finding)


def link_over_border_has_border(corridor: Corridor) -> list[Problem]:
    """A link between two countries has a row in borders, also where it costs no time."""
    links, crosses = corridor["links"], _crosses(corridor)
    start, end = _ends(corridor)
    frame = links.assign(start=start, end=end)
    finding = Finding(
        "border without a crossing time",
        "link",
        lambda row: f"a row in borders.csv, as it runs from {row['start']} to {row['end']}",
        "add the row; hours of 0 say that the time is counted elsewhere",
    )
    return found("links", frame, crosses & ~links["link"].isin(corridor["borders"]["link"]), finding)


def border_stands_on_border(corridor: Corridor) -> list[Problem]:
    """A row in borders belongs to a link between two countries."""
    borders, inside = corridor["borders"], corridor["links"].loc[_is_inland(corridor), "link"]
    finding = Finding(
        "border inside a country", "link", "a link between two countries", "check the countries of its places"
    )
    return found("borders", borders, borders["link"].isin(inside), finding)


def border_of_two_way_link_has_hours_back(corridor: Corridor) -> list[Problem]:
    """A border is crossed in each direction that the link has, and in no other."""
    borders = corridor["borders"]
    two_way = _both_ways(corridor, borders["link"])
    filled = borders["hours_back"].notna()
    missing = Finding("missing value", "hours_back", "hours, as the link runs both ways", "fill the cell in")
    surplus = Finding(
        "value that nothing uses",
        "hours_back",
        "an empty cell, as the link runs one way",
        "empty it, or set both_ways to yes",
    )
    return found("borders", borders, (two_way == 1) & ~filled, missing) + found(
        "borders", borders, (two_way == 0) & filled, surplus
    )


def link_has_price_of_its_classes(corridor: Corridor) -> list[Problem]:
    """Boxes ride at a price an FEU, everything else at a price a tonne."""
    links = corridor["links"]
    classes = links["handling_classes"].str.split("|")
    boxes = np.array(["container" in listed for listed in classes], dtype=bool)
    others = np.array([any(name != "container" for name in listed) for listed in classes], dtype=bool)
    remedy = "fill the cell in, or take the class out of handling_classes"
    feu = Finding("missing price", "usd_per_feu", "USD/FEU, as containers may ride", remedy)
    tonne = Finding("missing price", "usd_per_t", "USD/t, as other classes than containers may ride", remedy)
    return found("links", links, boxes & links["usd_per_feu"].isna(), feu) + found(
        "links", links, others & links["usd_per_t"].isna(), tonne
    )


def one_way_link_has_no_price_back(corridor: Corridor) -> list[Problem]:
    """A price back stands only where cargo can ride back."""
    links = corridor["links"]
    finding = Finding(
        "value that nothing uses",
        "usd_per_feu_back",
        "an empty cell, as the link runs one way",
        "empty it, or set both_ways to yes",
    )
    return found("links", links, ~links["both_ways"] & links["usd_per_feu_back"].notna(), finding)


def rail_has_a_gauge(corridor: Corridor) -> list[Problem]:
    """Rails have a gauge, on links and on the rail side of transfers."""
    links, transfers = corridor["links"], corridor["transfers"]
    remedy = "fill in the gauge, such as 1435 or 1520"
    problems = found(
        "links",
        links,
        (links["mode"] == "rail") & links["gauge_mm"].isna(),
        Finding("missing gauge", "gauge_mm", "mm, as the mode is rail", remedy),
    )
    for side in ("from", "to"):
        wrong = (transfers[f"{side}_mode"] == "rail") & transfers[f"{side}_gauge_mm"].isna()
        finding = Finding("missing gauge", f"{side}_gauge_mm", f"mm, as {side}_mode is rail", remedy)
        problems += found("transfers", transfers, wrong, finding)
    return problems


def link_has_emission_factor(corridor: Corridor) -> list[Problem]:
    """Mode and traction of a link stand in modes, where there is such a table."""
    links, modes = corridor["links"], corridor["modes"]
    if modes.empty:
        return []
    known = set(zip(modes["mode"], modes["traction"], strict=True))
    wrong = [pair not in known for pair in zip(links["mode"], links["traction"], strict=True)]
    finding = Finding(
        "no such mode and traction",
        "traction",
        lambda row: f"a row of modes.csv with mode {row['mode']} and this traction",
        lambda row: "there are " + (", ".join(sorted(repr(t) for m, t in known if m == row["mode"])) or "none"),
    )
    return found("links", links, wrong, finding)


def transfer_has_price_of_its_class(corridor: Corridor) -> list[Problem]:
    """Boxes are handled at a price a TEU, everything else at a price a tonne."""
    transfers = corridor["transfers"]
    boxes = transfers["handling_class"] == "container"
    teu = Finding("missing price", "usd_per_teu", "USD/TEU, as the class is container", "fill the cell in")
    tonne = Finding("missing price", "usd_per_t", "USD/t, as the class is not container", "fill the cell in")
    return found("transfers", transfers, boxes & transfers["usd_per_teu"].isna(), teu) + found(
        "transfers", transfers, ~boxes & transfers["usd_per_t"].isna(), tonne
    )


def use_names_a_link_or_a_transfer(corridor: Corridor) -> list[Problem]:
    """A use stands on one link or on one transfer."""
    uses = corridor["uses"]
    on_link = uses["link"] != ""
    parts = (uses[["place", "from_mode", "to_mode"]] != "").sum(axis=1)
    finding = Finding(
        "use of neither a link nor a transfer", "link", _FORMS, "fill in the link, or place, from_mode and to_mode"
    )
    problems = found("uses", uses, ~on_link & (parts < 3), finding)
    both = Finding("use of a link and a transfer", "link", _FORMS, "make it two rows")
    return problems + found("uses", uses, on_link & (parts > 0), both)


def use_can_be_loaded(corridor: Corridor) -> list[Problem]:
    """The transfer of a use exists and the link of a use runs its direction, so that no use stands idle."""
    uses, transfers = corridor["uses"], corridor["transfers"]
    columns = ["place", "from_mode", "to_mode", "handling_class"]
    handled = set(zip(*(transfers[name] for name in columns), strict=True))
    is_handled = np.array([key in handled for key in zip(*(uses[name] for name in columns), strict=True)], bool)
    on_transfer = (uses["link"] == "") & (uses[["place", "from_mode", "to_mode"]] != "").all(axis=1)
    remedy = "correct the row or remove it"
    kind = "use that nothing can load"
    transfer = Finding(kind, "place", "a transfer of these modes and class in transfers.csv", remedy)
    back = (_both_ways(corridor, uses["link"]) == 0) & (uses["direction"] == "back")
    way = Finding(kind, "direction", "forward, as the link runs one way", remedy)
    return found("uses", uses, on_transfer & ~is_handled, transfer) + found("uses", uses, back, way)


def use_has_units_of_its_class(corridor: Corridor) -> list[Problem]:
    """Boxes load a resource by the TEU, everything else by the tonne."""
    uses = corridor["uses"]
    boxes = uses["handling_class"] == "container"
    teu = Finding("missing value", "units_per_teu", "units a TEU, as the class is container", "fill the cell in")
    tonne = Finding("missing value", "units_per_t", "units a tonne, as the class is not container", "fill the cell in")
    return found("uses", uses, boxes & uses["units_per_teu"].isna(), teu) + found(
        "uses", uses, ~boxes & uses["units_per_t"].isna(), tonne
    )


NETWORK_RULES = (
    link_joins_two_places,
    link_not_shorter_than_great_circle,
    link_over_border_has_border,
    border_stands_on_border,
    border_of_two_way_link_has_hours_back,
    link_has_price_of_its_classes,
    one_way_link_has_no_price_back,
    rail_has_a_gauge,
    link_has_emission_factor,
    transfer_has_price_of_its_class,
    use_names_a_link_or_a_transfer,
    use_can_be_loaded,
    use_has_units_of_its_class,
)


def _countries(corridor: Corridor) -> dict[str, str]:
    places = corridor["places"]
    return dict(zip(places["place"], places["country"], strict=True))


def _ends(corridor: Corridor) -> tuple[list[str], list[str]]:
    """The countries in which each link begins and ends, empty where they are not known."""
    links, countries = corridor["links"], _countries(corridor)
    start, end = ([countries.get(place, "") for place in links[name]] for name in ("from_place", "to_place"))
    return start, end


def _crosses(corridor: Corridor) -> NDArray[np.bool_]:
    """Whether each link runs between two known countries."""
    return np.array([a != b and bool(a and b) for a, b in zip(*_ends(corridor), strict=True)], dtype=bool)


def _is_inland(corridor: Corridor) -> NDArray[np.bool_]:
    """Whether each link begins and ends in one known country."""
    return np.array([a == b and bool(a) for a, b in zip(*_ends(corridor), strict=True)], dtype=bool)


def _both_ways(corridor: Corridor, keys: pd.Series) -> pd.Series:
    """1 where the link of that key runs both ways, 0 where one way, missing where there is no such link."""
    links = corridor["links"].drop_duplicates("link").set_index("link")["both_ways"].astype(float)
    return pd.Series(keys.map(links).to_numpy(dtype=float, na_value=np.nan), index=keys.index)
