"""Karvan: an open planning model of trade corridors.

``load`` reads a corridor, ``run`` solves its years, ``routes`` finds the ways between two places; ``Scenario`` names
what is changed. ``claims``, ``monitor`` and ``brief`` set what was said and what is aimed at beside the record.
Everything is imported when first asked for.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "RouteOptions": "karvan.study.routes",
    "Scenario": "karvan.corridor.lever",
    "brief": "karvan.study.brief.brief",
    "check": "karvan.study.check",
    "claims": "karvan.study.claims.table",
    "load": "karvan.store.builtin",
    "monitor": "karvan.study.brief.monitor",
    "routes": "karvan.study.routes",
    "run": "karvan.study.run",
}
__all__ = [  # see __getattr__
    "RouteOptions", "Scenario", "__version__", "brief", "check", "claims", "load", "monitor", "routes", "run",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'karvan' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__
