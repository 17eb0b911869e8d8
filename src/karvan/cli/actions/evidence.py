"""What claims, targets and briefs share: what was typed, the model beside the record, what answers rest on, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from karvan import __version__
from karvan.cli.door import Door, OptionError
from karvan.cli.screen import progress
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.outcome import Outcome, Provenance
from karvan.errors import Problem
from karvan.store.outcomes import read_outcome
from karvan.store.runs.places import find_run, place

FORECAST, YEARS_AHEAD = "forecast", 5


@dataclass(frozen=True)
class Request:
    """What was typed: the corridor, the day of knowledge, a stored run and the page that is wanted."""

    corridor: str
    known: str = ""
    run: str = ""
    out: str = ""


def stored_run(text: str) -> Outcome | None:
    """The stored run of that name or folder; None for nothing typed."""
    return read_outcome(find_run(text)) if text else None


def model_of(door: Door, corridor: Corridor, text: str, known: str) -> Outcome | None:
    """The stored run of a name, or with ``forecast`` the outlook of the model fitted to what was known."""
    if text != FORECAST:
        return stored_run(text)
    from karvan.study.backcast.outlook import outlook
    from karvan.study.calibrate.told import usual_end

    last = corridor.info.last_year
    with progress(door) as report:
        return outlook(corridor, range(last + 1, last + 1 + YEARS_AHEAD), known or usual_end(corridor), progress=report)


def save(door: Door, file: str, forms: Mapping[str, Callable[[], str]]) -> None:
    """Write the text that the ending of a file asks for, whole or not at all.

    Raises
    ------
    OptionError
        If there is no form of that ending.
    """
    form = next((make for ending, make in forms.items() if file.endswith(ending)), None)
    if form is None:
        expected = f"a file that ends in {' or '.join(forms)}"
        raise OptionError(problems=[Problem("bad value", column="--out", value=file, expected=expected)])
    target = place(file)
    target.parent.write(target.name, form().encode())
    door.note(f"Written to {target.shown}")


def provenance_of(corridor: Corridor, known: str, outcome: Outcome | None = None) -> Provenance:
    """What an answer from the record rests on: the corridor's tables, the day of knowledge, the run beside it."""
    options = {"known": known} if known else {}
    if outcome is not None:
        options["run"] = outcome.name
    scenario = outcome.provenance.scenario if outcome is not None else ""
    return Provenance(__version__, corridor.info.name, scenario, fingerprints(corridor), options)
