"""Do the links of `/calendar` lead anywhere? Asked by the address that phones use, as far as this machine can."""

import asyncio
import http.client
import urllib.error
import urllib.request

from bot.checking.check import ANSWERS_WITHIN_S, Check, in_time
from bot.settings import Settings

NAME = "calendars"
ASKED = "/calendar/check.ics"
"""Opens nothing: what answers is our own 404, word for word."""
_READ_MAX = 1000


async def calendar_check(settings: Settings) -> Check:
    """A hint and never an error: phones may reach what this machine cannot, and the night goes on without calendars."""
    if not settings.public_url:
        return Check(NAME, True, "PUBLIC_URL is empty: /calendar gives no links")
    if settings.http_port == 0:
        what = "HTTP_PORT=0: PUBLIC_URL leads nowhere, and /calendar gives no links"
        return Check(NAME, True, what, "Set HTTP_PORT, or empty PUBLIC_URL.")
    found = await in_time(NAME, asyncio.to_thread(_why_not, settings.public_url), 2 * ANSWERS_WITHIN_S)
    why = found.what if isinstance(found, Check) else found
    where = settings.public_url + "/calendar/"
    if not why:
        return Check(NAME, True, f"{where} leads to our service")
    cure = (
        f"While the service runs, let a web server pass on {where} to HTTP_HOST:HTTP_PORT (docs/operator.md). "
        "If a phone opens it, all is well: this machine itself may have no way there."
    )
    return Check(NAME, True, f"{where} does not lead to our service from here ({why})", cure)


def _why_not(public_url: str) -> str:
    """What came instead of our own answer; "" when it came."""
    from bot.web.calendar import NO_SUCH

    # Without a proxy of the environment: phones have none.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(public_url + ASKED, timeout=ANSWERS_WITHIN_S) as answer:
            return f"{answer.status}, by somebody else"
    except urllib.error.HTTPError as refused:
        with refused:
            ours = refused.code == 404 and refused.read(_READ_MAX).decode(errors="replace") == NO_SUCH
        return "" if ours else f"{refused.code}, by somebody else"
    except (OSError, ValueError, http.client.HTTPException) as problem:
        reason = getattr(problem, "reason", problem)
        return getattr(reason, "strerror", None) or str(reason) or type(problem).__name__
