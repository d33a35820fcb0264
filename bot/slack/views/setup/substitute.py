"""The form in which a coach who is away names a substitute, and what follows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.shown.reader import Reader
from bot.domain.shown.substitutes import (
    FIRST_DAY,
    LAST_DAY,
    SUBSTITUTE,
    StandsIn,
    SubstituteForm,
    SubstituteSaved,
)
from bot.slack.views import words
from bot.slack.views.blocks import (
    Block,
    View,
    button,
    context,
    datepicker,
    divider,
    input_block,
    modal,
    section,
)
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, literal, mention
from bot.slack.views.setup.done import DONE_MODAL
from bot.slack.views.setup.inputs import BACK, Filled, users_select

SUBSTITUTE_MODAL = "setup.substitute"
INPUT = "setup.input"
KNOWN_SHOWN = 10


def substitute_view(form: SubstituteForm) -> View:
    """Says who stands in now or later, and asks for a person and the days."""
    blocks: list[Block] = [_known(one, form.reader) for one in form.known[:KNOWN_SHOWN]]
    if not form.teams and any(one.began for one in form.known):
        return modal("Substitute", blocks, callback_id=SUBSTITUTE_MODAL, close="Close")
    if blocks:
        blocks.append(divider())
    blocks += [
        section(
            fill(
                "While you are away, somebody else has your place in {teams}: alerts and plans go to them, and "
                "only they see the numbers. Afterwards all of it is yours again.",
                teams=_teams(form.teams),
            )
        ),
        input_block("Who stands in for you?", users_select(action_id=INPUT), block_id=SUBSTITUTE),
        input_block(
            "First day", datepicker(action_id=INPUT, initial=form.first), block_id=FIRST_DAY
        ),
        input_block(
            "Last day",
            datepicker(action_id=INPUT),
            block_id=LAST_DAY,
            hint="You coach again from the day after, or when you press I’m back.",
        ),
    ]
    return modal("Substitute", blocks, callback_id=SUBSTITUTE_MODAL, submit="Save")


def read_substitute(view: View) -> tuple[str | None, date | None, date | None]:
    """The person, the first day and the last day that were chosen."""
    filled = Filled(view)
    return filled.user(SUBSTITUTE), filled.day(FIRST_DAY), filled.day(LAST_DAY)


def substitute_done(saved: SubstituteSaved) -> View:
    """After somebody was named, or after the coach came back."""
    return modal(
        "Done", [section(_said(saved)), *_after(saved)], callback_id=DONE_MODAL, close="Close"
    )


def back_text(saved: SubstituteSaved) -> Mrkdwn:
    """The answer to *I’m back*."""
    return _said(saved)


def _said(saved: SubstituteSaved) -> Mrkdwn:
    one = saved.stands_in
    if one is None and not saved.teams:
        return literal("Nobody stands in for you.")
    if one is None:
        return fill(
            ":white_check_mark: You coach {teams}. Nobody stands in for you.",
            teams=_teams(saved.teams),
        )
    return fill(
        ":white_check_mark: {person} stands in for you in {teams}, {days}.",
        person=mention(one.substitute),
        teams=_teams(one.teams),
        days=words.days(one.first_day, one.last_day, saved.reader),
    )


def _after(saved: SubstituteSaved) -> list[Block]:
    one = saved.stands_in
    if one is None:
        return []
    told = literal("are told now") if one.began else literal("are told when it begins")
    return [
        context(
            fill("They and your reps {told}. To end it early, open this form again.", told=told)
        )
    ]


def _known(one: StandsIn, reader: Reader) -> Block:
    text = fill(
        "{person} {stands} in for you in {teams}, {days}.",
        person=mention(one.substitute),
        stands=literal("stands") if one.began else literal("will stand"),
        teams=_teams(one.teams),
        days=words.days(one.first_day, one.last_day, reader),
    )
    label = "I’m back" if one.began else "Take back"
    return section(text, accessory=button(label, action_id=BACK))


def _teams(teams: Sequence[str]) -> Mrkdwn:
    return words.listed([escape(team) for team in teams])
