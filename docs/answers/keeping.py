"""How the pages of this folder are held: the same words, figures within 2 % or 0.05, or the slack of a table."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

NUMBER = re.compile(r"-?\d[\d,]*\.?\d*")
SLACK = 0.05


def same(old: str, new: str, slack_of: Mapping[str, float] | None = None) -> bool:
    """Whether two pages say the same words and nearly the same numbers.

    ``slack_of`` gives tables a slack other than 0.05, by how their first line begins; a table ends at an empty line.
    """
    before, after = old.split("\n"), new.split("\n")
    if len(before) != len(after):
        return False
    slack = SLACK
    for one, other in zip(before, after, strict=True):
        own = [more for head, more in (slack_of or {}).items() if one.startswith(head)]
        slack = own[0] if own else slack if one else SLACK
        if not _near(one, other, slack):
            return False
    return True


def write_or_check(page: Path, made: str, arguments: Sequence[str], slack_of: Mapping[str, float] | None = None) -> int:
    """Write a page, or with ``--check`` say whether it holds; the exit code."""
    if "--check" in arguments:
        holds = same(page.read_text(encoding="utf-8"), made, slack_of)
        told = f"{page.name} holds\n" if holds else f"{page.name} does not hold; it would now say:\n{made}"
        sys.stdout.write(told)
        return 0 if holds else 1
    page.write_text(made, encoding="utf-8")
    return 0


def _near(one: str, other: str, slack: float) -> bool:
    """Whether two lines say the same words, and numbers within 2 % or the slack."""
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    values_of = ((float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in pairs)
    return all(abs(a - b) <= slack + 0.02 * abs(a) for a, b in values_of)
