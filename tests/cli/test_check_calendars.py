"""Whether the links of /calendar lead anywhere, as `reperibile check` sees it."""

import asyncio

from command_line import CommandLine

from bot.checking.calendars import calendar_check
from bot.sandbox.faults import Fault
from bot.settings import load
from bot.web.calendar import NO_SUCH


def test_calendar_links_are_tried_by_the_address_that_phones_use(ready: CommandLine) -> None:
    """Never an error: phones may reach what this machine cannot."""
    assert calendars(ready, PUBLIC_URL="") == ("PUBLIC_URL is empty: /calendar gives no links", False)
    what, hint = calendars(ready, PUBLIC_URL=ready.address)
    assert ("HTTP_PORT=0" in what, hint) == (True, True)
    what, hint = calendars(ready, PUBLIC_URL=ready.address, HTTP_PORT="8081")
    assert ("(404, by somebody else)" in what, hint) == (True, True)
    what, hint = calendars(ready, PUBLIC_URL="http://127.0.0.1:9", HTTP_PORT="8081")
    assert ("refused" in what, hint) == (True, True)
    ours = {"content-type": "text/plain"}
    ready.stage.add_faults(Fault("GET /calendar/*", times=None, status=404, headers=ours, body=NO_SUCH))
    what, hint = calendars(ready, PUBLIC_URL=ready.address, HTTP_PORT="8081")
    assert ("leads to our service" in what, hint) == (True, False)


def calendars(ready: CommandLine, **settings: str) -> tuple[str, bool]:
    """What is said about them with these settings, and whether something is to be done."""
    loaded = load(None, {"DATABASE_URL": "sqlite:///none.db", "HTTP_PORT": "0", **settings})
    found = asyncio.run(calendar_check(loaded))
    assert (found.name, found.ok) == ("calendars", True)
    return found.what, bool(found.cure)
