"""`/rota`: the coming weeks as a picture, with who is on in words. Here it is only settled which rotas and how far."""

from bot.desk.visit import Visit
from bot.errors import Refused

# More weeks are seen on one sheet when few rotas share it; on a phone about twelve lanes are still read without zoom.
WEEKS = 4
LANES = 12


def rota(visit: Visit, text: str) -> None:
    """`/rota`, or `/rota NAME` for one of them. Raises Refused("no_rota")."""
    rotas = [_named(visit, text)] if text.strip() else list(visit.plan.rotas)
    weeks = max(1, min(WEEKS, LANES // len(rotas)))
    visit.say("rota", rotas=rotas, weeks=weeks)


def _named(visit: Visit, text: str) -> str:
    wanted = " ".join(text.split()).casefold()
    for rota in visit.plan.rotas:
        if rota.casefold() == wanted:
            return rota
    raise Refused("no_rota", rota=text.strip()[:40], known=", ".join(visit.plan.rotas)[:300])
