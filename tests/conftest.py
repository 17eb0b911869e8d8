"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# No deadline: a kernel compiles on its first example, and a busy machine is no fault. The fast suite draws few
# examples, `pytest -m hypothesis --hypothesis-profile deep` 100 of each.
settings.register_profile("karvan", deadline=None, max_examples=15)
settings.register_profile("deep", deadline=None, max_examples=100)
settings.load_profile("karvan")
