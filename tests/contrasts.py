"""How well the texts of a screen stand out, by WCAG 2: 4.5 to 1 is the least for a text of ordinary size."""

from rich.color import Color
from rich.style import Style
from textual.screen import Screen

LEAST = 4.5
LINES = " ─│└├▏▕╭╮╰╯▊▎▔▁▆▅▄▃▂█▇▌▐▀"
"""Rules, frames and the scrollbar: nothing is to be read in them."""


def luminance(colour: Color) -> float:
    """How light a colour is, 0 to 1."""
    parts = (part / 255 for part in colour.get_truecolor())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(style: Style) -> float:
    """Of a text's colour with what it stands on, 1 to 21."""
    assert style.color is not None
    assert style.bgcolor is not None
    dark, light = sorted((luminance(style.color), luminance(style.bgcolor)))
    return (light + 0.05) / (dark + 0.05)


def faint(screen: Screen[object]) -> set[tuple[str, float]]:
    """The texts that do not stand out, each with its contrast; what lies below a question is dimmed and not read."""
    region = screen.children[0].region if screen.is_modal else screen.region
    lines = (line.crop(region.x, region.right) for line in screen._compositor.render_strips()[region.y : region.bottom])
    texts = ((piece.text.strip(), piece.style) for line in lines for piece in line if piece.text.strip(LINES))
    return {(text, round(of, 1)) for text, style in texts if style is not None and (of := contrast(style)) < LEAST}
