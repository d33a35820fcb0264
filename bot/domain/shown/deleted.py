"""How a person who was deleted is named where others' rows named them."""

from __future__ import annotations

DELETED_ID = "deleted"
"""Stands in the place of a Slack user id. No id of Slack's looks like it."""

DELETED_NAME = "a deleted member"
