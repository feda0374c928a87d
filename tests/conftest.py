"""How every test runs."""

from __future__ import annotations

from hypothesis import settings

# Machines that run tests are slow and busy: no example is late. Fifty of them a run find what a suite is for; whoever
# changes a parser gives more with --hypothesis-profile=thorough.
settings.register_profile("suite", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("suite")
