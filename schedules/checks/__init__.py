"""What is odd about a rota: warnings with dates and people, which never stop anything.

`findings` needs the plan alone; `no_phone` and `rest` also need what the database knows (who has a phone, who was
called out), handed in as values. Source: ROTA.md, "Checks".
"""

from datetime import datetime

from schedules.checks.fairness import unequal_load, weekends_in_a_row
from schedules.checks.holes import gaps, paged_rotas
from schedules.checks.lines import lonely_lines
from schedules.checks.pairs import same_network, same_person
from schedules.checks.stretches import LOOK_AHEAD
from schedules.problems import Finding
from schedules.rota import Plan

__all__ = ["LOOK_AHEAD", "findings", "paged_rotas"]


def findings(plan: Plan, now: datetime) -> list[Finding]:
    """All warnings about a plan as seen at `now` (aware), the gravest kinds first.

    Only rotas that some ladder pages are looked at: nobody is missed on the others.
    """
    return [
        *gaps(plan, now, now + LOOK_AHEAD),
        *same_person(plan, now, now + LOOK_AHEAD),
        *same_network(plan, now, now + LOOK_AHEAD),
        *weekends_in_a_row(plan, now, now + LOOK_AHEAD),
        *unequal_load(plan, now),
        *lonely_lines(plan, now, now + LOOK_AHEAD),
    ]
