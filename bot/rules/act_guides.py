"""Three lines on how each act is done, in our own words; a workspace may replace them by its own."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rules.acts import Act
from bot.rules.problems import InputProblem

LINES = 3
LONGEST_LINE = 200

GUIDES: Mapping[Act, tuple[str, str, str]] = {
    Act.HOLD_ACCOUNTABLE: (
        "Put the number beside what was promised, and let the silence work. No blame, no excuse from you.",
        "Ask what the rep will do by which day, and have them say it in their own words.",
        "Note the day, and come back on it. What is not asked about again was never agreed.",
    ),
    Act.MOTIVATE: (
        "Begin with a week that went well, by its numbers: what did the rep do then?",
        "Ask what is different now, and listen to the end before you answer.",
        "Agree on one small thing that can be done tomorrow morning, and notice it when it is done.",
    ),
    Act.COACH: (
        "Take the last real conversation at the base where deals stop, and go through it line by line.",
        "Let the rep say what they would do otherwise; add one thing, not five.",
        "Practise it aloud, twice, before the next call.",
    ),
    Act.MENTOR: (
        "Tell of a time when you stood there yourself, and what you tried that did not work.",
        "Show how you would arrange this week, or this plan, and why.",
        "Leave the decision with the rep, and offer the next talk.",
    ),
}


def read_lines(typed: str) -> tuple[str, ...]:
    """Return the lines of a typed guide, without empty ones; none of them means: take the built-in ones.

    Raises InputProblem for more than three lines, or for one that is too long.
    """
    lines = tuple(" ".join(line.split()) for line in typed.splitlines() if line.strip())
    if len(lines) > LINES:
        raise InputProblem(f"These are {len(lines)} lines. Keep to {LINES}.")
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise InputProblem(
                f"Line {number} has {len(line)} characters. Shorten it to {LONGEST_LINE}."
            )
    return lines
