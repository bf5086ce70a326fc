"""What customers do to posts that we know: they edit or delete them, or write once more. A held reply comes back."""

from datetime import datetime

from sqlmodel import Session

from bot.core.mention import Mention
from bot.core.reply import ReplyState, back_to_draft
from bot.store import outbox, story, tickets
from bot.store.rows import put_reply, reply_of
from bot.store.tables import MentionRow, ReplyRow


def edited(session: Session, mention: Mention, now: datetime) -> None:
    row = session.get_one(MentionRow, mention.first_id)
    row.newest_id, row.text, row.lang = mention.id, mention.text, mention.lang
    row.has_media, row.edited_at = mention.has_media, now
    if row.state != "answered":
        row.state = "new"
    session.add(row)
    story.tell(session, now, "intake", "edited by the customer", ticket=row.ticket_id, detail=f"x:{row.id}")
    if row.ticket_id is not None:
        held_back(session, tickets.live_reply(session, row.ticket_id), "edited", now, only_mention=row.id)


def deleted(session: Session, first_id: int, now: datetime) -> None:
    row = session.get(MentionRow, first_id)
    if row is None or row.deleted_at is not None:
        return
    row.deleted_at = now
    session.add(row)
    story.tell(session, now, "intake", "deleted by the customer", ticket=row.ticket_id, detail=f"x:{row.id}")
    if row.ticket_id is not None:
        held_back(session, tickets.live_reply(session, row.ticket_id), "parent_gone", now, only_mention=row.id)
        outbox.ticket_changed(session, row.ticket_id)


def held_back(
    session: Session, row: ReplyRow | None, reason: str, now: datetime, only_mention: int | None = None
) -> None:
    """A held reply becomes a draft again and shows why; once in doubt it is beyond that."""
    if row is None or row.state != ReplyState.HELD.value or row.doubts:
        return
    if only_mention is not None and row.mention_id != only_mention:
        return
    put_reply(row, back_to_draft(reply_of(row), reason))
    session.add(row)
    assert row.id is not None
    outbox.reply_changed(session, row.id)
    outbox.ring_reply(session, row, now)
