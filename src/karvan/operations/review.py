"""What can be wrong with a network of operations: every problem at once, each with its place and its remedy."""

from __future__ import annotations

from karvan.errors import Problem
from karvan.operations.network import Network


def review(network: Network) -> list[Problem]:
    """Every problem of a network; none where it can be assembled and run."""
    return []
