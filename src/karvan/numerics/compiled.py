"""How kernels that allocate nothing are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def lean(kernel: Kernel) -> Kernel:
    """Compile a kernel that makes no array, without counting references to those that it is given.

    Numba counts the references to every array of a tuple at every call, by atomic instructions that take longer than
    the work of a small kernel does. A kernel that allocates is refused when it is compiled.
    """
    compiled: Kernel = njit(cache=True, _nrt=False)(kernel)  # type: ignore[call-overload]  # not in numba's stubs
    return compiled


_PART = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def called(kernel: Kernel) -> Kernel:
    """Compile a part of a larger kernel: no entry from Python and no cache of its own, which the whole has."""
    compiled: Kernel = njit(**_PART)(kernel)  # type: ignore[call-overload]  # as above
    return compiled


def inlined(kernel: Kernel) -> Kernel:
    """As :func:`called`, and without a call at run time: for parts so small that passing arrays would cost more."""
    compiled: Kernel = njit(forceinline=True, **_PART)(kernel)  # type: ignore[call-overload]  # as above
    return compiled


def lean_without_gil(kernel: Kernel) -> Kernel:
    """As :func:`lean`, and without the interpreter's lock, so that threads run it side by side."""
    compiled: Kernel = njit(cache=True, nogil=True, _nrt=False)(kernel)  # type: ignore[call-overload]  # as above
    return compiled
