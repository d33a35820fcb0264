"""Presses on a check-in, recorded in batches: on Monday morning many reps answer in the same minute.

A press that agrees with the log is recorded with the log's number. A press that contradicts the log or an earlier
answer, or whose metric is not logged, makes Basecoach ask for the number, which then decides. *All as logged*
gives each open question of its check-in the log's number, and leaves open what nobody logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, rows, signal, table, update_all
from bot.domain.access import Caller
from bot.domain.checkins.answering import Answering, each
from bot.domain.checkins.asked import Asked, AskedQuestion, number_question
from bot.domain.checkins.lifecycle import moment_of
from bot.domain.outbox import outbox
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.domain.tables import OutboxItem
from bot.rules.numbers import Reading
from bot.rules.verdicts import verdict as verdict_of

AS_LOGGED = "as_logged"
"""The press that answers all open questions of a check-in with the log's numbers."""


@dataclass(frozen=True)
class PressedMessage:
    """The message that contains the pressed button, by Slack's channel and `ts`."""

    token: str
    """From the message's metadata: it names the row of the outbox that the message was posted for."""
    channel: str
    ts: str


@dataclass(frozen=True)
class Press:
    """One press of Yes or No to one question, or of *All as logged*, as Slack sent it."""

    caller: Caller
    answer_id: int
    """The question; for *All as logged*, any question of the check-in."""
    pressed: str
    """`yes`, `no` or AS_LOGGED."""
    now: datetime
    posted: PressedMessage | None = None
    redraws: bool = False
    """The caller updates the message through the press's response_url."""


def press_many(
    session: Session, presses: Sequence[Press]
) -> list[Recorded | NumberQuestion | Exception]:
    """Record the presses and return the outcome of each; an error concerns only the press that caused it."""
    asked = Asked(session, [(press.caller, press.answer_id) for press in presses])
    questions = [(press, asked.get(press.answer_id)) for press in presses]
    pressed = [(press, question) for press, question in questions if question is not None]
    asked.read_log(one for press, question in pressed for one in _counted(press, question))
    messages = _UnknownMessages(session, pressed)
    answering = Answering(asked)
    outcomes = each(presses, lambda press: _press(asked, answering, messages, press))
    messages.write(session)
    answering.write(session)
    return outcomes


def _counted(press: Press, question: AskedQuestion) -> Sequence[AskedQuestion]:
    """Return the questions whose logged numbers the press needs."""
    if press.pressed == AS_LOGGED:
        return [one for one in question.check_in.questions if one.verdict is None]
    return [question] if question.verdict != press.pressed else []


def _press(
    asked: Asked, answering: Answering, messages: _UnknownMessages, press: Press
) -> Recorded | NumberQuestion:
    posted_at = messages.posted_at(press)
    question = asked.own(press.caller, press.answer_id, now=press.now, delivered_at=posted_at)
    check_in, logged = question.check_in, question.logged
    if posted_at is not None:
        messages.adopt(press, posted_at)
        answering.deliver(check_in, posted_at)
    if press.pressed == AS_LOGGED:
        return _all_as_logged(answering, question, press)
    if question.verdict == press.pressed:
        if press.redraws:  # a rep who presses again still sees the old buttons
            answering.redraw(check_in, press.now)
        return Recorded(check_in.id)
    agrees = logged is not None and verdict_of(logged, question.target) == press.pressed
    if logged is None or not agrees or question.verdict is not None:
        return number_question(question, pressed=press.pressed, now=press.now)
    answering.record(question, Reading(logged), press.now)
    answering.settle(check_in, press.now, redraws=press.redraws)
    return Recorded(check_in.id)


def _all_as_logged(answering: Answering, question: AskedQuestion, press: Press) -> Recorded:
    check_in = question.check_in
    logged = [(one, one.logged) for one in check_in.questions if one.verdict is None]
    recorded = False
    for one, number in logged:
        if number is not None:
            answering.record(one, Reading(number), press.now)
            recorded = True
    if recorded:
        answering.settle(check_in, press.now, redraws=press.redraws)
    elif press.redraws:  # a rep who presses again still sees the old button
        answering.redraw(check_in, press.now)
    return Recorded(check_in.id)


class _UnknownMessages:
    """The pressed messages of which the outbox does not know that they were posted; a press proves it."""

    def __init__(self, session: Session, pressed: Sequence[tuple[Press, AskedQuestion]]) -> None:
        check_ins = {
            press.answer_id: question.check_in
            for press, question in pressed
            if press.posted is not None and question.check_in.ts is None
        }
        self._items: dict[int, _Item] = {}
        self._adopted: list[dict[str, Any]] = []
        if not check_ins:
            return
        # Now that the check-ins are locked, a sender may have told that it posted some of them.
        found = rows(
            session,
            _UNKNOWN,
            of_workspaces=list({check_in.workspace_id for check_in in check_ins.values()}),
            of_surface=outbox.CHECK_IN,
            subjects=list({check_in.id for check_in in check_ins.values()}),
        )
        items = {check_in_id: _Item(*item) for check_in_id, *item in found}
        self._items = {
            answer_id: items[check_in.id]
            for answer_id, check_in in check_ins.items()
            if check_in.id in items
        }

    def posted_at(self, press: Press) -> datetime | None:
        """Return when the pressed message was posted, if only the press says so."""
        item, posted = self._items.get(press.answer_id), press.posted
        if item is None or posted is None or item.is_known or item.token != posted.token:
            return None
        return moment_of(posted.ts) if posted.channel and posted.ts else None

    def adopt(self, press: Press, posted_at: datetime) -> None:
        """Take the pressed message for the one that the outbox wanted to post."""
        item, posted = self._items[press.answer_id], press.posted
        assert posted is not None  # noqa: S101 - `posted_at` comes from there
        item.is_known = True
        self._adopted.append(
            {
                "id": item.id,
                "channel": posted.channel,
                "ts": posted.ts,
                "posted_at": posted_at,
                "unknown_since": None,
                "lookbacks": 0,
                "claimed_by": None,
                "lane": outbox.Lane.UPDATE.value,
                "rendered_version": max(item.rendered_version, 1),
                "due_at": press.now,
            }
        )

    def write(self, session: Session) -> None:
        """Write which messages were adopted."""
        if self._adopted:
            update_all(session, table(OutboxItem), self._adopted)
            signal(session, outbox.SIGNAL)


@dataclass(slots=True)
class _Item:
    """A row of the outbox whose message is not known to be posted."""

    id: int
    token: str
    rendered_version: int
    is_known: bool = False


_ITEM = columns(OutboxItem)

_UNKNOWN = (
    sa.select(_ITEM.subject_id, _ITEM.id, _ITEM.token, _ITEM.rendered_version)
    .where(outbox.IN_WORKSPACES, _ITEM.ts.is_(None))
    .order_by(_ITEM.id)
    .with_for_update()
)
