"""User objects: how the Web API and events show a person to an app."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.records import APP_ID, BOT_USER_ID, TEAM_ID, Json, User


def user_object(
    user: User, *, now: datetime, include_locale: bool = False, include_email: bool = False
) -> Json:
    """Return the user object of users.info. A deactivated person has only a part of its fields.

    An app with the scope users:read.email sees people's addresses as well.
    """
    shown: Json = {
        "id": user.id,
        "team_id": TEAM_ID,
        "name": user.name,
        "deleted": user.deleted,
        "profile": {
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "title": user.title,
            "team": TEAM_ID,
        },
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(now.timestamp()),
    }
    if include_email and not user.is_bot:
        shown["profile"]["email"] = f"{user.name}@example.com"
    if user.is_bot and user.id == BOT_USER_ID:
        shown["profile"]["api_app_id"] = APP_ID
    if user.deleted:
        return shown
    shown |= {
        "real_name": user.real_name,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_email_confirmed": not user.is_bot,
    }
    if user.tz is not None:
        shown |= _zone_fields(user.tz, now)
    if include_locale:
        shown["locale"] = user.locale
    return shown


def _zone_fields(tz: str, now: datetime) -> Json:
    """Return tz with its label and its offset at this moment. An unknown zone has only its name."""
    shown: Json = {"tz": tz}
    try:
        local = now.astimezone(ZoneInfo(tz))
    except (ZoneInfoNotFoundError, ValueError):
        return shown
    offset = local.utcoffset()
    shown["tz_label"] = local.tzname() or tz
    shown["tz_offset"] = int(offset.total_seconds()) if offset else 0
    return shown
