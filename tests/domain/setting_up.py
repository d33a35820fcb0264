"""A workspace that is set up: its admin, its coaches, and the use cases as one of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.metrics import targets
from bot.domain.metrics.metrics import add_built_in_metrics
from bot.domain.people import teams
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import FieldProblems
from bot.domain.setup import forms as setup_forms
from bot.domain.setup import metrics as setup_metrics
from bot.domain.setup import targets as target_setting
from bot.domain.shown.setup import (
    Channel,
    MetricForm,
    OwnMetric,
    ScheduleForm,
    TargetsSaved,
    TeamForm,
    TeamSaved,
)
from bot.domain.tables import Metric, Team, Workspace
from tests.seeding import seed_once

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
THIS_WEEK = date(2026, 11, 16)
NEXT_WEEK = date(2026, 11, 23)
PRIVATE = Channel("CP", "coach-dana", is_private=True, is_member=True)
PUBLIC = Channel("CO", "general", is_private=False, is_member=True)
FORM = TeamForm(name="Harbor", coach="UC", second_coach="UD", channel="CP")


class Setup:
    """The use cases, as somebody of a workspace.

    It has an admin UA, coaches UC and UD, somebody U1, and three who can't coach.
    """

    def __init__(self, database: Database, team: str = "T1") -> None:
        """`team` is the workspace's Slack id."""
        self.database = database
        self.workspace_id = seed_once(database, self._make, team)

    def _make(self, session: Session, team: str) -> int:
        workspace = Workspace(
            slack_team_id=team, name="Harbor", bot_user_id="UB", created_at=FRIDAY
        )
        session.add(workspace)
        session.flush()
        add_built_in_metrics(session, workspace.id)
        for profile in (
            Profile("UA", "Alex", "Europe/London", is_admin=True),
            Profile("UC", "Dana", "Europe/London"),
            Profile("UD", "Drew", "Europe/London"),
            Profile("U1", "Priya", "Europe/London"),
            Profile("UR", "Robot", is_bot=True),
            Profile("UX", "Lee", deleted=True),
            Profile("UG", "Gus", is_guest=True),
        ):
            apply_profile(session, workspace_id=workspace.id, profile=profile, now=FRIDAY)
        return workspace.id

    def caller(self, slack_user_id: str) -> Caller:
        return Caller(self.workspace_id, slack_user_id)

    def create(
        self,
        form: TeamForm = FORM,
        *,
        by: str = "UA",
        channel: Channel | None = PRIVATE,
        confirmed: bool = False,
        now: datetime = FRIDAY,
    ) -> TeamSaved:
        return self.database.write_now(
            teams.create_team,
            caller=self.caller(by),
            form=form,
            channel=channel,
            public_confirmed=confirmed,
            now=now,
        )

    def update(
        self,
        team_id: int,
        form: TeamForm,
        *,
        by: str = "UA",
        channel: Channel | None = None,
        confirmed: bool = False,
    ) -> TeamSaved:
        return self.database.write_now(
            teams.update_team,
            caller=self.caller(by),
            team_id=team_id,
            form=form,
            channel=channel,
            public_confirmed=confirmed,
            now=FRIDAY,
        )

    def problems(self, form: TeamForm, **arguments: Any) -> dict[str, str]:
        with pytest.raises(FieldProblems) as refused:
            self.create(form, **arguments)
        assert self.teams() == []
        return refused.value.sentences

    def teams(self) -> list[Team]:
        return list(self.database.read_now(lambda s: s.exec(select(Team)).all()))

    def schedule(self, team_id: int, form: ScheduleForm, *, by: str = "UC") -> TeamSaved:
        return self.database.write_now(
            teams.change_schedule, caller=self.caller(by), team_id=team_id, form=form, now=FRIDAY
        )

    def enrol(self, team_id: int, user: str = "U1") -> int:
        saved = self.database.write_now(
            setup_forms.enrol_reps,
            caller=self.caller("UA"),
            team_id=team_id,
            slack_user_ids=[user],
            now=FRIDAY - timedelta(days=4),  # on Monday, so that the whole week counts
        )
        return saved.reps[0].member_id

    def set_targets(
        self,
        member_id: int,
        texts: dict[str, str],
        *,
        by: str = "UC",
        week: str = "this",
        now: datetime = FRIDAY,
    ) -> TargetsSaved:
        ids = self.database.read_now(lambda s: {m.name: m.id for m in s.exec(select(Metric))})
        return self.database.write_now(
            target_setting.set_targets,
            caller=self.caller(by),
            member_id=member_id,
            texts={ids[name]: text for name, text in texts.items()},
            from_week=week,
            now=now,
        )

    def in_force(self, member_id: int, week: date) -> dict[str, Decimal]:
        def read(session: Session) -> dict[str, Decimal]:
            found = targets.in_force(session, [member_id], week).get(member_id, [])
            return {metric.name: amount for metric, amount in found}

        return self.database.read_now(read)

    def metric(self, team_id: int, form: MetricForm, *, by: str = "UC") -> OwnMetric:
        return self.database.write_now(
            setup_metrics.add_metric, caller=self.caller(by), team_id=team_id, form=form, now=FRIDAY
        )
