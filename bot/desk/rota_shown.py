"""`/rota`: the coming weeks as a picture, with who is on in words. Here it is only settled which rotas and how far."""

from bot.desk.visit import Visit

# More weeks are seen on one sheet when few rotas share it; on a phone about twelve lanes are still read without zoom.
WEEKS = 4
LANES = 12


def rota(visit: Visit, text: str) -> None:
    """`/rota`, or `/rota NAME` for one of them. Raises Refused("no_rota")."""
    rotas = [visit.rota(text)] if text.strip() else list(visit.plan.rotas)
    weeks = max(1, min(WEEKS, LANES // len(rotas)))
    visit.say("rota", rotas=rotas, weeks=weeks)
