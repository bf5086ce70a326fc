"""The story shelf: what a newcomer should have seen, each story told in a few steps that the page plays.

A story is data: the page performs the steps that the outside world does (posts, faults, the clock, a kill) and waits
for what the service does and for what a person does on a phone; each step says in one sentence what is happening.
In the sentences {duty}, {backup} and {lead} stand for whoever is that now. All customers are invented.
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step. do: what the page does or waits for (see DOES); more: what that needs."""

    do: str
    en: str
    it: str
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A card on the shelf. line: what one will see, in one sentence."""

    key: str
    icon: str
    title: str
    title_it: str
    line: str
    line_it: str
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, Any]:
        """For the page; `needs` names what a stage must have: "clock" (one that moves), "service" (run by it)."""
        does = {step.do for step in self.steps}
        needs = [what for what, verbs in NEEDS.items() if does & verbs]
        return {**asdict(self), "needs": needs}


DOES = {
    "post": "write on X: author, name, text; again: in the conversation of the story's last post",
    "look": "nothing: time to read",
    "fault": "put rules of faults.Fault in force",
    "well": "take all rules away",
    "jump": "move the clock: by_s, or to the next hour (Rome; weekday 0 Sunday to 6), or off_duty: until they are",
    "kill": "kill the service; down_s",
    "rings": "wait until the last post's card rings; on: duty or backup, else anywhere",
    "waits": "wait until the last post stands in a silent message",
    "told": "wait for a message on any phone that is about none of the story's posts",
    "claim": "a person presses Claim; on: duty or backup",
    "reply": "a person answers the card; text, text_it: what Show me types",
    "reword": "a person presses Edit on the preview and writes anew; text: what Show me types",
    "send": "a person presses Send",
    "posted": "wait until our answer is public",
    "back": "wait until the preview stands there again, because something changed during the hold",
    "up": "wait until the service is back",
}
NEEDS = {"clock": {"jump"}, "service": {"kill", "up"}}


def _post(en: str, it: str, author: str, name: str, text: str, *, again: bool = False) -> Step:
    return Step("post", en, it, {"author": author, "name": name, "text": text, "again": again})


def _look(en: str, it: str) -> Step:
    return Step("look", en, it)


def _claim(on: str = "duty") -> Step:
    return Step("claim", f"Press Claim on {{{on}}}’s phone.", f"Premi Prendo io sul telefono di {{{on}}}.", {"on": on})


def _reply(text: str, text_it: str, on: str = "duty") -> Step:
    return Step(
        "reply",
        f"Answer from {{{on}}}’s phone: press Reply, type a sentence, Enter.",
        f"Rispondi dal telefono di {{{on}}}: premi Rispondi, scrivi una frase, Invio.",
        {"text": text, "text_it": text_it, "on": on},
    )


_SEND = Step("send", "Read the preview, then press Send.", "Leggi l’anteprima, poi premi Invia.")
_POSTED = Step(
    "posted",
    "Ten seconds to change one’s mind. Then it goes out on X, signed with their initials.",
    "Dieci secondi per ripensarci. Poi esce su X, firmata con le loro iniziali.",
)

STORIES: tuple[Story, ...] = (
    Story(
        "quiet",
        "🌙",
        "A quiet evening",
        "Una serata tranquilla",
        "A question and a thank-you: nobody is woken, nothing is lost.",
        "Una domanda e un grazie: nessuno viene svegliato, niente va perso.",
        (
            _post(
                "A calm question about roaming.",
                "Una domanda tranquilla sul roaming.",
                "leo_ferri",
                "Leo Ferri",
                "@TIM_Official buonasera, la settimana prossima vado in Svizzera: con la mia offerta il roaming è "
                "compreso? Grazie",
            ),
            Step(
                "waits",
                "It can wait, so it stands in one silent list on {duty}’s phone, worst first.",
                "Può aspettare: sta in un solo elenco silenzioso sul telefono di {duty}, il peggio in alto.",
            ),
            _post(
                "A thank-you.",
                "Un ringraziamento.",
                "martabruni",
                "Marta Bruni",
                "@TIM119Giulia risolto in dieci minuti, gentilissima. Grazie davvero e buon fine settimana! ❤️",
            ),
            _look(
                "It is counted and rings nobody. If the machine was wrong: [Urgent] on the list makes it ring.",
                "Si conta e non suona. Se la macchina ha sbagliato: [Urgente] nell’elenco lo fa squillare.",
            ),
            Step(
                "jump",
                "On to the office’s opening.",
                "Avanti fino all’apertura dell’ufficio.",
                {"weekday": 1, "hour": 9},
            ),
            Step(
                "told",
                "The office opens: what is open is handed over, item by item.",
                "L’ufficio apre: ciò che resta aperto viene consegnato, voce per voce.",
            ),
        ),
    ),
    Story(
        "telecare",
        "🆘",
        "A grandmother’s telecare line",
        "Il telesoccorso della nonna",
        "No shouting, no capitals, and yet the most serious post of the night.",
        "Nessun urlo, nessuna maiuscola: eppure è il post più grave della notte.",
        (
            _post(
                "A granddaughter, 300 km away, writes calmly.",
                "Una nipote, a 300 km, scrive con calma.",
                "chiara_bellu",
                "Chiara Bellu",
                "@TIM_Official mia nonna ha 88 anni, vive da sola e ha il telesoccorso sulla linea fissa: da "
                "stamattina il telefono è muto e il pulsante non chiama più nessuno. Io sono a 300 km. Aiutatemi",
            ),
            Step(
                "rings",
                "Critical: it rings at once on {duty}’s phone. The card says why.",
                "Critico: suona subito sul telefono di {duty}. La scheda dice perché.",
                {"on": "duty"},
            ),
            _claim(),
            _reply(
                "We are on it now. Please send us the number of the line in a private message.",
                "Ci pensiamo subito. Ci mandi in privato il numero della linea?",
            ),
            _SEND,
            _POSTED,
        ),
    ),
    Story(
        "restaurant",
        "🍝",
        "The card reader of a restaurant",
        "Il POS del ristorante",
        "Nobody answers for five minutes: the next phone rings too.",
        "Per cinque minuti nessuno risponde: suona anche il telefono dopo.",
        (
            _post(
                "A full house, and no card reader.",
                "Locale pieno, POS fermo.",
                "trattoria_lina",
                "Trattoria da Lina",
                "@TIM_Official stasera locale pieno e il POS non prende linea da un'ora. Partita IVA, linea "
                "business: sto mandando via la gente che non ha contanti",
            ),
            Step(
                "rings",
                "It rings on {duty}’s phone. Suppose {duty} does not hear it.",
                "Suona sul telefono di {duty}. Mettiamo che {duty} non lo senta.",
                {"on": "duty"},
            ),
            Step("jump", "Five minutes pass.", "Passano cinque minuti.", {"by_s": 310}),
            Step(
                "rings",
                "Nobody took it, so it rings on {backup}’s phone as well.",
                "Nessuno l’ha preso: ora suona anche sul telefono di {backup}.",
                {"on": "backup"},
            ),
            _claim("backup"),
            _look(
                "{duty}’s phone is calm again, and says who has it.",
                "Il telefono di {duty} torna tranquillo, e dice chi se ne occupa.",
            ),
            _reply(
                "We are checking your line now and write again within 20 minutes.",
                "Controlliamo la linea adesso e vi riscriviamo entro 20 minuti.",
                "backup",
            ),
            _SEND,
            _POSTED,
        ),
    ),
    Story(
        "sim",
        "📵",
        "A SIM swap at night",
        "Una SIM rubata nella notte",
        "The customer writes again while the answer is on its way: it stops and asks.",
        "Il cliente riscrive mentre la risposta sta uscendo: si ferma e chiede.",
        (
            Step("jump", "Three in the morning.", "Le tre del mattino.", {"hour": 3}),
            _post(
                "Somebody has taken over his number.",
                "Qualcuno si è preso il suo numero.",
                "nick_harrow",
                "Nick Harrow",
                "@TIM_Official my SIM went dead an hour ago, then the bank texted my wife about transfers I never "
                "made. Somebody has my number NOW and is emptying the account. Please block it",
            ),
            Step(
                "rings",
                "Fraud under way: it rings, also at this hour.",
                "Frode in corso: suona, anche a quest’ora.",
                {"on": "duty"},
            ),
            _claim(),
            _reply(
                "We are blocking the SIM now. Call your bank in the meantime.",
                "We are blocking the SIM now. Call your bank in the meantime.",
            ),
            _SEND,
            _post(
                "In these ten seconds he writes again.",
                "In quei dieci secondi scrive ancora.",
                "nick_harrow",
                "Nick Harrow",
                "@TIM_Official I am at the police station and the SIM works again, please do NOT block it!",
                again=True,
            ),
            Step(
                "back",
                "The answer did not go out: it is a draft again, beside the new words.",
                "La risposta non è uscita: è di nuovo una bozza, accanto alle parole nuove.",
            ),
            Step(
                "reword",
                "Press Edit on the preview and answer with other words.",
                "Premi Modifica sull’anteprima e rispondi con altre parole.",
                {"text": "Understood: we leave it as it is and check every change of tonight."},
            ),
            _SEND,
            _POSTED,
        ),
    ),
    Story(
        "joke",
        "🍿",
        "A joke with “URGENTE”",
        "Una battuta con «URGENTE»",
        "Capital letters ring nobody; a calm sentence does.",
        "Le maiuscole non svegliano nessuno; una frase calma sì.",
        (
            _post(
                "URGENTE, in capitals.",
                "URGENTE, tutto maiuscolo.",
                "ilmemediqualita",
                "Meme di qualità",
                "URGENTE @TIM_Official ho finito i popcorn e la serie è appena cominciata, mandate un tecnico 🍿",
            ),
            _look(
                "Nothing rings: a joke is a joke, in capitals too.",
                "Non suona niente: una battuta resta una battuta.",
            ),
            _post(
                "And now somebody who does not shout.",
                "E ora qualcuno che non urla.",
                "sofia_deluca",
                "Sofia De Luca",
                "@TIM119Giulia siamo in una valle senza segnale di altri operatori, neonato di 9 giorni con la febbre"
                " e da due ore nessuna rete: non riusciamo a chiamare il pediatra",
            ),
            Step(
                "rings",
                "A newborn and no way to call: this one rings.",
                "Un neonato e nessun modo di chiamare: questo suona.",
                {"on": "duty"},
            ),
            _claim(),
        ),
    ),
    Story(
        "agent",
        "🧑‍💼",
        "A named agent off duty",
        "Un’agente con nome, non in turno",
        "They wrote to Giulia’s account; whoever is on duty answers from it.",
        "Hanno scritto all’account di Giulia; risponde da lì chi è di turno.",
        (
            Step(
                "jump",
                "On to an hour at which Giulia is off duty.",
                "Avanti fino a un’ora in cui Giulia non è di turno.",
                {"off_duty": "giulia"},
            ),
            _post(
                "A customer writes to the agent who helped last time.",
                "Un cliente scrive all’agente dell’ultima volta.",
                "emma_lockwood",
                "Emma Lockwood",
                "@TIM119Giulia my phone was snatched in Rome ten minutes ago, the SIM is still active and my bank app"
                " is on it. How do I get it blocked tonight?",
            ),
            Step(
                "rings",
                "It rings on {duty}’s phone, and the card says whom it was meant for.",
                "Suona sul telefono di {duty}, e la scheda dice per chi era.",
                {"on": "duty"},
            ),
            _claim(),
            _reply("We are blocking the SIM now, from here.", "We are blocking the SIM now, from here."),
            _SEND,
            Step(
                "posted",
                "It goes out from Giulia’s account, signed by {duty}: the public sees who wrote.",
                "Esce dall’account di Giulia, firmata da {duty}: il pubblico vede chi ha scritto.",
            ),
        ),
    ),
    Story(
        "outage",
        "🔌",
        "X goes down",
        "X non risponde",
        "Silence is an alarm; what came meanwhile still rings, with its age.",
        "Il silenzio è un allarme; ciò che è arrivato suona dopo, con la sua età.",
        (
            Step(
                "fault",
                "From now on X answers 503 to every request.",
                "Da adesso X risponde 503 a ogni richiesta.",
                {"rules": {"match": "* /2/*", "times": None, "status": 503, "body": "Service Unavailable"}},
            ),
            _post(
                "A customer writes all the same.",
                "Un cliente scrive lo stesso.",
                "walks_in_umbria",
                "Hannah, walking",
                "@TIM_Official one of your poles is leaning over the road between Spello and Collepino, cables at "
                "head height, cars are swerving around it in the dark",
            ),
            Step("jump", "Six minutes without X.", "Sei minuti senza X.", {"by_s": 380}),
            Step(
                "told",
                "Nobody trusts silence: the phones are told that X cannot be read.",
                "Del silenzio non ci si fida: i telefoni sanno che X non si legge.",
            ),
            Step("well", "X is back.", "X è tornato."),
            Step("jump", "A minute later …", "Un minuto dopo …", {"by_s": 60}),
            Step(
                "rings",
                "The missed post rings now, with its age.",
                "Il post mancato suona adesso, con la sua età.",
                {"on": "duty"},
            ),
            _claim(),
        ),
    ),
    Story(
        "kill",
        "💀",
        "Kill the service",
        "Uccidi il servizio",
        "A true kill -9 in mid-alarm. It comes back by itself; nothing is lost.",
        "Un vero kill -9 durante un allarme. Torna da solo; niente va perso.",
        (
            _post(
                "A clinic cannot be called.",
                "Uno studio medico non riceve chiamate.",
                "studio_pavesi",
                "Studio medico Pavesi",
                "@Telecom191Paolo centralino dello studio medico muto da stamattina, oggi siamo di turno e i pazienti"
                " non riescono a chiamare. Ticket aperto, nessuno richiama",
            ),
            Step("rings", "It rings on {duty}’s phone.", "Suona sul telefono di {duty}.", {"on": "duty"}),
            Step(
                "kill",
                "kill -9: the process is gone, in the middle of it.",
                "kill -9: il processo non c’è più, a metà lavoro.",
                {"down_s": 6},
            ),
            _post(
                "Meanwhile another customer writes.",
                "Intanto scrive un altro cliente.",
                "andrea_c_lab",
                "Andrea Colombo",
                "@Telecom187Fabio sesto giorno senza internet né telefono, due appuntamenti e il tecnico non si è mai"
                " visto. Al 187 chiudono la segnalazione ogni volta",
            ),
            Step(
                "claim",
                "Press Claim on {duty}’s phone although nobody is there: Telegram keeps the press.",
                "Premi Prendo io sul telefono di {duty} anche se non c’è nessuno: Telegram tiene la pressione.",
                {"on": "duty", "author": "studio_pavesi"},
            ),
            Step("up", "Back, on the same database.", "Tornato, sullo stesso database."),
            Step(
                "rings",
                "The press counted, and the second customer’s post rings. Nothing was lost.",
                "La pressione è valsa, e il post del secondo cliente suona. Niente è andato perso.",
                {"on": "duty"},
            ),
        ),
    ),
)
