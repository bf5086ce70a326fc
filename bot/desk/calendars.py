"""`/calendar`: a private link to one's own duties, or to a whole rota, for the calendar on one's phone."""

from datetime import timedelta

from bot.core.invitation import link_token
from bot.desk.edits import settle_previews
from bot.desk.team import new_token
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import calendars, people
from bot.store.tables import QuestionRow

# Words that end all of one's links.
OFF = frozenset({"off", "stop", "basta", "niente"})
ANSWER_WITHIN = timedelta(minutes=30)


def calendar(visit: Visit, text: str) -> None:
    """`/calendar [ROTA|off]`: a link; asked first when it would end one that works."""
    wanted = " ".join(text.split())
    if wanted.casefold() in OFF:
        _off(visit)
        return
    rota = visit.rota(wanted) if wanted else ""
    _reachable(visit)
    if any(row.rota == rota for row in calendars.live(visit.session, visit.who)):
        settle_previews(visit)
        visit.ask("calendar", visit.who, lasts=ANSWER_WITHIN, rota=rota)
    else:
        _new_link(visit, rota)


def answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    """A new link in the place of the one there was, or not."""
    if not yes:
        visit.done("not_changed")
        return
    _reachable(visit)
    rota = str(question.facts.get("rota", ""))
    if rota and rota not in visit.plan.rotas:
        raise Refused("moved_on", ticket=None)
    _new_link(visit, rota)


def _new_link(visit: Visit, rota: str) -> None:
    # As with an invitation: the link stands in one message, and the store never holds what it could be made of again.
    nonce = new_token()
    token = link_token(visit.options.link_key, nonce, "calendar")
    calendars.issue(visit.session, visit.who, rota, visit.words.language, token, visit.now)
    people.log(visit.session, visit.now, visit.who, "calendar link", detail=rota)
    visit.say("calendar", nonce=nonce, rota=rota)


def _off(visit: Visit) -> None:
    count = calendars.revoke(visit.session, visit.who, visit.now)
    if not count:
        raise Refused("no_calendar")
    people.log(visit.session, visit.now, visit.who, "calendar off")
    visit.done("calendar_off", count=count)


def _reachable(visit: Visit) -> None:
    if not visit.options.public_url:
        raise Refused("no_public_url")
