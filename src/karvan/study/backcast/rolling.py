"""Rolling origin: each year told from what was known when the figures of the year before were out.

For every year Y with a year of the record before and after it, the levers are fitted as on 31 March of Y + 1 and the
record of Y + 1 is told: as known then, with hindsight on drivers, and by the naive forecasts of the same day. A row
counts where two earlier years of its series were known by then, and where its confidence is high or medium.
"""

from __future__ import annotations

import pandas as pd

from karvan.corridor.outcome import Outcome
from karvan.study.backcast.judge import fits_of, judged
from karvan.study.backcast.skill import skill
from karvan.study.calibrate.ground import Ground
from karvan.study.calibrate.known import known_on
from karvan.study.calibrate.told import ends, provenance, usual_end
from karvan.study.solve import Progress, silent

FIGURES_OUT = "03-31"
TOLD = ("high", "medium")
SERIES = ["indicator", "subject", "scope"]
FEWEST_YEARS = 2


def origins(ground: Ground) -> list[int]:
    """Years that a year of the record precedes and follows."""
    return list(ground.states)[1:-1]


def rolling(whole: Ground, progress: Progress | None = None) -> Outcome:
    """Fit and tell year by year.

    Returns
    -------
    Outcome
        Tables ``record.backcast``, whose part is ``rolling``, and ``record.skill`` over it.
    """
    tell, parts, ended = progress or silent, [], []
    years = origins(whole)
    for number, year in enumerate(years):
        tell(f"figures to {year}", number / len(years))
        day = f"{year + 1}-{FIGURES_OUT}"
        fits = fits_of(whole, day)
        rows = judged(whole, fits, day)
        parts.append(_counted(rows.loc[rows["year"] == year + 1], known_on(whole.corridor, day)))
        ended += [*ends(fits.later, f"fit to {year} with hindsight"), *ends(fits.then, f"fit to {year} as known then")]
    told = pd.concat(parts, ignore_index=True).assign(part="rolling")
    return Outcome(
        name="rolling",
        tables={"record.backcast": told, "record.skill": skill(told, ("rolling",))},
        provenance=provenance(whole, fits.later, usual_end(whole.corridor)),
        convergence=tuple(ended),
    )


def _counted(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Rows of high or medium confidence with two earlier years known."""
    yearly = known.loc[known["period"] == "Y", [*SERIES, "year"]].drop_duplicates()
    earlier = rows[[*SERIES, "year"]].merge(yearly, on=SERIES, suffixes=("", "_known"))
    counts = earlier.loc[earlier["year_known"] < earlier["year"]].groupby(SERIES).size()
    enough = pd.MultiIndex.from_frame(rows[SERIES]).isin(counts.index[counts >= FEWEST_YEARS])
    return rows.loc[enough & rows["confidence"].isin(TOLD).to_numpy()]
