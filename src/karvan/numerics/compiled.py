"""How kernels that allocate nothing are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from numba import njit, types
from numba.core.cgutils import create_struct_proxy
from numba.extending import intrinsic

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
Array = TypeVar("Array")
Compiler: TypeAlias = Any  # numba's types and values tell no types of their own


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


def _first_cell(_: Compiler, array: Compiler) -> tuple[Compiler, Callable[..., Compiler]]:
    """What the compiler makes of ``cells``: a pointer to the first cell."""

    def address(context: Compiler, builder: Compiler, signature: Compiler, given: Compiler) -> Compiler:
        return create_struct_proxy(signature.args[0])(context, builder, given[0]).data  # type: ignore[no-untyped-call]

    return types.CPointer(array.dtype)(array), address  # type: ignore[no-untyped-call]


# Within a kernel: a contiguous array as a bare address, its cells known by their number alone. An array is passed as
# seven words, and at every cell it is asked whether the number is negative and counts from the end. An address is one
# word and asks nothing: who calls keeps the array alive and gives no negative number.
cells: Callable[[Array], Array] = intrinsic(_first_cell)  # type: ignore[assignment]  # stands for it within kernels
