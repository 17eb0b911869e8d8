"""Write or check ``docs/trust.md``: how far to trust the model, told by the record it has not seen.

Run ``python docs/answers/trust.py`` to write the page, with ``--check`` to see that its figures still hold. It takes a
few minutes: the levers are fitted a dozen times.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from keeping import write_or_check

from karvan.corridor.corridor import Corridor
from karvan.report.numbers import estimated, figure
from karvan.store.builtin import load
from karvan.study.backcast.judge import backcast
from karvan.study.backcast.nowcast import nowcasts
from karvan.study.backcast.outlook import outlook
from karvan.study.backcast.rolling import rolling
from karvan.study.calibrate.fitted import calibrated
from karvan.study.calibrate.ground import ground_of
from karvan.study.calibrate.told import usual_day, usual_end

HERE = Path(__file__).parent
PAGE = HERE.parent / "trust.md"
SHOWN = ("titr_containers", "northern_china_eu")
BOXES = "all boxes, empties included"
AHEAD = (2030, 2040)
NOWCAST_DAY = "2024-08-15"
OUTLOOK = (
    "titr_containers",
    "titr_tonnes",
    "baku_port_teu",
    "baku_port_total",
    "caspian_east_west",
    "northern_china_eu",
)
HEADS = {
    "rolling": ["indicator", "n", "known then", "hindsight on drivers", "better naive", "nearer"],
    "years": ["indicator", "year", "record", "known then", "hindsight", "last value", "trend"],
    "levers": ["lever", "unit", "prior", "fitted", "by the record", ""],
    "holdout": ["indicator", "year", "record", "known then", "hindsight (90 %)", "inside"],
    "programme": ["year", "record", "hindsight", "without the programme"],
    "nowcast": ["indicator", "part", "the year by it (90 %)", "came to", "unit", "past parts"],
    "outlook": ["indicator", "year", "outlook", "low", "high", "slow growth", "fast growth", "unit"],
    "said": ["indicator", "year", "said", "outlook (90 %)", "unit", "to the band"],
}
PROGRAMME = {"gateway_group": "caspian_aktau", "handling_class": "container", "direction": "westbound"}


def table(heads: list[str], rows: list[list[object]]) -> list[str]:
    """A Markdown table; missing figures are a dash."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " -- |" * len(heads)]
    return lines + ["| " + " | ".join(_text(cell) for cell in row) + " |" for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return "-" if pd.isna(cell) else f"{cell:.2f}"
    return str(cell)


def skill_rows(skill: pd.DataFrame) -> list[list[object]]:
    """Errors where a naive forecast stands beside, and which is nearer."""
    rows = []
    for row in skill.loc[skill["n_naive"] > 0].to_dict("records"):
        own, naive = float(row["hindsight_beside"]), float(row["naive"])
        verdict = "nearer" if own < naive else "naive nearer"
        name = f"{row['indicator']} ({row['scope']})"
        rows.append([name, row["n_naive"], float(row["known_beside"]), own, naive, verdict])
    return rows


def year_rows(told: pd.DataFrame) -> list[list[object]]:
    """The series that the bars are about, year by year."""
    chosen = told.loc[told["indicator"].isin(SHOWN)].sort_values(["indicator", "year"])
    names = ("known", "hindsight", "naive_last", "naive_trend")
    return [
        [row["indicator"], row["year"], published(row), *(figure(float(row[name])) for name in names)]
        for row in chosen.to_dict("records")
    ]


def published(row: dict[Hashable, Any]) -> str:
    """What was published of a row of the backcast, marked where it is an estimate."""
    return estimated(float(row["observed"]), estimate=row["status"] == "estimate")


def lever_rows(levers: pd.DataFrame) -> list[list[object]]:
    """Fitted levers."""
    rows = []
    for row in levers.to_dict("records"):
        fitted, prior = f"{row['value']:.0f} ± {row['sd']:.0f}", f"{row['prior']:.0f} ± {row['prior_sd']:.0f}"
        rows.append([row["name"], row["unit"], prior, fitted, f"{100 * row['record_share']:.0f} %", row["state"]])
    return rows


def holdout_rows(told: pd.DataFrame, day: str) -> list[list[object]]:
    """What the fit of 2019-2023 says of the two years it has not seen."""
    chosen = told.loc[(told["part"] == "holdout") & (told["year"] >= int(day[:4]))]
    rows = []
    for row in chosen.to_dict("records"):
        low, high = (figure(float(row[name])) for name in ("low", "high"))
        inside = "yes" if row["low"] <= row["observed"] <= row["high"] else "no"
        texts = [figure(float(row[name])) for name in ("known", "hindsight")]
        name = f"{row['indicator']} ({row['scope']})"
        rows.append([name, row["year"], f"{published(row)} {row['unit']}", texts[0],
                     f"{texts[1]} ({low}–{high})", inside])  # fmt: skip
    return rows


def without_programme(corridor: Corridor) -> Corridor:
    """The corridor in which westbound boxes go on as before the subsidised block trains."""
    choice = corridor["choice"].copy()
    mine = (choice[list(PROGRAMME)] == list(PROGRAMME.values())).all(axis=1)
    before = mine & (choice["constant_usd_per_teu"] > 0)
    choice.loc[before, "to_year"] = ""
    return corridor.replace(choice=choice.loc[~mine | before].reset_index(drop=True))


def programme_figures(corridor: Corridor, told: pd.DataFrame) -> list[tuple[int, float, float, float]]:
    """Year, record, hindsight with and without the programme for boxes, each year from the one before."""
    bare, found = ground_of(without_programme(corridor)), []
    named = [(each.indicator.indicator, each.indicator.scope) for each in bare.measured]
    number = named.index((SHOWN[0], BOXES))
    for row in told.loc[told["indicator"] == SHOWN[0]].sort_values("year").to_dict("records"):
        year = int(row["year"])
        later = year >= corridor.info.last_year - 1
        without = calibrated(bare, f"{year}-03-31").solver.told(year)[number] if later else row["hindsight"]
        found.append((year, float(row["observed"]), float(row["hindsight"]), float(without)))
    return found


def error_without(figures: list[tuple[int, float, float, float]]) -> str:
    """Mean absolute logarithm over all the years without the programme."""
    return f"{np.mean([abs(np.log(without / record)) for _, record, _, without in figures]):.2f}"


def said_rows(said: pd.DataFrame) -> list[list[object]]:
    """What others said of years to come, beside the outlook."""
    return [
        [f"{row['indicator']} ({row['scope']})", row["year"], f"{row['status']} {figure(float(row['said']))}",
         f"{figure(float(row['outlook']), 2)} ({figure(float(row['low']), 2)}–{figure(float(row['high']), 2)})",
         row["unit"], row["band"]]
        for row in said.to_dict("records")
    ]  # fmt: skip


def outlook_rows(told: pd.DataFrame) -> list[list[object]]:
    """The years to come."""
    chosen = told.loc[told["indicator"].isin(OUTLOOK)]
    names = ("outlook", "low", "high", "slow_growth", "fast_growth")
    return [
        [
            f"{row['indicator']} ({row['scope']})",
            row["year"],
            *(figure(float(row[name]), 2) for name in names),
            row["unit"],
        ]
        for row in chosen.to_dict("records")
    ]


def nowcast_rows(told: pd.DataFrame) -> list[list[object]]:
    """What a part of a year said on the day."""
    year = int(NOWCAST_DAY[:4])
    return [
        [f"{row['indicator']} ({row['scope']})",
         f"{row['period']} {estimated(float(row['part']), estimate=row['estimated'])}",
         f"{figure(float(row['nowcast']))} ({figure(float(row['low']))}–{figure(float(row['high']))})",
         estimated(float(row["observed"]), estimate=row["observed_estimated"]), row["unit"], row["past_parts"]]
        for row in told.loc[told["year"] == year].to_dict("records")
    ]  # fmt: skip


def page() -> str:
    """The whole page."""
    corridor = load("middle-corridor")
    ground, day = ground_of(corridor), usual_day(corridor)
    rolled, judged_ = rolling(ground), backcast(ground, day)
    ahead = outlook(corridor, AHEAD, usual_end(corridor))
    programme = programme_figures(corridor, rolled["record.backcast"])
    rows: dict[str, list[list[object]]] = {
        "rolling": skill_rows(rolled["record.skill"]),
        "years": year_rows(rolled["record.backcast"]),
        "levers": lever_rows(judged_["record.levers"]),
        "holdout": holdout_rows(judged_["record.backcast"], day),
        "programme": [[year, *map(figure, values)] for year, *values in programme[-2:]],
        "nowcast": nowcast_rows(nowcasts(corridor, NOWCAST_DAY)),
        "outlook": outlook_rows(ahead["record.outlook"]),
        "said": said_rows(ahead["record.said"]),
    }
    text = (HERE / "trust.in.txt").read_text(encoding="utf-8")
    inside = [row[-1] for row in rows["holdout"]]
    text = text.replace("<!-- inside -->", f"{inside.count('yes')} of {len(inside)}")
    text = text.replace("<!-- without -->", error_without(programme))
    for name, told in rows.items():
        text = text.replace(f"<!-- {name} -->", "\n".join(table(HEADS[name], told)))
    return text


if __name__ == "__main__":
    raise SystemExit(write_or_check(PAGE, page(), sys.argv[1:]))
