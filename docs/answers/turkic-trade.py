"""Write or check ``docs/answers/turkic-trade.md``: tariff-free Turkic trade, and what borders and time add.

Run ``python docs/answers/turkic-trade.py`` to write the page, with ``--check`` to see that its figures still hold, as
CI does. All scenarios ride on one set of routes, that of all of them together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from keeping import write_or_check

from karvan.cli.inputs import scenario
from karvan.corridor.outcome import Outcome
from karvan.store.builtin import load
from karvan.study.coupling import trade_session
from karvan.study.trade.sheets import SheetOptions, on_same_routes, sheets_of

HERE = Path(__file__).parent
PAGE = HERE / "turkic-trade.md"
YEAR = 2030
FREE, PAPERLESS = "tariff-free-turkic-trade", "paperless-borders"
ASKED = {
    "tariff-free": (FREE,),
    "with paperless borders": (FREE, PAPERLESS),
    "simplified customs": ("simplified-customs-corridor",),
    "paperless borders": (PAPERLESS,),
    "single transit tariff": ("single-transit-tariff",),
    "time halved": ("corridor-time-halved",),
}
MEMBERS = ["AZE", "KAZ", "KGZ", "TUR", "UZB"]
CENTRAL_ASIA = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
EUROPE = ["AUT", "BGR", "CYP", "CZE", "DEU", "FRA", "GRC", "HUN", "ITA", "NLD", "POL", "ROU"]
FERRIES = ["caspian_aktau", "caspian_aktau_ferry", "caspian_kuryk", "caspian_turkmenbashi"]
CORRIDOR = ["AZE", "GEO", "KAZ"]
TOLD = ["AZE", "KAZ", "KGZ", "TUR", "UZB", "TJK", "TKM", "GEO", "RUS", "CHN"]
Answers = dict[str, Outcome]


def page() -> str:
    """The whole page."""
    corridor = load("middle-corridor")
    together = tuple(dict.fromkeys(name for names in ASKED.values() for name in names))
    session = trade_session(corridor, scenario(together, corridor), (YEAR,))
    options = SheetOptions(YEAR)
    answers = {
        told: sheets_of(on_same_routes(session, scenario(names, corridor)), options) for told, names in ASKED.items()
    }
    text = (HERE / "turkic-trade.in.txt").read_text(encoding="utf-8")
    parts = {"figures": _figures(answers), "countries": _countries(answers), "others": _others(answers["time halved"])}
    for name, lines in parts.items():
        text = text.replace(f"<!-- {name} -->", "\n".join(lines))
    return text


def _table(head: str, answers: Answers, rows: dict[str, Callable[[Outcome], str]]) -> list[str]:
    """One column a scenario, one line a figure."""
    lines = [f"| {head} | " + " | ".join(answers) + " |", "| -- |" + " -- |" * len(answers)]
    cells = {told: " | ".join(of(made) for made in answers.values()) for told, of in rows.items()}
    return lines + [f"| {told} | {line} |" for told, line in cells.items()]


def _figures(answers: Answers) -> list[str]:
    rows: dict[str, Callable[[Outcome], str]] = {
        "trade within the five Turkic states, per cent more": lambda made: _more(made, MEMBERS, MEMBERS),
        "low and high end": _ends,
        "of their trade with one another, per cent": lambda made: f"{100 * _bloc(made, 'within_share'):.2f}",
        "Azerbaijan with Central Asia, per cent more": lambda made: _more(made, ["AZE"], CENTRAL_ASIA),
        "Azerbaijan with Türkiye, per cent more": lambda made: _more(made, ["AZE"], ["TUR"]),
        "Türkiye with Central Asia, per cent more": lambda made: _more(made, ["TUR"], CENTRAL_ASIA),
        "customs revenue of the five, million USD": lambda made: f"{_bloc(made, 'revenue_change_musd'):,.0f}",
        "welfare of the five, million USD": lambda made: f"{_bloc(made, 'welfare_musd'):,.0f}",
        "cargo over the Caspian, tankers left out, kt": lambda made: _moved(made, "kt"),
        "of it by other routing at unchanged trade, kt": lambda made: _moved(made, "routed_kt"),
    }
    return _table(f"change in {YEAR}", answers, rows)


def _countries(answers: Answers) -> list[str]:
    def told(country: str) -> Callable[[Outcome], str]:
        return lambda made: _welfare(made, country)

    return _table("welfare, million USD (real GDP, per cent)", answers, {name: told(name) for name in TOLD})


def _others(halved: Outcome) -> list[str]:
    """Published figures beside the scenario that comes nearest to what they assume."""
    base, then = (_ferried(halved, column) / 1e3 for column in ("base_kt", "kt"))
    return [
        "| | theirs | ours, time halved |",
        "| -- | -- | -- |",
        f"| World Bank: trade among Azerbaijan, Georgia, Kazakhstan | +37 % | {_more(halved, CORRIDOR, CORRIDOR)} % |",
        f"| of it goods of Kazakhstan to Azerbaijan | | {_goods(halved, 'KAZ', 'AZE')} % |",
        f"| and to Georgia | | {_goods(halved, 'KAZ', 'GEO')} % |",
        f"| World Bank: their trade with the EU (ours: twelve members) | +28 % | {_more(halved, CORRIDOR, EUROPE)} % |",
        f"| goods of China to Azerbaijan | | {_goods(halved, 'CHN', 'AZE')} % |",
        f"| World Bank: Mt over the Caspian in 2030 (ours: without tankers) | 11 | {then:.1f}, without it {base:.1f} |",
        f"| Felipe and Kumar: trade of Azerbaijan | +28 % | {_all(halved, 'AZE')} % |",
        f"| Felipe and Kumar: trade of Tajikistan | +63 % | {_all(halved, 'TJK')} % |",
        f"| Felipe and Kumar: trade within Central Asia | +100 % | {_more(halved, CENTRAL_ASIA, CENTRAL_ASIA)} % |",
    ]


def _pairs(made: Outcome) -> pd.DataFrame:
    rows = made["trade.pairs"]
    return rows.loc[rows["exporter"] != rows["importer"]]


def _more(made: Outcome, some: list[str], others: list[str]) -> str:
    rows = _pairs(made)
    there = rows["exporter"].isin(some) & rows["importer"].isin(others)
    back = rows["importer"].isin(some) & rows["exporter"].isin(others)
    return _change(rows.loc[there | back])


def _all(made: Outcome, country: str) -> str:
    rows = _pairs(made)
    return _change(rows.loc[(rows["exporter"] == country) | (rows["importer"] == country)])


def _change(rows: pd.DataFrame) -> str:
    return f"{100.0 * (rows['musd'].sum() / rows['base_musd'].sum() - 1.0):+.2f}"


def _bloc(made: Outcome, column: str) -> float:
    rows = made["trade.blocs"].set_index("organisation")
    return float(rows[column].to_dict()["OTS"])


def _ends(made: Outcome) -> str:
    base = _bloc(made, "base_within_musd")
    low, high = (100.0 * (_bloc(made, f"{end}_within_musd") / base - 1.0) for end in ("low", "high"))
    return f"{low:+.2f} to {high:+.2f}"


def _moved(made: Outcome, column: str) -> str:
    return f"{_ferried(made, column) - _ferried(made, 'base_kt') + 0.0:+,.1f}"


def _ferried(made: Outcome, column: str) -> float:
    rows = made["trade.cargo"]
    return float(rows.loc[rows["gateway_group"].isin(FERRIES), column].sum())


def _goods(made: Outcome, exporter: str, importer: str) -> str:
    rows = _pairs(made)
    own = (rows["exporter"] == exporter) & (rows["importer"] == importer) & (rows["sector"] == "goods")
    return _change(rows.loc[own])


def _welfare(made: Outcome, country: str) -> str:
    rows = made["trade.economies"].set_index("country")
    worth, product = (float(rows[name].to_dict()[country]) for name in ("welfare_musd", "real_gdp_ratio"))
    return f"{worth + 0.0:,.0f} ({100.0 * (product - 1.0):+.3f})"


if __name__ == "__main__":
    raise SystemExit(write_or_check(PAGE, page(), sys.argv[1:]))
