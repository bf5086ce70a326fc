"""The ticket's moves, typed or pressed: claim, release, take over, hand over, snooze, close, judge, escalate."""

from datetime import timedelta

from sqlmodel import select

from bot.core.commands import how_closed, span_of_time
from bot.core.reply import ReplyState, back_to_draft
from bot.core.ticket import Actor, Move, State
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import outbox, people, tickets
from bot.store.rows import put_reply, reply_of
from bot.store.tables import OutboxRow, QuestionRow, TicketRow
from schedules.office import is_open

# How long a receiver has to accept a ticket that is handed over.
ACCEPT_WITHIN = timedelta(minutes=15)


def claim(visit: Visit, number: int | None) -> None:
    row = visit.ticket(number)
    visit.move(row, Move.CLAIM)
    visit.done("claimed", ticket_id=row.id)
    if visit.typed:
        visit.say("card", ticket_id=row.id, mention_id=row.newest_mention_id)


def release(visit: Visit, number: int | None) -> None:
    row = visit.ticket(number)
    before = visit.move(row, Move.RELEASE)
    stop_reply(visit, row, "not_owner")
    visit.tell(before.owner, "released_by", ticket_id=row.id, person=visit.who)
    visit.done("released", ticket_id=row.id)
    visit.ring()


def takeover(visit: Visit, number: int | None) -> None:
    row = visit.ticket(number)
    before = visit.move(row, Move.TAKEOVER)
    stop_reply(visit, row, "not_owner")
    visit.tell(before.owner, "taken_over", ticket_id=row.id, person=visit.who, rings=True)
    visit.done("claimed", ticket_id=row.id)
    if visit.typed:
        visit.say("card", ticket_id=row.id, mention_id=row.newest_mention_id)


def handover(visit: Visit, number: int | None, name: str) -> None:
    """Offer a ticket to somebody; it moves when they accept."""
    row = visit.ticket(number)
    receiver = visit.member(name)
    actor = visit.actor
    if row.owner is None or row.state == State.CLOSED.value:
        raise Refused("cannot", ticket=row.id, state=row.state, move=Move.HANDOVER)
    if row.owner != visit.who and not actor.is_lead:
        raise Refused("not_yours", ticket=row.id, owner=row.owner)
    if receiver == row.owner:
        raise Refused("has_it_already", ticket=row.id, owner=receiver)
    if receiver not in people.reachable(visit.session):
        raise Refused("no_phone", person=receiver)
    visit.ask("handover", receiver, lasts=ACCEPT_WITHIN, ticket_id=row.id, silent=False, ticket=row.id, giver=row.owner)
    touch(visit, row)
    visit.done("offered", ticket_id=row.id, person=receiver)


def handover_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    row = visit.ticket(question.ticket_id)
    giver = str(question.facts.get("giver", ""))
    if not yes:
        visit.tell(giver, "handover_declined", ticket_id=row.id, person=visit.who, rings=True)
        visit.done("declined", ticket_id=row.id)
        return
    if row.owner != giver:
        raise Refused("moved_on", ticket=row.id)
    visit.move(row, Move.HANDOVER, new_owner=visit.who)
    stop_reply(visit, row, "not_owner")
    visit.tell(giver, "handed_over", ticket_id=row.id, person=visit.who)
    visit.done("claimed", ticket_id=row.id)
    visit.say("card", ticket_id=row.id, mention_id=row.newest_mention_id)


def snooze(visit: Visit, number: int | None, span: str) -> None:
    row = visit.ticket(number)
    until = visit.now + span_of_time(span or "30m")
    visit.move(row, Move.SNOOZE, until=until)
    visit.done("snoozed", ticket_id=row.id, until=until.isoformat())


def close(visit: Visit, number: int | None, how: str) -> None:
    row = visit.ticket(number)
    closed_as = how_closed(how)
    live = tickets.live_reply(visit.session, number or 0)
    if live is not None and live.state in (ReplyState.HELD.value, ReplyState.SENDING.value):
        raise Refused("reply_on_its_way", ticket=row.id)
    visit.move(row, Move.CLOSE, closed_as=closed_as)
    if live is not None and live.state == ReplyState.DRAFT.value:
        live.state, live.reason = ReplyState.DROPPED.value, "cancelled"
        visit.session.add(live)
        outbox.reply_changed(visit.session, live.id or 0)
    settle_failed(visit, row, "by_hand" if closed_as == "solved" else "cancelled")
    # Closed or not, whether it stands in public is found out, and a question about it stays open; but nothing more is
    # posted here by itself (delivery/replies.py).
    doubt = ""
    if live is not None and live.state == ReplyState.IN_DOUBT.value:
        doubt = "asked" if live.asked else "looking"
    visit.done("closed", ticket_id=row.id, how=closed_as, doubt=doubt)


def reopen(visit: Visit, number: int | None) -> None:
    row = visit.ticket(number)
    visit.move(row, Move.REOPEN)
    visit.done("claimed", ticket_id=row.id)
    if visit.typed:
        visit.say("card", ticket_id=row.id, mention_id=row.newest_mention_id)


def normal(visit: Visit, number: int | None) -> None:
    row = visit.ticket(number)
    visit.move(row, Move.NORMAL)
    visit.done("made_normal" if row.owner is None else "made_normal_owned", ticket_id=row.id)


def urgent(visit: Visit, number: int | None) -> None:
    row = visit.ticket(number)
    visit.move(row, Move.URGENT)
    # Its owner must hear it; when nobody owns it, the ladder rings.
    visit.tell(row.owner, "urgent_by", ticket_id=row.id, person=visit.who, rings=True)
    visit.done("made_urgent", ticket_id=row.id)
    visit.ring()


def escalate(visit: Visit, number: int | None) -> None:
    row = visit.ticket(number)
    before = visit.move(row, Move.ESCALATE)
    if before.state is State.PAGING:
        row.next_step_at = visit.now
    else:
        # Its owner asks for help: whoever comes after the first step is paged.
        row.step = 1
        stop_reply(visit, row, "not_owner")
    visit.tell(before.owner, "released_by", ticket_id=row.id, person=visit.who)
    visit.session.add(row)
    visit.done("escalated", ticket_id=row.id)
    visit.ring()


def keep(visit: Visit, number: int | None) -> None:
    """[Still on it] and, at the end of a duty, [Keep]: the owner goes on."""
    row = visit.ticket(number)
    if row.owner != visit.who:
        raise Refused("not_yours" if row.owner else "cannot", ticket=row.id, owner=row.owner, move=Move.STILL)
    touch(visit, row)
    _answer_keep(visit, row, "yes")
    outbox.ticket_changed(visit.session, row.id or 0)
    visit.done("kept", ticket_id=row.id)


def pass_on(visit: Visit, question: QuestionRow) -> None:
    """[Pass to Sara] at the end of a duty: the new duty is paged; in office hours it stands in the handover."""
    row = visit.ticket(question.ticket_id)
    if row.owner != visit.who:
        raise Refused("moved_on", ticket=row.id)
    visit.move(row, Move.OFFICE if is_open(visit.plan, visit.now) else Move.RELEASE)
    stop_reply(visit, row, "not_owner")
    visit.done("released", ticket_id=row.id)
    visit.ring()


def note(visit: Visit, number: int | None, text: str) -> None:
    """A remark on a ticket; without words it takes up those that found no place a while ago."""
    row = visit.ticket(number)
    text = text.strip() or visit.kept_words()
    if not text:
        raise Refused("no_words")
    tickets.add_note(visit.session, visit.who, text, visit.now, row.id)
    if row.owner == visit.who:
        touch(visit, row)
    people.log(visit.session, visit.now, visit.who, "note", ticket=row.id)
    visit.done("noted", ticket_id=row.id)


def more(visit: Visit, number: int | None, pressed_on: OutboxRow | None) -> None:
    """More… shows the further buttons on this one copy of the card; pressed again, hides them."""
    row = visit.ticket(number)
    if pressed_on is None or pressed_on.ticket_id != row.id:
        visit.say("card", ticket_id=row.id, mention_id=row.newest_mention_id, more=True)
        return
    pressed_on.facts = {**pressed_on.facts, "more": not pressed_on.facts.get("more")}
    outbox.row_changed(visit.session, pressed_on)


def touch(visit: Visit, row: TicketRow) -> None:
    """The owner did something: they are not asked whether they are still on it, and an open [Keep] is answered."""
    if row.owner == visit.who:
        if row.ask_ends_at is not None:
            # Else the question would run out and take the ticket from somebody who is just answering it.
            _answer_keep(visit, row, "yes")
        row.owner_acted_at, row.asked_at, row.ask_ends_at = visit.now, None, None
        visit.session.add(row)


def stop_reply(visit: Visit, row: TicketRow, reason: str) -> None:
    """The ticket changes hands: a held reply of the former owner does not leave; their draft stays."""
    live = tickets.live_reply(visit.session, row.id or 0)
    if live is not None and live.state == ReplyState.HELD.value and not live.doubts and live.writer != row.owner:
        put_reply(live, back_to_draft(reply_of(live), reason))
        visit.session.add(live)
        outbox.reply_changed(visit.session, live.id or 0)
        outbox.ring_reply(visit.session, live, visit.now)


def settle_failed(visit: Visit, row: TicketRow, reason: str) -> None:
    """What X had refused is settled otherwise (by hand, or by newer words): its message says so, without buttons."""
    for reply in tickets.replies_of(visit.session, row.id or 0):
        if reply.state == ReplyState.FAILED.value:
            reply.state, reply.reason = ReplyState.DROPPED.value, reason
            visit.session.add(reply)
            outbox.reply_changed(visit.session, reply.id or 0)


def back_to_ladder(visit: Visit, person: str) -> int:
    """Everything a locked person held goes back on the ladder or the list; gives how many tickets."""
    rows = tickets.of_owner(visit.session, person)
    for row in rows:
        visit.move(row, Move.BACK, actor=Actor(visit.who, is_lead=True))
        stop_reply(visit, row, "not_owner")
    return len(rows)


def _answer_keep(visit: Visit, row: TicketRow, answer: str) -> None:
    for question in visit.session.exec(
        select(QuestionRow).where(QuestionRow.ticket_id == row.id, QuestionRow.kind == "keep", QuestionRow.answer == "")
    ).all():
        question.answer, question.answered_at = answer, visit.now
        visit.session.add(question)
        outbox.question_changed(visit.session, question.id or 0)
