"""The protocol against an X that loses answers, shows posts late and refuses, and a process that dies anywhere.

Never two posts, and never lost in silence: whatever happens, it comes to rest where somebody sees it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core import reply as protocol
from bot.core.mention import Mention
from bot.core.reply import Reply, ReplyState, Waits

START = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
WAITS = Waits(timedelta(seconds=20), timedelta(seconds=45), timedelta(seconds=120))
LAG_MAX_S = 40
REST = (ReplyState.POSTED, ReplyState.FAILED, ReplyState.DRAFT)


class Night(RuleBasedStateMachine):
    """One reply from Send to its rest; X has no filter against duplicates."""

    @initialize()
    def is_sent(self) -> None:
        self.now = START
        draft = Reply(7, ReplyState.DRAFT, "Arriviamo ^GR", parent_id=99)
        self.reply = protocol.send(draft, self.now, WAITS)
        self.on_x: list[tuple[datetime, Mention]] = []
        self.sent_at = self.now

    def _post_arrives(self, lag_s: int) -> int:
        number = 100 + len(self.on_x)
        there = Mention(number, number, 1, "us", "us", "@m Arriviamo ^GR", self.now, 99, parent_id=99)
        self.on_x.append((self.now + timedelta(seconds=lag_s), there))
        return number

    def _post(self, fate: str, lag_s: int) -> None:
        match fate:
            case "good":
                self.reply = protocol.posted(self.reply, self._post_arrives(lag_s), self.now)
            case "answer lost":
                self._post_arrives(lag_s)
                self.reply = protocol.doubtful(self.reply, self.now, WAITS)
            case "lost before":
                self.reply = protocol.doubtful(self.reply, self.now, WAITS)
            case "killed after":
                self._post_arrives(lag_s)
            case "killed before":
                pass
            case "limited":
                self.reply = protocol.not_sent(self.reply, self.now, self.now + timedelta(minutes=lag_s), "rate_limit")
            case "refused":
                self.reply = protocol.failed(self.reply, "refused")

    @rule(
        fate=st.sampled_from(
            ["good", "answer lost", "lost before", "killed after", "killed before", "limited", "refused"]
        ),
        lag_s=st.integers(0, LAG_MAX_S),
        read_fails=st.booleans(),
        late_s=st.integers(0, 90),
    )
    def it_is_due(self, fate: str, lag_s: int, read_fails: bool, late_s: int) -> None:
        """Delivery comes to it, up to late_s after it was due."""
        reply = self.reply
        if reply.state is ReplyState.SENDING:  # we died with it: what a start does
            self.now += timedelta(seconds=late_s)
            self.reply = protocol.doubtful(reply, self.now, WAITS)
            return
        if reply.due_at is None:
            return
        self.now = max(self.now, reply.due_at) + timedelta(seconds=late_s)
        if reply.state is ReplyState.HELD:
            if not protocol.can_start(reply, self.now):
                self.reply = protocol.back_to_draft(reply, "too_late")
                return
            self.reply = protocol.start(reply, self.now)
            self._post(fate, lag_s)
        elif reply.state is ReplyState.IN_DOUBT:
            if read_fails:
                self.reply = protocol.look_failed(reply, self.now, None)
                return
            shown = [post for visible_at, post in self.on_x if visible_at <= self.now]
            after = protocol.looked(reply, protocol.look(reply, shown), self.now, WAITS)
            if after is not None:
                self.reply = after
                return
            assert self.now <= self.sent_at + protocol.LEAVE_WITHIN, "nothing is posted by itself later"
            self.reply = protocol.start(reply, self.now)
            self._post(fate, lag_s)

    @rule(there=st.booleans())
    def the_writer_answers(self, there: bool) -> None:
        """Asked, the writer looks and says what is true."""
        if not self.reply.asked:
            return
        self.now += timedelta(seconds=LAG_MAX_S)
        if self.on_x:
            self.reply = replace(self.reply, state=ReplyState.POSTED, asked=False, due_at=None)
        elif there:
            self.reply, self.sent_at = protocol.send_again(self.reply, self.now), self.now

    @invariant()
    def never_two_posts(self) -> None:
        assert len(self.on_x) <= 1

    @invariant()
    def never_lost_in_silence(self) -> None:
        """It rests where somebody sees it, or something is due for it."""
        at_rest = self.reply.state in REST or self.reply.asked
        assert at_rest or self.reply.due_at is not None

    @invariant()
    def what_is_called_unsent_is_not_there(self) -> None:
        if self.reply.state in (ReplyState.DRAFT, ReplyState.HELD):
            assert not self.on_x

    def teardown(self) -> None:
        """Left alone with a healthy X, everything comes to rest."""
        for _ in range(12):
            self.it_is_due("good", 1, False, 1)
        assert self.reply.state in REST or self.reply.asked
        assert len(self.on_x) <= 1


TestNight = Night.TestCase
TestNight.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
