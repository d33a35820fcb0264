"""`basecoach import history` with what CRMs write: one end-to-end import for each CRM's shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.plans import measures
from bot.domain.tables import Member, Team
from bot.rules.ratios import Step
from tests.commands.importing import crm_exports
from tests.commands.importing.command import ON_BOTH, Basecoach, at_a_terminal, logged

Csv = Callable[[str], str]
TODAY = date(2026, 11, 20)


def ratios(url: str) -> list[tuple[int | None, int | None]]:
    """Priya's measured ratios, from conversation → 1st to 3rd → home: how many of how many."""
    database = Database(url)

    def read(session: Session) -> list[tuple[int | None, int | None]]:
        member = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        team = session.exec(select(Team)).one()
        found = measures.measure(session, member=member, team=team, today=TODAY).ratios
        return [(found[step].hits, found[step].trials) for step in Step]

    try:
        return database.read_now(read)
    finally:
        database.close()


@ON_BOTH
@pytest.mark.usefixtures("with_a_rep")
def test_hubspot_deals_and_contacts_are_imported_without_a_question(
    basecoach: Basecoach, csv: Csv, database_url: str
) -> None:
    deals = csv(crm_exports.HUBSPOT_DEALS)
    looked = basecoach("history", deals)
    assert looked.exit_code == 2, looked.output
    for words in (
        "Read as deals: “Deal owner” as user, “Associated Company” as company, ",
        "Ignored columns: “Record ID”.",
        "deal came to a stage: “appointment scheduled”, “qualified to buy”, “contract sent”, “closed lost”.",
        "Stages: “Closed Won” → home, won, “Closed Lost” → lost, “Appointment Scheduled” → 1st, "
        "“qualified to buy” → 2nd, “contract sent” → 3rd.\n",
        "    2  + new       Priya Nair: Acme, 2026-02-16, home, $12,500\n",
        "In all: 12 conversations: 12 new, 0 changed, 0 the same.",
    ):
        assert words in looked.output
    assert logged(database_url) == 0
    done = basecoach("history", deals, "--yes")
    assert done.exit_code == 0, done.output
    # By hand: 4 + 4 + 2 + 2 conversations; Acme home, Delta on 2nd, Eagle on 1st, Ford nowhere.
    assert ratios(database_url) == [(3, 12), (2, 3), (1, 2), (1, 1)]
    again = basecoach("history", deals, "--yes")
    assert "There is nothing to change." in again.output

    contacts = basecoach("history", csv(crm_exports.HUBSPOT_CONTACTS), "--yes")
    assert contacts.exit_code == 0, contacts.output
    assert "Ignored columns: “First Name”, “Last Name”, “Email”, “Lifecycle Stage”." in (
        contacts.output
    )
    assert logged(database_url) == 14


@pytest.mark.usefixtures("with_a_rep")
def test_salesforce_reports_need_one_option_where_no_date_shows_its_order(
    basecoach: Basecoach, csv: Csv, database_url: str
) -> None:
    deals = csv(crm_exports.SALESFORCE_DEALS)
    refused = basecoach("history", deals, "--yes")
    assert refused.exit_code == 1
    assert "“1/5/2026” can be read in two ways." in refused.output
    assert "Say so with --dates day-first or --dates month-first." in refused.output
    assert logged(database_url) == 0
    done = basecoach("history", deals, "--dates", "month-first", "--yes")
    assert done.exit_code == 0, done.output
    for words in (
        "Dates: month first.",
        "Left out, because it has one cell only, like the lines below a report: line 7, 8.",
        "    2  + new       Priya Nair: Acme, 2026-04-02, home, $12,500\n",
        "    6  + new       Priya Nair: Acme (Add-on), 2026-03-06, 2nd\n",
    ):
        assert words in done.output
    # By hand: 2 + 2 + 1 + 1 + 1 conversations; Acme home, Eagle on 3rd, the add-on on 2nd, Ford on 1st.
    assert ratios(database_url) == [(4, 7), (3, 4), (2, 3), (1, 2)]

    activities = basecoach("history", csv(crm_exports.SALESFORCE_ACTIVITIES), "--yes")
    assert activities.exit_code == 0, activities.output
    assert "Dates: month first." in activities.output  # 3/13 shows it
    assert "an activity of the type Email is no conversation: line 3." in activities.output
    assert "an activity that is “Not Started” was not held: line 4." in activities.output
    assert logged(database_url) == 8


@pytest.mark.usefixtures("with_a_rep")
def test_pipedrive_deals_keep_the_stage_in_which_they_were_lost(
    basecoach: Basecoach, csv: Csv, database_url: str
) -> None:
    deals = csv("\ufeff" + crm_exports.PIPEDRIVE_DEALS)
    done = basecoach("history", deals, "--yes")
    assert done.exit_code == 0, done.output
    assert "Ignored columns: “Deal - Label”." in done.output
    # By hand: 2 + 2 + 2 + 1 conversations; Acme home, Delta lost on 3rd, Eagle on 2nd, Ford on 1st.
    assert ratios(database_url) == [(4, 7), (3, 4), (2, 3), (1, 2)]
    again = basecoach("history", deals, "--yes")
    assert "There is nothing to change." in again.output
    activities = basecoach("history", csv(crm_exports.PIPEDRIVE_ACTIVITIES), "--yes")
    assert activities.exit_code == 0, activities.output
    assert logged(database_url) == 9


@pytest.mark.usefixtures("with_a_rep")
def test_a_sheet_of_ones_own_is_read_by_a_mapping_file_and_names_what_is_wrong(
    basecoach: Basecoach, csv: Csv, database_url: str, tmp_path: Path
) -> None:
    sheet = csv(crm_exports.SHEET)
    refused = basecoach("history", sheet, "--yes")
    assert refused.exit_code == 1
    assert "No column is known to say" in refused.output
    missing = basecoach("history", sheet, "--map", "none.toml", "--yes")
    assert "There is no mapping file none.toml." in missing.output
    mapping = tmp_path / "map.toml"
    columns = (
        '[columns]\n"Verkäufer" = "user"\nKunde = "company"\nPhase = "stage"\n'
        'Angelegt = "created"\nAbschluss = "closed"\n'
    )
    mapping.write_text('dates = "day first"\n' + columns, encoding="utf-8")
    refused = basecoach("history", sheet, "--map", str(mapping), "--yes")
    assert refused.exit_code == 1
    assert "line 3: stage: “Erstgespräch” is no stage that Basecoach knows" in refused.output
    assert logged(database_url) == 0
    mapping.write_text(
        'dates = "day first"\n' + columns + '[stages]\n"Erstgespräch" = "1st"\n', encoding="utf-8"
    )
    done = basecoach("history", sheet, "--map", str(mapping), "--yes")
    assert done.exit_code == 0, done.output
    assert "Ignored columns: “Notiz”." in done.output
    assert "Priya Nair: Delta, 2026-04-07, home, $12,500" in done.output
    assert ratios(database_url) == [(2, 3), (1, 2), (1, 1), (1, 1)]


@pytest.mark.usefixtures("with_a_rep")
def test_people_whom_the_database_does_not_know_are_looked_for_in_slack(
    basecoach: Basecoach, csv: Csv, database_url: str
) -> None:
    file = csv(
        "Owner,Company,Date\npriya@example.com,Acme,2026-03-02\nwho@example.com,Acme,2026-03-02\n"
    )
    refused = basecoach("history", file, "--yes", SLACK_BOT_TOKEN=None)
    assert "so Slack is not asked who these people are" in refused.output
    assert "line 2: user: nobody here is known as “priya@example.com”" in refused.output
    skipped = basecoach("history", file, "--yes", "--skip-bad")
    assert skipped.exit_code == 0, skipped.output
    assert "line 3: user: nobody here is known as “who@example.com”" in skipped.output
    assert "give their Slack id in a mapping file" in skipped.output
    assert logged(database_url) == 1


@pytest.mark.usefixtures("with_a_rep")
def test_a_terminal_is_asked_once_and_the_answers_are_written_down(
    environment: dict[str, str], csv: Csv, database_url: str, tmp_path: Path
) -> None:
    sheet = csv("Boss,Company,Date,Notes\nPriya Nair,Acme,03/04/2026,x\n")
    said = at_a_terminal(
        ["history", sheet, "--map", "new.toml", "--yes"],
        environment,
        tmp_path,
        "1\nday",
        asked="Its number",
    )
    assert "Which comes first in dates like “03/04/2026”" in said
    assert "Priya Nair: Acme, 2026-04-03" in said
    assert logged(database_url) == 1
    assert '"Boss" = "user"' in (tmp_path / "new.toml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("with_a_rep")
def test_a_history_file_may_name_people_and_have_columns_of_its_own(
    basecoach: Basecoach, csv: Csv, database_url: str
) -> None:
    text = "user,date,company,base\npriya nair,13.3.2026,Acme,1st\n"
    done = basecoach("history", csv(text), "--yes")
    assert done.exit_code == 0, done.output
    with_notes = "user,date,company,base,notes\nU0PRIYA,2026-03-13,Acme,1st,x\n"
    same = basecoach("history", csv(with_notes), "--yes")
    assert "Ignored columns: “notes”." in same.output
    assert "There is nothing to change." in same.output
    assert logged(database_url) == 1
