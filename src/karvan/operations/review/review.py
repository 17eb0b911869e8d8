"""All checks of a network: keys first, since the others follow them; then numbers and what can never end."""

from __future__ import annotations

from karvan.errors import Problem
from karvan.operations.network import Network
from karvan.operations.review.flow import endless_instants, loads, resources_given_back, shut_calendars
from karvan.operations.review.keys import double_keys, unknown_keys
from karvan.operations.review.numbers import noun_numbers, step_numbers
from karvan.operations.review.walk import placed


def review(network: Network) -> list[Problem]:
    """Every problem of a network; none where it can be assembled and run.

    Where a key is wrong or a number out of range, what follows from it is not looked at.

    Examples
    --------
    >>> from karvan.operations.network import Process
    >>> from karvan.operations.steps import Loop, Prioritise
    >>> [problem.kind for problem in review(Network((Process("idle", (Loop((Prioritise(1),)),)),)))]
    ['loop without delay']
    """
    steps = placed(network)
    keys = [*double_keys(network), *unknown_keys(network, steps)]
    numbers = [*noun_numbers(network, steps), *step_numbers(steps)]
    if keys or numbers:
        return [*keys, *numbers]
    return [
        *endless_instants(network, steps), *loads(network, steps), *shut_calendars(network),
        *resources_given_back(steps),
    ]  # fmt: skip
