"""Who is who and who is on: enrolment, locks, people, language, the duty that is confirmed."""

import secrets
from datetime import timedelta

from sqlmodel import col, select

from bot.core.invitation import link_token
from bot.core.ticket import State
from bot.desk.moves import back_to_ladder
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.paging import pass_over
from bot.store import outbox, people
from bot.store.tables import DutyRow, OutboxRow, PersonRow, QuestionRow, TicketRow
from bot.wording.words import LANGUAGES

# DESIGN.md, "Enrolment": a lead's link is good for 24 hours, the server's for 15 minutes.
LEAD_LINK = timedelta(hours=24)
SERVER_LINK = timedelta(minutes=15)
# So many of a person's newest messages about duties are looked through for those of the one that is confirmed.
DUTY_MESSAGES = 30


def new_token() -> str:
    """A one-use enrolment token of the server: 192 random bits, fit for a t.me link (A–Z a–z 0–9 _ -, at most 64)."""
    return secrets.token_urlsafe(24)


def language(visit: Visit, wanted: str) -> None:
    short = wanted.strip().lower()[:2]
    if short not in LANGUAGES:
        raise Refused("bad_language", known=", ".join(LANGUAGES))
    visit.person.language = short
    visit.session.add(visit.person)
    visit.done("language_set")


def enroll(visit: Visit, name: str) -> None:
    """A lead invites a person: a link for 24 hours; the phone that uses it must be confirmed by a lead."""
    visit.lead_only()
    person = visit.member(name)
    if person == visit.who and not (visit.plan.leads - {person}) & set(people.reachable(visit.session)):
        # Their new phone would wait for a Yes that nobody can give.
        raise Refused("not_invited_alone", person=person)
    # The link stands in one silent message to the lead; the store never holds it: the token is made of this nonce and
    # the process's key when the message leaves.
    nonce = new_token()
    token = link_token(visit.options.link_key, nonce)
    people.invite(visit.session, person, token, visit.who, visit.now, LEAD_LINK)
    visit.say("invitation", person_name=person, nonce=nonce)
    visit.tell_leads("invited", person=person, by=visit.who)


def phone_asks(visit: Visit, user_id: int, by: str) -> None:
    """A phone used a lead's link: it waits for a lead's Yes, and what was tied before stays tied until then."""
    # Said to the chat: until a lead confirms it, the phone belongs to nobody, and nothing else goes there.
    outbox.say(
        visit.session,
        visit.now,
        f"wait:{visit.update_id}",
        "notice",
        chat_id=user_id,
        facts={"what": "wait_for_confirmation", "language": visit.words.language},
    )
    for lead in sorted(visit.plan.leads):
        if lead != visit.who:
            visit.ask("phone", lead, lasts=None, silent=False, person=visit.who, by=by, user_id=user_id)


def started(visit: Visit) -> None:
    """A phone was just tied to a person: greet it."""
    _settle_phones(visit, visit.who)
    welcome(visit)
    visit.tell_leads("enrolled", person=visit.who)


def welcome(visit: Visit) -> None:
    """The first words on an enrolled phone, and what it missed: its duty, and alarms that reached nobody."""
    visit.say("help", first=True)
    resume(visit)


def resume(visit: Visit) -> None:
    """A phone can be reached (again): its running duties are told, and what reached nobody rings now."""
    for duty in visit.session.exec(
        select(DutyRow).where(DutyRow.person == visit.who, col(DutyRow.ended_at).is_(None))
    ).all():
        if duty.confirmed_at is None:
            visit.say("duty", duty=duty.id, rota=duty.rota)
    for row in visit.session.exec(
        select(TicketRow).where(TicketRow.state == State.PAGING.value, col(TicketRow.paged_at).is_(None))
    ).all():
        row.step, row.next_step_at = 0, visit.now
        visit.session.add(row)
    visit.ring()


def phone_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    """A lead says whether the phone that used their link is the right one."""
    visit.lead_only()
    person, user_id = str(question.facts.get("person", "")), int(question.facts.get("user_id", 0))
    known = people.get(visit.session, person)
    # Locked after the phone asked: the lock is meant for it, too.
    locked = known is not None and known.locked_at is not None and known.locked_at >= question.asked_at
    if not user_id or person not in visit.plan.people or (yes and locked):
        raise Refused("moved_on", ticket=None)
    _settle_phones(visit, person, only=0 if yes else user_id, but=question)
    if not yes:
        people.log(visit.session, visit.now, visit.who, "refuse phone", detail=person)
        visit.done("phone_refused", person=person)
        return
    row = people.link(visit.session, person, user_id, visit.now, confirmed=True)
    people.log(visit.session, visit.now, visit.who, "confirm phone", detail=person)
    visit.session.flush()
    theirs = Visit(
        visit.session,
        visit.now,
        visit.plan,
        visit.options,
        row,
        visit.update_id,
        typed=True,
        rota_number=visit.rota_number,
    )
    theirs._answers = 50  # their answers' keys must not meet the lead's
    welcome(theirs)
    visit.done("phone_confirmed", person=person)


def _settle_phones(visit: Visit, person: str, *, only: int = 0, but: QuestionRow | None = None) -> None:
    """Further questions about this person's phones need no answer any more. only: those about one Telegram user."""
    open_ones = visit.session.exec(
        select(QuestionRow).where(QuestionRow.kind == "phone", QuestionRow.answer == "")
    ).all()
    for other in open_ones:
        if other is not but and other.facts.get("person") == person and only in (0, other.facts.get("user_id")):
            other.answer, other.answered_at = "replaced", visit.now
            visit.session.add(other)
            outbox.question_changed(visit.session, other.id or 0)


def lock(visit: Visit, name: str) -> None:
    """Cut a phone off at once; its tickets go back on the ladder."""
    visit.lead_only()
    person = visit.member(name)
    if person == visit.who:
        raise Refused("not_yourself")
    people.lock(visit.session, person, visit.who, visit.now)
    count = back_to_ladder(visit, person)
    visit.done("locked", person=person, count=count)
    visit.tell_leads("locked_by", person=person, by=visit.who)
    visit.ring()


def confirm_duty(visit: Visit, duty_id: int) -> None:
    """[I am on duty]: proof of attention is a press."""
    row = visit.session.get(DutyRow, duty_id)
    if row is None or row.person != visit.who:
        raise Refused("not_your_duty")
    if row.ended_at is not None:
        raise Refused("duty_over")
    row.confirmed_at = row.confirmed_at or visit.now
    visit.session.add(row)
    people.log(visit.session, visit.now, visit.who, "duty confirmed", detail=str(duty_id))
    mine = select(OutboxRow).where(OutboxRow.kind == "duty", OutboxRow.person == visit.who)
    for message in visit.session.exec(mine.order_by(col(OutboxRow.id).desc()).limit(DUTY_MESSAGES)).all():
        if message.facts.get("duty") == duty_id:
            outbox.row_changed(visit.session, message)
    visit.done("duty_confirmed")


def reachable_again(visit: Visit, reachable: bool) -> None:
    """A person blocked the bot, or took it back: the ladder must know at once."""
    row: PersonRow = visit.person
    if reachable:
        row.unreachable_since = None
        visit.session.add(row)
        visit.session.flush()
        resume(visit)
        return
    row.unreachable_since = row.unreachable_since or visit.now
    visit.session.add(row)
    people.log(visit.session, visit.now, visit.who, "unreachable")
    visit.tell_leads("unreachable", rings=True, person=visit.who)
    pass_over(visit.session, visit.who, visit.now)
    visit.ring()
