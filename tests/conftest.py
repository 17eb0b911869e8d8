"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# A kernel compiles on its first example, which no deadline should judge.
settings.register_profile("karvan", deadline=None)
settings.load_profile("karvan")
