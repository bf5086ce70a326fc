"""RUBRIC.md as a table: which cues together mean which rule, how surely, and how to say it to the person on duty.

A rule is read as a sentence: "emergency_number & call_fails" needs one cue of every group (`|` is or), and `unless`
names cues that forbid it. `weight` is how surely the rule alone is right, set by hand and checked on the labelled
mentions; RUBRIC.md, edge case 15, decides what is in doubt: life, safety, crime and many people weigh more.
Sentences are for people and quote nothing of the mention.
"""

from dataclasses import dataclass

from bot.core.mention import Urgency
from bot.core.triage_words import CUES


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to recognise one code of the rubric. `groups`: one cue of each must be heard; `unless`: none of these."""

    code: str
    urgency: Urgency
    weight: float
    groups: tuple[frozenset[str], ...]
    unless: frozenset[str]
    why: str

    def __post_init__(self) -> None:
        unknown = (frozenset[str]().union(*self.groups) | self.unless) - CUES.keys()
        assert not unknown, f"{self.code}: no such cue: {sorted(unknown)}"
        assert 0 < self.weight < 1

    def applies(self, heard: frozenset[str]) -> bool:
        for group in self.groups:  # mostly the first of them says no: this is asked of every rule and every mention
            if group.isdisjoint(heard):
                return False
        return self.unless.isdisjoint(heard)

    @property
    def reason(self) -> str:
        return f"{self.code} {self.why}"


def _rule(code: str, weight: float, needs: str, why: str, unless: str = "") -> Rule:
    urgency = {"C": Urgency.CRITICAL, "U": Urgency.URGENT, "N": Urgency.NORMAL, "X": Urgency.NOISE}[code[0]]
    groups = tuple(frozenset(part.strip() for part in group.split("|")) for group in needs.split("&"))
    return Rule(code, urgency, weight, groups, frozenset(unless.split()), why)


ALARMS: tuple[Rule, ...] = (
    # C1 life line
    _rule("C1", 0.93, "emergency_number & call_fails", "life line: emergency calls do not go through"),
    _rule("C1", 0.93, "danger_now & i_cannot_call", "life line: somebody in danger cannot call"),
    _rule("C1", 0.7, "rescuers & i_cannot_call", "life line: help cannot be called"),
    _rule("C1", 0.7, "danger_now & dead & emergency_number|rescuers", "life line: help may not be reached"),
    _rule("C1", 0.55, "danger_now & dead", "life line: danger and no service"),
    _rule("C1", 0.9, "medical_device & dead", "life line: a medical or alarm device has no line"),
    _rule("C1", 0.8, "lift & lift_alarm & dead", "life line: a lift alarm has no line"),
    _rule("C1", 0.85, "care_home & dead", "life line: a care home or hospice is cut off"),
    _rule("C1", 0.8, "medical_device & call_fails", "life line: a medical or alarm device is not answered"),
    _rule("C1", 0.45, "medical_device & vulnerable", "life line: a medical or alarm device may be cut off"),
    # C2 wide outage
    _rule("C2", 0.8, "wide & dead", "wide outage: many people or a whole place without service"),
    _rule("C2", 0.75, "nobody_has", "wide outage: nobody there has service"),
    _rule("C2", 0.85, "island & cut_off|dead", "wide outage: an island is cut off"),
    _rule("C2", 0.8, "public_body & public_lines & dead", "wide outage: a public service is cut off"),
    _rule("C2", 0.75, "outage_news & ours & in_progress & dead|wide|outage_news", "wide outage: many reports now"),
    # C3 fraud under way
    _rule("C3", 0.92, "number_lost & money_taken", "fraud under way: number lost and money or accounts touched"),
    _rule("C3", 0.92, "number_lost & account_lost", "fraud under way: number lost and an account taken over"),
    _rule("C3", 0.92, "account_lost & money_taken", "fraud under way: account taken over, money asked or moved"),
    _rule(
        "C3", 0.9, "codes_unasked & account_lost|number_lost", "fraud under way: codes not asked for and access lost"
    ),
    _rule("C3", 0.55, "account_lost", "fraud under way: an account may be taken over", "question"),
    _rule("C3", 0.65, "sim_swap", "fraud under way: a cloned or swapped SIM", "question already_blocked"),
    # C4 data of many
    _rule("C4", 0.85, "portal & shown & others", "data of many: other customers' data is visible"),
    _rule("C4", 0.7, "sees_theirs & portal|paper|leak|others", "data of many: somebody else's data is shown"),
    _rule("C4", 0.85, "leak", "data of many: customers' data is offered or published"),
    # C5 person at risk
    _rule("C5", 0.9, "self_harm", "person at risk: it may be a farewell or a plan for self-harm", "hyperbole"),
    _rule("C5", 0.5, "self_harm & hyperbole", "person at risk: words of self-harm, perhaps a manner of speaking"),
    _rule("C5", 0.8, "threat", "person at risk: a threat to a person, staff or a shop"),
    _rule("C5", 0.85, "stalker & stalk_means", "person at risk: stalking or control by another person", "sales_calls"),
    _rule("C5", 0.75, "missing & phone", "person at risk: somebody is missing"),
    # C6 danger from plant
    _rule(
        "C6",
        0.8,
        "plant & plant_danger & plant_outdoors",
        "danger from plant: pole, cable, cabinet or manhole where people pass",
        "fixed_plant question",
    ),
    _rule(
        "C6",
        0.5,
        "plant & plant_danger",
        "danger from plant: pole, cable, cabinet or manhole may be dangerous",
        "fixed_plant question",
    ),
    _rule("C6", 0.9, "gas", "danger from plant: gas at the works"),
    # U1 vulnerable
    _rule("U1", 0.8, "frail & dead", "a vulnerable person is without service"),
    _rule("U1", 0.75, "vulnerable & alone & dead", "a vulnerable person, alone, is without service"),
    _rule("U1", 0.35, "vulnerable & dead", "an old or ill person may be without service"),
    # U2 business
    _rule("U2", 0.8, "business & trade & dead", "a business is stopped now", "slogging_on"),
    _rule("U2", 0.8, "trade & dead & business_now", "a business is losing work now", "slogging_on"),
    _rule("U2", 0.6, "business & dead", "a business may be stopped", "slogging_on"),
    # U3 block it
    _rule(
        "U3",
        0.85,
        "phone & stolen & block_it",
        "phone or SIM stolen or lost and perhaps still active",
        "already_blocked",
    ),
    _rule("U3", 0.55, "phone & stolen", "phone or SIM stolen or lost", "already_blocked"),
    _rule("U3", 0.85, "gave_data", "data or a code given to a fraudster", "gave_nothing"),
    _rule("U3", 0.8, "porting & not_asked", "a number change or contract that was not asked for", "gave_nothing"),
    _rule("U3", 0.75, "charges_running", "charges are running away now"),
    # U4 stranded
    _rule(
        "U4", 0.75, "away & mobile_dead|dead & stated_need", "stranded: on the way without service and in need of it"
    ),
    # U5 one person's data
    _rule("U5", 0.85, "own_data_out", "the customer's own data stands in public"),
    _rule("U5", 0.75, "paper & others & arrived", "another customer's papers or messages were received"),
    # U6 press, law, reach
    _rule("U6", 0.85, "press & press_asks", "a journalist asks before publication"),
    _rule("U6", 0.75, "law & act", "a lawyer, court or authority with an act and a date", "anger_law"),
    _rule("U6", 0.75, "mayor", "a mayor or member of parliament writes"),
    _rule("U6", 0.75, "reach & failure", "an account or post with a large reach", "boast"),
    # U7 days
    _rule("U7", 0.8, "days & unanswered & total_loss", "cut off for days, earlier contacts unanswered", "slow_or_up"),
    _rule("U7", 0.4, "days & unanswered", "days of waiting, earlier contacts unanswered", "slow_or_up billing"),
    # U8 several households
    _rule("U8", 0.8, "households & dead & several", "several households are without service"),
    # U9 deadline
    _rule("U9", 0.8, "appointment & soon & dead", "no service and a serious appointment before Monday"),
)

# What alone says little, but ranks one quiet mention above another; together they never ring (triage.judge).
SUSPICIONS: tuple[Rule, ...] = (
    _rule("C1", 0.25, "medical_device", "an alarm or medical device is named"),
    _rule("C1", 0.2, "emergency_number|i_cannot_call", "an emergency number is named"),
    _rule("C1", 0.12, "danger_now|rescuers", "words of danger"),
    _rule("C2", 0.12, "wide", "many people are named"),
    _rule("C2", 0.15, "island|outage_news", "an island or a report of an outage"),
    _rule("C2", 0.1, "public_body", "a public body is named"),
    _rule("C3", 0.12, "number_lost|money_taken", "a number, card or money is named"),
    _rule("C3", 0.2, "account_lost|codes_unasked", "an account may be lost"),
    _rule("C4", 0.12, "others & shown|portal", "other people's data may be visible"),
    _rule("C5", 0.25, "self_harm|threat|stalker|missing", "words of danger to a person"),
    _rule("C6", 0.12, "plant & plant_danger|plant_outdoors", "poles, cables or manholes are named"),
    _rule("U1", 0.1, "frail", "a frail person is named"),
    _rule("U2", 0.1, "trade|business", "a business is named"),
    _rule("U3", 0.12, "stolen|gave_data|porting|not_asked|fake_agent", "loss, theft or a contract not asked for"),
    _rule("U4", 0.1, "away & stated_need", "on the way and in need"),
    _rule("U5", 0.1, "own_data_out|paper & others", "papers of somebody"),
    _rule("U6", 0.12, "press|law|mayor|reach", "press, law or reach"),
    _rule("U7", 0.1, "days & total_loss", "days without service"),
    _rule("U8", 0.2, "households", "neighbours or a building are named"),
    _rule("U9", 0.15, "appointment & soon", "an appointment is near"),
    _rule("N1", 0.06, "dead", "a failure"),
)

# What speaks against an alarm. The weight is how much of the alarm it takes away; codes as in the rubric.
CALM: tuple[Rule, ...] = (
    _rule("X6", 0.7, "other_operator", "another operator or another Tim", "ours"),
    _rule("X6", 0.8, "other_operator & ours_fine", "another operator; ours works"),
    _rule("X6", 0.3, "other_operator", "another operator is named"),
    _rule("N6", 0.2, "hyperbole & self_harm|threat", "perhaps a manner of speaking"),
    _rule("X4", 0.5, "solved & thanks", "thanks; it is solved", "question wants_something"),
    _rule("N8", 0.45, "solved", "past or solved"),
    _rule("N8", 0.4, "past", "long past"),
    _rule("X7", 0.65, "fiction", "fiction, song or game"),
    _rule("X7", 0.45, "metaphor", "said of something else"),
    _rule("X3", 0.6, "spam", "advertising or bait"),
    _rule("X5", 0.45, "news", "news or commentary"),
    _rule("N2", 0.45, "slow", "slow or unstable, not lost"),
    _rule("N1", 0.5, "own_only", "one household, nothing aggravating"),
    _rule("N5", 0.25, "question", "a question"),
    _rule("N3", 0.25, "billing", "bill, credit or refund"),
    _rule("N9", 0.4, "sales_calls", "sales calls"),
    _rule("N9", 0.3, "gave_nothing", "a fraud attempt, nothing given"),
    _rule("N6", 0.2, "care_anger", "anger about care"),
    _rule("N4", 0.15, "contract", "contract, delivery or appointment"),
    _rule("N7", 0.2, "only_me", "asks whether others are down too"),
)

# What makes a mention that is no alarm a matter for care at all.
SERVICE: tuple[Rule, ...] = (
    _rule("N1", 0.7, "dead & service", "a failure is reported"),
    _rule("N1", 0.5, "dead", "a failure may be reported"),
    _rule("N2", 0.8, "slow", "slow or unstable"),
    _rule("N3", 0.8, "billing", "bill, credit or refund"),
    _rule("N4", 0.6, "contract", "contract, delivery or appointment"),
    _rule("N5", 0.5, "question", "a question"),
    _rule("N5", 0.55, "service & wants_something", "a request"),
    _rule("N6", 0.6, "care_anger", "complaint about care"),
    _rule("N7", 0.7, "only_me", "asks whether others are down too"),
    _rule("N9", 0.8, "sales_calls", "sales calls"),
    _rule("N9", 0.7, "gave_nothing", "a fraud attempt, nothing given"),
    _rule("N5", 0.35, "addressed", "speaks to the care team"),
    _rule("N5", 0.3, "wants_something", "asks for something"),
    _rule("N1", 0.3, "service", "the service is named"),
)

NOISE: tuple[Rule, ...] = (
    _rule("X3", 0.9, "spam", "advertising or bait"),
    _rule("X4", 0.75, "thanks", "thanks", "question wants_something billing contract"),
    _rule("X5", 0.75, "news", "news or commentary", "billing"),
    _rule("X6", 0.85, "other_operator", "another operator or another Tim", "question"),
    _rule("X7", 0.75, "fiction", "fiction, song or game"),
    _rule("X7", 0.65, "metaphor", "said of something else"),
)
