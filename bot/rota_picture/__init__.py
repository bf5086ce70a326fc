"""The rota as a picture that reads well on a phone: pure, from a plan and an instant to PNG bytes."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.rota_picture.painting import Painting
from bot.wording.words import Words
from schedules.rota import Plan
from schedules.weeks import coming_weeks

# A longer one is a strip that no phone shows whole.
WEEKS_MAX = 12


def rota_png(plan: Plan, rotas: Sequence[str], now: datetime, weeks: int, language: str) -> bytes:
    """This week and the following ones, `weeks` in all: the same bytes for the same values.

    rotas: one or more of the plan's, in this order. now: aware; it stands on the picture. weeks: 1 to WEEKS_MAX.
    Raises: KeyError for a rota that the plan does not have, ValueError for other weeks.
    """
    if not 1 <= weeks <= WEEKS_MAX:
        raise ValueError(f"a picture shows 1 to {WEEKS_MAX} weeks, not {weeks}")
    words = Words(language, ZoneInfo(plan.timezone))
    return Painting(plan, tuple(rotas), now, coming_weeks(plan, rotas, now, weeks), words).png()
