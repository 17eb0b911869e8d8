"""How the pages of this folder are written and held: the same words, and figures within 2 % or 0.05."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path


def same(old: str, new: str) -> bool:
    """Whether two pages say the same words and nearly the same numbers."""
    number = re.compile(r"-?\d[\d,]*\.?\d*")
    if number.sub("#", old) != number.sub("#", new):
        return False
    pairs = zip(number.findall(old), number.findall(new), strict=True)
    values_of = ((float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in pairs)
    return all(abs(a - b) <= 0.05 + 0.02 * abs(a) for a, b in values_of)


def write_or_check(page: Path, made: str, arguments: Sequence[str]) -> int:
    """Write a page, or with ``--check`` say whether it holds; the exit code."""
    if "--check" in arguments:
        holds = same(page.read_text(encoding="utf-8"), made)
        told = f"{page.name} holds\n" if holds else f"{page.name} does not hold; it would now say:\n{made}"
        sys.stdout.write(told)
        return 0 if holds else 1
    page.write_text(made, encoding="utf-8")
    return 0
