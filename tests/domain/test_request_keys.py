"""A request's key is good for the person who sent it, and for nobody else."""

from __future__ import annotations

from bot.domain.request_keys import own_key


def test_a_key_is_stored_as_its_persons_own() -> None:
    assert own_key(7, "view-1") == own_key(7, "view-1")
    assert len({own_key(7, "view-1"), own_key(8, "view-1"), own_key(7, "view-2")}) == 3
    assert own_key(1, "2:x") != own_key(12, "x")
