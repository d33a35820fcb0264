"""The keys that make a repeated request harmless: each person's are their own."""

from __future__ import annotations


def own_key(member_id: int, request_key: str) -> str:
    """Return the key under which a request of this member is stored, unlike that of anybody else.

    Slack makes the keys, but a button or a form carries some of them, so anybody may send one a second time.
    """
    return f"{member_id}:{request_key}"
