"""How many posts X says were read today by our app: the one question that is asked as the app, not as an account.

The bearer token for it is asked for with the app's keys and forgotten at once. Source: docs.x.com, "Usage" and
"App-only", checked 2026-11; the two places where they show the shape differ, so both are read.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import aiohttp

from bot.errors import DoorError
from bot.x.errors import Answer, from_answer, from_failure, unreadable


async def posts_read_on(base_url: str, consumer_key: str, consumer_secret: str, day: date, timeout_s: float) -> int:
    """Posts that the app's project read on a UTC day, today or a few days ago. Raises: Temporary, Permanent."""
    error: DoorError | None
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s)) as session:
            app = aiohttp.BasicAuth(consumer_key, consumer_secret)
            form = {"grant_type": "client_credentials"}
            answer = await _asked(session.post(f"{base_url}/oauth2/token", data=form, auth=app, allow_redirects=False))
            error = from_answer(answer, writing=False)
            if error is None:
                bearer = {"Authorization": f"Bearer {_object(answer).get('access_token')}"}
                wish = {"days": "2", "usage.fields": "daily_project_usage"}
                url = f"{base_url}/2/usage/tweets"
                answer = await _asked(session.get(url, params=wish, headers=bearer, allow_redirects=False))
                error = from_answer(answer, writing=False)
            if error is None:
                return _on(_object(answer), day)
    except (aiohttp.ClientError, TimeoutError, OSError) as failure:
        error = from_failure(failure, writing=False)
    except (ValueError, TypeError, AttributeError, KeyError):
        error = unreadable("the usage", writing=False)
    # Raised outside `except`, so that it carries no headers of ours.
    raise error


async def _asked(call: Any) -> Answer:
    async with call as response:
        return Answer(response.status, {}, await response.read())


def _object(answer: Answer) -> Mapping[str, Any]:
    body = answer.json()
    if not isinstance(body, dict):
        raise TypeError("not an object")
    return body


def _on(body: Mapping[str, Any], day: date) -> int:
    """The sum of what stands there for this day; 0 when it is not among those told."""
    told = body["data"].get("daily_project_usage") or {}
    rows = told.get("usage", []) if isinstance(told, dict) else told
    return sum(_count(row) for row in rows if str(row.get("date", ""))[:10] == day.isoformat())


def _count(row: Mapping[str, Any]) -> int:
    used = row.get("usage", 0)
    if isinstance(used, list):
        return sum(int(each.get("tweets_consumed", 0)) for each in used)
    return int(used)
