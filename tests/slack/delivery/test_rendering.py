"""Surfaces of one kind are read together when they are rendered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain.outbox import outbox
from bot.domain.tables import Alert
from bot.slack.delivery.addressing import Rendered, RenderRequest, ToChannel, ToHome, ToMember
from bot.slack.delivery.rendering import render, render_many
from tests.counting import counted
from tests.domain.crowd import NOW, Crowd, fill
from tests.domain.planning import Office


@pytest.fixture
def crowd(database: Database) -> Crowd:
    """Five reps, each with an open check-in, a reminder of it, and two alerts."""
    return database.write_now(fill, name="T1", teams=1, reps=5, past=2)


def rendered(
    database: Database, surface: str, subjects: list[int]
) -> tuple[list[Rendered | Exception | None], int]:
    """What these surfaces show, and how many statements that took."""
    wanted = [RenderRequest(surface, subject, NOW) for subject in subjects]
    with counted(database) as statements:
        found = database.read_now(render_many, wanted)
    return found, sum(statement.startswith("SELECT") for statement in statements)


@pytest.mark.parametrize(
    "surface", [outbox.CHECK_IN, outbox.REMINDER, outbox.ALERT, outbox.HOME, outbox.WELCOME]
)
def test_many_surfaces_of_a_kind_take_as_many_statements_as_one(
    database: Database, crowd: Crowd, surface: str
) -> None:
    subjects = {
        outbox.CHECK_IN: crowd.check_ins,
        outbox.REMINDER: crowd.reminders,
        outbox.ALERT: crowd.alerts,
        outbox.HOME: crowd.reps,
        outbox.WELCOME: crowd.enrolments,
    }[surface]
    (one,), statements = rendered(database, surface, subjects[:1])
    many, as_many = rendered(database, surface, subjects)
    assert as_many == statements <= 10
    assert many[0] == one
    assert isinstance(one, ToMember | ToHome)
    assert len({repr(found) for found in many}) == len(subjects)


def test_what_can_not_be_rendered_leaves_the_others_alone(database: Database, crowd: Crowd) -> None:
    found, _ = rendered(database, outbox.ALERT, [999, crowd.alerts[0]])
    assert isinstance(found[0], KeyError)
    assert isinstance(found[1], ToMember)
    (unknown,), _ = rendered(database, "banner", [1])
    assert isinstance(unknown, KeyError)


def test_surfaces_of_different_kinds_keep_their_order(database: Database, crowd: Crowd) -> None:
    wanted = [
        RenderRequest(outbox.HOME, crowd.reps[1], NOW),
        RenderRequest(outbox.ALERT, crowd.alerts[0], NOW),
        RenderRequest(outbox.HOME, crowd.reps[0], NOW),
    ]
    found = database.read_now(render_many, wanted)
    alone = [database.read_now(render_many, [one])[0] for one in wanted]
    assert found == alone
    assert [type(one) for one in found] == [ToHome, ToMember, ToHome]


def test_only_a_plan_that_waits_is_held_against_the_log_of_its_team(database: Database) -> None:
    office = Office(database)
    plan_id = office.propose()

    def reads_logs(surface: str) -> bool:
        with counted(database) as statements:
            database.read_now(render, surface=surface, subject_id=plan_id, now=office.now)
        return any("FROM conversation" in statement for statement in statements)

    assert reads_logs(outbox.PLAN)
    office.approve(plan_id)
    assert not reads_logs(outbox.PLAN)
    assert not reads_logs(outbox.PLAN_REPLY)


@pytest.mark.parametrize("surface", [outbox.PLAN, outbox.PLAN_REPLY])
def test_a_plan_that_was_signed_long_ago_is_not_announced_anew(
    database: Database, surface: str
) -> None:
    office = Office(database)
    plan_id = office.propose()
    office.approve(plan_id)

    def after(days: int, stands_in: str | None = None) -> Rendered | Exception | None:
        now = office.now + timedelta(days=days)
        (found,) = database.read_now(
            render_many, [RenderRequest(surface, plan_id, now, stands_in=stands_in)]
        )
        return found

    place = ToChannel if surface == outbox.PLAN else ToMember
    assert isinstance(after(27), place), "its message was late"
    assert after(28) is None
    assert isinstance(after(28, "CHarbor"), place), "a message that stands goes on to be redrawn"


def test_an_alert_that_was_done_long_ago_is_not_announced_anew(
    database: Database, crowd: Crowd
) -> None:
    def done(session: Session) -> None:
        session.get_one(Alert, crowd.alerts[0]).done_at = NOW

    database.write_now(done)
    fresh, old = (
        database.read_now(
            render,
            surface=outbox.ALERT,
            subject_id=crowd.alerts[0],
            now=NOW + timedelta(days=days),
        )
        for days in (27, 28)
    )
    assert isinstance(fresh, ToMember)
    assert old is None
