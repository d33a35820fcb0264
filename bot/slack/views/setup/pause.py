"""The form that pauses a whole team, and what follows it."""

from __future__ import annotations

import json
from datetime import date

from bot.domain.shown.pauses import FIRST_WEEK, WEEKS, PauseForm, PauseSaved, PauseShown
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    button,
    divider,
    input_block,
    modal,
    option,
    section,
    static_select,
)
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, literal
from bot.slack.views.setup.done import DONE_MODAL
from bot.slack.views.setup.inputs import Filled, action_of, team_block

PAUSE_MODAL = "setup.pause"
TAKE_BACK = "pause.take_back"
KNOWN_SHOWN = 20


def pause_view(form: PauseForm) -> View:
    """Shows the team's pauses, and asks for the weeks of another one."""
    action = action_of(form.team_id)
    weeks = [option(words.week(week, form.reader), week.isoformat()) for week in form.weeks]
    lengths = [option(words.count(number, "week"), str(number)) for number in range(1, 5)]
    return modal(
        "Pause a team",
        [
            *team_block(form.teams, form.team_id, "pause"),
            section(
                literal(
                    "Nothing is asked about the weeks of a pause, and nobody is reminded. Streaks and ratios pass "
                    "over them. Its reps are told now."
                )
            ),
            *(_known(one, form.team_id, form.reader) for one in form.known[:KNOWN_SHOWN]),
            *([divider()] if form.known else []),
            input_block(
                "First week",
                static_select(weeks, action_id=action, placeholder="Choose a week"),
                block_id=FIRST_WEEK,
            ),
            input_block(
                "For how long",
                static_select(lengths, action_id=action, initial="1"),
                block_id=WEEKS,
            ),
        ],
        callback_id=PAUSE_MODAL,
        submit="Pause",
        metadata={"team": form.team_id},
    )


def read_pause(view: View) -> tuple[date | None, int]:
    """The Monday that was chosen, and for how many weeks."""
    filled = Filled(view)
    first, weeks = filled.choice(FIRST_WEEK), filled.choice(WEEKS)
    try:
        return (date.fromisoformat(first) if first else None), int(weeks or 1)
    except ValueError:
        return None, 1


def read_key(value: str) -> tuple[int, str]:
    """The team and the key of the pause that a button names; raises ValueError for any other value."""
    match json.loads(value):
        case [int(team_id), str(key)]:
            return team_id, key
    raise ValueError(f"no pause: {value}")


def pause_done(saved: PauseSaved) -> View:
    """After a pause was recorded, or taken back."""
    return modal("Done", [section(_said(saved))], callback_id=DONE_MODAL, close="Close")


def _said(saved: PauseSaved) -> Mrkdwn:
    if saved.pause is None:
        return literal("This pause is not there any more.")
    team, told = escape(saved.team), words.count(saved.reps, "rep is", "reps are")
    days = words.days(saved.pause.first_day, saved.pause.last_day, saved.reader)
    if saved.taken_back:
        return fill(
            ":white_check_mark: The pause of *{team}*, {days}, was taken back. {reps} told.",
            team=team,
            days=days,
            reps=told,
        )
    return fill(
        ":white_check_mark: *{team}* pauses, {days}. {reps} told.", team=team, days=days, reps=told
    )


def _known(one: PauseShown, team_id: int, reader: Reader) -> Block:
    text = fill("Pauses, {days}.", days=words.days(one.first_day, one.last_day, reader))
    value = json.dumps([team_id, one.key])
    return section(text, accessory=button("Take back", action_id=TAKE_BACK, value=value))
