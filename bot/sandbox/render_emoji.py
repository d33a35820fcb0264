"""Emoji by the names that people and bots type: `:white_check_mark:`.

The common ones only. A name that is not here is shown as it was typed, as Slack does with a
name it does not know.
"""

from __future__ import annotations

from markupsafe import Markup

EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "100": "💯",
    "alarm_clock": "⏰",
    "arrow_down": "⬇",
    "arrow_left": "⬅",
    "arrow_right": "➡",
    "arrow_up": "⬆",
    "arrows_counterclockwise": "🔄",
    "ballot_box_with_check": "☑",
    "bar_chart": "📊",
    "baseball": "⚾",
    "bell": "🔔",
    "black_square_for_stop": "⏹",
    "blue_heart": "💙",
    "blush": "😊",
    "briefcase": "💼",
    "bulb": "💡",
    "calendar": "📆",
    "chart_with_downwards_trend": "📉",
    "chart_with_upwards_trend": "📈",
    "clap": "👏",
    "clipboard": "📋",
    "clock9": "🕘",
    "coffee": "☕",
    "crossed_fingers": "🤞",
    "dart": "🎯",
    "date": "📅",
    "exclamation": "❗",
    "eyes": "👀",
    "fire": "🔥",
    "flag-gb": "🇬🇧",
    "flag-us": "🇺🇸",
    "gear": "⚙",
    "green_heart": "💚",
    "handshake": "🤝",
    "heart": "❤",
    "heavy_check_mark": "✔",
    "heavy_minus_sign": "➖",
    "heavy_multiplication_x": "✖",
    "heavy_plus_sign": "➕",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "house": "🏠",
    "information_source": "ℹ",
    "lock": "🔒",
    "mag": "🔍",
    "medal": "🏅",
    "memo": "📝",
    "moneybag": "💰",
    "muscle": "💪",
    "no_entry": "⛔",
    "no_entry_sign": "🚫",
    "ok": "🆗",
    "ok_hand": "👌",
    "palm_tree": "🌴",
    "pencil": "📝",
    "pencil2": "✏",
    "phone": "☎",
    "point_right": "👉",
    "pray": "🙏",
    "question": "❓",
    "raised_hands": "🙌",
    "red_circle": "🔴",
    "repeat": "🔁",
    "rocket": "🚀",
    "seedling": "🌱",
    "slightly_smiling_face": "🙂",
    "small_blue_diamond": "🔹",
    "smile": "😄",
    "smiley": "😃",
    "snowflake": "❄",
    "sparkles": "✨",
    "speech_balloon": "💬",
    "star": "⭐",
    "stopwatch": "⏱",
    "sunny": "☀",
    "tada": "🎉",
    "telephone_receiver": "📞",
    "thinking_face": "🤔",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "trophy": "🏆",
    "warning": "⚠",
    "wave": "👋",
    "white_check_mark": "✅",
    "white_circle": "⚪",
    "white_small_square": "▫",
    "x": "❌",
    "zap": "⚡",
    "zzz": "💤",
}


def emoji_html(name: str) -> Markup | None:
    """The emoji called `name` with its name read aloud, or None where there is no such emoji."""
    character = EMOJI.get(name)
    if character is None:
        return None
    return Markup('<span class="emoji" role="img" aria-label="{}" title=":{}:">{}</span>').format(
        name.replace("_", " "), name, character
    )
