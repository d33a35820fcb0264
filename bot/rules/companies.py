"""Company names: what is taken as one, which are the same, which are suspiciously alike."""

from __future__ import annotations

from collections.abc import Iterable

MAX_LENGTH = 80


class CompanyProblem(ValueError):
    """``str()`` is one sentence that says what to type instead."""


def plain_text(text: str) -> str:
    """What the person typed, before Slack escaped it; a link becomes its label."""
    raise NotImplementedError


def clean_name(text: str) -> str:
    """A name fit to store, or ``CompanyProblem``. Cleaning a clean name changes nothing.

    Whitespace is collapsed, invisible characters are dropped, Slack's escapes undone.
    """
    raise NotImplementedError


def key(name: str) -> str:
    """Equal for names that differ in case, width, spacing or a closing dot only."""
    raise NotImplementedError


def near_misses(name: str, known: Iterable[str]) -> list[str]:
    """Up to three of ``known`` that may be the same company as ``name``, best first.

    Those with the same ``key`` are not near misses: they are the company.
    """
    raise NotImplementedError
