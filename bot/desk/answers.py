"""What was asked is answered: by a press on its message, or by /yes and /no. Each kind of question has its handler."""

from sqlmodel import col, or_, select

from bot.core.incoming import Wrote
from bot.desk import absences, calendars, holding, moves, replies, rota, swaps, team
from bot.desk.visit import Visit
from bot.errors import Refused
from bot.store import outbox
from bot.store.tables import QuestionRow


def answer(visit: Visit, question_id: int, yes: bool) -> None:
    """A pending question is answered once, by the person it was put to."""
    question = visit.session.get(QuestionRow, question_id)
    if question is None or question.person != visit.who:
        raise Refused("not_your_question")
    if question.answer:
        raise Refused("answered_before")
    if question.ends_at is not None and question.ends_at <= visit.now:
        raise Refused("too_late")
    match question.kind:
        case "handover":
            moves.handover_answered(visit, question, yes)
        case "keep":
            moves.keep(visit, question.ticket_id) if yes else moves.pass_on(visit, question)
        case "replace":
            replies.replaced(visit, question, yes)
        case "publish":
            replies.publish_answered(visit, question, yes)
        case "doubt":
            replies.doubt_answered(visit, question, yes)
        case "calendar":
            calendars.answered(visit, question, yes)
        case "override":
            rota.override_answered(visit, question, yes)
        case "undo":
            rota.undo_answered(visit, question, yes)
        case "away":
            absences.away_answered(visit, question, yes)
        case "away_kept":
            absences.away_kept_answered(visit, question, yes)
        case "swap":
            swaps.swap_answered(visit, question, yes)
        case "swap_asked":
            swaps.asked_answered(visit, question, yes)
        case "resume":
            holding.answered(visit, question, yes)
        case "phone":
            team.phone_answered(visit, question, yes)
        case _:
            raise Refused("bad_press")
    if not question.answer:  # what was overtaken meanwhile is settled already, and asked anew
        question.answer, question.answered_at = "yes" if yes else "no", visit.now
    visit.session.add(question)
    outbox.question_changed(visit.session, question_id)


def answer_typed(visit: Visit, wrote: Wrote, yes: bool) -> None:
    """/yes and /no: to the question replied to, else to the only one that waits."""
    if wrote.reply_to is not None:
        row = outbox.by_message(visit.session, wrote.chat_id, wrote.reply_to.message_id)
        if row is None or row.question_id is None:
            raise Refused("no_question")
        answer(visit, row.question_id, yes)
        return
    asked = select(QuestionRow).where(QuestionRow.person == visit.who, QuestionRow.answer == "")
    still_open = or_(col(QuestionRow.ends_at).is_(None), col(QuestionRow.ends_at) > visit.now)
    found = visit.session.exec(asked.where(still_open)).all()
    # One's own request waits for days: it is meant only when nothing else is.
    waiting = [row for row in found if row.kind != "swap_asked"] or found
    if len(waiting) != 1:
        raise Refused("which_question" if waiting else "no_question")
    answer(visit, waiting[0].id or 0, yes)
