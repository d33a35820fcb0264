"""The alarm about lost momentum: what was zero, and when that will be felt."""

from __future__ import annotations

from babel.dates import format_date

from bot.domain.shown.momentum import MomentumShown
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill

NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}


def alarm_line(alarm: MomentumShown, reader: Reader) -> Mrkdwn:
    """`Two weeks without a base move. … it will be felt in January`, with where the days come from."""
    cycle = words.count(alarm.cycle_days, "day")
    if alarm.is_measured:
        days = fill(
            "A sale takes {cycle} here (measured, {wins})",
            cycle=cycle,
            wins=words.count(alarm.wins, "won deal"),
        )
    else:
        days = fill("A sale takes {cycle} (assumed, as in the team’s plans)", cycle=cycle)
    return fill(
        ":chart_with_downwards_trend: *{weeks} weeks without a {kind}.* {days}, "
        "so it will be felt in *{month}*.",
        weeks=escape(NUMBERS.get(alarm.weeks, str(alarm.weeks))),
        kind=escape(alarm.kind),
        days=days,
        month=escape(format_date(alarm.felt_on, "LLLL y", locale=reader.locale)),
    )
