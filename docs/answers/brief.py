"""Write or check ``docs/answers/brief.md``: the state of cooperation as known on 15 August 2024.

Run ``python docs/answers/brief.py`` to write the page, with ``--check`` to see that it still holds, as CI does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from keeping import write_or_check

from karvan.report.brief.text import brief_markdown
from karvan.store.builtin import load
from karvan.study.brief.brief import brief

HERE = Path(__file__).parent
PAGE = HERE / "brief.md"
DAY = "2024-08-15"


def page() -> str:
    """The whole page; the headings of the brief one level down."""
    corridor = load("middle-corridor")
    told = brief_markdown(corridor, brief(corridor, DAY)).split("\n", 2)[2].replace("\n## ", "\n### ")
    text = (HERE / "brief.in.txt").read_text(encoding="utf-8")
    return text.replace("<!-- figures -->", told.strip())


if __name__ == "__main__":
    raise SystemExit(write_or_check(PAGE, page(), sys.argv[1:]))
