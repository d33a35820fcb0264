"""The emoji that bots use most, as SVG. They look the same on a machine without an emoji font.

Each is the inside of an SVG of 20 by 20.
"""

from __future__ import annotations

from collections.abc import Mapping


def _square(fill: str, edge: str = "none") -> str:
    return f'<rect x="2" y="2" width="16" height="16" rx="3" fill="{fill}" stroke="{edge}"/>'


def _circle(fill: str, edge: str = "none") -> str:
    return f'<circle cx="10" cy="10" r="7.5" fill="{fill}" stroke="{edge}"/>'


def _line(path: str, colour: str = "#fff", width: float = 2.4) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _clock(hour: int) -> str:
    ends = {5: (11.8, 13.4), 9: (6.4, 10), 8: (6.9, 11.8)}
    x, y = ends[hour]
    return _circle("#f4f6f5", "#5d6b64") + _line(f"M10 5.5V10L{x} {y}", "#2b3a33", 1.5)


_HAND = (
    '<path d="M6 11V5.6a1.2 1.2 0 0 1 2.4 0V9V4.2a1.2 1.2 0 0 1 2.4 0V9V4.9a1.2 1.2 0 0 1 2.4 0'
    "V9.6V6.9a1.1 1.1 0 0 1 2.3 0V12.500c0 3.2-2 5.5-5 5.5-2.4 0-3.5-1-4.7-3l-2-3.200a1.2 "
    '1.2 0 0 1 2-1.400z" fill="#f7c948" stroke="#b98212" stroke-width=".9"'
    ' stroke-linejoin="round"/>'
)
_CALENDAR = (
    '<rect x="2.5" y="3.5" width="15" height="14" rx="2" fill="#f4f6f5" stroke="#5d6b64"/>'
    '<path d="M2.5 5.500a2 2 0 0 1 2-2h11a2 2 0 0 1 2 2v2h-15z" fill="#c6483d"/>'
    '<path d="M5.5 10.500h2m2 0h2m2 0h1M5.5 14h2m2 0h2" stroke="#5d6b64" stroke-width="1.6"/>'
)
_PAPER = (
    '<rect x="4" y="2.5" width="12" height="15.5" rx="1.5" fill="#f4f6f5" stroke="#5d6b64"/>'
    '<path d="M6.5 7h7m-7 3h7m-7 3h4.5" stroke="#5d6b64" stroke-width="1.3"/>'
)

EMOJI_SVG: Mapping[str, str] = {
    "arrow_right": _square("#3b74b9") + _line("M5.5 10h8.5m-3.5-3.8l3.8 3.8-3.8 3.8", "#fff", 2),
    "bell": (
        '<path d="M4 14.500c1.5-1.2 1.5-3 1.5-5a4.5 4.5 0 0 1 9 0c0 2 0 3.8 1.5 5z"'
        ' fill="#f2b632" stroke="#b98212" stroke-linejoin="round"/>'
        '<path d="M8 15.500a2 2 0 0 0 4 0zM9.2 4.600a.8.8 0 1 1 1.6 0" fill="#b98212"/>'
    ),
    "black_small_square": '<rect x="6" y="6" width="8" height="8" rx="1" fill="#2b3330"/>',
    "calendar": _CALENDAR,
    "chart_with_downwards_trend": _square("#f4f6f5", "#5d6b64")
    + _line("M5 6l4 4 2-2 4 5.5", "#2d6cb5", 1.8),
    "chart_with_upwards_trend": _square("#f4f6f5", "#5d6b64")
    + _line("M5 14l4-4 2 2 4-6", "#c6483d", 1.8),
    "checkered_flag": _line("M4 2.500v15.5", "#5d6b64", 1.8)
    + '<rect x="5" y="3" width="12" height="9" fill="#f4f6f5" stroke="#5d6b64"/>'
    '<path d="M5 3h4v3h4V3h4v3h-4v3h4v3h-4V9H9v3H5V9h4V6H5z" fill="#2b3330"/>',
    "clipboard": '<rect x="3.5" y="3" width="13" height="15" rx="2" fill="#a8703a"/>'
    '<rect x="5.5" y="5" width="9" height="11.5" fill="#f4f6f5"/>'
    '<rect x="7" y="1.8" width="6" height="3.4" rx="1" fill="#8a938e"/>'
    '<path d="M7 9h6m-6 3h4" stroke="#5d6b64" stroke-width="1.3"/>',
    "clock5": _clock(5),
    "clock8": _clock(8),
    "clock9": _clock(9),
    "dart": _circle("#c6483d")
    + '<circle cx="10" cy="10" r="5" fill="#fff"/><circle cx="10" cy="10" r="2.5" fill="#c6483d"/>',
    "date": _CALENDAR,
    "envelope": '<rect x="2" y="4.5" width="16" height="11.5" rx="1.5" fill="#f4f6f5" stroke="#5d6b64"/>'
    + _line("M2.8 5.500l7.2 5.5 7.2-5.5", "#5d6b64", 1.4),
    "eyes": '<ellipse cx="6" cy="10" rx="3.6" ry="5" fill="#fff" stroke="#5d6b64"/>'
    '<ellipse cx="14" cy="10" rx="3.6" ry="5" fill="#fff" stroke="#5d6b64"/>'
    '<circle cx="4.8" cy="11" r="1.9" fill="#2b3330"/>'
    '<circle cx="12.8" cy="11" r="1.9" fill="#2b3330"/>',
    "fire": '<path d="M10.5 2c.5 3 4.5 4.5 4.5 9.500a5 5 0 0 1-10 0C5 9 6.5 8 7 6c1 .8 1.5 1.6 '
    '1.7 2.600C10 7 10.8 4.5 10.5 2z" fill="#e8622c"/>'
    '<path d="M10.2 10c.2 1.5 2 2.2 2 4.200a2.2 2.2 0 0 1-4.4 0c0-1.7 2-2.2 2.4-4.200z"'
    ' fill="#f7c948"/>',
    "handshake": '<path d="M1 6.500l4-1.500 3 7-4 2z" fill="#3b74b9"/>'
    '<path d="M19 6.500l-4-1.500-3 7 4 2z" fill="#2b8a63"/>'
    '<path d="M5.2 6.500l4-.8 5.6 1 1 5-2.400 2.600-2.400 1.400-2.800-.600-3-2.600z" fill="#f7c948"'
    ' stroke="#b98212" stroke-width=".9" stroke-linejoin="round"/>'
    + _line("M9.5 6L7.2 9.300c1.300.9 2.600.2 3.600-1.100l3.700 3.600", "#b98212", 1),
    "heavy_check_mark": _line("M4 10.500l4 4 8-9", "#2b8a63", 3),
    "hourglass_flowing_sand": '<path d="M5.5 3h9v2c0 2.5-3.5 3.5-3.5 5s3.5 2.5 3.5 5v2h-9v-2c0-2.5 '
    '3.5-3.5 3.5-5S5.5 7.5 5.5 5z" fill="#f4f6f5" stroke="#5d6b64"/>'
    '<path d="M7 16c0-1.5 1.5-2 3-3 1.5 1 3 1.5 3 3zM7.5 5.500h5L10 8.500z" fill="#e0a53c"/>',
    "information_source": _square("#3b74b9")
    + _line("M10 9.200V14", "#fff", 2.2)
    + '<circle cx="10" cy="5.8" r="1.3" fill="#fff"/>',
    "large_blue_square": _square("#3b74b9"),
    "large_green_circle": _circle("#2b8a63"),
    "large_green_square": _square("#2b8a63"),
    "large_orange_square": _square("#e0872c"),
    "large_red_square": _square("#c6483d"),
    "large_yellow_circle": _circle("#edb72f"),
    "large_yellow_square": _square("#edb72f"),
    "leftwards_arrow_with_hook": _square("#3b74b9")
    + _line("M8.5 5.500L5 9l3.5 3.500M5 9h6.5a3 3 0 0 1 0 6", "#fff", 2),
    "lock": '<rect x="4" y="9" width="12" height="8.5" rx="2" fill="#edb72f"/>'
    + _line("M6.5 9V6.500a3.5 3.5 0 0 1 7 0V9", "#5d6b64", 1.8),
    "memo": _PAPER,
    "new": _square("#3b74b9")
    + _line(
        "M4.5 12.500v-5l3 5v-5M13 7.500l.8 5 1.200-3.500 1.200 3.500.8-5M11.5 7.500H9.500v5h2M9.5 10h1.600",
        "#fff",
        1.1,
    ),
    "palm_tree": _line("M10.5 8c-.5 3-.5 6-1.5 10", "#8a5a2b", 2.2)
    + _line(
        "M10.5 8C8 5 5 5.5 3 8m7.5 0c2.5-3 5.5-2.5 7 0m-7 0c0-3-2-5-5-5m5 5c.5-3 2.5-4.5 5-4",
        "#2b8a63",
        2.2,
    ),
    "pencil2": '<path d="M4 16l1-4.500L14 2.500l3.500 3.500-9 9z" fill="#edb72f" stroke="#b98212"'
    ' stroke-linejoin="round"/><path d="M4 16l1-4.500 3.500 3.500z" fill="#2b3330"/>',
    "raised_hand": _HAND,
    "red_circle": _circle("#c6483d"),
    "seedling": _line("M10 18v-9", "#2b8a63", 2)
    + '<path d="M10 10C10 6 7 4 3 4c0 4 3 6 7 6zM10 8.500c0-3 2.5-5 6.5-5 0 3.500-2.5 5-6.500 5z"'
    ' fill="#2b8a63"/>',
    "small_orange_diamond": '<path d="M10 5l5 5-5 5-5-5z" fill="#e0872c"/>',
    "star": '<path d="M10 2l2.4 5.2 5.6.6-4.2 3.8 1.2 5.600L10 14.4 5 17.200l1.2-5.600L2 7.800l5.6-.6z"'
    ' fill="#edb72f"/>',
    "tada": '<path d="M3 18L7.5 7.5 12.5 12.500z" fill="#edb72f" stroke="#b98212" stroke-width=".8"'
    ' stroke-linejoin="round"/>'
    + _line("M11 7c.5-1.5 0-3-1-4.5", "#c6483d", 1.6)
    + _line("M13 9.500c1.5-.8 2.8-.8 4.5 0", "#3b74b9", 1.6)
    + _line("M12.5 7.500l3-3.5", "#2b8a63", 1.6)
    + '<circle cx="6" cy="4" r="1" fill="#3b74b9"/><circle cx="16" cy="13" r="1" fill="#c6483d"/>'
    '<circle cx="17" cy="6.5" r="1" fill="#edb72f"/>',
    "trophy": '<path d="M6 3h8v4.500a4 4 0 0 1-8 0z" fill="#edb72f"/>'
    + _line(
        "M6 4.500H3.500c0 2.5 1 4 3 4M14 4.500h2.500c0 2.5-1 4-3 4M10 11.500V15m-3 2h6",
        "#b98212",
        1.7,
    ),
    "warning": '<path d="M10 2.500l8.5 15h-17z" fill="#f2b632" stroke="#b98212" stroke-linejoin="round"/>'
    + _line("M10 7.500v4.5", "#2b3330", 2)
    + '<circle cx="10" cy="15" r="1.2" fill="#2b3330"/>',
    "wave": f'<g transform="rotate(-18 10 12)">{_HAND}</g>'
    + _line("M2.5 9c-.6 1.5-.6 3 0 4.5", "#8a938e", 1.2)
    + _line("M17.3 4.500c.9 1 1.3 2 1.3 3.3", "#8a938e", 1.2),
    "white_check_mark": _square("#2b8a63") + _line("M5.8 10.300l3 3 5.4-6.2"),
    "white_circle": _circle("#f4f6f5", "#8a938e"),
    "white_large_square": _square("#f4f6f5", "#8a938e"),
    "white_square_button": _square("#f4f6f5", "#8a938e")
    + '<rect x="5.5" y="5.5" width="9" height="9" rx="1.5" fill="none" stroke="#8a938e"/>',
    "x": _line("M4.5 4.500l11 11m0-11l-11 11", "#c6483d", 3.2),
    "zzz": _line("M3 10h5l-5 7h5", "#3b74b9", 1.7)
    + _line("M11 3h5.500l-5.5 7h5.5", "#3b74b9", 1.7),
}
