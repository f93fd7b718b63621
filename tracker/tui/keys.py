"""The keys of a screen, from where they are declared."""

from collections.abc import Iterable

from textual.binding import ActiveBinding

from tracker.terminal import padded

KEY = 10
"""Columns of a key."""


def key_lines(active: Iterable[ActiveBinding]) -> list[str]:
    """Every key that has a name and does something here, and what it does; one line for keys that do the same."""
    seen: dict[str, str] = {}
    for one in active:
        binding = one.binding
        if one.enabled and binding.id and binding.description:
            words = binding.tooltip or binding.description
            if words not in seen.values():
                seen[binding.key_display or binding.key] = words
    return [padded(key, KEY) + words for key, words in seen.items()]
