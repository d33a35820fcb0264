"""`.env`: lines that its readers understand differently are named, and values that one of them has spoilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor.env_file import about_env_file


def said(path: Path | None, **inherited: str) -> list[tuple[str, str]]:
    return [(finding.level, finding.words) for finding in about_env_file(path, inherited)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("export BASECOACH_LOG_LEVEL=debug", "begins with “export”"),
        ("BASECOACH_LOG_LEVEL=debug # for now", "has a comment after the value"),
        ("DATABASE_URL=postgresql://b:pa$ss@host/b", "has a “$” in it"),
        ('DATABASE_URL="postgresql://b:pa$ss@host/b"', "has a “$” in it"),
    ],
)
def test_a_line_that_is_read_differently_is_noted(file: Path, line: str, words: str) -> None:
    file.write_text(f"# a comment\n\n{line}\nSLACK_BOT_TOKEN=xoxb-1\n")
    ((level, sentence),) = said(file)
    assert level == "note"
    assert words in sentence
    assert "ss@host" not in sentence


def test_lines_that_all_read_alike_are_fine(file: Path) -> None:
    file.write_text(
        "# BASECOACH_LOG_LEVEL=debug # for now\n"
        "DATABASE_URL=postgresql://b:pa%24ss@host/b#c\n"
        "BASECOACH_SANDBOX_DATA='a $ and # in single quotes'\n"
        "BASECOACH_ADMIN_USERS=\n"
    )
    assert said(file, DATABASE_URL="postgresql://b:pa%24ss@host/b#c", PS1="'$ # '") == []
    assert said(None) == said(file.parent / "nowhere") == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BASECOACH_SANDBOX_DATA", "data # for now", "a comment, it seems"),
        ("SLACK_SIGNING_SECRET", '"0123456789abcdef"', "has quotation marks around its value"),
        ("export SLACK_BOT_TOKEN", "xoxb-1", "There is a variable named “export SLACK_BOT_TOKEN”"),
    ],
)
def test_a_value_that_a_reader_has_spoilt_is_to_be_mended(
    name: str, value: str, words: str
) -> None:
    ((level, sentence),) = said(None, **{name: value})
    assert level == "mend"
    assert words in sentence
    assert value not in sentence


@pytest.mark.parametrize(
    ("written", "inherited", "cut"),
    [
        ("pa$ss", "pa", True),
        ("pa${ss}word", "paword", True),
        ("postgresql://b:pa$ss@host/b", "postgresql://b:pa@host/b", True),
        ("pa$ss", "pa$ss", False),
        ("pa$ss", "another", False),
    ],
)
def test_a_value_that_lost_what_follows_a_dollar_is_cut(
    file: Path, written: str, inherited: str, cut: bool
) -> None:
    file.write_text(f"DATABASE_URL='{written}'\n")
    found = said(file, DATABASE_URL=inherited)
    assert [level for level, words in found if words.startswith("DATABASE_URL is cut")] == (
        ["mend"] if cut else []
    )


def test_a_file_that_can_not_be_read_is_no_matter_of_these_lines(file: Path) -> None:
    file.write_bytes(b"DATABASE_URL=\xff$x\n")
    assert said(file) == []
