"""Rows of an older schema are carried over, and back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot import migrations
from bot.database import Database
from tests.migrations.schema import SCRIPTS, execute, tables


def test_a_team_of_the_first_schema_is_kept_and_gets_the_usual_plan_settings(
    empty: Database,
) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    execute(
        empty,
        "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at) "
        "VALUES (1, 'T1', 'Harbor', 'U1', '2026-11-20 15:00:00')",
        "INSERT INTO member (id, workspace_id, slack_user_id, name, locale, timezone, "
        "timezone_chosen, timezone_missing, is_admin, is_guest, profile_read_at, created_at) "
        "VALUES (1, 1, 'U2', 'Dana', 'en_US', 'UTC', false, false, false, false, "
        "'2026-11-20 15:00:00', '2026-11-20 15:00:00')",
        "INSERT INTO team (id, workspace_id, name, name_key, coach_id, check_in_day, check_in_at, "
        "deadline_day, deadline_at, working_from, working_until, currency, created_at) "
        "VALUES (1, 1, 'East', 'east', 1, 0, '09:00:00', 1, '17:00:00', '08:00:00', '20:00:00', "
        "'USD', '2026-11-20 15:00:00')",
        "INSERT INTO enrolment (id, workspace_id, member_id, team_id, enrolled_on) "
        "VALUES (1, 1, 1, 1, '2026-11-01')",
    )

    assert migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        settings = connection.exec_driver_sql(
            "SELECT name, sales_cycle_days, conversation_minutes, weekly_hours, raise_after_weeks "
            "FROM team JOIN enrolment ON enrolment.team_id = team.id"
        ).all()
    assert [tuple(row) for row in settings] == [("East", 60, 30, 25, 4)]

    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        names = connection.exec_driver_sql("SELECT name FROM team").all()
    assert [tuple(row) for row in names] == [("East",)]
    assert "weekly_hours" not in {c["name"] for c in sa.inspect(empty.engine).get_columns("team")}


ROWS_OF_0001 = (
    "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at)"
    " VALUES (1, 'T1', 'Harbor', 'U1', '2026-11-20 15:00:00')",
    "INSERT INTO member (id, workspace_id, slack_user_id, name, locale, timezone, timezone_chosen,"
    " timezone_missing, is_admin, is_guest, profile_read_at, created_at) VALUES (1, 1, 'U2', 'Priya',"
    " 'en_US', 'UTC', false, false, false, false, '2026-11-20 15:00:00', '2026-11-20 15:00:00')",
    "INSERT INTO team (id, workspace_id, name, name_key, coach_id, check_in_day, check_in_at,"
    " deadline_day, deadline_at, working_from, working_until, currency, created_at) VALUES (1, 1, 'H',"
    " 'h', 1, 0, '09:00:00', 1, '17:00:00', '08:00:00', '20:00:00', 'USD', '2026-11-20 15:00:00')",
    "INSERT INTO metric (id, workspace_id, key, name, unit, question, source, position)"
    " VALUES (1, 1, 'sales', 'Sales', 'money', 'Did you?', 'conversations', 0)",
    "INSERT INTO check_in (id, workspace_id, member_id, team_id, week, state, due_at, late)"
    " VALUES (1, 1, 1, 1, '2026-11-09', 'answered', '2026-11-16 09:00:00', false)",
    "INSERT INTO answer (id, workspace_id, check_in_id, metric_id, position, name, unit, question,"
    " source, target, late, edited) VALUES (1, 1, 1, 1, 0, 'Sales', 'money', 'Did you?',"
    " 'conversations', 20000, false, false)",
)
"""A check-in from before there were absences."""


def test_check_ins_from_before_absences_are_whole_weeks_and_survive_the_way_back(
    empty: Database,
) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    execute(empty, *ROWS_OF_0001)
    migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT working_days, country, work_days, days_off, holidays, full_target FROM team"
            " JOIN check_in ON check_in.team_id = team.id JOIN answer ON check_in_id = check_in.id"
        ).all()
    assert [tuple(row) for row in found] == [("01234", None, None, 0, 0, None)]
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        (kept,) = connection.exec_driver_sql("SELECT state FROM check_in").all()
    assert tuple(kept) == ("answered",)


OUTBOX_OF_0004 = (
    "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at, dead_because)"
    " VALUES (1, 'T1', 'Harbor', 'U1', '2026-11-20 15:00:00', 'token_revoked')",
    *(
        "INSERT INTO outbox (id, workspace_id, surface, subject_id, lane, wanted, shown, due_at, looks,"  # noqa: S608
        " uncertain_since, heal_at, token, attempts, dead_because, created_at) VALUES"
        f" ({number}, 1, 'check_in', {number}, '{lane}', 3, 2, '2026-11-23 09:00:00', {looks},"
        f" '2026-11-23 09:01:00', {heal_at}, 't{number}', 4, {dead_because}, '2026-11-20 15:00:00')"
        for number, lane, looks, heal_at, dead_because in (
            (1, "post", 1, "NULL", "NULL"),
            (2, "update", 2, "'2026-11-23 09:05:00'", "NULL"),
            (3, "post", 0, "NULL", "'invalid_blocks'"),
        )
    ),
)
"""A post that was looked for once, a message with two redraws in flight, and a post that was given up."""


def test_the_outbox_keeps_its_rows_under_the_columns_new_names_and_back(empty: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    execute(empty, *OUTBOX_OF_0004)
    before = everything_in(empty, "outbox")

    migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT lookbacks, redraws_in_flight, desired_version, rendered_version, failed_reason,"
            " unknown_since IS NULL, duplicate_check_at IS NULL FROM outbox ORDER BY id"
        ).all()
        reason = connection.exec_driver_sql("SELECT disconnected_reason FROM workspace").scalar()
    assert [tuple(row) for row in found] == [
        (1, 0, 3, 2, None, False, True),
        (0, 2, 3, 2, None, False, False),
        (0, 0, 3, 2, "invalid_blocks", False, True),
    ]
    assert reason == "token_revoked"

    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    assert everything_in(empty, "outbox") == before


def test_the_indexes_of_what_is_due_come_and_go(empty: Database) -> None:
    def indexes() -> set[object]:
        inspected = sa.inspect(empty.engine)
        names = {one["name"] for table in tables(empty) for one in inspected.get_indexes(table)}
        return {
            name for name in names if name is not None and name.endswith(("due_at", "due_at_id"))
        }

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
    before = indexes()
    migrations.upgrade(empty)
    assert indexes() - before == {
        "ix_outbox_lane_due_at_id",
        "ix_check_in_state_due_at",
        "ix_plan_account_due_at",
    }
    assert before - indexes() == {"ix_outbox_lane_due_at"}
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
    assert indexes() == before


def everything_in(database: Database, table: str) -> list[dict[str, object]]:
    """Every row of a table, by column."""
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
        return [dict(row) for row in found.mappings()]


ROWS_OF_0006 = (
    "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at) "
    "VALUES (1, 'T1', 'Harbor', 'U1', NOW)",
    "INSERT INTO member (id, workspace_id, slack_user_id, name, locale, timezone, timezone_chosen, "
    "timezone_missing, is_admin, is_guest, profile_read_at, created_at) "
    "VALUES (1, 1, 'U2', 'Dana', 'en_US', 'UTC', false, false, false, false, NOW, NOW)",
    "INSERT INTO team (id, workspace_id, name, name_key, coach_id, check_in_day, check_in_at, "
    "deadline_day, deadline_at, working_from, working_until, currency, created_at) VALUES "
    "(1, 1, 'A', 'a', 1, 0, '09:00:00', 1, '17:00:00', '08:00:00', '20:00:00', 'USD', NOW), "
    "(2, 1, 'B', 'b', 1, 0, '09:00:00', 1, '17:00:00', '08:00:00', '20:00:00', 'USD', NOW)",
    "INSERT INTO enrolment (id, workspace_id, member_id, team_id, enrolled_on) "
    "VALUES (1, 1, 1, 2, '2026-11-01')",
    "INSERT INTO check_in (id, workspace_id, member_id, team_id, week, state, due_at, late) VALUES "
    "(1, 1, 1, 1, '2026-11-02', 'unanswered', NOW, false), "
    "(2, 1, 1, 1, '2026-11-09', 'unanswered', NOW, false)",
    "INSERT INTO alert (id, workspace_id, check_in_id, team_id, created_at, done_at) VALUES "
    "(1, 1, 1, 1, NOW, NULL), (2, 1, 2, 1, NOW, NOW)",
)


def test_what_waits_of_a_rep_who_moved_goes_to_the_present_team(empty: Database) -> None:
    """An open alert of before 0007 names the team that asked; one that is done keeps it."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
    moment = "'2026-11-20 15:00:00'"
    execute(empty, *(row.replace("NOW", moment) for row in ROWS_OF_0006))
    assert migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT id, team_id FROM alert ORDER BY id").all()
    assert [tuple(row) for row in found] == [(1, 2), (2, 1)]


def test_an_amount_that_was_typed_as_closed_becomes_an_opening_balance(empty: Database) -> None:
    """Before 0019 a typed amount was told from the log's by being another one."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0018")
    plan = (
        "INSERT INTO plan (id, workspace_id, member_id, team_id, origin, state, currency, period, begins_on, "
        "ends_on, goal, closed, closed_logged, average_sales, created_at, proposed_at) VALUES "
        "({id}, 1, 1, 1, 'rep', 'replaced', 'USD', 'dates', '2026-01-01', '2026-12-31', 900, {closed}, {logged}, "
        "0, '2026-11-20 15:00:00', {proposed})"
    )
    execute(
        empty,
        *ROWS_OF_0001,
        plan.format(id=1, closed=400, logged="NULL", proposed="'2026-11-23 09:00:00'"),
        plan.format(id=2, closed=400, logged=300, proposed="NULL"),
        plan.format(id=3, closed=400, logged=400, proposed="NULL"),
        plan.format(id=4, closed=0, logged="NULL", proposed="NULL"),
    )
    assert migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT opening, opening_on FROM plan ORDER BY id").all()
    assert [(row[0] and int(row[0]), row[1] and str(row[1])) for row in found] == [
        (400, "2026-11-23"),
        (400, "2026-11-20"),
        (None, None),
        (None, None),
    ]
