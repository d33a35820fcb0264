"""A rep is exported and deleted in the middle of a Monday, and people who only look are not stored."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from bot.database import columns
from bot.domain.outbox import outbox
from bot.domain.privacy import erasure
from bot.domain.privacy.belonging import below
from bot.domain.privacy.registry import BY_MODEL, OF_PEOPLE
from bot.domain.tables import Member, OutboxItem
from bot.sandbox.people import Person
from bot.slack.views.alerts import TAKE
from bot.slack.views.checkins.messages import ANSWER_NO
from bot.slack.views.privacy import record_comment
from tests.scenarios.answering import answer_ids
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import COACHES, propose

MARK = "Zyxomma"
"""Stands in every text of Priya's, and nowhere else."""

PROGRAMS_OWN = {
    "answer": "name unit question source verdict",
    "answer_edit": "verdict",
    "alert": "suggested_act suggested_because act",
    "agreement": "act talked helped kept",
    "answer_correction": "request_key",
    "direct_message": "event_id key kind sentence absences",
    "check_in": "state skipped_because cause",
    "conversation": "close outcome request_key",
    "conversation_edit": "close outcome",
    "goal": "key kind",
    "goal_pair": "first_key second_key",
    "member": "slack_user_id locale timezone inactive_because dm_channel",
    "absence": "kind request_key",
    "metric_entry": "request_key",
    "opportunity": "status",
    "plan": "origin state currency period request_key",
    "plan_ratio": "step provenance found_provenance",
    "sent_file": "slack_file_id",
    "export_order": "kind slack_file_ids failed_because",
}
"""The columns of text whose words are the program's or Slack's; people type into every other one."""


def typed(model: Any) -> list[str]:
    """The columns of a table into which people type."""
    own = PROGRAMS_OWN.get(BY_MODEL[model].name, "").split()
    table = model.__table__
    return [c.name for c in table.columns if str(c.type) == "VARCHAR" and c.name not in own]


def mark(session: Session) -> None:
    """Put the word into every column of Priya's into which people type, and have all of Slack drawn anew."""
    priya = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
    for model, own in below(Member, columns(Member).id == priya.id):
        names = typed(model)
        if names:
            values = dict.fromkeys(names, MARK)
            session.connection().execute(sa.update(model).where(own).values(values))
    item = columns(OutboxItem)
    session.connection().execute(
        sa.update(OutboxItem).values(
            desired_version=item.desired_version + 1,
            due_at=sa.func.coalesce(item.due_at, item.created_at),
        )
    )


def in_tables(session: Session, word: str) -> Iterator[str]:
    for table in SQLModel.metadata.sorted_tables:
        for row in session.connection().execute(sa.select(table)).mappings():
            for name, value in row.items():
                if word.casefold() in str(value).casefold():
                    yield f"{table.name}.{name}"


def found(world: World, word: str) -> set[str]:
    """Where the word stands: in tables, in messages that Slack keeps, in files and in Homes."""
    places = set(world.database.read_now(lambda session: list(in_tables(session, word))))
    for channel in world.workspace.channels:
        for message in world.workspace.messages(channel):
            if word in json.dumps(message.payload(), ensure_ascii=False):
                places.add(f"message in {channel}")
    for file in world.workspace.files.all():
        if word.encode() in file.content:
            places.add(f"file {file.name}")
    for user, home in world.workspace.homes.items():
        if word in json.dumps(home.body, ensure_ascii=False):
            places.add(f"home of {user}")
    return places


async def half_a_monday(world: World) -> None:
    """Priya has a plan, a log, days off and a missed week; the next Monday she answers one of three questions."""
    await world.priya.open_home()
    await propose(world)
    await world.priya.command("/log-conversation", "Northwind 2nd")
    await world.priya.command("/checkin", "away vacation 14 Dec")
    await world.monday()
    await world.move(days=2)
    alert = next(m for m in world.dana.messages(COACHES) if TAKE in json.dumps(m.blocks))
    await world.dana.press(alert, action_id=TAKE)
    await world.monday()
    message = world.check_in_message()
    await world.priya.press(message, action_id=ANSWER_NO, value=answer_ids(message)[0])
    await world.dana.open_home()
    await world.database.write(mark)
    await world.quiet()


async def test_a_rep_is_exported_whole_and_deleted_whole(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    await half_a_monday(world)
    assert {"message in D0PRIYA", f"message in {COACHES}", "member.name"} <= found(world, MARK)

    assert (await world.priya.command("/checkin", "export")).acked
    await world.quiet()
    files = {file.name: file.content.decode("utf-8-sig") for file in world.workspace.files.all()}
    record = json.loads(files["record.json"])
    assert outbox.EXPORT not in world.database.read_now(surfaces)
    for held in OF_PEOPLE:
        stored = record.get(held.name, [])
        for name in set(typed(held.model)) - held.hidden if stored else ():
            assert stored[0][name] == MARK, f"{held.name}.{name}"
    for name in ("member", "opportunity", "plan", "alert", "answer", "absence", "target"):
        assert f"{name}.csv" in files
    assert world.workspace.messages("D0PRIYA")[-1].files
    await world.dana.command("/coach", "export")
    await world.quiet()
    weeks = next(file for file in world.workspace.files.all() if file.name == "weeks.csv")
    assert MARK in weeks.content.decode("utf-8-sig")

    sam = [text_of(message) for message in world.workspace.messages("D0SAM")]
    now = world.clock.now()
    await world.database.write(erasure.erase, slack_user_id="U0PRIYA", now=now)
    await world.move(minutes=3)  # a file may be on its way for so long
    assert found(world, MARK) == set()
    assert {place for place in found(world, "U0PRIYA") if place != "home of U0PRIYA"} == set()
    assert world.workspace.files.all() == []
    left = [message.text for message in world.workspace.messages("D0PRIYA")]
    assert left == [record_comment()]  # which Slack keeps without its files
    assert MARK not in repr([vars(entry) for entry in caplog.records])
    assert [text_of(message) for message in world.workspace.messages("D0SAM")] == sam
    assert not set(world.database.read_now(surfaces)) & outbox.ERASED
    assert "Nothing is stored about you." in text_of(world.workspace.homes["U0PRIYA"].body)

    # She tries the commands that she knows, and looks at Home: nothing of her comes back.
    await world.priya.command("/checkin")
    assert "You are not in a sales team yet." in text_of(world.last(world.priya))
    await world.priya.open_home()
    await world.quiet()
    assert "You are in no team here" in text_of(world.workspace.homes["U0PRIYA"].body)
    assert found(world, "U0PRIYA") <= {"home of U0PRIYA"}


def surfaces(session: Session) -> list[str]:
    return list(session.exec(select(OutboxItem.surface)).all())


async def test_without_the_scope_a_rep_is_told_who_can_do_it(world: World) -> None:
    granted = world.workspace.manifest
    without = tuple(scope for scope in granted.scopes if scope != "files:write")
    world.workspace.manifest = replace(granted, scopes=without)
    await world.priya.command("/checkin", "export")
    await world.quiet()
    said = text_of(world.last(world.priya))
    assert "Basecoach may not send files in this workspace." in said
    assert "`basecoach export member U0PRIYA`" in said
    assert world.workspace.files.all() == []


async def test_somebody_who_only_looks_at_home_is_not_stored(world: World) -> None:
    def names(session: Session) -> set[str]:
        return set(session.exec(select(Member.slack_user_id)).all())

    before = world.database.read_now(names)
    person = Person(world.workspace, "U0MAYA")
    await person.open_home()
    await world.quiet()
    assert person.home is not None
    assert "You are in no team here" in text_of(person.home)
    assert world.database.read_now(names) == before


async def test_the_words_after_export_are_a_teams_name(world: World) -> None:
    await world.dana.command("/coach", "export Nowhere")
    assert "None of your teams has this name" in text_of(world.last(world.dana))
    await world.sam.command("/coach", "export")
    assert "You coach no team" in text_of(world.last(world.sam))
