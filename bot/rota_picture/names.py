"""What stands for a person on the picture: the name, or the nearest thing to it that can be written."""

from bot.rota_picture import letters
from schedules.rota import Plan


class Names:
    """The names of one plan's people."""

    def __init__(self, plan: Plan) -> None:
        self._people = plan.people

    def full(self, person: str) -> str:
        member = self._people[person]
        return letters.first_writable((member.name, member.signature, person))

    def short(self, person: str) -> str:
        """What they are called among colleagues."""
        member = self._people[person]
        return letters.first_writable((member.first_name, member.signature, person))

    def initials(self, person: str) -> str:
        return letters.first_writable((self._people[person].signature, person))
