"""Write or check ``docs/answers/relief.md``: what to widen first, what then, and what each step brings.

Run ``python docs/answers/relief.py`` to write the page, with ``--check`` to see that its figures still hold, as CI
does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from keeping import write_or_check

from karvan.store.builtin import load
from karvan.study.relief import ReliefOptions, relief

HERE = Path(__file__).parent
PAGE = HERE / "relief.md"
OPTIONS = ReliefOptions(year=2025, steps=10, percent=10.0)
MUSD = 1e-6


def page() -> str:
    """The whole page."""
    corridor = load("middle-corridor")
    rows = relief(corridor, options=OPTIONS)["freight.relief"]
    names = dict(zip(corridor["resources"]["resource"], corridor["resources"]["name"], strict=True))
    lines = [
        "| step | widened | owner | capacity | then | unit a year | gain, MUSD a year | to users | in all |",
        "| -- | -- | -- | -- | -- | -- | -- | -- | -- |",
    ]
    for row in rows.itertuples(index=False):
        gains = (row.gain_usd, row.users_gain_usd, row.cumulative_gain_usd)
        lines.append(
            f"| {row.step} | {row.name} | {row.owner} | {row.capacity_before:,.0f} | {row.capacity_after:,.0f} | "
            f"{row.unit} | " + " | ".join(f"{MUSD * value:.1f}" for value in gains) + " |"
        )
    lines += ["", f"Next would be: {names[rows['next_resource'].iloc[-1]]}."]
    text = (HERE / "relief.in.txt").read_text(encoding="utf-8")
    return text.replace("<!-- figures -->", "\n".join(lines))


if __name__ == "__main__":
    raise SystemExit(write_or_check(PAGE, page(), sys.argv[1:]))
