"""What a fit tells: its levers with how sure they are, its provenance, and the scenario file it makes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Convergence, Provenance, outcome_table
from karvan.scenario.text import scenario_text
from karvan.study.calibrate.fitted import Fitted
from karvan.study.calibrate.free import NAME, as_scenario, chains, prior_means, prior_sds
from karvan.study.calibrate.ground import Ground
from karvan.study.resume import input_fingerprints

BOUND_SHARE = 1e-3
RESTS_ON = ("calibration", "choice", "demand", "indicators", "levers", "observations")


def usual_day(corridor: Corridor) -> str:
    """The day on which two years of the record were still to come: 31 March of the year before the last."""
    return f"{corridor.info.last_year - 1}-03-31"


def usual_end(corridor: Corridor) -> str:
    """The day on which the whole record had ended: 31 March of the year after the last."""
    return f"{corridor.info.last_year + 1}-03-31"


def provenance(ground: Ground, fitted: Fitted, day: str) -> Provenance:
    """What a fit rests on."""
    found = fitted.fit
    options: dict[str, str | int | float | bool] = {
        "known": day,
        "observations": len(fitted.targets),
        "free": int(found.free.sum()),
        "free_counted": free_counted(fitted, ground),
        "singular_values": ", ".join(f"{each:.2f}" for each in found.singular),
        "misfit_log": found.misfit,
    }
    fingerprints = input_fingerprints(ground.corridor, as_scenario(ground.levers, found.addends))
    return Provenance(__version__, ground.corridor.info.name, NAME, fingerprints, options)


def free_counted(fitted: Fitted, ground: Ground) -> float:
    """For how many levers those that are free count: at most one for every four observations."""
    begins = chains(ground.levers) == np.arange(len(ground.levers))
    return float(fitted.worth[begins & fitted.fit.free].sum())


def ends(fitted: Fitted, part: str) -> tuple[Convergence, ...]:
    """How a fit and the years it solved ended."""
    found = fitted.fit
    return (Convergence(part, found.converged, found.steps, found.optimality), *fitted.solver.failures())


def lever_table(ground: Ground, fitted: Fitted) -> pd.DataFrame:
    """``record.levers``: what each lever came to, how sure, and with which it is confounded."""
    found, levers = fitted.fit, ground.levers
    sd, prior, prior_sd = np.sqrt(np.diag(found.covariance)), prior_means(levers), prior_sds(levers)
    correlation = found.covariance / np.outer(sd, sd) - np.eye(sd.size)
    rows = []
    for n, each in enumerate(levers):
        value, other = float(found.addends[n]), int(np.argmax(np.abs(correlation[n])))
        at_bound = min(value - each.low, each.high - value) < BOUND_SHARE * (each.high - each.low)
        state = ("bound" if at_bound else "free") if found.free[n] else "held"
        paired = bool(found.free[n]) and int(found.free.sum()) > 1
        rows.append(
            {"lever": each.lever, "name": each.name, "unit": each.unit, "state": state, "prior": prior[n],
             "prior_sd": prior_sd[n], "value": value, "sd": sd[n], "low": each.low, "high": each.high,
             "counts_for": float(fitted.worth[n]),
             "record_share": float(np.clip(1.0 - (sd[n] / prior_sd[n]) ** 2, 0.0, 1.0)),
             "confounded_with": levers[other].lever if paired else "",
             "correlation": correlation[n, other] if paired else np.nan}
        )  # fmt: skip
    return outcome_table("record.levers", pd.DataFrame(rows))


def scenario_file(ground: Ground, fitted: Fitted, day: str) -> str:
    """The fitted levers as the text of a scenario file; deviations and what they rest on stand in its comments."""
    free = [each for each, moves in zip(ground.levers, fitted.fit.free, strict=True) if moves]
    rests_on, found = provenance(ground, fitted, day), fitted.fit
    prints = ", ".join(f"{name} {rests_on.fingerprints[name]}" for name in RESTS_ON if name in rests_on.fingerprints)
    lines = [
        f"# Fitted by karvan {rests_on.version}, calibrate, to {len(fitted.targets)} figures known on {day};",
        f"# misfit {found.misfit:.2f} in logarithms. Fingerprints of the inputs:",
        f"# {prints}",
    ]
    for row in lever_table(ground, fitted).to_dict("records"):
        prior = f"prior {row['prior']:.0f} +- {row['prior_sd']:.0f}"
        lines.append(f"# {row['lever']}: {row['value']:.1f} +- {row['sd']:.1f} {row['unit']}, {prior}, {row['state']}")
    return "\n".join(lines) + "\n" + scenario_text(as_scenario(free, found.addends[found.free]))
