"""The card with which a coach prepares a one-to-one, for whoever coaches the rep today and for nobody else.

It is read when a coach asks for it, and shown in a modal: nothing of it stands in Slack afterwards, so nothing has
to be taken back when the rep gets another coach.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, rows, table
from bot.domain.access import Caller, Seen, coaches, deny, may_see_record
from bot.domain.calendars.schedules import zone_of
from bot.domain.coaching import agreements, history, momentum
from bot.domain.coaching.history import History
from bot.domain.homes.loop import LOOKED_BACK
from bot.domain.metrics import records
from bot.domain.plans import reality
from bot.domain.plans.reality import AnsweredWeek
from bot.domain.refusals import Refusal
from bot.domain.shown.agreements import AgreementShown
from bot.domain.shown.card import CardShown, DealStanding
from bot.domain.tables import Conversation, Opportunity, OpportunityStatus
from bot.rules import weeks
from bot.rules.reality import PlanWeek
from bot.rules.weeks import WEEK

DEALS = 5
ACTS = 3


class _RepWeek(NamedTuple):
    """The rep's last week that has ended, with the sales cycle that the team assumes."""

    member_id: int
    week: date
    cycle_days: int


def card(session: Session, *, caller: Caller, slack_user_id: str, now: datetime) -> CardShown:
    """Return the card about a rep; raises Refusal for everybody but the rep's present coaches.

    The number of statements depends neither on the rep's history nor on the number of deals.
    """
    seen = _coached(session, caller, slack_user_id)
    rep, zone = seen.rep, zone_of(seen.rep)
    today = now.astimezone(zone).date()
    last = _RepWeek(rep.id, weeks.week_of(now, zone) - WEEK, seen.team.sales_cycle_days)
    key = rep.id, last.week
    past = history.read(session, [key])[key]
    agreed = [
        _as_read(one, seen)
        for one in agreements.since(session, [rep.id], since=now - LOOKED_BACK).get(rep.id, ())
    ]
    deals, open_deals = _deals(session, rep.id, today)
    return CardShown(
        rep=rep.slack_user_id,
        name=rep.name,
        trend=past.trend,
        units={one.name: one.unit for week in past.weeks for one in week.asked},
        has_deals=past.log.says_where_deals_stop(),
        leak=past.log.leak(),
        momentum=momentum.standing(session, [last], {key: past}).get(key),
        steps=agreements.open_steps(agreed, now),
        acts=tuple(reversed(agreed[-ACTS:])),
        deals=deals,
        open_deals=open_deals,
        plan=reality.of_rep(
            session,
            rep=rep,
            team=seen.team,
            answered=_answered(past),
            week=last.week + WEEK,
            today=today,
        ),
        reader=records.reader_of(seen.viewer, seen.team),
    )


def _coached(session: Session, caller: Caller, slack_user_id: str) -> Seen:
    seen = may_see_record(session, caller, slack_user_id)
    if seen.own or not coaches(session, seen.viewer, seen.team):
        deny(seen.viewer, "see", "card of member", seen.rep.id)
        raise Refusal(
            "A one-to-one is prepared by the rep’s coach. Your own weeks stand on Basecoach’s Home."
        )
    return seen


def _as_read(one: AgreementShown, seen: Seen) -> AgreementShown:
    """Leave out what the rep said of a talk with another coach: it is for the two who talked."""
    if one.coach == seen.viewer.slack_user_id:
        return one
    return replace(one, talked=None, helped=None)


def _answered(past: History) -> list[AnsweredWeek]:
    """Return the weeks in which both counted goals were asked about and answered."""
    found = []
    for week in past.weeks:
        talks, moves = week.conversations, week.base_moves
        if talks is None or talks.number is None or moves is None or moves.number is None:
            continue
        numbers = PlanWeek(talks.number, talks.target, moves.number, moves.target)
        found.append(AnsweredWeek(week.week, numbers))
    return found


def _deals(session: Session, member_id: int, today: date) -> tuple[tuple[DealStanding, ...], int]:
    """Return the open deals that have stood on their base longest, and how many are open."""
    found = rows(session, _STANDING, member=member_id)
    deals = [
        DealStanding(company, base, since, days=max((today - since).days, 0))
        for company, base, since, _ in found
    ]
    return tuple(deals), found[0][3] if found else 0


_OPPORTUNITY, _CONVERSATION = columns(Opportunity), columns(Conversation)

_SINCE = sa.func.coalesce(
    sa.func.max(sa.case((_CONVERSATION.moves > 0, _CONVERSATION.held_on))),
    sa.func.min(_CONVERSATION.held_on),
)

_STANDING = (
    sa.select(
        _OPPORTUNITY.company,
        _OPPORTUNITY.base,
        sa.type_coerce(_SINCE, _CONVERSATION.held_on.type),
        sa.func.count().over(),
    )
    .join_from(
        table(Opportunity), table(Conversation), _CONVERSATION.opportunity_id == _OPPORTUNITY.id
    )
    .where(
        _OPPORTUNITY.member_id == sa.bindparam("member"),
        _OPPORTUNITY.status == OpportunityStatus.OPEN.value,
        _OPPORTUNITY.base >= 1,
        _CONVERSATION.undone_at.is_(None),
    )
    .group_by(_OPPORTUNITY.id, _OPPORTUNITY.company, _OPPORTUNITY.base)
    .order_by(_SINCE, _OPPORTUNITY.id)
    .limit(DEALS)
)
