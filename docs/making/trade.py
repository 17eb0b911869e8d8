"""Make ``trade.csv`` of the built-in corridor anew from its other tables, or check that it is what they give.

Run ``python docs/making/trade.py`` to write the table, with ``--check`` to see that it is the same byte for byte, as CI
does. It reads the reported rows of the panel from the table itself and keeps them; all other rows are made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from karvan.corridor.corridor import empty_table
from karvan.schema.tables import table
from karvan.store.builtin import load
from karvan.store.sheets import sheet_text
from karvan.trade.matrix.making import make

NAME = "trade"
REST_OF_WORLD = "XRW"


def main(arguments: list[str]) -> int:
    """Write or check the table; tell how it was made; the exit code."""
    corridor = load("middle-corridor")
    made = make(corridor, REST_OF_WORLD)
    columns = empty_table(NAME)
    typed = made.table[list(columns.columns)].astype(columns.dtypes.to_dict())
    text = sheet_text(typed, table(NAME))
    balanced, estimate = made.balanced, made.expected.estimate
    coefficients = ", ".join(
        f"{term} {estimate[term]:.3f} ({estimate.standard_error(term):.3f})" for term in estimate.terms
    )
    told = [
        f"gravity: {coefficients}; {estimate.rows} rows, {len(estimate.dropped)} dropped",
        f"balance: residual {balanced.residual:.1e} after {balanced.steps} steps",
        *made.repairs,
        ", ".join(f"{count} pairs {basis}" for basis, count in made.pairs["basis"].value_counts().items()),
    ]
    sys.stdout.write("".join(f"{line}\n" for line in told))
    path = Path(corridor.folder) / f"{NAME}.csv"
    if "--check" in arguments:
        same = path.read_text(encoding="utf-8") == text
        sys.stdout.write(f"{path.name} {'is what its tables give' if same else 'differs from what its tables give'}\n")
        return 0 if same else 1
    path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
