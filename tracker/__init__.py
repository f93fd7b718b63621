"""Tracker keeps multi-year government action plans honest.

The path of the data, and the modules in the order in which it meets them::

    plans/*.toml ── plans ──> Plan ── occurrences ──> Occurrence ─┐
                              (deadlines, workdays)               ├─ standing ──> Standing
    status/*/*.toml ── source, submissions ──> Update, Problem ───┤                  │
    decisions.toml ── decisions ──> Decision ─────────────────────┘                  │
                                                  cli <── reports <── views <── snapshot

Imports point one way along it (``[tool.importlinter]`` in pyproject.toml holds them to it).
A mistake in a user's file is a ``Problem`` with its place; a mistake in the program is an exception.
Only ``cli`` asks what day it is.
"""

__version__ = "0.1.0"
