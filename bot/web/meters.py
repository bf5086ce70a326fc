"""What this process counts while it works: events of the store and ticks of the loop, as Prometheus wants them.

They begin at zero with the process, as counters do; each event is counted by the process that committed it. How long
things took is asked of the tables when the event is told (store/durations.py), so a restart in between shortens
nothing.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from bot.core.event import Event
from bot.core.mention import Urgency

# Without them every counter would come with a second series that nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the package leaves this one untyped

TO_PAGE_S = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 900, 3600)
BY_PEOPLE_S = (15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200)
TICK_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)

CALENDAR_OUTCOMES = ("ok", "not_modified", "not_found", "failed")
PROMISES = {"unrung": "unrung", "ladder over": "ladder_over", "long doubt": "long_doubt"}
PAGE_OUTCOMES = {"page sent": "sent", "page failed": "failed", "page in doubt": "in_doubt"}


class Meters:
    """Listens to the store (`heard`, on its writer thread) and to the tick. Safe from any thread."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.mentions = Counter(
            "reperibile_mentions", "Mentions judged, edited ones again.", ["account", "urgency"], registry=registry
        )
        self.pages = Counter(
            "reperibile_pages",
            "Attempts to ring a phone: sent (Telegram took it), failed (refused for good), in_doubt (sent again).",
            ["outcome"],
            registry=registry,
        )
        for known in PAGE_OUTCOMES.values():
            self.pages.labels(known)
        self.to_page = Histogram(
            "reperibile_mention_to_page_seconds",
            "From the post on X to the first page about it that Telegram took, the wait for the poll included.",
            ["urgency"],
            buckets=TO_PAGE_S,
            registry=registry,
        )
        self.to_claim = Histogram(
            "reperibile_page_to_claim_seconds",
            "From a ladder's first page to the claim.",
            ["urgency"],
            buckets=BY_PEOPLE_S,
            registry=registry,
        )
        self.to_reply = Histogram(
            "reperibile_claim_to_reply_seconds",
            "From the moment its owner took the ticket to a reply that stands on X.",
            ["urgency"],
            buckets=BY_PEOPLE_S,
            registry=registry,
        )
        self.tick = Histogram(
            "reperibile_tick_duration_seconds",
            "How long one tick of the watch took; it comes every second.",
            buckets=TICK_S,
            registry=registry,
        )
        self.calendars = Counter(
            "reperibile_calendar_requests",
            "Calendar feeds asked for: ok, not_modified (they have it), not_found (unknown or taken back), failed.",
            ["outcome"],
            registry=registry,
        )
        for outcome in CALENDAR_OUTCOMES:
            self.calendars.labels(outcome)

        self.broken = Counter(
            "reperibile_promises_broken",
            "Cases the watchman told the leads of: unrung (no phone had an alarm within a minute), ladder_over (rung "
            "through, no lead knows), long_doubt (a reply in doubt for 15 minutes).",
            ["promise"],
            registry=registry,
        )
        for promise in PROMISES.values():
            self.broken.labels(promise)
        for histogram in (self.to_page, self.to_claim, self.to_reply):
            for urgency in Urgency:
                if urgency is not Urgency.NOISE:
                    # There from the beginning: a rate over the first hour would miss what is not.
                    histogram.labels(urgency.value)

    def heard(self, event: Event) -> None:
        """Count what happened; verbs that nobody counts pass by."""
        urgency = str(event.facts.get("urgency", "unknown"))
        match event.verb:
            case "judged":
                # As the settings spell it, like everywhere else on the page.
                self.mentions.labels(str(event.facts.get("account", "")).lower(), urgency).inc()
            case "claim":
                _observe(self.to_claim, urgency, event, "paged_s")
            case "answered":
                _observe(self.to_reply, urgency, event, "claimed_s")
            case "page sent" | "page failed" | "page in doubt":
                self.pages.labels(PAGE_OUTCOMES[event.verb]).inc()
                _observe(self.to_page, urgency, event, "mention_s")
            case verb if verb in PROMISES:
                self.broken.labels(PROMISES[verb]).inc()
            case _:
                pass

    def ticked(self, seconds: float) -> None:
        self.tick.observe(seconds)

    def calendar_asked(self, outcome: str) -> None:
        self.calendars.labels(outcome).inc()


def _observe(histogram: Histogram, urgency: str, event: Event, fact: str) -> None:
    seconds = event.facts.get(fact)
    if isinstance(seconds, (int, float)):
        histogram.labels(urgency).observe(seconds)
