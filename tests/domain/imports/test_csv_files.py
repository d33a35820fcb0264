"""Reading a file as spreadsheets write it."""

from __future__ import annotations

import pytest

from bot.domain.imports.csv_files import read_table
from bot.domain.imports.importing import MEMBER_COLUMNS
from bot.domain.imports.sheets import MOST_ROWS
from bot.domain.refusals import FileProblem


@pytest.mark.parametrize(
    "data",
    [
        b"user,team\nU0PRIYA,Harbor\n",
        b"\xef\xbb\xbfuser,team\r\nU0PRIYA,Harbor\r\n",
        b"user;team\nU0PRIYA;Harbor\n",
        b"user\tteam\rU0PRIYA\tHarbor",
        b'\n\n"User","TEAM"\n\n"U0PRIYA"," Harbor "\n , \n',
        b"Team,Enrolled on,User\nHarbor,,U0PRIYA\n",
    ],
    ids=["plain", "bom and crlf", "semicolons", "tabs and cr", "quoted", "other order"],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    table = read_table(data, MEMBER_COLUMNS)
    assert table.problems == ()
    [row] = table.rows
    assert (row["user"], row["team"], row["sales"]) == ("U0PRIYA", "Harbor", "")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    data = b'user,team\n\nU1,"Two\nlines"\nU2,Harbor\n'
    assert [row.line for row in read_table(data, MEMBER_COLUMNS).rows] == [3, 5]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "The file is empty"),
        ("user,team\nU1,Harbor\n".encode("utf-16"), "UTF-16"),
        ("user,team\nU1,Harbor\n".encode("utf-16-le"), "UTF-16"),
        (b"user,team\nU1,Harb\x00or and the rest\n" + b"x" * 50, "is not text"),
        ("user,team\nU1,Zürich\n".encode("latin-1"), "Line 2 of the file is not UTF-8"),
        (b"user\nU1\n", "The column team is missing"),
        (
            b"user,,team,colour,\nU1,,Harbor,red,\n",
            "There is no column without a name and “colour”",
        ),
        (b"user,team,user\nU1,Harbor,U1\n", "The column user is there twice"),
        (b"U0PRIYA,Harbor\n", "The column user and team is missing"),
        (b'user,team\nU1,"Harbor\nU2,North\n', "quotation mark that is not closed"),
        (b"user,team\n" + b"U1,Harbor\n" * (MOST_ROWS + 1), "more than 10,000 lines"),
        (b"user,team\n" + b" " * 10_000_001, "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(FileProblem, match=words):
        read_table(data, MEMBER_COLUMNS)


def test_a_line_with_too_many_cells_is_rejected_and_short_ones_are_filled_up() -> None:
    table = read_table(
        b"user,team,timezone\nU1,Harbor, Ltd,UTC\nU2,Harbor\nU3," + b"x" * 501, MEMBER_COLUMNS
    )
    assert [row["user"] for row in table.rows] == ["U2"]
    assert [problem.line for problem in table.problems] == [2, 4]
    assert "between quotation marks" in table.problems[0].reason
