"""Hand-built views of every kind of message, and a message as readable text.

One sample a golden file and language. The night is Saturday 28 November 2026, 22:05 in Rome.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import codes

from bot.core.findings import as_facts
from bot.core.mention import Urgency
from bot.core.message import Message
from bot.core.reply import ReplyState
from bot.core.shifts import Shift
from bot.core.ticket import State
from bot.core.views import Answer, Card, Item, OnDuty, Post, Preview, Story, Unposted, Warned
from bot.wording import alarms, calendars, cards, digests, lists, notices, replies, shifts, stories
from bot.wording import rotas as rotas_in_words
from bot.wording.words import LANGUAGES, Words
from schedules.problems import Finding

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 28, 21, 5, tzinfo=UTC)
NAMES = {"giulia": "Giulia", "sara": "Sara", "marco": "Marco", "alessio": "Alessio"}
MARKS = {"bold": "**", "italic": "_", "code": "`", "pre": "`", "strike": "~"}


def name(person: str) -> str:
    return NAMES.get(person, person)


def words(language: str) -> Words:
    return Words(language, ROME)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


POST = Post(
    "Via Roma 12 tutta senza linea da stamattina, mia madre ha il telesoccorso e non funziona. ▒▒▒ (phone)",
    NOW - minutes(3),
)
CARD = Card(
    number=42,
    urgency=Urgency.CRITICAL,
    line="187",
    state=State.PAGING,
    age=minutes(3),
    now=NOW,
    account="TIM_Official",
    author="mario_rm",
    author_name="Mario Rossi",
    posts=(POST,),
    posts_total=1,
    url="https://x.com/mario_rm/status/1994500000000000042",
    reasons=("C1 life line", "U1 vulnerable"),
    paged=("Giulia",),
    next_at=NOW + minutes(5),
    next_names=("Sara",),
    moves=frozenset({"escalate"}),
)
CLAIMED = replace(CARD, state=State.CLAIMED, owner="Giulia", moves=frozenset())
MINE = replace(
    CLAIMED,
    mine=True,
    contacts=(("NOC", "+39 06 0000 000, day and night"),),
    moves=frozenset({"snooze", "close", "release", "normal", "escalate"}),
)

CARDS: dict[str, Card] = {
    "card-paging": CARD,
    "card-paging-urgent-lead-quiet": replace(
        CARD,
        urgency=Urgency.URGENT,
        line="unknown",
        age=minutes(125),
        reasons=("U6 press",),
        paged=("Giulia", "Sara"),
        next_at=NOW + timedelta(hours=10),
        next_names=("Marco",),
        moves=frozenset({"escalate", "close"}),
        more=True,
        repeat=True,
    ),
    "card-paging-several-posts": replace(
        CARD,
        posts=(
            Post("Siete vivi?", NOW - timedelta(days=1)),
            replace(POST, edited=True),
            Post("", NOW - minutes(1), deleted=True, has_media=True),
        ),
        posts_total=5,
        next_names=(),
        for_agent="Alessio",
    ),
    "card-waiting": replace(
        CARD,
        state=State.WAITING,
        urgency=Urgency.NORMAL,
        reasons=("N3 bill",),
        moves=frozenset({"close"}),
        author_name="",
    ),
    "card-claimed": replace(CLAIMED, moves=frozenset({"takeover"})),
    "card-mine": MINE,
    "card-mine-more": replace(MINE, more=True),
    "card-follow-up": replace(MINE, follow_up=True, contacts=()),
    "card-snoozed": replace(MINE, state=State.SNOOZED, snoozed_until=NOW + minutes(30)),
    "card-answered": replace(
        MINE, state=State.ANSWERED, answered_by="Giulia", answered_at=NOW - minutes(1), moves=frozenset({"close"})
    ),
    "card-closed": replace(MINE, state=State.CLOSED, closed_as="passed", closed_by="Giulia", moves=frozenset()),
}

DRAFT = Preview(
    reply=7,
    ticket=42,
    state=ReplyState.DRAFT,
    account="TIM_Official",
    author="mario_rm",
    their_words=POST.text,
    our_words="Buonasera Mario, il guasto è noto: i tecnici sono sul posto entro le 23. ^GR",
    length=77,
    length_max=280,
    now=NOW,
    parent_url=CARD.url,
)
POSTED = replace(
    DRAFT,
    state=ReplyState.POSTED,
    posted_at=NOW,
    url="https://x.com/TIM_Official/status/1994500000000000050",
    can_delete=True,
)
WARNINGS = tuple(
    Warned(code, about)
    for code, about in (
        ("link", "signal.no"),
        ("personal_data", "phone, house number"),
        ("same_as_before", ""),
        ("mentions_somebody", "@acme"),
        ("not_newest", ""),
    )
)
PREVIEWS: dict[str, Preview] = {
    "preview-draft": DRAFT,
    "preview-warnings": replace(DRAFT, warnings=WARNINGS, dry_run=True),
    "preview-too-long": replace(DRAFT, warnings=(Warned("too_long", "301"),), length=301),
    "preview-new-post": replace(DRAFT, reason="new_post"),
    "preview-held": replace(DRAFT, state=ReplyState.HELD, leaves_at=NOW + timedelta(seconds=20)),
    "preview-held-x-down": replace(
        DRAFT, state=ReplyState.HELD, leaves_at=NOW + timedelta(seconds=40), reason="not_sent"
    ),
    "preview-sending": replace(DRAFT, state=ReplyState.SENDING),
    "preview-in-doubt": replace(DRAFT, state=ReplyState.IN_DOUBT, reason="in_doubt"),
    "preview-asked": replace(DRAFT, state=ReplyState.IN_DOUBT, asked=True, question=9, reason="other_answer"),
    "preview-posted": POSTED,
    "preview-posted-long-ago": replace(POSTED, can_delete=False),
    "preview-failed": replace(
        DRAFT,
        state=ReplyState.FAILED,
        reason="reply_settings",
        by_hand_url="https://x.com/intent/post?in_reply_to=1994500000000000042&text=Buonasera",
    ),
    "preview-deleted": replace(POSTED, state=ReplyState.DELETED),
    "preview-dropped": replace(DRAFT, state=ReplyState.DROPPED, reason="cancelled"),
}

ITEMS = (
    Item(42, Urgency.CRITICAL, State.PAGING, "187", minutes(3), "mario_rm", POST.text, posts=2),
    Item(41, Urgency.URGENT, State.CLAIMED, "119", minutes(50), "luisa", "SIM rubata, bloccatela!", "Sara"),
    Item(40, Urgency.URGENT, State.ANSWERED, "191", minutes(130), "bar_sport", "POS fermo", "Sara"),
    Item(39, Urgency.NORMAL, State.WAITING, "unknown", minutes(400), "ugo", "la bolletta\nè sbagliata"),
)
WAITING = tuple(replace(ITEMS[3], number=n) for n in range(60, 77))
STORY = Story(
    card=MINE,
    answers=(
        Answer("Giulia", "Buonasera, ci scriva in privato. ^GR", NOW - minutes(2), deleted=True),
        Answer("Giulia", DRAFT.our_words, NOW - minutes(1)),
    ),
    unposted=(Unposted("Sara", "Arriviamo!", NOW - minutes(2), ReplyState.DROPPED, "taken"),),
    notes=(("Sara", NOW - minutes(1), "sentito il NOC:\ncavo tranciato"),),
    log=(
        (NOW - minutes(3), "intake", "open", ""),
        (NOW - minutes(3), "watch", "page", "Giulia"),
        (NOW - minutes(2), "Giulia", "claim", ""),
        (NOW - minutes(1), "Giulia", "answered", ""),
    ),
)
START, END = "2026-11-28T17:00:00+00:00", "2026-11-29T08:00:00+00:00"
FACTS: dict[str, Any] = {
    "ticket": 42,
    "person": "sara",
    "by": "marco",
    "giver": "giulia",
    "owner": "giulia",
    "writer": "giulia",
    "to": "sara",
    "account": "TIM_Official",
    "accounts": ["TIM_Official", "TIM119Giulia"],
    "tickets": [42, 43],
    "free": 180,
    "usual": 48,
    "by_s": 4200.0,
    "rota": "primary",
    "start": START,
    "end": END,
    "until": "2026-11-28T21:35:00+00:00",
    "since": "2026-11-28T21:00:00+00:00",
    "reason": "not_sent",
    "how": "solved",
    "count": 3,
    "kinds": "phone, e-mail",
    "revision": 4,
    "people": ["sara"],
    "other": "giulia",
    "other_rota": "backup",
    "asker": "giulia",
    "made": START,
    "mine": [START, END],
    "theirs": ["2026-12-05T17:00:00+00:00", "2026-12-06T08:00:00+00:00"],
    "number": 3,
    "year": 2026,
    "changes": [
        ["primary", START, "2026-11-28T22:00:00+00:00", ["giulia"], ["sara"]],
        ["backup", "2026-11-28T22:00:00+00:00", END, ["sara"], []],
    ],
    "urgency": "urgent",
    "text": "stasera tardi",
    "word": "prendi",
    "name": "Saro",
    "known": "giulia, sara, marco",
    "days": 62,
    "length": 301,
    "most": 280,
}
# Sentences that depend on more than the code.
OTHERWISE = {**FACTS, "text": "", "owner": "", "name": "", "move": "close", "urgency": "normal", "kept": True}


def samples(language: str) -> dict[str, Message]:
    """Every sample of a message in one language, by the name of its golden file."""
    w = words(language)
    made: dict[str, Message] = {}
    made |= {key: cards.card(w, view, silent=False) for key, view in CARDS.items()}
    made |= {key: replies.preview(w, view, silent=True) for key, view in PREVIEWS.items()}
    made["story"] = stories.story(w, STORY)
    made["help"] = lists.help_text(w, is_lead=False, first=False, name="Giulia")
    made["help-lead-first"] = lists.help_text(w, is_lead=True, first=True, name="Marco")
    made["tickets"] = lists.tickets(w, ITEMS, folded=7)
    made["tickets-none"] = lists.tickets(w, (), folded=1)
    made["mine"] = lists.mine(w, ITEMS[1:2])
    made["mine-none"] = lists.mine(w, ())
    made["silent-list"] = lists.silent_list(w, WAITING, folded=1, over=False)
    made["silent-list-over"] = lists.silent_list(w, WAITING, folded=1, over=True)
    made["summary"] = lists.summary(w, ITEMS[:3], over=False)
    made["summary-over"] = lists.summary(w, ITEMS, over=True)
    made["handover-opening"] = lists.handover(w, ITEMS, why="opening", name="Marco")
    made["handover-duty"] = lists.handover(w, (), why="duty", name="Sara")
    made |= _duty(w)
    made |= _team(w)
    made |= _digests(w)
    for kind in ("handover", "keep", "replace", "phone", "calendar", "resume", "publish"):
        made[f"question-{kind}"] = notices.question(w, kind, FACTS, name, 9, "")
    made["question-calendar-own"] = notices.question(w, "calendar", {**FACTS, "rota": ""}, name, 9, "")
    made["question-expired"] = notices.question(w, "handover", FACTS, name, 9, "expired")
    made |= _edits(w)
    made["question-yes"] = notices.question(w, "keep", FACTS, name, 9, "yes")
    return made


def _edits(w: Words) -> dict[str, Message]:
    """Edits of the rota: what is asked, with everything that can stand in it, and one's own duties."""
    stretches = ((datetime.fromisoformat(START), datetime.fromisoformat(END)),)
    both = ("primary", "backup")
    odd = [
        Finding("gap", "", stretches, rotas=both, about="everywhere"),
        Finding("gap", "", stretches * 5, rotas=("backup",)),
        Finding("same_person", "", stretches, ("sara",), both),
        Finding("same_network", "", stretches, ("sara", "giulia"), both),
        Finding("weekends_in_a_row", "", stretches, ("sara",), ("primary",)),
        Finding("away", "", stretches, ("sara",)),
        Finding("no_phone", "", (), ("alessio",), ("primary",)),
    ]
    full = {
        **FACTS,
        "changes_more": 3,
        "odd": [as_facts(finding) for finding in odd],
        "filled": [as_facts(Finding("gap", "", stretches, rotas=("primary",)))],
        "meanwhile": {"by": "marco", "revision": 5, "changes": FACTS["changes"][:1]},
        "stays": [["backup", START, END]],
        "why": "/override sara primary",
        "lines": [
            ["person", "Sara", "language", "it", "en"],
            ["override", "primary", "", "", "Sara, Sat"],
            ["absence", "Giulia", "", "20 Dec", ""],
            ["text", "", "", "", ""],
        ],
        "lines_more": 2,
        "left_out": ["alessio"],
        "anew": True,
    }
    made = {
        f"question-{kind}": notices.question(w, kind, full, name, 9, "")
        for kind in ("override", "undo", "away", "swap", "swap_asked")
    }
    plain = {**FACTS, "meanwhile": {"by": "server", "revision": 5, "changes": []}}
    for how in ("put", "add", "drop", "replace"):
        made[f"question-override-{how}"] = notices.question(w, "override", {**plain, "how": how}, name, 9, "")
    nobody = {**FACTS, "how": "put", "people": [], "changes": []}
    made["question-override-nobody"] = notices.question(w, "override", nobody, name, 9, "yes")
    made["question-away_kept"] = notices.question(w, "away_kept", FACTS, name, 9, "")
    for kind in ("swap", "swap_asked"):
        made[f"question-{kind}-taken-over"] = notices.question(w, kind, {**FACTS, "theirs": []}, name, 9, "")
    shift = Shift("primary", NOW - timedelta(hours=4), NOW + timedelta(hours=35), frozenset({"sara"}))
    later = Shift("backup", NOW + timedelta(days=7), NOW + timedelta(days=7, hours=2))
    made["myshifts"] = shifts.shifts(w, [shift, *[later] * 21], name, NOW, timedelta(weeks=8))
    made["myshifts-none"] = shifts.shifts(w, [], name, NOW, timedelta(weeks=8))
    return made


def _duty(w: Words) -> dict[str, Message]:
    def duty(*, confirmed: bool = False, over: bool = False) -> Message:
        until = NOW + timedelta(hours=35)
        return lists.duty(
            w, number=3, rota="primary", until=until, backup=("Sara", "Marco"), confirmed=confirmed, over=over
        )

    rotas = (
        OnDuty("primary", ("Giulia",), (), NOW + timedelta(hours=35), ("Alessio",)),
        OnDuty("backup", (), (), NOW + timedelta(hours=1), ("Sara",)),
        OnDuty("leads", ("Marco",), ("Marco",), None, ()),
    )
    in_hours = OnDuty("primary", (), (), NOW, ("Giulia",), office=True)
    before_hours = OnDuty("primary", ("Giulia",), (), NOW, (), office_next=True)
    gaps = [(NOW + timedelta(days=n), NOW + timedelta(days=n, hours=2 + 8 * n)) for n in range(5)]
    return {
        "rota": rotas_in_words.caption(w, rotas, {"backup": gaps, "leads": gaps[:1]}),
        "rota-office-open": rotas_in_words.caption(w, (in_hours,), {}),
        "rota-office-next": rotas_in_words.caption(w, (before_hours,), {}),
        "rota-too-many": rotas_in_words.caption(w, 9 * rotas, {"backup": gaps}),
        "duty": duty(),
        "duty-confirmed": duty(confirmed=True),
        "duty-over": duty(over=True),
        "who": lists.who(w, NOW, rotas, office_open=False, turns_at=NOW + timedelta(hours=35)),
        "who-office-open": lists.who(
            w, NOW, (in_hours, before_hours), office_open=True, turns_at=NOW + timedelta(hours=3)
        ),
    }


def _digests(w: Words) -> dict[str, Message]:
    """What the leads hear of the rota by itself: one of each kind of warning, and the hours of a week."""
    hour, night = timedelta(hours=1), (NOW, NOW + timedelta(hours=11))
    nights = tuple((NOW + timedelta(days=n), NOW + timedelta(days=n, hours=11)) for n in range(5))
    rotas = ("primary", "backup")
    edit = (
        Finding("gap", "", nights, (), rotas, "everywhere"),
        Finding("gap", "", (night,), (), ("backup",)),
        Finding("same_person", "", (night,), ("giulia",), rotas),
        Finding("same_network", "", (night,), ("giulia", "sara"), rotas),
        Finding("weekends_in_a_row", "", nights[:2], ("sara",), rotas),
        Finding("unequal_load", "", (night,), ("sara", "giulia"), ("primary",), "holidays", (96 * hour, 24 * hour)),
        Finding("lonely_line", "", (), ("giulia",), (), "119"),
    )
    rest = (
        Finding("daily_rest", "", (night,), ("giulia",), amounts=(435 * hour / 60,)),
        Finding("weekly_rest", "", (night,), ("sara",), amounts=(31 * hour,)),
    )
    warned = {
        "edit": edit,
        "edit-many": (Finding("no_phone", "", (night,), ("sara",), ("primary",)),) * 14,
        "ahead": (*edit[:1], Finding("no_phone", "", (night,), ("giulia",), ("primary",))),
        "rest": rest,
    }
    row = {"hours": 63.0, "weekend": 48.0, "night": 24.0, "holiday": 0.0, "call_outs": 3}
    rows = [{**row, "person": "giulia"}, {**row, "person": "sara", "holiday": 7.5, "call_outs": 1, "weekend": 0.0}]
    facts = {"since": START, "until": END, "people": rows}
    return {
        **{
            f"warnings-{why}": digests.warnings(
                w, {"why": why.split("-")[0], "findings": [as_facts(one) for one in found]}, name, silent=why == "rest"
            )
            for why, found in warned.items()
        },
        "week": digests.week(w, facts, name, silent=True),
    }


def _team(w: Words) -> dict[str, Message]:
    phones = ("linked", "none", "locked", "unreachable", "unconfirmed")
    people = [
        (f"{one} Rossi", one.lower(), i == 0, phone) for i, (one, phone) in enumerate(zip("ABCDE", phones, strict=True))
    ]
    return {
        "people": lists.people(w, people),
        "invitation": lists.invitation(w, name="Sara", url="https://t.me/bot?start=TOKEN", hours=24),
        "invitation-sent": lists.invitation(w, name="Sara", url="", hours=24),
        "calendar": calendars.link(w, url="https://oncall.example.org/calendar/TOKEN.ics", rota=""),
        "calendar-rota": calendars.link(w, url="https://oncall.example.org/calendar/TOKEN.ics", rota="primary"),
        "calendar-shown": calendars.link(w, url="", rota=""),
        "prompt": lists.prompt(w, number=42, author="mario_rm", edit=False),
        "prompt-edit": lists.prompt(w, number=42, author="mario_rm", edit=True),
        "team": lists.team_line(w, ITEMS[0], ""),
        "team-answered": lists.team_line(w, ITEMS[2], "Sara"),
        "last-resort": Message(lists.last_resort(w, ITEMS[0])),
        "last-resort-unrung": Message(alarms.last_resort(w, {"about": "unrung", "tickets": list(range(1, 14))})),
        "last-resort-unheard": Message(alarms.last_resort(w, {"about": "unheard", "since": FACTS["since"]})),
        "clock-went-back": Message(alarms.notice(w, {"what": "clock_jumped", "by_s": -3600.0}, name) or ""),
        "stranger": notices.stranger(w, {}),
        "stranger-bad-link": notices.stranger(w, {"what": "bad_link"}),
        "taken-away": notices.taken_away(w),
    }


def readable(message: Message) -> str:
    """The message as a reader of a golden file sees it: **bold**, _italic_, > quotation; buttons as [label → data]."""
    text = message.text
    for span in sorted(message.spans, key=lambda s: s.start, reverse=True):
        inside = text[span.start : span.end]
        if span.kind == "quote":
            inside = "> " + inside.replace("\n", "\n> ")
        else:
            inside = f"{MARKS[span.kind]}{inside}{MARKS[span.kind]}"
        text = text[: span.start] + inside + text[span.end :]
    rows = [" ".join(f"[{b.label} → {b.data or b.url}]" for b in row) for row in message.buttons]
    ways = [
        *(["silent"] if message.silent else []),
        *([] if message.protect else ["may be forwarded"]),
        *(["opens the input box"] if message.ask else []),
    ]
    parts = [text, *(["", *rows] if rows else []), *(["", f"({', '.join(ways)})"] if ways else [])]
    return "\n".join(parts).replace("\u2060", "") + "\n"


def goldens() -> dict[str, str]:
    """Everything, as file name → content: a file a sample and language, and one for all the short sentences."""
    made = {
        f"{key}.{language}.txt": readable(message)
        for language in LANGUAGES
        for key, message in samples(language).items()
    }
    return made | {f"{kind}.{language}.txt": short_ones(kind, language) for kind in SHORT for language in LANGUAGES}


def short_ones(kind: str, language: str) -> str:
    """All sentences of one table, a line each: code, what is said."""
    w = words(language)
    lines = []
    for code in CODES[kind]:
        said = SHORT[kind](w, code)
        message = said if isinstance(said, Message) else Message(said)
        lines.append(f"{code}: " + readable(replace(message, silent=False)).strip().replace("\n", " ⏎ "))
    return "\n".join(lines) + "\n"


SHORT: dict[str, Callable[[Words, str], Message | str]] = {
    "notices": lambda w, code: notices.notice(w, {**FACTS, "what": code}, name, silent=False),
    "refusals": lambda w, code: notices.refusal(w, code, FACTS, name),
    "refusals-otherwise": lambda w, code: notices.refusal(w, code, OTHERWISE, name),
    "reasons-of-a-reply": replies.why_stopped,
    "reasons-of-silence": notices.why_silent,
    "events": lambda w, code: stories.event(w, code, "Giulia"),
}

CODES: dict[str, list[str]] = {
    "notices": sorted(codes.notice_codes()),
    "refusals": sorted(codes.refusal_codes()),
    "refusals-otherwise": [
        "already",
        "bad_time",
        "lead_only",
        "no_person",
        "no_reply",
        "not_open",
        "not_yours",
    ],
    "reasons-of-a-reply": sorted(codes.reason_codes()),
    "reasons-of-silence": sorted(codes.silence_codes()),
    "events": sorted(codes.verbs()),
}
