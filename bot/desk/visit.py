"""One person's one wish, inside one transaction: who asks, what they may, and where answers are written."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.core.ladder import on_duty_now
from bot.core.options import Options
from bot.core.ticket import Actor, Move, State, Ticket, move
from bot.errors import Refused
from bot.paging import ring_due, start_ladder
from bot.store import outbox, people, tickets
from bot.store.rows import put_ticket, ticket_of
from bot.store.tables import NoteRow, PersonRow, QuestionRow, TicketRow
from bot.wording.notices import short
from bot.wording.words import Words, language_of
from schedules.rota import Plan

# Words that were kept because nobody knew for which ticket are taken up by `/reply 42` or `/note 42` this long.
KEPT_FOR = timedelta(hours=1)


@dataclass(slots=True)
class Visit:
    """person: the enrolled presser or writer. update_id: makes every answer's key unique to this update.

    popup: what the pressed button says at once (best effort); a typed command is answered with a message instead.
    """

    session: Session
    now: datetime
    plan: Plan
    options: Options
    person: PersonRow
    update_id: int
    typed: bool
    popup: str = ""
    alert: bool = False
    rota_number: int = 0
    _answers: int = field(default=0)

    @property
    def who(self) -> str:
        return self.person.id

    @property
    def actor(self) -> Actor:
        member = self.plan.people.get(self.who)
        return Actor(self.who, bool(member and member.is_lead), self.who in on_duty_now(self.plan, self.now))

    def lead_only(self) -> None:
        """Raises: Refused("lead_only") for everybody else."""
        member = self.plan.people.get(self.who)
        if member is None or not member.is_lead:
            raise Refused("lead_only")

    @property
    def words(self) -> Words:
        return words_of(self.plan, self.person)

    # --- tickets -------------------------------------------------------------------------------------------------

    def ticket(self, number: int | None) -> TicketRow:
        """The ticket of that number. Raises Refused("no_ticket" | "which_ticket")."""
        if number is None:
            raise Refused("which_ticket")
        row = tickets.get(self.session, number)
        if row is None:
            raise Refused("no_ticket", ticket=number)
        return row

    def move(
        self,
        row: TicketRow,
        what: Move,
        *,
        until: datetime | None = None,
        closed_as: str = "solved",
        new_owner: str | None = None,
        actor: Actor | None = None,
    ) -> Ticket:
        """Make a move, with everything that follows from it: log, ladder, pages, edits. Gives the ticket before it."""
        before = ticket_of(row)
        owner_on_duty = before.owner is not None and before.owner in on_duty_now(self.plan, self.now)
        after = move(
            before,
            what,
            actor or self.actor,
            self.now,
            owner_on_duty=owner_on_duty,
            until=until,
            closed_as=closed_as,
            new_owner=new_owner,
        )
        put_ticket(row, after)
        assert row.id is not None
        if after.state is State.PAGING and before.state is not State.PAGING:
            start_ladder(row, self.now)
        elif after.state is not State.PAGING:
            row.next_step_at = None
            if before.state is State.PAGING:
                outbox.drop_pages(self.session, row.id)
        self.session.add(row)
        people.log(self.session, self.now, self.who, what.value, ticket=row.id, detail=after.state.value)
        outbox.ticket_changed(self.session, row.id)
        return before

    def ring(self) -> None:
        """Take the ladder steps that this wish made due, in the same transaction."""
        self.session.flush()
        ring_due(self.session, self.plan, self.now, self.options)

    # --- answers -------------------------------------------------------------------------------------------------

    def say(
        self,
        kind: str,
        *,
        to: str | None = None,
        ticket_id: int | None = None,
        mention_id: int | None = None,
        reply_id: int | None = None,
        silent: bool = True,
        priority: int = outbox.RECEIPT,
        **facts: Any,
    ) -> None:
        """A message to the asker, or to another person."""
        self._answers += 1
        outbox.say(
            self.session,
            self.now,
            f"answer:{self.update_id}:{self._answers}",
            kind,
            person=to or self.who,
            ticket_id=ticket_id,
            mention_id=mention_id,
            reply_id=reply_id,
            facts=dict(facts),
            silent=silent,
            priority=priority,
        )

    def done(self, what: str, *, ticket_id: int | None = None, **facts: Any) -> None:
        """Say that it worked: as a popup for a press (the card shows it anyhow), as a message for a command."""
        if self.typed:
            self.say("notice", ticket_id=ticket_id, what=what, ticket=ticket_id, **facts)
        else:
            self.popup = short(self.words, what, {"ticket": ticket_id, **facts}, self.name)

    def tell(
        self, to: str | None, what: str, *, rings: bool = False, ticket_id: int | None = None, **facts: Any
    ) -> None:
        """Tell somebody else; nobody and oneself are not told."""
        if to and to != self.who:
            self.say("notice", to=to, ticket_id=ticket_id, silent=not rings, what=what, ticket=ticket_id, **facts)

    def tell_leads(self, what: str, *, rings: bool = False, **facts: Any) -> None:
        for lead in sorted(self.plan.leads):
            self.tell(lead, what, rings=rings, **facts)

    def ask(
        self,
        kind: str,
        to: str,
        *,
        lasts: timedelta | None = None,
        ticket_id: int | None = None,
        reply_id: int | None = None,
        silent: bool = True,
        **facts: Any,
    ) -> QuestionRow:
        """Ask a person something to be answered with yes:ID or no:ID."""
        row = QuestionRow(
            kind=kind,
            person=to,
            ticket_id=ticket_id,
            reply_id=reply_id,
            facts=dict(facts),
            asked_at=self.now,
            ends_at=self.now + lasts if lasts else None,
        )
        self.session.add(row)
        self.session.flush()
        outbox.say(
            self.session,
            self.now,
            f"question:{row.id}",
            "question",
            person=to,
            ticket_id=ticket_id,
            question_id=row.id,
            silent=silent,
        )
        return row

    def name(self, person: str) -> str:
        return first_name(self.plan, person)

    def kept_words(self) -> str:
        """Words of the asker's own that found no ticket a while ago, given once; "" when there are none."""
        note = self.session.exec(
            select(NoteRow)
            .where(NoteRow.person == self.who, col(NoteRow.ticket_id).is_(None), NoteRow.made_at > self.now - KEPT_FOR)
            .order_by(col(NoteRow.id).desc())
        ).first()
        if note is None:
            return ""
        self.session.delete(note)
        return note.text

    # --- names ---------------------------------------------------------------------------------------------------

    def member(self, name: str) -> str:
        """The person id meant by a typed name: the id, the whole name, or one word of it, in any case.

        Raises Refused("no_person" | "which_person").
        """
        wanted = " ".join(name.split()).casefold().removeprefix("@")
        if not wanted:
            raise Refused("no_person", name="")
        for person in self.plan.people.values():
            if wanted in (person.id.casefold(), person.name.casefold()):
                return person.id
        first = [p.id for p in self.plan.people.values() if wanted == p.first_name.casefold()]
        first = first or [p.id for p in self.plan.people.values() if wanted in p.name.casefold().split()]
        if len(first) == 1:
            return first[0]
        known = ", ".join(self.plan.people)
        raise Refused("which_person" if first else "no_person", name=name[:40], known=known[:300])

    def rota(self, name: str) -> str:
        """The rota meant by a typed name: as the file writes it, else in any case. Raises Refused("no_rota")."""
        wanted = " ".join(name.split())
        alike = [rota for rota in self.plan.rotas if rota.casefold() == wanted.casefold()]
        if not alike:
            raise self.no_rota(wanted)
        return wanted if wanted in alike else alike[0]

    def no_rota(self, name: str) -> Refused:
        return Refused("no_rota", rota=name[:40], known=", ".join(self.plan.rotas)[:300])


def first_name(plan: Plan, person: str) -> str:
    """What people call them; the id when the rota no longer knows them."""
    member = plan.people.get(person)
    return member.first_name if member else person


def words_of(plan: Plan, person: PersonRow) -> Words:
    """The language a person reads: their own choice, else the rota's."""
    member = plan.people.get(person.id)
    language = person.language or (member.language if member else "")
    return Words(language_of(language), ZoneInfo(plan.timezone))
