"""The two looks of the screens, dark and light: every text on every ground has a contrast of at least 4.5 to 1.

Textual's own mix the words' colours with what lies below them, and in the light one a yellow word is hard to read.
"""

from typing import Any

from textual.app import App
from textual.theme import Theme

DARK = Theme(
    "tracker-dark",
    primary="#2f6fbf",
    secondary="#5a4fb0",
    warning="#f0b429",
    error="#ff8a80",
    success="#7fd99a",
    accent="#f2c14e",
    foreground="#e4e8ee",
    background="#14181f",
    surface="#1b212b",
    panel="#262d39",
    dark=True,
    variables={
        "text-error": "#ff8a80",
        "text-warning": "#f2c14e",
        "text-success": "#7fd99a",
        "text-primary": "#8fbdf7",
        "text-muted": "#a0abba",
        "text-disabled": "#a0abba",
        "block-cursor-background": "#2f6fbf",
        "block-cursor-foreground": "#ffffff",
        "block-hover-background": "#38445a",
        "footer-background": "#262d39",
        "footer-key-foreground": "#f2c14e",
        "footer-description-foreground": "#e4e8ee",
        "scrollbar": "#4b5a72",
        "scrollbar-background": "#1b212b",
    },
)
LIGHT = Theme(
    "tracker-light",
    primary="#1d5fb4",
    secondary="#5b4a9e",
    warning="#f0b429",
    error="#b3261e",
    success="#1b6e3a",
    accent="#8a5300",
    foreground="#1c2330",
    background="#f8f9fb",
    surface="#ffffff",
    panel="#e4e9f0",
    dark=False,
    variables={
        "text-error": "#b3261e",
        "text-warning": "#854f00",
        "text-success": "#1b6e3a",
        "text-primary": "#1a4f96",
        "text-muted": "#535d6e",
        "text-disabled": "#535d6e",
        "block-cursor-background": "#1d5fb4",
        "block-cursor-foreground": "#ffffff",
        "block-hover-background": "#cfdbea",
        "footer-background": "#e4e9f0",
        "footer-key-foreground": "#1a4f96",
        "footer-description-foreground": "#1c2330",
        "scrollbar": "#a9b6c8",
        "scrollbar-background": "#eceff4",
    },
)


def dress(app: App[Any]) -> None:
    """Give an app both looks; it begins in the dark one."""
    for theme in (DARK, LIGHT):
        app.register_theme(theme)
    # Nothing has been parsed yet: set so, it need not be parsed twice.
    app.set_reactive(App.theme, DARK.name)
    app.stylesheet.set_variables(app.get_css_variables())


def turn(app: App[Any]) -> None:
    """From light to dark, or back."""
    app.theme = DARK.name if app.theme == LIGHT.name else LIGHT.name
