"""What the customers of the benchmark write: made up, varied, in Italian and English, and judged as intended.

Every alarm is `critical`, which the flood rules never gather: each rings by itself, so the service that is measured is
`reperibile run` as it is, without a switch. The set-up refuses a text that is not judged as its kind says.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["alarm", "normal", "noise"]

PLACES = (
    "Bardonecchia", "Ostuni", "Trani", "Cefalù", "Gubbio", "Norcia", "Chioggia", "Matera", "Urbino", "Alghero",
    "Volterra", "Sulmona", "Tropea", "Ravello", "Merano", "Feltre", "Voghera", "Imola", "Pinerolo", "Acireale",
)  # fmt: skip
HOURS = ("19:10", "19:45", "20:05", "20:30", "21:00", "21:20", "21:50", "22:15", "22:40", "23:05")
WHO = ("mia nonna", "mia madre", "mio padre", "mia zia", "mio suocero")
WHO_EN = ("my grandmother", "my mother", "my father", "my aunt", "my father-in-law")
OPENINGS = ("", "Buonasera, ", "Scusate, ", "Ciao, ", "Per favore leggete: ")
OPENINGS_EN = ("", "Hello, ", "Sorry, ", "Hi there, ", "Good evening, ")

ITALIAN: dict[Kind, tuple[str, ...]] = {
    "alarm": (
        "a {place} il 112 non risponde, le chiamate di emergenza cadono tutte dalle {hour}",
        "il telesoccorso di {who} a {place} non ha linea dalle {hour}, ha {n} anni ed è sola in casa",
        "tutta {place} senza rete dalle {hour}: nessuno ha segnale, né fisso né mobile",
        "mi hanno clonato la SIM alle {hour}: numero perso e stanno svuotando il conto in banca adesso",
        "palo del telefono caduto in mezzo alla strada a {place}, cavi a terra dove passano le macchine",
        "l'allarme dell'ascensore al civico {n} di {place} non ha linea, il telefono dentro è morto",
        "nell'app vedo i dati di altri clienti: nomi, indirizzi e fatture, almeno {n} persone",
    ),
    "normal": (
        "la fibra a {place} è lenta da stasera, {n} mega invece di mille: si può fare qualcosa?",
        "nella bolletta trovo {n} euro in più che non capisco, chi mi spiega?",
        "come si attiva il roaming prima di partire da {place}? Parto tra {n} giorni",
        "il tecnico doveva passare a {place} alle {hour} e non si è visto, come fisso un altro appuntamento?",
        "il modem a {place} si riavvia ogni {n} minuti, il wifi va e viene",
        "vorrei sapere a che punto è la mia portabilità, richiesta {n} giorni fa",
        "ancora chiamate dei call center alle {hour}, la {n}ª di oggi: fateli smettere",
    ),
    "noise": (
        "grazie mille, a {place} è tutto risolto dalle {hour}: bravissimi!",
        "complimenti per lo spot di stasera alle {hour}, la canzone mi piace, voto {n}",
        "buona serata a tutti da {place}, sono le {hour} e si sta benissimo",
        "seguitemi per vincere {n} smartphone, link in bio, promo solo oggi",
    ),
}
ENGLISH: dict[Kind, tuple[str, ...]] = {
    "alarm": (
        "the emergency number 112 does not answer from my phone in {place} since {hour}, calls fail, please help",
        "the telecare alarm of {who} in {place} has no line since {hour}, aged {n} and alone",
        "the whole town of {place} is without service since {hour}, nobody has signal, landline and mobile both dead",
        "my SIM was swapped at {hour}, my number is gone and they are taking money from my bank account right now",
        "a telephone pole has fallen across the road in {place}, cables on the ground where people walk",
        "in your app I see other customers' data: names, addresses and bills of at least {n} people",
    ),
    "normal": (
        "the fibre in {place} is slow tonight, {n} mega at most: can you have a look?",
        "my bill is {n} euro higher than last month and I do not understand why",
        "how do I switch roaming on before I leave {place}? I travel in {n} days",
        "the technician did not come to {place} at {hour}, how do I book another appointment?",
        "my wifi in {place} drops every {n} minutes, the modem restarts",
        "where is my new modem? I ordered it {n} days ago",
    ),
    "noise": (
        "thank you, in {place} everything works again since {hour}, great job!",
        "follow me and win {n} smartphones, link in bio, promo only today",
        "good evening everybody from {place}, lovely night",
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One post to be written. author: a handle; no two alarms share one, so that each is a ticket of its own."""

    author: str
    text: str
    lang: Literal["it", "en"]
    kind: Kind


def said(kinds: list[Kind], account: str, chance: random.Random) -> list[Said]:
    """A post for each of `kinds`, naming `account`; one in five that is no alarm comes from somebody seen before."""
    posts: list[Said] = []
    quiet: list[str] = []
    for number, kind in enumerate(kinds):
        author = f"{account[:5]}_{kind[:2]}{number}"[:15]
        if kind != "alarm":
            if quiet and chance.random() < 0.2:
                author = chance.choice(quiet)
            else:
                quiet.append(author)
        lang: Literal["it", "en"] = "it" if chance.random() < 0.7 else "en"
        posts.append(Said(author, f"@{account} {_words(kind, lang, chance)}", lang, kind))
    return posts


def misjudged(posts: list[Said], judge: Callable[[str, str], str], is_alarm: Callable[[str], bool]) -> Iterator[str]:
    """A line for each post that is not judged as intended: by the service's rules, or by the forwarder's list.

    judge: the urgency of a text in a language. is_alarm: the forwarder's own decision.
    """
    intended = {"alarm": "critical", "normal": "normal", "noise": "noise"}
    for post in posts:
        urgency = judge(post.text, post.lang)
        if urgency != intended[post.kind]:
            yield f"meant as {post.kind}, the service says {urgency}: {post.text}"
        if is_alarm(post.text) != (post.kind == "alarm"):
            yield f"meant as {post.kind}, the forwarder says {'alarm' if is_alarm(post.text) else 'none'}: {post.text}"


def _words(kind: Kind, lang: Literal["it", "en"], chance: random.Random) -> str:
    table, openings, who = (ITALIAN, OPENINGS, WHO) if lang == "it" else (ENGLISH, OPENINGS_EN, WHO_EN)
    values = {
        "place": chance.choice(PLACES),
        "hour": chance.choice(HOURS),
        "who": chance.choice(who),
        "n": chance.randint(71, 98),
    }
    return chance.choice(openings) + chance.choice(table[kind]).format(**values)
