"""``karvan calibrate``: free levers fitted to the record, how sure they are, and the scenario they make."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.answers import note_warnings, print_answer
from karvan.cli.door import DONE, MODEL_SAYS_NO, Door
from karvan.cli.screen import DIM, HEAD, add_figure, cell, console, figures_table, progress
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.store.runs.places import place
from karvan.study.calibrate.fitted import calibrated
from karvan.study.calibrate.ground import ground_of
from karvan.study.calibrate.identify import alike, directions, pairs
from karvan.study.calibrate.told import ends, lever_table, provenance, scenario_file, usual_end

NOTE = (
    "by the record: share of the certainty that comes from the record and not from the prior; near 0 the record cannot "
    "tell the lever. held: too little record for it. bound: the fit ended at the edge of its range."
)

COUNTED = "at most one for four figures, a chain of years by its effective number"


def show_fit(door: Door, corridor_name: str, known: str, out: str) -> int:
    """Fit, show the levers, write the scenario where a file is named."""
    corridor = load(corridor_name)
    by = inputs.day("--known", known) or usual_end(corridor)
    with progress(door) as report:
        ground = ground_of(corridor, progress=report)
        fitted = calibrated(ground, by)
    table, rests_on = lever_table(ground, fitted), provenance(ground, fitted, by)
    same = pairs(ground, fitted)
    if out:
        file = Path(out)
        place(file.parent).write(file.name, scenario_file(ground, fitted, by).encode())
        door.note(f"karvan: wrote {out}")
    if door.as_json:
        tables = {"record.levers": table, "record.directions": directions(ground, fitted), "record.pairs": same}
        print_answer(door, tables, rests_on, ends(fitted, "fit"))
    else:
        console().print(levers_screen(table, f"fitted to {rests_on.options['observations']} figures known on {by}"))
        console().print(
            cell(f"singular values of the record, in prior deviations: {rests_on.options['singular_values']}")
        )
        console().print(cell(f"the record cannot tell apart: {'; '.join(alike(same)) or 'all can be told'}"))
        free, counted = rests_on.options["free"], float(rests_on.options["free_counted"])
        console().print(cell(f"{free} levers free, counted as {counted:.1f}: {COUNTED}"))
        console().print(cell(NOTE, DIM))
        note_warnings(door, (), ends(fitted, "fit"))
    return DONE if fitted.fit.converged else MODEL_SAYS_NO


def levers_screen(table: pd.DataFrame, title: str) -> Table:
    """The fitted levers as a table of the terminal."""
    made = figures_table()
    made.title, made.title_justify = cell(title, HEAD), "left"
    made.add_column("lever", ratio=1, overflow="fold")
    for head in ("prior", "fitted", "unit", "by the record", "confounded with"):
        add_figure(made, head)
    made.add_column("", no_wrap=True)
    for row in table.to_dict("records"):
        prior = f"{row['prior']:.0f} ± {row['prior_sd']:.0f}"
        fitted = f"{row['value']:.0f} ± {row['sd']:.0f}"
        paired = f"{row['confounded_with']} {row['correlation']:+.2f}" if row["confounded_with"] else numbers.MISSING
        share = numbers.percent(float(row["record_share"]))
        state = "" if row["state"] == "free" else row["state"]
        made.add_row(*(cell(text) for text in (row["name"], prior, fitted, row["unit"], share, paired, state)))
    return made
