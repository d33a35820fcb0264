"""What an import does with each line, counted and accepted."""

from __future__ import annotations

import pytest

from bot.domain.imports.csv_files import LineProblem
from bot.domain.imports.previews import ImportPreview, Rejected, accepted
from bot.domain.imports.rows import Planned
from bot.domain.people.enrolments import Change

NEW, SAME = Planned(2, "Priya", Change.CREATED), Planned(3, "Sam", Change.UNCHANGED)
BAD = LineProblem(4, "user: It is empty")


def test_lines_are_counted_by_what_changes() -> None:
    plan = ImportPreview((NEW, SAME), ())
    assert (plan.count(Change.CREATED), plan.count(Change.UPDATED)) == (1, 0)
    assert not plan.changes_nothing
    assert ImportPreview((SAME,), ()).changes_nothing


def test_bad_lines_are_accepted_only_when_they_are_to_be_skipped() -> None:
    assert accepted(ImportPreview((NEW,), ()), skip_bad=False).rows == (NEW,)
    bad = ImportPreview((NEW,), (BAD,))
    assert accepted(bad, skip_bad=True) is bad
    with pytest.raises(Rejected) as rejected:
        accepted(bad, skip_bad=False)
    assert rejected.value.plan is bad
