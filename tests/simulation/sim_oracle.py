"""Was every promise kept? Asked at the end of a night, of the world's truth and of the database."""

from typing import Any

from sim_people import Town
from sim_world import TAG, TEAM, World
from sqlmodel import select

from bot.store.db import Store
from bot.store.tables import InboxRow, MentionRow, NoteRow, OutboxRow, QuestionRow, ReplyRow, TicketRow

# The rota's ladder (sim_night.ROTA): after so long without a claim, so many steps must have been taken.
STEPS = ("giulia", "sara", "marco")
EARLY = ("paging", "waiting")


class Rows:
    """The whole database."""

    def __init__(self, store: Store) -> None:
        def all_of(table: type[Any]) -> list[Any]:
            return store.read_now(lambda s: list(s.exec(select(table)).all()))

        self.mentions = {m.id: m for m in all_of(MentionRow)}
        self.tickets = {t.id: t for t in all_of(TicketRow)}
        self.replies: list[ReplyRow] = all_of(ReplyRow)
        self.outbox: list[OutboxRow] = all_of(OutboxRow)
        self.inbox = {u.update_id: u for u in all_of(InboxRow)}
        self.questions: list[QuestionRow] = all_of(QuestionRow)
        self.notes: list[NoteRow] = all_of(NoteRow)


def unsettled(world: World, rows: Rows, town: Town) -> list[str]:
    """What is still under way; empty when the night may end."""
    found = [f"update {u.update_id}" for u in rows.inbox.values() if u.handled_at is None]
    found += [f"reply {r.id} {r.state}" for r in rows.replies if r.state in ("held", "sending") or _is_looking(r)]
    for row in rows.outbox:
        if row.state in ("sending", "due"):
            found.append(f"message {row.key} {row.state}")
        elif row.state == "sent" and row.remote_id is not None and row.version > row.shown:
            found.append(f"message {row.key} is behind")
    found += [f"post {p} is not in" for p in (*town.alarms, *town.quiet, *town.others) if p not in rows.mentions]
    found += [f"mention {m.id} is not judged" for m in rows.mentions.values() if m.state == "new"]
    found += [f"#{t.id} has not climbed" for t in rows.tickets.values() if t.state == "paging" and t.step < len(STEPS)]
    if world.telegram.updates.pending():
        found.append("updates wait at Telegram")
    return found


def _is_looking(reply: ReplyRow) -> bool:
    return reply.state == "in_doubt" and not reply.asked


def judge(world: World, rows: Rows, town: Town) -> None:
    """Note every promise that was not kept."""
    broken = world.ledger.broken
    _mentions(world, rows, town)
    _escalations(world, rows)
    _replies(world, rows)
    _pages(world, rows)
    waiting = {u["update_id"] for u in world.telegram.updates.pending()}
    for number in sorted(world.ledger.updates - waiting - rows.inbox.keys()):
        broken("lost words", f"update {number} was confirmed and never kept")
    for number, update in rows.inbox.items():
        if update.error:
            broken("lost words", f"update {number} was set aside: {update.error}")


def _mentions(world: World, rows: Rows, town: Town) -> None:
    broken = world.ledger.broken
    for post in town.alarms:
        row = rows.mentions.get(post)
        ticket = row.ticket_id if row is not None else None
        if ticket is None:
            broken("lost mention", f"{_tag(world, post)} has no ticket")
            continue
        tag = _tag(world, post)
        heard = any(tag in text or f"#{ticket} " in text for _, _, _, text in world.ledger.rang)
        if not heard and rows.tickets[ticket].owner is None and rows.tickets[ticket].state in EARLY:
            broken("lost mention", f"{tag} (#{ticket}) rang nobody")
        elif not heard:
            seen = any(tag in m.text for n in TEAM.values() for m in world.telegram.chat(n) if m.from_bot)
            if not seen:
                broken("lost mention", f"{tag} (#{ticket}) was never shown to anybody")
    for post in town.others:
        if rows.mentions.get(post) is None or rows.mentions[post].ticket_id is None:
            broken("lost mention", f"{_tag(world, post)} has no ticket")
    for post in town.quiet:
        tag = _tag(world, post)
        if post not in rows.mentions:
            broken("lost mention", f"{tag} was never kept")
        if any(tag in text for _, _, ticket, text in world.ledger.rang if ticket):
            broken("sent unasked", f"{tag} is no alarm and rang")
    authors = [(t.author, t.account) for t in rows.tickets.values()]
    for author in {a for a in authors if authors.count(a) > 1}:
        broken("said twice", f"{author[0]} has {authors.count(author)} tickets")


def _escalations(world: World, rows: Rows) -> None:
    """Who was called: nobody claimed it, so everybody on the ladder has it on their phone."""
    for ticket in rows.tickets.values():
        if ticket.state != "paging":
            continue
        for person in STEPS:
            shown = [m for m in world.telegram.chat(TEAM[person]) if m.from_bot and f"#{ticket.id}" in m.text]
            if not shown:
                world.ledger.broken("missing escalation", f"#{ticket.id} is unclaimed and {person} was never called")


def _replies(world: World, rows: Rows) -> None:
    ledger, broken = world.ledger, world.ledger.broken
    for words, person in ledger.typed.items():
        mine = [r for r in rows.replies if r.typed == words]
        if not mine and not any(words in n.text for n in rows.notes):
            broken("lost words", f"{person} typed {words!r}, and it is nowhere")
        if len(mine) > 1:
            broken("said twice", f"{words!r} was taken {len(mine)} times")
    for reply in rows.replies:
        standing = ledger.posts[(reply.parent_id, reply.text)]
        if reply.state in ("posted", "deleted") and not standing:
            broken("lost reply", f"reply {reply.id} counts as {reply.state} and never stood on X")
        if standing and reply.state not in ("posted", "deleted") and not (reply.state == "in_doubt" and reply.asked):
            broken("lost reply", f"reply {reply.id} stands on X and counts as {reply.state} ({reply.reason})")
        if reply.state == "in_doubt" and reply.asked:
            question = next((q for q in rows.questions if q.reply_id == reply.id and not q.answer), None)
            shown = world.telegram.chat(TEAM[reply.writer])
            if question is None or not any(f"yes:{question.id}" in m.button_data for m in shown):
                broken("lost reply", f"reply {reply.id} is in doubt and {reply.writer} has no question about it")
        told = any(f"edit:{reply.id}" in m.button_data for m in world.telegram.chat(TEAM[reply.writer]))
        if reply.state == "failed" and not told:
            broken("lost reply", f"reply {reply.id} has failed and {reply.writer} was not told")


def _pages(world: World, rows: Rows) -> None:
    """What counts as sent has arrived; what arrived more often than it was meant says that it is a repeat."""
    pages = [r for r in rows.outbox if r.kind == "page" and not r.silent]
    for ticket, person in sorted({(p.ticket_id, p.person) for p in pages if p.ticket_id and p.person}):
        mine = [p for p in pages if (p.ticket_id, p.person) == (ticket, person)]
        rang = [text for _, who, number, text in world.ledger.rang if (number, who) == (ticket, person)]
        if len(rang) < sum(p.state == "sent" for p in mine):
            world.ledger.broken("lost page", f"#{ticket} counts as sent to {person}, whose phone never rang for it")
        # A card that rings its owner, because their customer wrote again, is no page.
        fresh = [text for text in rang if "(repeat)" not in text and not text.startswith("✋")]
        if len(fresh) > len(mine):
            world.ledger.broken("said twice", f"#{ticket} rang {person} {len(fresh)} times as if it were new")

    for row in rows.outbox:
        first = min((m.id for m in rows.mentions.values() if m.ticket_id == row.ticket_id), default=0)
        if row.key.startswith("follow:") and row.mention_id == first:
            world.ledger.broken("said twice", f"{row.person} is told that #{row.ticket_id} wrote again, who did not")


def _tag(world: World, post: int) -> str:
    found = TAG.search(world.x.posts[post].text)
    return found[0] if found else str(post)
