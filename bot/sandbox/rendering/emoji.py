"""Emoji by the names that people and bots type, such as `:white_check_mark:`.

Only the common ones are here. Any other name is shown as it was typed, as Slack does with a name that
it does not know.
"""

from __future__ import annotations

from markupsafe import Markup

from bot.sandbox.rendering.emoji_svg import EMOJI_SVG

EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "100": "💯",
    "alarm_clock": "⏰",
    "arrow_down": "⬇",
    "arrow_left": "⬅",
    "arrow_up": "⬆",
    "arrows_counterclockwise": "🔄",
    "ballot_box_with_check": "☑",
    "bar_chart": "📊",
    "baseball": "⚾",
    "black_square_for_stop": "⏹",
    "blue_heart": "💙",
    "blush": "😊",
    "briefcase": "💼",
    "bulb": "💡",
    "clap": "👏",
    "coffee": "☕",
    "crossed_fingers": "🤞",
    "exclamation": "❗",
    "flag-gb": "🇬🇧",
    "flag-us": "🇺🇸",
    "gear": "⚙",
    "green_heart": "💚",
    "heart": "❤",
    "heavy_minus_sign": "➖",
    "heavy_multiplication_x": "✖",
    "heavy_plus_sign": "➕",
    "hourglass": "⌛",
    "house": "🏠",
    "mag": "🔍",
    "medal": "🏅",
    "moneybag": "💰",
    "muscle": "💪",
    "no_entry": "⛔",
    "no_entry_sign": "🚫",
    "ok": "🆗",
    "ok_hand": "👌",
    "pencil": "📝",
    "phone": "☎",
    "point_right": "👉",
    "pray": "🙏",
    "question": "❓",
    "raised_hands": "🙌",
    "repeat": "🔁",
    "rocket": "🚀",
    "slightly_smiling_face": "🙂",
    "small_blue_diamond": "🔹",
    "smile": "😄",
    "smiley": "😃",
    "snowflake": "❄",
    "sparkles": "✨",
    "speech_balloon": "💬",
    "stopwatch": "⏱",
    "sunny": "☀",
    "telephone_receiver": "📞",
    "thinking_face": "🤔",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "white_small_square": "▫",
    "zap": "⚡",
}


def emoji_html(name: str) -> Markup | None:
    """Return the emoji called `name` as HTML with a spoken name, or None if there is no such emoji."""
    spoken = name.replace("_", " ")
    if name in EMOJI_SVG:
        drawing = Markup(EMOJI_SVG[name])  # noqa: S704 - nobody's text, only our own drawings
        return Markup(
            '<svg class="emoji" viewBox="0 0 20 20" role="img" aria-label="{}" data-emoji="{}">'
            "<title>:{}:</title>{}</svg>"
        ).format(spoken, name, name, drawing)
    if name not in EMOJI:
        return None
    return Markup(
        '<span class="emoji" role="img" aria-label="{}" title=":{}:" data-emoji="{}">{}</span>'
    ).format(spoken, name, name, EMOJI[name])
