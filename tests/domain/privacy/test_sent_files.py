"""Files are registered before they are sent, and only while everybody in them is there."""

from __future__ import annotations

import pytest

from bot.domain.privacy import erasure, sent_files
from bot.domain.refusals import Refusal
from bot.domain.tables import SentFile
from tests.domain.mondays import MONDAY
from tests.domain.privacy.desk import PrivacyDesk


def register(desk: PrivacyDesk, about: list[int], *files: str) -> None:
    desk.write(
        sent_files.register,
        caller=desk.caller("UC"),
        about=about,
        slack_file_ids=files,
        now=MONDAY,
    )


def test_each_file_is_noted_for_everybody_in_it_and_for_its_reader(desk: PrivacyDesk) -> None:
    ids = {user: desk.member(user).id for user in ("U1", "UC")}
    register(desk, [ids["U1"]], "F1", "F2")
    assert {(one.slack_file_id, one.member_id) for one in desk.rows(SentFile)} == {
        (file, member_id) for file in ("F1", "F2") for member_id in ids.values()
    }


def test_a_file_about_somebody_who_was_deleted_is_refused(desk: PrivacyDesk) -> None:
    about = [desk.member("U1").id, desk.member("U2").id]
    desk.write(erasure.erase, slack_user_id="U1", now=MONDAY)
    with pytest.raises(Refusal, match="deleted a moment ago"):
        register(desk, about, "F1")
    assert desk.rows(SentFile) == []
