"""A rep with something in every table, whose every text has a word that stands nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from bot.database import Database, columns
from bot.domain.absences import recording
from bot.domain.coaching import alerts
from bot.domain.outbox import erased, outbox, sending
from bot.domain.plans import sign_off
from bot.domain.privacy import export, export_orders, sent_files
from bot.domain.privacy.belonging import below
from bot.domain.shown.plans import OtherGoalForm
from bot.domain.tables import (
    Alert,
    Answer,
    Conversation,
    Goal,
    Member,
    Metric,
    MetricEntry,
    MidweekLine,
    Opportunity,
    Plan,
    Praise,
    Substitution,
)
from tests.domain.handover.desk import SENDER, Desk, Message
from tests.domain.mondays import MONDAY, WEEK, at
from tests.seeding import reach_once

MARK = "Zyxomma"
"""Stands in every text of the rep's, and nowhere else."""

TYPED = (
    (Opportunity, ("company", "company_key")),
    (Conversation, ("back_reason", "close")),
    (Goal, ("words", "unit")),
    (Plan, ("reason",)),
    (Alert, ("note",)),
    (Answer, ("note",)),
    (Praise, ("because",)),
)
"""The columns of a rep's rows that hold typed text, or text about the rep."""


class PrivacyDesk(Desk):
    """A desk at which orders to delete are carried out as Slack would."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.deleted_files: list[str] = []

    def show_all(self, claimed: Sequence[sending.Claimed], now: datetime) -> None:
        for one in claimed:
            if one.surface in outbox.ERASED:
                self._erase(one)
        left = [one for one in claimed if one.surface not in outbox.ERASED]
        if left:
            super().show_all(left, now)

    def _erase(self, one: sending.Claimed) -> None:
        if one.surface == outbox.ERASED_HOME and one.channel is not None:
            self.homes[one.channel] = {"blocks": []}
        elif one.surface == outbox.ERASED_FILE and one.channel is not None:
            self.deleted_files.append(one.channel)
        elif one.ts is not None and one.channel is not None:
            del self.messages[one.channel, one.ts]
        self.write(erased.done, claimed=one, sender=SENDER)

    def ask(self, now: datetime = MONDAY) -> None:
        self._ask(now)  # what is deleted in Slack is told to this desk itself

    def half_a_monday(self) -> None:
        """Priya with something in every table, in the middle of the Monday on which Sam is asked as well."""
        assert not self.messages, "it is the first that happens at a desk"
        self.now, self.messages, self.homes = reach_once(self.database, self._half_a_monday)

    def _half_a_monday(self) -> tuple[datetime, dict[tuple[str, str], Message], dict[str, Any]]:
        self.now = at(20, 15)
        self.log("U1", moves=(1, 1), sales=1_500)
        self.log("U2", moves=(1, 1, 2), sales=1_500)
        personal = OtherGoalForm(kind="personal", words=MARK, amount="12", unit="trips")
        income = OtherGoalForm(kind="income", words="A boat", amount="30,000", commission="5")
        first = self.propose("U1", others=(personal, income))
        self.do(sign_off.send_back, "UC", plan_id=first, reason=MARK)
        self.suggest(self.propose("U1", others=(personal,)))
        self.do(recording.record_line, "U1", text="vacation 14 Dec", request_key="t")
        self.write(self._by_hand)
        self.ask()
        self.press("U1", 0, "yes", MONDAY + timedelta(minutes=5))
        self.press("U2", 0, "yes", MONDAY + timedelta(minutes=5))
        self.write(self._missed)
        self.write(
            sent_files.register,
            caller=self.caller("UC"),
            about=[self.member("U1").id, self.member("U2").id],
            slack_file_ids=["F1"],
            now=MONDAY,
        )
        self.deliver(MONDAY + timedelta(minutes=6))
        self.do(alerts.take, "UC", alert_id=self.rows(Alert)[0].id)
        self.write(self._mark)
        self.deliver(MONDAY + timedelta(minutes=7))
        self.write(
            export_orders.begin,
            caller=self.caller("U1"),
            kind=export.RECORD,
            by="a process that was killed",
            now=MONDAY + timedelta(minutes=7),
        )
        return self.now, self.messages, self.homes

    def _by_hand(self, session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        metric = session.exec(select(Metric).where(Metric.key == "conversations")).one()
        session.add(
            MetricEntry(
                workspace_id=member.workspace_id,
                member_id=member.id,
                metric_id=metric.id,
                week=WEEK,
                amount=Decimal(3),
                request_key=f"{MARK}-entry",
                logged_at=MONDAY,
            )
        )

    def _missed(self, session: Session) -> None:
        """An earlier week that was missed, with its alert, and praised; and days on which the coach stood in."""
        member = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        check_in = self.check_in("U1")
        earlier = type(check_in)(
            **{
                **{name: getattr(check_in, name) for name in type(check_in).model_fields},
                "id": None,
                "week": date(2026, 11, 9),
                "state": "answered",
            }
        )
        session.add(earlier)
        session.flush()
        session.add(
            Alert(
                workspace_id=member.workspace_id,
                check_in_id=earlier.id,
                team_id=earlier.team_id,
                created_at=MONDAY,
            )
        )
        coach = session.exec(select(Member).where(Member.slack_user_id == "UC")).one()
        session.add(
            Praise(
                workspace_id=member.workspace_id,
                check_in_id=earlier.id,
                given_by=coach.id,
                because="three weeks",
                given_at=MONDAY,
            )
        )
        session.add(
            MidweekLine(
                workspace_id=member.workspace_id,
                member_id=member.id,
                week=date(2026, 11, 9),
                sent_at=MONDAY,
            )
        )
        session.add(
            Substitution(
                workspace_id=member.workspace_id,
                member_id=member.id,
                team_id=earlier.team_id,
                substitute_id=coach.id,
                first_day=date(2026, 11, 9),
                last_day=date(2026, 11, 13),
                ends_at=MONDAY,
                recorded_at=MONDAY,
            )
        )
        session.flush()
        alert = session.exec(select(Alert)).one()
        outbox.mark_stale(
            session,
            workspace_id=member.workspace_id,
            surface=outbox.ALERT,
            subject_id=alert.id,
            now=MONDAY,
        )

    def _mark(self, session: Session) -> None:
        """Put the word into every text of Priya's that the use cases above left empty."""
        member = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
        member.name = f"{MARK} Nair"
        session.flush()
        own = dict(below(Member, columns(Member).id == member.id))
        for model, names in TYPED:
            values = dict.fromkeys(names, MARK)
            session.connection().execute(sa.update(model).where(own[model]).values(values))
        session.expire_all()

    def found(self, word: str) -> list[str]:
        """The places in which a word stands: columns of tables, messages and Homes."""
        return [*self.database.read_now(in_tables, word), *self._in_slack(word)]

    def _in_slack(self, word: str) -> Iterator[str]:
        for (where, _), one in self.messages.items():
            if word in one.text:
                yield f"{one.surface} in {where}"
        for user, home in self.homes.items():
            if word in json.dumps(home, ensure_ascii=False):
                yield f"home of {user}"


def in_tables(session: Session, word: str) -> list[str]:
    """The columns of any table in which the word stands, in whatever case."""
    found = []
    for table in SQLModel.metadata.sorted_tables:
        for row in session.connection().execute(sa.select(table)).mappings():
            found += [
                f"{table.name}.{name}"
                for name, value in row.items()
                if word.casefold() in str(value).casefold()
            ]
    return sorted(set(found))
