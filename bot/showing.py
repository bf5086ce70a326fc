"""What a message shows, read from the store at the moment it is sent or edited: rows in, a worded Message out.

So a card can never show an older state than the database, and an outbox row never holds a customer's words.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.core.invitation import link_token
from bot.core.ladder import on_duty_now
from bot.core.masking import mask, visible
from bot.core.mention import Urgency
from bot.core.message import Message
from bot.core.options import Options
from bot.core.reply import DELETE_WITHIN, ReplyState, can_delete
from bot.core.reply_text import LENGTH_MAX, weighted_length
from bot.core.reply_text import warnings as reply_warnings
from bot.core.shifts import coming
from bot.core.ticket import Actor, Move, State, Ticket, may
from bot.core.views import Answer, Card, Item, OnDuty, Post, Preview, Story, Unposted, Warned, on_duty
from bot.paging import next_climb
from bot.store import outbox, people, tickets
from bot.store.rows import reply_of, ticket_of
from bot.store.tables import (
    DutyRow,
    LogRow,
    MentionRow,
    OutboxRow,
    PersonRow,
    QuestionRow,
    ReplyRow,
    TicketRow,
)
from bot.wording import alarms, calendars, cards, digests, lists, notices, replies, shifts, stories
from bot.wording import rotas as rota_words
from bot.wording.words import Words, language_of, most_read
from schedules.office import is_open, last_closing, next_closing, next_opening
from schedules.rota import Plan
from schedules.weeks import coming_weeks, gaps_ahead, now_and_next

# The newest mentions of a ticket that stand on its card; earlier ones are a count.
POSTS_SHOWN = 3
# In a list the handles that nearly every mention begins with only take room.
_LEADING = re.compile(r"^(?:\s*@\w{1,50})+\s*")
SHIFTS_SEEN = timedelta(weeks=8)
# A reader's moves that a card asks about.
_CARD_MOVES = (Move.TAKEOVER, Move.SNOOZE, Move.CLOSE, Move.RELEASE, Move.NORMAL, Move.ESCALATE)


def post_url(author: str, post_id: int) -> str:
    # A writer whose name was deleted here: X finds a post by its number alone, too.
    return f"https://x.com/{author or 'i'}/status/{post_id}"


def by_hand_url(parent_id: int, text: str) -> str:
    """Opens X with text and parent filled in: the manual way when X refuses our reply."""
    return f"https://x.com/intent/post?in_reply_to={parent_id}&text={quote(text)}"


@dataclass(frozen=True, slots=True)
class Showing:
    """One reading: everything is true at `now`."""

    session: Session
    plan: Plan
    now: datetime
    options: Options
    reach: Mapping[str, int] | None = None
    """As people.reachable, where the caller knows it already."""

    def name(self, person: str) -> str:
        member = self.plan.people.get(person)
        return member.first_name if member else person

    def words(self, row: OutboxRow) -> Words:
        """The reader's language: their own choice, the rota's, a stranger's client's; the team's for the group."""
        zone = ZoneInfo(self.plan.timezone)
        if row.person is None:
            guess = str(row.facts.get("language", ""))
            return Words(language_of(guess) if guess else self._team_language(), zone)
        return Words(self._language(row.person), zone)

    def _language(self, person: str) -> str:
        chosen = people.get(self.session, person)
        member = self.plan.people.get(person)
        return language_of((chosen.language if chosen else "") or (member.language if member else ""))

    def _team_language(self) -> str:
        """What most of the team reads; the default when no language has more than half."""
        return most_read(self._language(person) for person in self.plan.people)

    def message(self, row: OutboxRow) -> Message:
        """The words of one outbox row. Raises: LookupError when what it shows is no longer there."""
        make: dict[str, Callable[[Words, OutboxRow], Message]] = {
            "page": self._card,
            "card": self._card,
            "preview": self._preview,
            "notice": self._notice,
            "refusal": self._refusal,
            "question": self._question,
            "help": self._help,
            "who": self._who,
            "rota": self._rota,
            "myshifts": self._myshifts,
            "tickets": self._tickets,
            "mine": self._mine,
            "people": self._people,
            "story": self._story,
            "list": self._list,
            "summary": self._summary,
            "handover": self._handover,
            "duty": self._duty,
            "warnings": lambda words, r: digests.warnings(words, r.facts, self.name, silent=r.silent),
            "week": lambda words, r: digests.week(words, r.facts, self.name, silent=r.silent),
            "invitation": self._invitation,
            "calendar": self._calendar,
            "prompt": self._prompt,
            "stranger": lambda words, r: notices.stranger(words, r.facts),
            "team": self._team,
        }
        words = self.words(row)
        message = make[row.kind](words, row)
        if row.in_doubt and row.kind not in ("page", "card", "story"):
            message = replace(message, text=f"{message.text}\n{words.t('(repeat)')}")
        return message

    def taken_away(self, row: OutboxRow) -> Message:
        """What is left of a message on a phone that may no longer see it."""
        return notices.taken_away(self.words(row))

    # --- one ticket ----------------------------------------------------------------------------------------------

    def _card(self, words: Words, row: OutboxRow) -> Message:
        return cards.card(words, self.card_view(row), silent=row.silent)

    def card_view(self, row: OutboxRow) -> Card:
        ticket = self._ticket(row)
        every = tickets.mentions_of(self.session, ticket.id or 0)
        # A customer may edit their only post into "solved, thanks": it still is what the card is about.
        mentions = [m for m in every if m.urgency != Urgency.NOISE.value] or list(every)
        if row.facts.get("follow_up"):
            # A further post's own card shows that post.
            shown = [m for m in mentions if m.id == row.mention_id]
            mentions = shown or mentions[-1:]
        newest = mentions[-1]
        posts = tuple(self._post(m) for m in mentions[-POSTS_SHOWN:])
        account = self.plan.account(ticket.account)
        agent = account.agent if account else ""
        value = ticket_of(ticket)
        return Card(
            number=ticket.id or 0,
            urgency=Urgency(ticket.urgency),
            line=ticket.line,
            state=State(ticket.state),
            age=self.now - ticket.first_mention_at,
            now=self.now,
            account=ticket.account,
            author=ticket.author,
            author_name=visible(newest.author_name)[:60],
            posts=posts,
            posts_total=len(mentions),
            url=post_url(ticket.author, newest.newest_id),
            reasons=tuple(self._reasons(mentions)),
            for_agent=self.name(agent) if agent and agent != row.person else "",
            owner=self.name(ticket.owner) if ticket.owner else "",
            mine=ticket.owner is not None and ticket.owner == row.person,
            paged=self._paged(ticket),
            next_at=ticket.next_step_at,
            next_names=self._next_names(ticket),
            snoozed_until=ticket.snoozed_until,
            answered_by=self.name(ticket.answered_by or ""),
            answered_at=ticket.answered_at,
            closed_as=ticket.closed_as,
            closed_by=self.name(ticket.closed_by or ""),
            moves=self._moves(value, row.person),
            repeat=row.in_doubt,
            more=bool(row.facts.get("more")),
            contacts=self._contacts(ticket, mentions) if ticket.owner == row.person else (),
            follow_up=bool(row.facts.get("follow_up")),
            last_mention_at=ticket.last_mention_at,
        )

    def _post(self, row: MentionRow) -> Post:
        return Post(
            visible(mask(row.text).text),
            row.created_at,
            edited=row.edited_at is not None,
            deleted=row.deleted_at is not None,
            has_media=row.has_media,
        )

    def _reasons(self, mentions: Sequence[MentionRow]) -> list[str]:
        worst = min(mentions, key=lambda m: Urgency(m.urgency or "noise").rank)
        return list(worst.reasons)

    def _paged(self, ticket: TicketRow) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.name(person) for person in outbox.ever_paged(self.session, ticket.id or 0)))

    def _next_names(self, ticket: TicketRow) -> tuple[str, ...]:
        if ticket.state != State.PAGING.value or ticket.next_step_at is None:
            return ()
        at = max(ticket.next_step_at, self.now)
        step = next_climb(self.session, self.plan, ticket, at, self.options, self.reach)
        return tuple(self.name(p) for p in step.people)

    def _moves(self, value: Ticket, person: str | None) -> frozenset[str]:
        if person is None:
            return frozenset()
        member = self.plan.people.get(person)
        on_duty = on_duty_now(self.plan, self.now)
        actor = Actor(person, bool(member and member.is_lead), person in on_duty)
        owner_on = value.owner is not None and value.owner in on_duty
        return frozenset(m.value for m in _CARD_MOVES if may(value, m, actor, self.now, owner_on_duty=owner_on))

    def _contacts(self, ticket: TicketRow, mentions: Sequence[MentionRow]) -> tuple[tuple[str, str], ...]:
        codes = {r.split(" ", 1)[0].rstrip(":") for m in mentions for r in m.reasons}
        return tuple(
            (c.name, c.text)
            for c in self.plan.contacts.values()
            if (not c.lines or ticket.line in c.lines) and (not c.rules or codes & set(c.rules))
        )[:3]

    def _story(self, words: Words, row: OutboxRow) -> Message:
        ticket = self._ticket(row)
        written = tickets.replies_of(self.session, ticket.id or 0)
        stood = (ReplyState.POSTED.value, ReplyState.DELETED.value)
        replies = [r for r in written if r.state in stood]
        logs = self.session.exec(select(LogRow).where(LogRow.ticket_id == ticket.id).order_by(col(LogRow.id))).all()
        view = Story(
            self.card_view(row),
            tuple(
                Answer(
                    self.name(r.writer),
                    r.text,
                    r.posted_at or r.made_at,
                    post_url(r.account, r.x_id or 0),
                    r.state == ReplyState.DELETED.value,
                )
                for r in replies
            ),
            tuple((self.name(n.person), n.made_at, n.text) for n in tickets.notes_of(self.session, ticket.id or 0)),
            tuple((one.at, self.name(one.who), one.verb, self._paged_one(one)) for one in logs),
            tuple(
                Unposted(self.name(r.writer), r.typed, r.made_at, ReplyState(r.state), r.reason)
                for r in written
                if r.state not in stood
            ),
        )
        return stories.story(words, view)

    def _paged_one(self, one: LogRow) -> str:
        """Whom a logged page rang, and which address of the last resort took its message; both stand in the detail."""
        match one.verb, one.detail.split(" "):
            case "page", [person, *_]:
                return self.name(person)
            case "last resort", ["address", number]:
                return number
            case _:
                return ""

    def _team(self, words: Words, row: OutboxRow) -> Message:
        ticket = self._ticket(row)
        owner = ticket.answered_by if ticket.state == State.ANSWERED.value else ticket.owner
        return lists.team_line(words, self._item(ticket), self.name(owner) if owner else "")

    def last_resort(self, row: OutboxRow) -> str:
        """What goes to the channels outside Telegram, in the team's language."""
        if row.ticket_id is None:
            return alarms.last_resort(self.words(row), row.facts)
        return lists.last_resort(self.words(row), self._item(self._ticket(row)))

    # --- replies -------------------------------------------------------------------------------------------------

    def _preview(self, words: Words, row: OutboxRow) -> Message:
        return replies.preview(words, self.preview_view(row), silent=row.silent)

    def preview_view(self, row: OutboxRow) -> Preview:
        reply = self.session.get(ReplyRow, row.reply_id)
        ticket = self._ticket(row)
        if reply is None or reply.id is None:
            raise LookupError("the reply is gone")
        mention = self.session.get(MentionRow, reply.mention_id)
        value = reply_of(reply)
        question = self.session.exec(
            select(QuestionRow).where(
                QuestionRow.reply_id == reply.id, QuestionRow.kind == "doubt", QuestionRow.answer == ""
            )
        ).first()
        return Preview(
            reply=reply.id,
            ticket=reply.ticket_id,
            state=value.state,
            account=reply.account,
            author=ticket.author,
            their_words=visible(mask(mention.text).text) if mention else "",
            our_words=reply.text,
            length=weighted_length(reply.text),
            length_max=LENGTH_MAX,
            warnings=self._warnings(reply, ticket),
            reason=reply.reason,
            leaves_at=reply.due_at,
            now=self.now,
            posted_at=reply.posted_at,
            url=post_url(reply.account, reply.x_id) if reply.x_id else "",
            parent_url=post_url(ticket.author, reply.parent_id),
            by_hand_url=by_hand_url(reply.parent_id, reply.text),
            can_delete=can_delete(value, self.now) and reply.delete_asked_at is None and reply.x_id is not None,
            delete_until=reply.posted_at + DELETE_WITHIN if reply.posted_at else None,
            asked=reply.asked,
            dry_run=self.options.dry_run,
            question=question.id if question and question.id else 0,
        )

    def _warnings(self, reply: ReplyRow, ticket: TicketRow) -> tuple[Warned, ...]:
        earlier = self.session.exec(
            select(ReplyRow.text)
            .join(TicketRow, col(TicketRow.id) == ReplyRow.ticket_id)
            .where(
                TicketRow.author_id == ticket.author_id,
                ReplyRow.state == ReplyState.POSTED.value,
                ReplyRow.id != reply.id,
            )
        ).all()
        found = [Warned(w.code.value, w.detail) for w in reply_warnings(reply.text, earlier=list(earlier))]
        if ticket.newest_mention_id != reply.mention_id and reply.state == ReplyState.DRAFT.value:
            found.append(Warned("not_newest"))
        return tuple(found)

    # --- short ones ----------------------------------------------------------------------------------------------

    def _notice(self, words: Words, row: OutboxRow) -> Message:
        return notices.notice(words, row.facts, self.name, silent=row.silent)

    def _refusal(self, words: Words, row: OutboxRow) -> Message:
        text = notices.refusal(words, str(row.facts.get("why", "")), row.facts, self.name)
        return Message(text, silent=True)

    def _question(self, words: Words, row: OutboxRow) -> Message:
        asked = self.session.get(QuestionRow, row.question_id)
        if asked is None or asked.id is None:
            raise LookupError("the question is gone")
        message = notices.question(words, asked.kind, asked.facts, self.name, asked.id, asked.answer)
        return replace(message, silent=row.silent)

    def _prompt(self, words: Words, row: OutboxRow) -> Message:
        ticket = self._ticket(row)
        return lists.prompt(words, number=ticket.id or 0, author=ticket.author, edit=bool(row.facts.get("edit")))

    def _invitation(self, words: Words, row: OutboxRow) -> Message:
        nonce = str(row.facts.get("nonce", ""))
        url = self._link(link_token(self.options.link_key, nonce)) if nonce else ""
        return lists.invitation(words, name=self.name(str(row.facts.get("person_name", ""))), url=url, hours=24)

    def _calendar(self, words: Words, row: OutboxRow) -> Message:
        nonce, home = str(row.facts.get("nonce", "")), self.options.public_url
        token = link_token(self.options.link_key, nonce, "calendar") if nonce and home else ""
        url = f"{home}/calendar/{token}.ics" if token else ""
        return calendars.link(words, url=url, rota=str(row.facts.get("rota", "")))

    def _link(self, token: str) -> str:
        """What opens the door: a link, or the words it would type while the bot's own name is not known."""
        name = self.options.bot.username
        return f"https://t.me/{name}?start={token}" if name else f"/start {token}"

    def _help(self, words: Words, row: OutboxRow) -> Message:
        member = self.plan.people.get(row.person or "")
        is_lead, first = bool(member and member.is_lead), bool(row.facts.get("first"))
        return lists.help_text(words, is_lead=is_lead, first=first, name=self.name(row.person or ""))

    # --- lists ---------------------------------------------------------------------------------------------------

    def _items(self, listed: Sequence[tickets.Listed]) -> list[Item]:
        """Beyond what a list shows in full it only counts and numbers: after an outage thousands stand in it."""
        shown = tickets.several(self.session, [one.id for one in listed[: lists.SHOWN_MAX]])
        return [*map(self._item, shown), *map(self._counted, listed[lists.SHOWN_MAX :])]

    def _counted(self, ticket: tickets.Listed) -> Item:
        waited = self.now - ticket.first_mention_at
        urgency, state = Urgency(ticket.urgency), State(ticket.state)
        return Item(ticket.id, urgency, state, ticket.line, waited, ticket.author, "", "", 0)

    def _item(self, ticket: TicketRow) -> Item:
        mentions = [m for m in tickets.mentions_of(self.session, ticket.id or 0) if m.urgency != Urgency.NOISE.value]
        newest = mentions[-1] if mentions else None
        return Item(
            ticket.id or 0,
            Urgency(ticket.urgency),
            State(ticket.state),
            ticket.line,
            self.now - ticket.first_mention_at,
            ticket.author,
            visible(mask(_LEADING.sub("", newest.text)).text) if newest else "",
            self.name(ticket.owner) if ticket.owner else "",
            len(mentions),
        )

    def _tickets(self, words: Words, row: OutboxRow) -> Message:
        items = self._items(tickets.listed(self.session, tickets.OPEN))
        return lists.tickets(words, items, folded=self._folded())

    def _mine(self, words: Words, row: OutboxRow) -> Message:
        items = self._items(tickets.listed(self.session, tickets.OPEN, owner=row.person or ""))
        return lists.mine(words, items)

    def _list(self, words: Words, row: OutboxRow) -> Message:
        items = self._items(tickets.listed(self.session, (State.WAITING.value,)))
        return lists.silent_list(words, items, folded=self._folded(), over=bool(row.facts.get("over")))

    def _summary(self, words: Words, row: OutboxRow) -> Message:
        numbers = [int(n) for n in row.facts.get("tickets", [])]
        found = {one.id: one for one in tickets.listed(self.session, ids=numbers)}
        items = self._items([found[n] for n in numbers if n in found])
        return lists.summary(words, items, over=bool(row.facts.get("over")))

    def _handover(self, words: Words, row: OutboxRow) -> Message:
        items = self._items(tickets.listed(self.session, tickets.OPEN))
        return lists.handover(words, items, why=str(row.facts.get("why", "")), name=self.name(row.person or ""))

    def _folded(self) -> int:
        """Noise folded since the office closed (or in the last day when it never does)."""
        since = last_closing(self.plan, self.now) or self.now - timedelta(days=1)
        return tickets.folded_since(self.session, max(since, self.now - timedelta(days=4)))

    def _duty(self, words: Words, row: OutboxRow) -> Message:
        duty = self.session.get(DutyRow, row.facts.get("duty"))
        if duty is None or duty.id is None:
            raise LookupError("the duty is gone")
        others = tuple(self.name(p) for p in sorted(on_duty_now(self.plan, self.now) - {duty.person}))
        return lists.duty(
            words,
            number=duty.id,
            rota=duty.rota,
            until=duty.end,
            backup=others,
            confirmed=duty.confirmed_at is not None,
            over=duty.ended_at is not None,
        )

    def _who(self, words: Words, row: OutboxRow) -> Message:
        open_now = is_open(self.plan, self.now)
        turns = next_closing(self.plan, self.now) if open_now else next_opening(self.plan, self.now)
        return lists.who(words, self.now, self._on_duty(self.plan.rotas), office_open=open_now, turns_at=turns)

    def _on_duty(self, rotas: Iterable[str]) -> list[OnDuty]:
        reach = people.reachable(self.session) if self.reach is None else self.reach
        return [on_duty(rota, *now_and_next(self.plan, rota, self.now), self.name, reach) for rota in rotas]

    def _myshifts(self, words: Words, row: OutboxRow) -> Message:
        mine = coming(self.plan, row.person or "", self.now, SHIFTS_SEEN)
        return shifts.shifts(words, mine, self.name, self.now, SHIFTS_SEEN)

    def rotas_shown(self, row: OutboxRow) -> tuple[str, ...]:
        """The rotas that a picture shows: those asked for, or all where they have gone since."""
        asked = tuple(rota for rota in row.facts.get("rotas", ()) if rota in self.plan.rotas)
        return asked or tuple(self.plan.rotas)

    def _rota(self, words: Words, row: OutboxRow) -> Message:
        rotas = self.rotas_shown(row)
        weeks = coming_weeks(self.plan, rotas, self.now, weeks_shown(row))
        gaps = {rota: gaps_ahead(weeks, rota, self.now) for rota in rotas}
        return rota_words.caption(words, self._on_duty(rotas), gaps)

    def _people(self, words: Words, row: OutboxRow) -> Message:
        asking = people.asking(self.session)
        rows = []
        for person in self.plan.people.values():
            phone = _phone(people.get(self.session, person.id))
            if phone == "none" and person.id in asking:
                phone = "unconfirmed"
            rows.append((person.name, person.id, person.is_lead, phone))
        return lists.people(words, rows)

    def _ticket(self, row: OutboxRow) -> TicketRow:
        ticket = tickets.get(self.session, row.ticket_id) if row.ticket_id else None
        if ticket is None:
            raise LookupError("the ticket is gone")
        return ticket


def weeks_shown(row: OutboxRow) -> int:
    """How many weeks a picture of the rota shows, this one among them."""
    return int(row.facts.get("weeks", 1))


def _phone(row: PersonRow | None) -> str:
    if row is not None and row.locked_at is not None:
        return "locked"
    if row is None or row.user_id is None:
        return "none"
    if not row.confirmed:
        return "unconfirmed"
    return "unreachable" if row.unreachable_since is not None else "linked"
