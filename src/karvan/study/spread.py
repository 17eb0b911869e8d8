"""The one door to worker pools: the same work in order, on several threads of this machine.

Results come in the order of the items, so that sums have one order however the work is spread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from os import cpu_count
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


def one_numeric_thread(work: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The same work with one thread in every matrix routine.

    Matrices here are small: more threads wait for one another longer than they compute, above all on a busy machine,
    and one thread gives the same digits however many there are.

    >>> one_numeric_thread(abs)(-2)
    2
    """

    @wraps(work)
    def alone(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with threadpool_limits(limits=1, user_api="blas"):
            return work(*args, **kwargs)

    return alone


def on_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Do some work on every item, several at a time, and give the results in the order of the items.

    Worth it where the work is in kernels that leave the interpreter's lock. An error in one item is raised when its
    turn comes, and what has not begun is dropped.

    >>> list(on_threads(abs, [3, -1, 2]))
    [3, 1, 2]
    """
    with ThreadPoolExecutor(max_workers=cpu_count()) as pool:
        futures = deque(pool.submit(work, item) for item in items)
        try:
            # A result is let go of with its turn: who only adds them up does not hold them all.
            while futures:
                yield futures.popleft().result()
        finally:
            for future in futures:
                future.cancel()
