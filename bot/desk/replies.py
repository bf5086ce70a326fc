"""What is typed for a customer: a draft with its preview, then Send, Cancel, Edit, Delete.

Nothing here posts. What was typed is kept in every case, also when it cannot become a draft.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select

from bot.core.masking import mask
from bot.core.reply import Reply, ReplyState, can_delete, cancel, send, send_again
from bot.core.reply_text import LENGTH_MAX, compose, weighted_length
from bot.core.ticket import Move, State
from bot.desk.moves import settle_failed, touch
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import outbox, people, tickets
from bot.store.rows import put_reply, reply_of
from bot.store.tables import MentionRow, QuestionRow, ReplyRow, TicketRow

# Whoever does not say within this time whether personal data may be published is asked anew at the next Send.
ASKED_FOR = timedelta(minutes=15)


def write(
    visit: Visit,
    number: int | None,
    typed: str,
    *,
    mention_id: int | None = None,
    replaces: int | None = None,
    message_id: int | None = None,
) -> None:
    """Typed words become the ticket's draft, and its preview is shown.

    mention_id: of the card that was replied to; else the ticket's newest mention is answered. replaces: the reply
    whose preview (or Edit prompt) was replied to: no need to ask. An unclaimed ticket is claimed by this.
    """
    typed = typed.strip()
    try:
        row = visit.ticket(number)
    except Refused as refusal:
        if typed:
            tickets.add_note(visit.session, visit.who, typed, visit.now)
        visit.say("refusal", why="which_ticket_kept" if typed else refusal.why, **refusal.facts)
        return
    typed = typed or visit.kept_words()
    if not typed:
        prompt(visit, number, mention_id)
        return
    mention = visit.session.get(MentionRow, mention_id or row.newest_mention_id)
    if mention is None or mention.ticket_id != row.id:
        mention = visit.session.get(MentionRow, row.newest_mention_id)
    assert mention is not None
    try:
        _take(visit, row)
    except Refused as refusal:
        _keep(visit, row, mention, typed, "taken", message_id)
        visit.say("refusal", ticket_id=row.id, why=refusal.why, kept=True, **refusal.facts)
        return
    live = tickets.live_reply(visit.session, row.id or 0)
    if live is not None and not _can_stop(live):
        _keep(visit, row, mention, typed, "on_its_way", message_id)
        visit.say("refusal", ticket_id=row.id, why="reply_leaving", ticket=row.id, kept=True)
        return
    doubt = live is not None and live.state == ReplyState.IN_DOUBT.value
    if live is not None and (doubt or live.id != replaces):
        kept = _keep(visit, row, mention, typed, "asked", message_id)
        _overtaken(visit, row)
        visit.ask("replace", visit.who, ticket_id=row.id, reply_id=kept.id, ticket=row.id, old=live.id, doubt=doubt)
        return
    if live is not None:
        _drop(visit, live, "replaced")
    _draft(visit, row, mention, typed, message_id)


def prompt(visit: Visit, number: int | None, mention_id: int | None = None) -> None:
    """[Reply]: a message to reply to, with the input box open."""
    row = visit.ticket(number)
    mention = visit.session.get(MentionRow, mention_id or row.newest_mention_id)
    if row.owner not in (None, visit.who) and row.state != State.CLOSED.value:
        raise Refused("taken", ticket=row.id, owner=row.owner)
    if row.state == State.CLOSED.value:
        raise Refused("not_open", ticket=row.id, state=row.state, move="reply")
    visit.say("prompt", ticket_id=row.id, mention_id=mention.id if mention else None)


def replaced(visit: Visit, question: QuestionRow, yes: bool) -> None:
    """The writer said whether the newer words take the older draft's place."""
    kept = visit.session.get(ReplyRow, question.reply_id)
    if kept is None or kept.state != ReplyState.DROPPED.value:
        raise Refused("moved_on", ticket=question.ticket_id)
    if not yes:
        visit.done("kept_old", ticket_id=question.ticket_id)
        return
    row = visit.ticket(question.ticket_id)
    _take(visit, row)
    live = tickets.live_reply(visit.session, row.id or 0)
    if live is not None and not _can_stop(live):
        raise Refused("reply_leaving", ticket=row.id)
    if live is not None:
        _drop(visit, live, "replaced")
    mention = visit.session.get(MentionRow, kept.mention_id)
    assert mention is not None
    _draft(visit, row, mention, kept.typed, kept.message_id)


def press_send(visit: Visit, reply_id: int, *, may_show: bool = False) -> None:
    """Send: held for the hold, then it leaves by itself. The only way a reply ever leaves.

    may_show: its writer has said, by a second tap, that everybody may read the personal data in it.
    """
    live = _mine(visit, reply_id)
    ticket = visit.ticket(live.ticket_id)
    _may_speak(visit, ticket)
    if not live.text:
        raise Refused("no_words")
    length = weighted_length(live.text)
    if length > LENGTH_MAX:
        raise Refused("too_long", length=length, most=LENGTH_MAX)
    mention = visit.session.get(MentionRow, live.mention_id)
    assert mention is not None
    if mention.deleted_at is not None:
        raise Refused("parent_gone", ticket=ticket.id)
    sent = send(reply_of(live), visit.now, visit.options.waits)
    if not may_show and (shown := mask(live.text).found):
        _ask_to_show(visit, live, shown)
        return
    _put(visit, live, sent)
    live.parent_id = mention.newest_id
    touch(visit, ticket)
    people.log(visit.session, visit.now, visit.who, "send", ticket=ticket.id, detail=f"reply {live.id}")
    visit.done("sending", ticket_id=ticket.id)


def _ask_to_show(visit: Visit, live: ReplyRow, shown: Sequence[str]) -> None:
    """Personal data is published by a second, explicit tap only; pressed again, Send asks no second time."""
    asked = visit.session.exec(
        select(QuestionRow).where(
            QuestionRow.reply_id == live.id,
            QuestionRow.kind == "publish",
            QuestionRow.answer == "",
            col(QuestionRow.ends_at) > visit.now,
        )
    ).first()
    if asked is None:
        visit.ask(
            "publish",
            visit.who,
            lasts=ASKED_FOR,
            ticket_id=live.ticket_id,
            reply_id=live.id,
            ticket=live.ticket_id,
            kinds=", ".join(shown),
        )
    visit.done("publish_asked", ticket_id=live.ticket_id)


def publish_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    """The second tap: it leaves with what it shows, or stays a draft."""
    if yes:
        press_send(visit, question.reply_id or 0, may_show=True)
    else:
        visit.done("stays_draft", ticket_id=question.ticket_id)


def press_cancel(visit: Visit, reply_id: int) -> None:
    live = _mine(visit, reply_id)
    if live.state == ReplyState.FAILED.value:
        live.state, live.reason = ReplyState.DROPPED.value, "cancelled"
        visit.session.add(live)
        outbox.reply_changed(visit.session, reply_id)
    else:
        _put(visit, live, cancel(reply_of(live)))
    people.log(visit.session, visit.now, visit.who, "cancel", ticket=live.ticket_id, detail=f"reply {live.id}")
    visit.done("cancelled", ticket_id=live.ticket_id)


def press_edit(visit: Visit, reply_id: int) -> None:
    """[Edit]: a message to reply to with the new words; the old draft waits meanwhile."""
    live = _mine(visit, reply_id)
    if live.state not in (ReplyState.DRAFT.value, ReplyState.FAILED.value):
        raise Refused("too_late" if reply_of(live).state.is_live else "reply_" + live.state, ticket=live.ticket_id)
    visit.say("prompt", ticket_id=live.ticket_id, mention_id=live.mention_id, reply_id=live.id, edit=True)


def press_delete(visit: Visit, reply_id: int) -> None:
    live = _mine(visit, reply_id)
    if live.state != ReplyState.POSTED.value:
        raise Refused("reply_" + live.state, ticket=live.ticket_id)
    if not can_delete(reply_of(live), visit.now):
        raise Refused("delete_too_late", ticket=live.ticket_id)
    live.delete_asked_at = live.delete_asked_at or visit.now
    live.due_at = visit.now
    visit.session.add(live)
    people.log(visit.session, visit.now, visit.who, "delete", ticket=live.ticket_id, detail=f"reply {live.id}")
    outbox.reply_changed(visit.session, reply_id)
    visit.done("deleting", ticket_id=live.ticket_id)


def of_ticket(visit: Visit, number: int | None, *, to_delete: bool = False) -> int:
    """The reply that /send, /cancel or /delete 42 means. Raises Refused("no_reply")."""
    row = visit.ticket(number)
    if to_delete:
        posted = [r for r in tickets.replies_of(visit.session, row.id or 0) if r.state == ReplyState.POSTED.value]
        found = posted[-1] if posted else None
    else:
        found = tickets.live_reply(visit.session, row.id or 0)
    if found is None or found.id is None:
        raise Refused("no_reply", ticket=row.id)
    return found.id


def doubt_answered(visit: Visit, question: QuestionRow, yes: bool) -> None:
    """[It is there] or [Send again]: a person settles what X would not tell."""
    live = _mine(visit, question.reply_id or 0)
    if live.state != ReplyState.IN_DOUBT.value:
        raise Refused("moved_on", ticket=live.ticket_id)
    ticket = visit.ticket(live.ticket_id)
    if yes:
        live.state, live.posted_at, live.due_at, live.asked = ReplyState.POSTED.value, visit.now, None, False
        live.reason = ""
        visit.session.add(live)
        if ticket.state != State.CLOSED.value:
            visit.move(ticket, Move.ANSWER)
    else:
        _may_speak(visit, ticket)
        put_reply(live, send_again(reply_of(live), visit.now))
        visit.session.add(live)
    outbox.reply_changed(visit.session, live.id or 0)
    people.log(
        visit.session,
        visit.now,
        visit.who,
        "it is there" if yes else "send again",
        ticket=ticket.id,
        detail=f"reply {live.id}",
    )
    visit.done("posted" if yes else "sending", ticket_id=ticket.id)


def edited_message(visit: Visit, message_id: int, text: str) -> None:
    """The writer edited the Telegram message their reply was made from: nothing is posted by it; we ask.

    text: the new words, without the command when the message was one.
    """
    made = visit.session.exec(
        select(ReplyRow)
        .where(ReplyRow.writer == visit.who, ReplyRow.message_id == message_id)
        .order_by(col(ReplyRow.id).desc())
    ).all()
    if not text.strip() or not made or made[0].typed.strip() == text.strip():
        return
    # Earlier edits were kept beside it: what counts is the one that is on its way or stands on X.
    row = next((r for r in made if r.state != ReplyState.DROPPED.value), made[0])
    ticket = visit.ticket(row.ticket_id)
    mention = visit.session.get(MentionRow, row.mention_id)
    assert mention is not None
    state = ReplyState(row.state)
    if state in (ReplyState.DRAFT, ReplyState.HELD) and not row.doubts:
        if state is ReplyState.HELD:
            _put(visit, row, cancel(reply_of(row)))
        kept = _keep(visit, ticket, mention, text, "asked", message_id)
        _overtaken(visit, ticket)
        visit.ask("replace", visit.who, ticket_id=ticket.id, reply_id=kept.id, ticket=ticket.id, old=row.id)
    elif state is ReplyState.POSTED:
        _keep(visit, ticket, mention, text, "edited_after", message_id)
        visit.say("refusal", ticket_id=ticket.id, why="edited_after", ticket=ticket.id)
    elif state.is_live:
        _keep(visit, ticket, mention, text, "on_its_way", message_id)
        visit.say("refusal", ticket_id=ticket.id, why="reply_leaving", ticket=ticket.id, kept=True)
    else:
        _keep(visit, ticket, mention, text, "edited_after", message_id)


def keep_loose(visit: Visit, text: str) -> None:
    """A reply to a message we do not know: the words are kept, and the writer is asked which ticket."""
    tickets.add_note(visit.session, visit.who, text, visit.now)
    visit.say("refusal", why="which_ticket_kept")


def _take(visit: Visit, row: TicketRow) -> None:
    """The writer must have the ticket; an unclaimed one is claimed by replying to it."""
    if row.state in (State.WAITING.value, State.PAGING.value):
        visit.move(row, Move.CLAIM)
    elif row.state == State.CLOSED.value:
        raise Refused("not_open", ticket=row.id, state=row.state, move="reply")
    elif row.owner != visit.who:
        raise Refused("taken", ticket=row.id, owner=row.owner)
    touch(visit, row)


def _draft(visit: Visit, row: TicketRow, mention: MentionRow, typed: str, message_id: int | None) -> None:
    reply = _row(visit, row, mention, typed, message_id)
    visit.session.add(reply)
    visit.session.flush()
    touch(visit, row)
    # What X refused is overtaken by the newer words; its message loses its buttons.
    settle_failed(visit, row, "replaced")
    people.log(visit.session, visit.now, visit.who, "draft", ticket=row.id, detail=f"reply {reply.id}")
    outbox.say(
        visit.session,
        visit.now,
        f"preview:{reply.id}",
        "preview",
        person=visit.who,
        ticket_id=row.id,
        mention_id=mention.id,
        reply_id=reply.id,
    )


def _overtaken(visit: Visit, row: TicketRow) -> None:
    """An earlier "use the new words?" of this ticket is no longer the question."""
    for question in visit.session.exec(
        select(QuestionRow).where(
            QuestionRow.ticket_id == row.id,
            QuestionRow.kind == "replace",
            QuestionRow.person == visit.who,
            QuestionRow.answer == "",
        )
    ).all():
        question.answer, question.answered_at = "replaced", visit.now
        visit.session.add(question)
        outbox.question_changed(visit.session, question.id or 0)


def _keep(visit: Visit, row: TicketRow, mention: MentionRow, typed: str, why: str, message_id: int | None) -> ReplyRow:
    """Words that did not become a draft stand in the ticket's story all the same."""
    reply = _row(visit, row, mention, typed, message_id)
    reply.state, reply.reason = ReplyState.DROPPED.value, why
    visit.session.add(reply)
    visit.session.flush()
    return reply


def _row(visit: Visit, row: TicketRow, mention: MentionRow, typed: str, message_id: int | None) -> ReplyRow:
    assert row.id is not None
    return ReplyRow(
        ticket_id=row.id,
        writer=visit.who,
        account=row.account,
        mention_id=mention.id,
        parent_id=mention.newest_id,
        typed=typed,
        text=compose(typed, _signature(visit)),
        made_at=visit.now,
        message_id=message_id,
    )


def _signature(visit: Visit) -> str:
    member = visit.plan.people.get(visit.who)
    return member.signature if member else ""


def _may_speak(visit: Visit, ticket: TicketRow) -> None:
    """Only the owner of an open ticket lets a reply leave. Raises Refused("not_open" | "taken" | "nobodys")."""
    if ticket.state == State.CLOSED.value:
        raise Refused("not_open", ticket=ticket.id, state=ticket.state, move="reply")
    if ticket.owner != visit.who:
        raise Refused("taken" if ticket.owner else "nobodys", ticket=ticket.id, owner=ticket.owner)


def _can_stop(row: ReplyRow) -> bool:
    """A draft, a held reply that was never in doubt, or one in doubt that its writer was asked about: nothing of it
    leaves by itself any more, and whoever has the ticket must not wait for an answer that may never come."""
    if row.state == ReplyState.IN_DOUBT.value:
        return row.asked
    return row.state == ReplyState.DRAFT.value or (row.state == ReplyState.HELD.value and not row.doubts)


def _drop(visit: Visit, row: ReplyRow, why: str) -> None:
    row.state, row.reason, row.due_at = ReplyState.DROPPED.value, why, None
    visit.session.add(row)
    outbox.reply_changed(visit.session, row.id or 0)


def _mine(visit: Visit, reply_id: int) -> ReplyRow:
    row = visit.session.get(ReplyRow, reply_id)
    if row is None:
        raise Refused("no_reply")
    if row.writer != visit.who:
        raise Refused("not_your_reply", writer=row.writer)
    return row


def _put(visit: Visit, row: ReplyRow, reply: Reply) -> None:
    put_reply(row, reply)
    visit.session.add(row)
    outbox.reply_changed(visit.session, row.id or 0)
