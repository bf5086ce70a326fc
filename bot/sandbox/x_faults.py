"""X's well-known bad days by name, as rules for the faults: what other people's logs show X answering.

Each is a template: which requests and how often may be said when it is put in force.
"""

from dataclasses import replace

from bot.sandbox.faults import Fault
from bot.sandbox.x_refusals import NO_CREDITS, PROBLEMS

_EVERYTHING = "* /2/*"
_POSTING = "POST /2/tweets"
_OVER_CAPACITY = (
    "<!DOCTYPE html><html><head><title>Over capacity</title></head><body>Something is technically wrong.</body></html>"
)
_BLOCKED_PAGE = (
    "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head>"
    "<body>Sorry, you have been blocked</body></html>"
)


def _problem(status: int, title: str, detail: str, kind: str = "about:blank") -> dict[str, object]:
    return {"title": title, "detail": detail, "type": kind, "status": status}


def _old_form(code: int, message: str) -> dict[str, object]:
    return {"errors": [{"code": code, "message": message}]}


_TOO_MANY = _problem(429, "Too Many Requests", "Too Many Requests")

NAMED = {
    "503-html": Fault(_EVERYTHING, status=503, body=_OVER_CAPACITY),
    "503-json": Fault(_EVERYTHING, status=503, body=_problem(503, "Service Unavailable", "Service Unavailable")),
    "503-after-work": Fault(_POSTING, status=503, body=_OVER_CAPACITY, after_work=True),
    "500": Fault(_EVERYTHING, status=500, body=_problem(500, "Internal Server Error", "Something is broken.")),
    "504-empty": Fault(_EVERYTHING, status=504),
    "403-html": Fault(_EVERYTHING, status=403, body=_BLOCKED_PAGE),
    "200-html": Fault(_EVERYTHING, status=200, body="<!DOCTYPE html><html><body>Log in</body></html>"),
    "302": Fault(_EVERYTHING, status=302, headers={"location": "https://x.com/account/access"}),
    "401": Fault(_EVERYTHING, status=401, body=_problem(401, "Unauthorized", "Unauthorized")),
    "402": Fault(
        _EVERYTHING,
        status=402,
        body={
            "title": "CreditsDepleted",
            "detail": NO_CREDITS.format(account="1"),
            "type": PROBLEMS + "credits",
        },
    ),
    "429": Fault(
        _EVERYTHING,
        status=429,
        headers={"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "now+60"},
        body=_TOO_MANY,
    ),
    "429-without-reset": Fault(_EVERYTHING, status=429, body=_TOO_MANY),
    "429-old-form": Fault(_EVERYTHING, status=429, body=_old_form(88, "Rate limit exceeded")),
    "429-day": Fault(
        _POSTING,
        status=429,
        headers={
            "x-rate-limit-limit": "100",
            "x-rate-limit-remaining": "99",
            "x-rate-limit-reset": "now+60",
            "x-user-limit-24hour-limit": "100",
            "x-user-limit-24hour-remaining": "0",
            "x-user-limit-24hour-reset": "now+7200",
        },
        body=_TOO_MANY,
    ),
    "automated": Fault(
        _POSTING,
        status=403,
        body=_old_form(
            226,
            "This request looks like it might be automated. To protect our users from spam and other malicious "
            "activity, we can't complete this action right now. Please try again later.",
        ),
    ),
    "locked": Fault(
        _EVERYTHING,
        status=403,
        body=_old_form(
            326,
            "To protect our users from spam and other malicious activity, this account is temporarily locked. Please "
            "log in to https://twitter.com to unlock your account.",
        ),
    ),
    "suspended": Fault(
        _EVERYTHING,
        status=403,
        body=_old_form(64, "Your account is suspended and is not permitted to access this feature."),
    ),
    "hangs": Fault(_EVERYTHING, delay_s=30),
    "hangs-after-work": Fault(_POSTING, delay_s=30, after_work=True),
    "dropped": Fault(_EVERYTHING, drop="before"),
    "dropped-after-work": Fault(_POSTING, drop="after"),
}
"""The bad days, each good for one request."""


def named(name: str, match: str | None = None, times: int | None = 1) -> Fault:
    """A bad day in force. Raises KeyError for one that nobody has named.

    match: as in Fault, instead of the usual requests of this bad day; times: None for ever.
    """
    template = NAMED[name]
    return replace(template, match=match or template.match, times=times)
