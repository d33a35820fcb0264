"""`basecoach export` and `basecoach delete`, on a database in the middle of a Monday."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.database import Database
from bot.domain.tables import Member
from tests.domain.privacy.desk import MARK, PrivacyDesk, in_tables


@pytest.fixture
def desk(new_sqlite: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivacyDesk]:
    """Half a Monday in a database that the commands find by its setting."""
    url = new_sqlite()
    monkeypatch.setenv("DATABASE_URL", url)
    desk = PrivacyDesk(Database(url))
    desk.half_a_monday()
    yield desk
    desk.database.close()


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_a_member_is_printed_as_json(desk: PrivacyDesk) -> None:
    result = run("export", "member", "U1")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["opportunity"][0]["company"] == MARK


def test_a_folder_gets_files_that_only_their_owner_reads(desk: PrivacyDesk, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "priya"
    before = os.umask(0)
    try:
        result = run("export", "member", "U1", "--to", str(folder))
    finally:
        os.umask(before)
    assert result.exit_code == 0, result.output
    files = sorted(folder.iterdir())
    assert "record.json" in {file.name for file in files}
    assert f"{len(files)} files are in {folder}." in result.output
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    again = run("export", "member", "U1", "--to", str(folder))
    assert again.exit_code == 1
    assert "exists already. Name another folder with --to." in again.output


def test_a_team_has_its_weeks_and_a_folder_for_each_rep(desk: PrivacyDesk, tmp_path: Path) -> None:
    result = run("export", "team", "harbor", "--to", str(tmp_path / "harbor"))
    assert result.exit_code == 0, result.output
    names = {
        str(path.relative_to(tmp_path / "harbor")) for path in (tmp_path / "harbor").rglob("*.*")
    }
    assert {"weeks.csv", "team.json", "U1/record.json", "U2/record.json"} <= names
    printed = json.loads(run("export", "team", "harbor").output)
    assert [rep["slack_user_id"] for rep in printed["reps"]] == ["U2", "U1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "member", "U9"), "Nothing is stored about U9."),
        (("export", "team", "Pier"), "There is no team “Pier”. The teams are: Harbor, Quay."),
        (("delete", "member", "U9"), "Nothing is stored about U9."),
        (("delete", "member", "UC"), "Dana coaches Harbor: have an admin choose another coach"),
    ],
)
def test_what_is_not_there_is_said(desk: PrivacyDesk, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert said in result.output


def test_without_an_answer_there_is_only_a_preview(desk: PrivacyDesk) -> None:
    result = run("delete", "member", "U1")
    assert result.exit_code == 2
    assert f"{MARK} Nair (U1)" in result.output
    assert "      2  check_in " in result.output
    assert "This was a preview and nothing was deleted. Add --yes to delete." in result.output
    assert desk.member("U1").name == f"{MARK} Nair"


def test_yes_deletes_and_leaves_no_trace_in_the_files(desk: PrivacyDesk) -> None:
    result = run("delete", "member", "U1", "--yes")
    assert result.exit_code == 0, result.output
    assert "messages, files and Homes go from Slack" in result.output
    assert desk.rows(Member, slack_user_id="U1") == []
    assert desk.database.read_now(in_tables, MARK) == []
    path = desk.database.url.database or ""
    desk.database.close()
    for file in (path, f"{path}-wal"):
        assert not Path(file).exists() or MARK.encode() not in Path(file).read_bytes()
