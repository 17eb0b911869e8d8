"""A reaction as an outcome, with its provenance: so that pages, files and JSON tell it like any run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from karvan import __version__
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, Provenance
from karvan.study.live.reaction import TABLES, Reaction
from karvan.study.live.stage import Live
from karvan.study.resume import scenario_fingerprint
from karvan.study.run import METHOD


def outcome_of(live: Live, reaction: Reaction, scenario: Scenario, names: Sequence[str] = TABLES) -> Outcome:
    """The outcome of one year under a scenario.

    Parameters
    ----------
    live, reaction
        A session and one of its answers.
    scenario
        The levers behind it, for the name.
    names
        Tables it shall hold.
    """
    year = reaction.year
    return Outcome(
        name=scenario.name,
        tables={name: reaction.table(name) for name in names},
        provenance=Provenance(
            version=__version__,
            corridor=live.corridor.info.name,
            scenario=scenario.name,
            fingerprints={**live.fingerprints, "scenario": scenario_fingerprint(scenario)},
            options={"years": f"{year}-{year}", "method": METHOD, "routes": live.prepared.routes.path_start.size - 1},
        ),
        convergence=(replace(reaction.solved.equilibrium.convergence, part=f"freight {year}"),),
    )
