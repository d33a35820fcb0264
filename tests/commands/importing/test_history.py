"""`basecoach import history`, as an operator types it."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.commands.importing.command import (
    HISTORY,
    ON_BOTH,
    Basecoach,
    logged,
)

# History


@ON_BOTH
@pytest.mark.usefixtures("with_a_rep")
def test_a_history_is_looked_at_imported_and_not_imported_twice(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    text = HISTORY + (
        "U0PRIYA,2026-03-02,Acme,1st,,,not asked\n"
        'U0PRIYA,2026-04-01,Acme,home,won,"12,500",inoffensive\n'
        "U0PRIYA,2026-04-02,Acme Inc,,lost,,\n"
    )
    looked = basecoach("history", csv(text))
    assert looked.exit_code == 2
    for words in (
        "    2  + new       Priya Nair: Acme, 2026-03-02, 1st, not asked\n",
        "    3  + new       Priya Nair: Acme, 2026-04-01, home, $12,500, Inoffensive Close\n",
        "line 4: company: “Acme Inc” may be the same as “Acme”, and is taken as another one.",
        "In all: 3 conversations: 3 new, 0 changed, 0 the same.\n",
        "This was a preview and nothing was imported. Add --yes to import.",
    ):
        assert words in looked.output
    assert logged(database_url) == 0

    done = basecoach("history", csv(text), "--yes")
    assert done.exit_code == 0, done.output
    assert "Imported: 3 conversations: 3 new, 0 changed, 0 the same." in done.output
    assert logged(database_url) == 3

    again = basecoach("history", csv(text + "U0PRIYA,2026-04-03,Delta,1st,,,\n"), "--yes")
    assert "Imported: 4 conversations: 1 new, 0 changed, 3 the same." in again.output
    again = basecoach("history", csv(text), "--yes")
    assert (again.exit_code, "There is nothing to change." in again.output) == (0, True)
    assert logged(database_url) == 4


@pytest.mark.usefixtures("with_a_rep")
def test_a_history_may_come_through_a_pipe(basecoach: Basecoach, database_url: str) -> None:
    """A pipe can be read once, as with `basecoach import history <(zcat past.csv.gz)`."""
    reading, writing = os.pipe()
    os.write(writing, (HISTORY + "U0PRIYA,2026-03-02,Acme,1st,,,\n").encode())
    os.close(writing)
    try:
        done = basecoach("history", f"/dev/fd/{reading}", "--yes")
    finally:
        os.close(reading)
    assert done.exit_code == 0, done.output
    assert logged(database_url) == 1


@pytest.mark.usefixtures("with_a_rep")
def test_bad_lines_of_a_history_are_all_named(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    text = HISTORY + (
        "U0PRIYA,2026-03-02,Acme,1st,,,\n"
        "U0SAM,2026-03-02,Acme,1st,,,\n"
        "U0PRIYA,2999-01-01,Acme,1st,,100,\n"
    )
    refused = basecoach("history", csv(text), "--yes")
    assert refused.exit_code == 1
    assert "line 3: user: Basecoach knows nobody here as U0SAM: import the members first." in (
        refused.output
    )
    assert "line 4: date: 2999-01-01 is still to come" in refused.output
    assert "3 conversations: 1 new, 0 changed, 0 the same, 2 rejected" in refused.output
    assert logged(database_url) == 0
    skipped = basecoach("history", csv(text), "--yes", "--skip-bad")
    assert skipped.exit_code == 0, skipped.output
    assert logged(database_url) == 1


@pytest.mark.usefixtures("with_a_rep")
def test_a_history_needs_no_slack_and_shows_how_far_it_is(
    basecoach: Basecoach, csv: Callable[[str], str], database_url: str
) -> None:
    lines = "".join(f"U0PRIYA,2026-03-02,Company {number},1st,,,\n" for number in range(60))
    for settings in (
        {"SLACK_API_URL": "http://127.0.0.1:1/api/"},  # nobody answers there
        {"SLACK_BOT_TOKEN": None},
    ):
        done = basecoach("history", csv(HISTORY + lines), "--yes", **settings)
        assert done.exit_code == 0, done.output
        assert "Slack" not in done.output
        assert "Checking conversations" in done.stderr
    assert "… and 20 more lines" in done.output
    assert logged(database_url) == 60
    wrong = basecoach("history", csv("user,date\nU0PRIYA,2026-03-02\n"))
    assert "The column company is missing." in wrong.output
    assert "user,date,company,base,outcome,amount,close" in wrong.output


def test_a_history_before_anything_else_says_what_to_do(
    basecoach: Basecoach, csv: Callable[[str], str]
) -> None:
    file = csv(HISTORY + "U0PRIYA,2026-03-02,Acme,1st,,,\n")
    refused = basecoach("history", file, SLACK_BOT_TOKEN=None)
    assert (refused.exit_code, "The database knows no workspace yet" in refused.output) == (1, True)
    refused = basecoach("history", file)
    assert refused.exit_code == 1
    assert "line 2: user: Basecoach knows nobody here as U0PRIYA: import the members first." in (
        refused.output
    )
