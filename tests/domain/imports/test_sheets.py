"""What is understood at the beginning of a file, and which lines there are."""

from __future__ import annotations

import pytest

from bot.domain.imports.sheets import read_sheet


@pytest.mark.parametrize(
    ("data", "header", "lines"),
    [
        (b"sep=;\nA;B\n1;2\n", ("A", "B"), [(3, ("1", "2"))]),
        (b'"sep=,"\r\nA,B\r\n1,2\r\n', ("A", "B"), [(3, ("1", "2"))]),
        (b"sep=\t\nA\tB\n1\t2\n", ("A", "B"), [(3, ("1", "2"))]),
        (b"\xef\xbb\xbfsep=|\nA|B\n1|2\n", ("A", "B"), [(3, ("1", "2"))]),
        (b"A\tB, C\tD\n1\t2\t3\n", ("A", "B, C", "D"), [(2, ("1", "2", "3"))]),
        (
            b"A;B;;\n1;2;;\n\n;;;\n3;4;;\n",
            ("A", "B"),
            [(2, ("1", "2", "", "")), (5, ("3", "4", "", ""))],
        ),
        (b'sep=,\nA,B\n"1\n1",2\n3,4\n', ("A", "B"), [(3, ("1\n1", "2")), (5, ("3", "4"))]),
    ],
)
def test_separators_and_empty_columns_at_the_end(
    data: bytes, header: tuple[str, ...], lines: list[tuple[int, tuple[str, ...]]]
) -> None:
    sheet = read_sheet(data, lambda name: False, lambda header: None)
    assert sheet.header == header
    assert list(sheet.rows) == lines
