"""The weekly brief to a team's coaches, page by page, and the word of praise that a rep reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.shown.briefs import BriefShown, PraiseShown, RepShown
from bot.rules import briefs
from bot.rules.briefs import Result
from bot.slack.views import words
from bot.slack.views.blocks import (
    FALLBACK_LIMIT,
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    header,
    message,
    section,
    sections,
)
from bot.slack.views.coaching.brief_table import ROWS, rep_in_words, reps_table
from bot.slack.views.coaching.momentum import alarm_line
from bot.slack.views.coaching.on_home import prepare_button
from bot.slack.views.mrkdwn import Mrkdwn, capitalized, escape, fill, join, literal, mention

PRAISE = "brief.praise"
PAGE = "brief.page"
"""Followed by where it leads: `brief.page.next` or `brief.page.back`."""

_REST = literal("The table has the rest.")

LISTED = 6
"""How many reps to speak with, and how many to praise, one page shows."""


def brief_message(shown: BriefShown) -> Message:
    """The one brief about one week, as things stand now, on the page that was turned to."""
    speak, praise = _to_speak_with(shown), _to_praise(shown)
    pages = max(_pages(speak, LISTED), _pages(praise, LISTED), _pages(shown.reps, ROWS))
    page = min(shown.page, pages - 1)
    listed = slice(page * LISTED, (page + 1) * LISTED)
    in_table = shown.reps[page * ROWS : (page + 1) * ROWS]
    week = words.week(shown.week, shown.reader)
    blocks: list[Block] = [
        header(f"{shown.team_name}: the week {week}"),
        section(_sum(shown)),
    ]
    blocks += _speak_first(shown, speak, listed)
    if page == 0:
        blocks += _momentum(shown)
    blocks += _well_done(shown, praise, listed)
    if in_table:
        blocks.append(reps_table(in_table, shown.reader))
    waited = _waited(shown)
    if waited is not None and page == 0:
        blocks.append(context(waited))
    blocks += _turning(shown, page, pages)
    return message(_fallback(shown, speak[listed], praise[listed], in_table), blocks)


def praise_message(shown: PraiseShown) -> Message:
    """A coach's *Well done*, with what it is for."""
    week = words.week(shown.week, shown.reader)
    because = capitalized(escape(shown.because))
    said = fill(
        ":star: {coach} says *well done* for the week {week}.\n{because}.",
        coach=mention(shown.coach),
        week=week,
        because=because,
    )
    fallback = fill(
        "{coach} says well done for the week {week}. {because}.",
        coach=escape(shown.coach_name),
        week=week,
        because=because,
    )
    return message(fallback, [section(said)])


def _pages(parts: Sequence[object], each: int) -> int:
    return max(1, -(-len(parts) // each))


def _to_speak_with(shown: BriefShown) -> list[RepShown]:
    found = [rep for rep in shown.reps if briefs.is_spoken_with(rep.week)]
    return sorted(found, key=lambda rep: briefs.speaks_first(rep.week))


def _to_praise(shown: BriefShown) -> list[RepShown]:
    found = [rep for rep in shown.reps if rep.praise]
    return sorted(found, key=lambda rep: briefs.praise_order(rep.week))


def _sum(shown: BriefShown) -> Mrkdwn:
    """`*5 met every goal*, *2 missed*, 1 silent, 0 away.`"""
    said = []
    for result, number in briefs.counted([rep.week for rep in shown.reps]):
        what = "met every goal" if result is Result.MET else result.label.lower()
        part = escape(f"{number} {what}")
        is_bold = number and result in {Result.MET, Result.MISSED, Result.SILENT}
        said.append(fill("*{part}*", part=part) if is_bold else part)
    return fill("{said}.", said=join(said, ", "))


def _speak_first(shown: BriefShown, reps: Sequence[RepShown], listed: slice) -> list[Block]:
    if not reps:
        missed = {Result.MISSED, Result.SILENT}
        if any(rep.week.result in missed for rep in shown.reps):
            said = literal("You have spoken with everybody who missed a goal.")
        else:
            said = literal("Nobody missed a goal.")
        return [section(said)]
    blocks = [
        section(
            fill(
                "*{place}. {rep}*  {about}",
                place=place,
                rep=mention(rep.rep),
                about=_about(rep),
            ),
            accessory=prepare_button(rep.rep, rep.week.name),
        )
        for place, rep in enumerate(reps, start=1)
    ][listed]
    return [section(literal("*Speak with first*")), *blocks] if blocks else []


def _about(rep: RepShown) -> Mrkdwn:
    """What to speak about: the act with its reason, and who has it in hand."""
    act = rep.week.act
    said = fill(":dart: *{act}*", act=escape(act.label if act is not None else ""))
    if rep.chosen:
        said = fill("{said} (chosen by a coach)", said=said)
    if rep.because:
        said = fill("{said}: {because}.", said=said, because=escape(rep.because))
    if rep.week.asked_advice:
        said = fill("{said} :raised_hand: Would like advice.", said=said)
    if rep.taken_by is not None:
        said = fill("{said} _{by} has taken it._", said=said, by=mention(rep.taken_by))
    return said


def _momentum(shown: BriefShown) -> list[Block]:
    """The alarms of reps whose week raised no alert on which they would stand."""
    alarmed = [(rep, rep.momentum) for rep in shown.reps if rep.momentum is not None]
    lines = [
        fill("{rep} {alarm}", rep=mention(rep.rep), alarm=alarm_line(alarm, shown.reader))
        for rep, alarm in alarmed[:LISTED]
    ]
    if len(alarmed) > LISTED:
        more = len(alarmed) - LISTED
        lines.append(fill("And {more}.", more=words.count(more, "more rep")))
    return sections(lines, title=literal("*Momentum*")) if lines else []


def _well_done(shown: BriefShown, reps: Sequence[RepShown], listed: slice) -> list[Block]:
    blocks = [_deserved(rep, shown) for rep in reps[listed]]
    return [section(literal("*Deserves a word of praise*")), *blocks] if blocks else []


def _deserved(rep: RepShown, shown: BriefShown) -> Block:
    """What a rep is praised for, with the button, or who said it."""
    because = capitalized(escape("; ".join(rep.praise)))
    said = fill("*{rep}*  {because}.", rep=mention(rep.rep), because=because)
    if rep.praised_by is not None and rep.praised_at is not None:
        when = words.weekday_and_time(rep.praised_at, shown.reader)
        told = fill(":star: {by} said well done, {when}.", by=mention(rep.praised_by), when=when)
        if rep.praise_waits_until is not None:
            comes = words.day_and_time(rep.praise_waits_until, shown.reader)
            told = fill(
                "{told} It comes {comes}: the rep has had all messages of this week.",
                told=told,
                comes=comes,
            )
        return section(fill("{said}\n{told}", said=said, told=told))
    press = button(
        "Well done",
        action_id=PRAISE,
        value=f"{shown.brief_id}:{rep.check_in_id}",
        label=f"Say well done to {rep.week.name}",
    )
    return section(said, accessory=press if rep.rep != shown.coach else None)


def _waited(shown: BriefShown) -> Mrkdwn | None:
    """How long alerts waited for their first action; None where there was none to wait."""
    said = []
    now, before = shown.this_week, shown.before
    if now.typical is not None:
        alerts = words.count(now.acted, "alert")
        after = span(now.typical)
        came = literal("it came") if now.acted == 1 else literal("they came")
        said.append(
            fill("{alerts} taken, {after} after {came}.", alerts=alerts, after=after, came=came)
        )
    if now.since is not None:
        alerts = words.count(now.waiting, "alert")
        since = words.weekday_and_time(now.since, shown.reader)
        said.append(
            fill("{alerts} not taken yet, waiting since {since}.", alerts=alerts, since=since)
        )
    if before.typical is not None:
        said.append(
            fill("In the four weeks before, alerts waited {for_}.", for_=span(before.typical))
        )
    return fill(":clock5: {said}", said=join(said, " ")) if said else None


def span(time: timedelta) -> Mrkdwn:
    """`25 minutes`, `3 hours`, `2 days`: a length of time in its largest unit, rounded."""
    minutes = round(time / timedelta(minutes=1))
    if minutes < 60:
        return words.count(max(minutes, 1), "minute")
    hours = round(time / timedelta(hours=1))
    return words.count(hours, "hour") if hours < 48 else words.count(round(hours / 24), "day")


def _turning(shown: BriefShown, page: int, pages: int) -> list[Block]:
    if pages == 1:
        return []
    buttons: list[Element] = []
    if page + 1 < pages:
        buttons.append(_turn(shown, "More", "next", page + 1))
    if page > 0:
        buttons.append(_turn(shown, "Back", "back", page - 1))
    reps = words.count(len(shown.reps), "rep")
    where = fill("Page {page} of {pages}, {reps}.", page=page + 1, pages=pages, reps=reps)
    return [actions(*buttons), context(where)]


def _turn(shown: BriefShown, text: str, leads: str, page: int) -> Element:
    return button(
        text,
        action_id=f"{PAGE}.{leads}",
        value=f"{shown.brief_id}:{page}",
        label=f"Page {page + 1} of the brief about {shown.team_name}",
    )


def _fallback(
    shown: BriefShown,
    speak: Sequence[RepShown],
    praise: Sequence[RepShown],
    in_table: Sequence[RepShown],
) -> Mrkdwn:
    """The page in sentences, for notifications and for screen readers."""
    week = words.week(shown.week, shown.reader)
    said = [
        fill(
            "{team}, the week {week}: {sum}",
            team=escape(shown.team_name),
            week=week,
            sum=escape(_sum(shown).replace("*", "")),
        )
    ]
    for rep in speak:
        about = [escape(rep.week.act.label.lower() if rep.week.act is not None else "")]
        about += [capitalized(escape(rep.because))] if rep.because else []
        said.append(
            fill(
                "Speak with {name}: {about}.",
                name=escape(rep.week.name),
                about=join(about, ". "),
            )
        )
    for rep in praise:
        because = escape("; ".join(rep.praise))
        said.append(fill("Praise {name}: {because}.", name=escape(rep.week.name), because=because))
    for rep in in_table:
        said.append(rep_in_words(rep, shown.reader))
        if len(join(said, " ")) > FALLBACK_LIMIT - len(_REST):
            return join([*said[:-1], _REST], " ")
    return join(said, " ")
