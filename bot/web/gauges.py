"""How things stand, as Prometheus families: made anew at every scrape from values, so that nothing can go stale.

Labels hold words of our own and our own accounts, never a customer's or colleague's name.
"""

import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot import __version__
from bot.core.mention import Urgency
from bot.core.reply import ReplyState
from bot.core.ticket import State
from bot.core.traffic import Traffic
from bot.store.health import Signs
from bot.store.state import Standing
from schedules.office import open_spans
from schedules.on_duty import spans
from schedules.rota import Plan

AHEAD = timedelta(days=14)
"""How far the rota is looked at for gaps."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at everything. standing, signs: None when the database did not answer. plan: None when there is none.

    silent_since: by account, since when X has said nothing good; None when that is not known.
    """

    now: datetime
    leader: bool
    watching: bool
    standing: Standing | None
    signs: Signs | None
    silent_since: Mapping[str, datetime | None]
    duties: Mapping[str, "Ahead"]


@dataclass(frozen=True, slots=True)
class Ahead:
    """One rota out of hours: until the first gap, and how much of the next AHEAD is without anybody; in seconds."""

    covered_s: float
    gap_s: float
    gaps: int


def ahead(plan: Plan, now: datetime) -> dict[str, Ahead]:
    """Every rota's next AHEAD; office hours are nobody's duty and so no gap."""
    end = now + AHEAD
    office = open_spans(plan, now, end)
    found = {}
    for rota in plan.rotas:
        nobody = [(span.start, span.end) for span in spans(plan, rota, now, end) if not span.who]
        gaps = [gap for stretch in nobody for gap in _without(stretch, office)]
        length = sum((b - a).total_seconds() for a, b in gaps)
        first = min((a for a, _ in gaps), default=end)
        found[rota] = Ahead((first - now).total_seconds(), length, len(gaps))
    return found


def _without(
    stretch: tuple[datetime, datetime], holes: Iterable[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """What is left of a stretch, the ascending holes taken out."""
    at, end = stretch
    for a, b in holes:
        if b <= at or a >= end:
            continue
        if a > at:
            yield at, a
        at = max(at, b)
    if at < end:
        yield at, end


def families(seen: Seen, traffic: Traffic) -> Iterator[Metric]:
    """Every gauge and every count that is kept elsewhere."""
    build = GaugeMetricFamily("reperibile_build_info", "Always 1; says what runs.", labels=["version", "python"])
    build.add_metric([__version__, platform.python_version()], 1)
    yield build
    yield _gauge("reperibile_leader", "1: this process polls, ticks and sends; 0: it stands by.", seen.leader)
    yield _gauge("reperibile_database_up", "1: the database answered this scrape.", seen.standing is not None)
    yield _gauge("reperibile_watching", "1: X is to be read now; 0: the office is open.", seen.watching)
    if seen.standing is not None:
        yield from _of_tables(seen.standing, seen.now)
    if seen.signs is not None:
        yield from _of_signs(seen.signs, seen)
    yield from _of_duties(seen.duties)
    yield from _of_traffic(traffic, seen.now)


def _of_tables(standing: Standing, now: datetime) -> Iterator[Metric]:
    tickets = GaugeMetricFamily("reperibile_tickets", "Tickets by state and urgency.", labels=["state", "urgency"])
    for state in State:
        for urgency in Urgency:
            if urgency is not Urgency.NOISE:
                tickets.add_metric([state, urgency], standing.tickets.get((state, urgency), 0))
    yield tickets
    replies = GaugeMetricFamily("reperibile_replies", "Replies by state.", labels=["state"])
    for each in ReplyState:
        replies.add_metric([each], standing.replies.get(each, 0))
    yield replies
    yield _age(
        "reperibile_oldest_unclaimed_alarm_age_seconds",
        "How long the alarm that nobody has taken longest has waited; 0 when there is none.",
        standing.oldest_alarm,
        now,
    )
    outbox = GaugeMetricFamily(
        "reperibile_outbox_waiting_messages", "Messages to phones that have not left.", labels=["kind"]
    )
    for kind in sorted({"page", *standing.outbox}):
        outbox.add_metric([kind], standing.outbox.get(kind, 0))
    yield outbox
    yield _age(
        "reperibile_outbox_oldest_age_seconds", "Age of the oldest of them; 0 when none waits.",
        standing.oldest_message, now,
    )  # fmt: skip
    yield _gauge(
        "reperibile_outbox_in_doubt_messages", "Those that may have arrived; they are sent again.", standing.in_doubt
    )
    yield _age(
        "reperibile_oldest_unsent_reply_age_seconds",
        "Since Send was pressed on the oldest reply that does not stand on X yet; 0 when there is none.",
        standing.oldest_reply,
        now,
    )
    yield _gauge("reperibile_mentions_unjudged", "Mentions read and not judged yet.", standing.unjudged)
    yield _gauge("reperibile_updates_unhandled", "What phones said and nobody has acted upon yet.", standing.unheard)
    yield _gauge("reperibile_duties_unconfirmed", "Running duties not confirmed by a press.", standing.unconfirmed)
    yield _gauge("reperibile_phones_unreachable", "Phones that block the bot.", standing.unreachable)


def _of_signs(signs: Signs, seen: Seen) -> Iterator[Metric]:
    polls = GaugeMetricFamily(
        "reperibile_x_poll_age_seconds",
        "Since the last good reading of this account (or since X is to be read again, if that is later).",
        labels=["account"],
    )
    for account, since in sorted(seen.silent_since.items()):
        if since is not None:
            polls.add_metric([account], _seconds(since, seen.now))
    yield polls
    if signs.telegram.good_at is not None:
        yield _age(
            "reperibile_telegram_poll_age_seconds", "Since the last good getUpdates.", signs.telegram.good_at, seen.now
        )
    if signs.beat_at is not None:
        yield _age(
            "reperibile_tick_age_seconds", "Since the leader's last tick, whoever leads.", signs.beat_at, seen.now
        )


def _of_duties(duties: Mapping[str, Ahead]) -> Iterator[Metric]:
    labels = ["rota"]
    covered = GaugeMetricFamily(
        "reperibile_rota_covered_seconds",
        "From now to the first gap of this rota out of hours; at most 14 days.",
        labels=labels,
    )
    gap = GaugeMetricFamily(
        "reperibile_rota_gap_seconds", "Time out of hours without anybody in the next 14 days.", labels=labels
    )
    gaps = GaugeMetricFamily("reperibile_rota_gaps", "How many such gaps.", labels=labels)
    for rota, one in duties.items():
        covered.add_metric([rota], one.covered_s)
        gap.add_metric([rota], one.gap_s)
        gaps.add_metric([rota], one.gaps)
    yield from (covered, gap, gaps)


def _of_traffic(traffic: Traffic, now: datetime) -> Iterator[Metric]:
    x = CounterMetricFamily(
        "reperibile_x_requests",
        "Requests to X; outcome: ok, rate_limited (429), refused (other 4xx), server_error, no_answer.",
        labels=["account", "endpoint", "outcome"],
    )
    for key, count in sorted(traffic.x_requests.items()):
        x.add_metric(list(key), count)
    yield x
    budget = GaugeMetricFamily(
        "reperibile_x_rate_limit_remaining_requests",
        "What X's last answer left of the 15-minute window.",
        labels=["account", "endpoint"],
    )
    for place, left in sorted(traffic.budgets.items()):
        if left.ends_at is not None and left.ends_at <= now:
            continue  # the window is over, and nobody has asked since
        budget.add_metric(list(place), left.remaining)
    yield budget
    yield _gauge(
        "reperibile_x_cost_today_dollars",
        "What this process cost at X since midnight UTC, at the published prices; an estimate on the high side.",
        traffic.dollars_today(),
    )
    telegram = CounterMetricFamily(
        "reperibile_telegram_requests", "Requests to Telegram; outcome as for X.", labels=["method", "outcome"]
    )
    for each, count in sorted(traffic.telegram_requests.items()):
        telegram.add_metric(list(each), count)
    yield telegram


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=float(value))


def _age(name: str, about: str, since: datetime | None, now: datetime) -> Metric:
    return GaugeMetricFamily(name, about, value=0.0 if since is None else _seconds(since, now))


def _seconds(since: datetime, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0)
