"""Whom the rules ring and whom they let sleep: never-miss rules said in other words, and what must not ring.

The sentences here were written for these tests; no labelled mention is among them.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.mention import Urgency
from bot.core.triage import ALARM_SCORE_MIN, Judge, Judgement, judge
from bot.core.triage_line import line_of
from bot.core.triage_rules import ALARMS, CALM, NOISE, SERVICE, SUSPICIONS
from bot.core.triage_text import TEXT_LENGTH_MAX, plain
from bot.core.triage_words import CUES, heard

NEVER_MISS = {
    "C1": [
        "il centododici non risponde da nessuno dei nostri cellulari",
        "non riusciamo a contattare l'ambulanza, il telefono resta muto",
        "da rete vostra i numeri di soccorso danno occupato, zona Amalfi",
        "calls to 118 just drop, all of us on your network",
        "we cannot reach emergency services from this valley",
        "tried to ring 113, dead air",
        "il dispositivo salvavita di mio suocero lampeggia e segnala mancanza di linea",
        "pulsante d'emergenza della nonna scollegato da stamattina",
        "my mother's alarm cord isn't connecting, no line since noon",
        "ascensore fermo con gente dentro, l'allarme non chiama nessuno",
        "uomo a terra in piazza, nessuno riesce a telefonare ai soccorsi",
        "the elevator emergency phone has no dial tone",
        "mio padre ha il defibrillatore collegato al telefono e la linea è morta",
        "in RSA non funzionano i campanelli dei pazienti, linea giù",
        "help someone is breaking in and my phone won't place calls",
        "112 irraggiungibile con la vostra sim da Siena",
        "vigili del fuoco irraggiungibili al telefono, c'è un incendio",
        "il 115 non dà segni di vita",
        "pronto intervento non contattabile, chiamata sempre interrotta",
    ],
    "C3": [
        "la mia sim non funziona più e qualcuno ha fatto un bonifico dal mio conto",
        "mi hanno clonato il numero, conto corrente prosciugato",
        "telefono senza segnale all'improvviso e notifiche di accesso alla banca",
        "hanno fatto una sim a mio nome e mi stanno rubando i soldi",
        "hackers have my number, they're inside my bank account",
        "my sim stopped working and now my email has been taken over",
        "qualcuno usa il mio whatsapp per chiedere soldi agli amici, la scheda non prende",
        "non riesco più ad accedere alla mail, password cambiata da altri, e arrivano codici mai richiesti",
        "number was transferred without my permission, coinbase account drained",
        "mi hanno sostituito la scheda senza il mio consenso e mancano 3000 euro",
        "la casella di posta tim me l'hanno bucata, mandano richieste di denaro ai miei contatti",
        "sim swap in corso, aiutatemi",
        "i got locked out of everything, someone took over my phone number",
        "spariti i soldi dalla carta, il mio numero risponde da un altro cellulare",
    ],
    "C5": [
        "non voglio più vivere, addio a tutti",
        "stasera la faccio finita davvero",
        "ho deciso di togliermi la vita",
        "mi butto sotto il treno",
        "i can't go on, tonight i will end it",
        "i'm going to kill myself",
        "goodbye everyone, by the time you read this i'll be gone",
        "ho preparato la corda",
        "se non mi ridate la linea vengo in negozio con una pistola",
        "vi do fuoco alla sede",
        "ti spacco la faccia, ti aspetto sotto l'ufficio",
        "i will come to your office and shoot someone",
        "my ex is stalking me using the sim he pays for",
        "mio marito mi controlla col telefono e mi picchia",
        "mio figlio è scomparso, il suo telefono è acceso, potete localizzarlo",
        "mi sta seguendo, sa dove sono grazie al telefono",
        "ho preso tutte le pillole",
        "nessuno sentirà la mia mancanza, ciao",
    ],
    "C6": [
        "palo telefonico caduto sulla carreggiata, pericolo",
        "cavi penzolanti davanti alla scuola",
        "tombino telecom scoperto, rischia di caderci qualcuno",
        "l'armadio ripartilinea sta prendendo fuoco",
        "scintille dalla cabina telefonica",
        "puzza di gas dopo gli scavi della fibra",
        "telegraph pole about to fall on the pavement",
        "your cabinet is on fire",
        "low hanging wires across the street, a truck nearly caught them",
        "open trench, no barriers, kids walking to school",
        "manhole cover missing in front of the bakery",
        "gas leak after your crew dug up the road",
        "un filo scoperto sul marciapiede",
        "voragine aperta dagli operai tim senza segnalazione",
        "il palo pende sopra il giardino dei bimbi",
    ],
}

ALSO_RINGS = [
    "siamo in montagna, un amico ha avuto un malore e il cellulare non si connette a nessuna rete",
    "nessun segnale per chiamare i soccorsi, c'è stato uno scontro tra auto",
    "la nonna porta il medaglione per le emergenze ma la centralina è offline",
    "ho composto il 113 quattro volte e niente",
    "my dad's lifeline box says no connection",
    "le chiamate al numero unico europeo si interrompono dopo un secondo",
    "comunità per disabili senza linea, il sistema di allarme è fuori uso",
    "da due ore a Ragusa è tutto morto, fisso e mobile, anche dai vicini e in ufficio",
    "Val di Fassa senza copertura da stanotte, confermano gli albergatori",
    "il distretto sanitario non riceve telefonate",
    "entire east side of Catania lost mobile service",
    "qualcuno si è intestato la mia sim e ha prelevato dal bancomat virtuale",
    "mi hanno tolto il numero e ora ricevono loro gli otp della banca",
    "whatsapp mi è stato portato via insieme al numero, stanno scrivendo a mia madre per avere soldi",
    "woke up to no service and a coinbase withdrawal",
    "accedendo al portale ho visto il nome e la via di un'altra signora",
    "c'è un file con tutti i numeri degli abbonati che gira su whatsapp",
    "apro la fattura e c'è il traffico telefonico di uno sconosciuto, cambio mese e ne esce un altro",
    "ho deciso, domani non mi trovate più",
    "mia figlia ha scritto che vuole farla finita e ha spento il telefono",
    "se il tecnico torna gli sparo",
    "un vostro cliente ha minacciato di morte la commessa",
    "il mio ex marito sa ogni mio spostamento grazie all'app famiglia",
    "I have nothing left to live for",
    "cavo telefonico ad altezza d'uomo sulla ciclabile",
    "un palo marcio sta per crollare davanti all'asilo",
    "colonnina divelta con i fili scoperti sul marciapiede",
    "pozzetto senza coperchio in via Mazzini, ci è finita una ruota",
    "flames coming out of the street cabinet",
    "mio zio cardiopatico è isolato, telefono fisso staccato",
    "mamma con la gamba rotta sola in casa, niente linea da ieri",
    "my 88 year old grandma can't be reached, her landline rings out",
    "bambino con febbre alta, siamo in una baita senza segnale",
    "la pasticceria oggi ha il bancomat fuori uso per colpa vostra",
    "ambulatorio medico senza linea, i pazienti bussano alla porta",
    "officina ferma, non possiamo fare accettazione perché internet è giù",
    "our hotel front desk can't process payments since the line died",
    "my wallet and phone were taken on the train, please suspend the sim",
    "ho inserito la carta su un sito finto che sembrava il vostro",
    "hanno attivato un abbonamento luce e telefono a nome di mia nonna senza firma",
    "il credito si azzera ogni volta che ricarico, già 50 euro in un'ora",
    "sono all'aeroporto di Atene, la sim non va e devo chiamare chi mi viene a prendere",
    "bloccata in galleria del treno fermo da ore senza rete",
    "ho scritto il numero della mia carta nel commento, aiutatemi a cancellarlo",
    "nella mia casella arrivano i contratti di un'altra persona",
    "redazione del TGR: servizio domani, vorremmo una dichiarazione",
    "il giudice ha ordinato il ripristino entro domenica",
    "ho 500mila follower e da stamattina non va niente",
    "sono il vicesindaco, il paese è senza telefoni",
    "dodici giorni senza internet, quattro segnalazioni ignorate",
    "da due settimane isolati, il tecnico non si presenta",
    "nobody has fixed our line for ten days, three engineers no show",
    "nel nostro stabile siamo otto famiglie senza linea",
    "la via è tutta senza internet, abbiamo chiesto porta a porta",
    "ho il turno da remoto stanotte e la fibra è saltata",
    "my daughter's wedding is streamed tomorrow and our wifi is dead",
    "tutto il paese senza telefono",
    "Matera completamente isolata, nessuno ha rete",
    "whole town offline since morning",
    "il comune è senza linee telefoniche",
    "ospedale irraggiungibile al telefono",
    "in tutta la provincia di Lecce non va niente",
    "nobody in Sorrento has service",
    "blackout della rete in mezza Sicilia",
    "isola di Capraia senza collegamenti",
    "scuola senza telefono né internet con gli alunni dentro",
    "nell'app compaiono i dati di un altro cliente",
    "sul sito vedo le bollette di persone che non conosco",
    "i can see another customer's account",
    "un dipendente vende i dati dei clienti",
    "database clienti in vendita su un forum",
    "customer records leaked online",
    "mia madre di 85 anni è sola e il telefono non funziona",
    "mia suocera allettata non può chiamare, il fisso è guasto",
    "negozio pieno e il pos non si collega",
    "hotel senza centralino dal pomeriggio, perdiamo prenotazioni",
    "our restaurant can't take card payments, your line is down",
    "mi hanno rubato lo smartphone, bloccate subito la sim per favore",
    "i gave the caller my otp code, what should i do",
    "sono a Madrid senza rete, di notte, e non posso contattare l'albergo",
    "stranded in Zurich, sim not working, can't call a cab",
    "ho pubblicato per errore il mio codice fiscale, toglietelo",
    "ho ricevuto la bolletta di uno sconosciuto",
    "sono un giornalista, domani pubblico, avete un commento?",
    "udienza fissata per domani, il nostro legale attende documenti",
    "otto giorni senza linea, tre tecnici mai arrivati",
    "a week with no internet, no one replies to my tickets",
    "tutto il condominio senza internet",
    "our whole street has lost its phones",
    "domani ho l'esame online e sono senza connessione",
    "online job interview tomorrow 9am and internet is down",
    "due sms di portabilità che non ho chiesto",
]

LET_THEM_SLEEP = [
    "la linea gracchia quando piove, da mesi",
    "mi avete aumentato il canone senza avvisare",
    "il modem si riavvia ogni tanto",
    "non riesco ad accedere all'app",
    "come cambio la password del wifi?",
    "la sim è in roaming anche in italia, normale?",
    "ho aperto un reclamo e nessuno risponde",
    "senza internet da due ore in casa mia",
    "mio padre ha 70 anni e vuole disdire",
    "il tecnico non è venuto ieri",
    "telefonate moleste dal call center ogni giorno",
    "che barba questa pubblicità",
    "ma quanto costa la fibra per il mio negozio?",
    "ho perso il pin della sim",
    "il negozio di Bari è chiuso",
    "tim è in borsa a 0,40",
    "la canzone dello spot mi uccide",
    "ieri non andava, oggi tutto ok",
    "mi date il numero per i reclami?",
    "fastweb è meglio di voi",
    "sono in ferie a Rimini e il 4G è lento",
    "bolletta pagata due volte",
    "my wifi is slow in the bedroom",
    "how do I check my balance?",
    "your chatbot is useless",
    "the app keeps crashing",
    "I moved house and need to transfer my line",
    "is there an outage in Milan?",
    "Telecom shares fell today",
    "Tim won the race!",
    "vorrei parlare con un operatore",
    "la voce registrata mi fa impazzire",
    "guasto al decoder, non vedo la partita",
    "internet assente da stamattina, ho solo bisogno di sapere quando torna",
    "il telefono di casa non squilla ma internet funziona",
    "perché la sim del tablet costa di più?",
    "quando aprite a Ferrara?",
    "mia moglie vuole il numero vecchio",
    "ho ricevuto un sms strano, è vostro?",
    "il palo davanti casa è brutto",
    "la bolletta è troppo alta, vorrei spiegazioni",
    "internet lento da giorni",
    "quando arriva il tecnico?",
    "sono senza internet da stamattina, abito a Torino",
    "my router is dead, can I have a new one?",
    "il 187 non risponde mai, vergogna",
    "come attivo il roaming per la Spagna?",
    "mi avete fatto pagare due volte",
    "tim down solo a me?",
    "sto morendo di noia in attesa col 119",
    "che ansia il modem fa le luci strane",
    "ho perso la password dell'app",
    "mia nonna vuole cambiare piano, ha 80 anni",
    "il film di ieri sera era una bomba",
    "grazie a Luca del negozio di Bari",
    "my phone contract ends next month, what are my options?",
    "la pubblicità con il palo è divertente",
    "ho bisogno di un nuovo decoder",
    "vodafone non va a Roma",
    "stasera pizza e partita con la fibra",
    "il telefono di casa gracchia",
    "potete disattivare il servizio oroscopo?",
    "non ricevo sms dalla banca",
    "ho sognato che mi rubavano il telefono",
    "sim nuova non attiva da ieri",
    "",
    "   ",
    "😂😂😂",
    "📵📵",
    "mi fate morire con questa musichetta",
    "I'll kill myself if I hear that jingle again lol",
    "la carta del negozio e finita, che ridere",
    "Vodafone giù in tutta Roma, io con la TIM navigo",
    "problema risolto, grazie a tutti",
    "recupero account e sim clonata, scrivimi su telegram",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in NEVER_MISS.items() for text in texts])
def test_life_crime_and_danger_ring_in_other_words_too(code: str, text: str) -> None:
    found = judge(text)
    assert found.urgency is Urgency.CRITICAL
    assert code in {reason.split()[0] for reason in found.reasons}


@pytest.mark.parametrize("text", ALSO_RINGS)
def test_other_alarms_ring(text: str) -> None:
    assert judge(text).urgency.is_alarm


@pytest.mark.parametrize("text", LET_THEM_SLEEP)
def test_the_everyday_does_not_ring(text: str) -> None:
    assert not judge(text).urgency.is_alarm


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("mi hanno rubato il telefono, bloccate la sim", "119"),
        ("roaming non attivo in Svizzera, come si fa?", "119"),
        ("fibra lenta la sera", "187"),
        ("quando arriva il tecnico per il modem?", "187"),
        ("ristorante pieno e il pos non va", "191"),
        ("the phones of our clinic are dead", "191"),
        ("vorrei capire la bolletta", "unknown"),
        ("palo caduto sulla strada", "unknown"),
        ("gol di tacco, che serata", "unknown"),
    ],
)
def test_the_line(text: str, line: str) -> None:
    assert judge(text).line == line


def test_noise_has_no_line() -> None:
    found = judge("vendo modem TIM fibra, 5000 follower veri, link in bio")
    assert (found.urgency, found.line) == (Urgency.NOISE, "unknown")


def test_the_graver_of_two_problems_decides() -> None:
    found = judge("negozio fermo, pos giù, e fuori c'è un palo caduto sulla strada con i cavi a terra")
    assert found.urgency is Urgency.CRITICAL
    assert found.reasons[0].startswith("C6 ")


_EXAMPLES = [text for texts in NEVER_MISS.values() for text in texts] + ALSO_RINGS + LET_THEM_SLEEP


@given(st.sampled_from(_EXAMPLES), st.sampled_from([str.upper, str.title, str.swapcase, str.lower]))
def test_capitals_say_nothing(text: str, change: object) -> None:
    assert callable(change)
    assert judge(change(text)) == judge(text)


@given(
    st.sampled_from(_EXAMPLES),
    st.lists(st.sampled_from(["@TIM_assist", "@187", "@anna_b", "@112"]), max_size=3),
    st.text("😂😱🔥🙏👨‍👩‍👧❗", max_size=5),
)
def test_handles_and_emoji_say_nothing(text: str, handles: list[str], emoji: str) -> None:
    assert judge(" ".join([*handles, text, emoji])) == judge(text)


@given(st.text(max_size=3000), st.sampled_from(["it", "en", "und", "", "xx"]))
def test_any_text_gets_an_answer(text: str, lang: str) -> None:
    found = judge(text, lang)
    assert 0 <= found.score <= 1
    assert (found.score >= ALARM_SCORE_MIN) == found.urgency.is_alarm
    assert found.line in {"119", "187", "191", "unknown"}
    assert found.urgency is not Urgency.NOISE or found.line == "unknown"
    assert found.reasons
    assert all(re.match(r"[CUNX]\d ", reason) for reason in found.reasons)
    assert judge(text, lang) == found


@pytest.mark.parametrize(
    "text",
    [
        "a" * 25_000,
        "non va " * 4_000,
        "\u200b" * 25_000,
        "\u202e112 non va",
        "مرحبا " * 3_000,
        "ﷺ" * 25_000,
        "\ud800",
        "\x00" * 99,
    ],
    ids=[
        "letters",
        "words",
        "zero-width",
        "right-to-left mark",
        "Arabic",
        "one sign of 18 letters",
        "surrogate",
        "zeros",
    ],
)
def test_strange_texts_get_an_answer(text: str) -> None:
    assert judge(text).reasons


def test_invisible_signs_do_not_hide_an_alarm() -> None:
    assert judge("il 1\u200b12 non ri\u00adsponde, \u202eaiuto").urgency is Urgency.CRITICAL


def test_an_alarm_at_the_end_of_a_long_post_is_read() -> None:
    assert judge("bla " * 5_000 + " ... non voglio più vivere").urgency is Urgency.CRITICAL


@given(st.text(max_size=5_000))
def test_what_is_read_is_bounded_plain_and_stable(text: str) -> None:
    words = plain(text)
    assert len(words) <= TEXT_LENGTH_MAX
    assert words.isascii()
    assert plain(words) == words


@pytest.mark.parametrize("name", sorted(CUES))
def test_no_cue_can_run_away(name: str) -> None:
    """Every repetition has a length, and a short one: so the cost grows with the text and no faster."""
    assert not re.search(r"(?<!\\)[*+]", CUES[name])
    assert all(int(most) <= 60 for most in re.findall(r"\{\d+,(\d+)\}", CUES[name]))
    assert not re.search(r"\{\d+,\}", CUES[name])


def test_every_cue_is_used() -> None:
    rules = [*ALARMS, *SUSPICIONS, *CALM, *SERVICE, *NOISE]
    used = frozenset[str]().union(*(rule.unless.union(*rule.groups) for rule in rules))
    assert used == CUES.keys()


def test_reasons_quote_nothing() -> None:
    reasons = judge("sono Mario Rossi di Pescara, 3331234567, il mio numero clonato e il conto svuotato").reasons
    assert not any(word in " ".join(reasons) for word in ("Mario", "Rossi", "Pescara", "333"))


def test_another_judge_fits_the_seam() -> None:
    def sleepy(text: str, lang: str = "und") -> Judgement:
        return Judgement(Urgency.NOISE, "unknown", 0.0, ("X1 asleep",))

    judges: list[Judge] = [judge, sleepy]
    assert [one("il 112 non va").urgency for one in judges] == [Urgency.CRITICAL, Urgency.NOISE]


def test_the_line_of_nothing_is_unknown() -> None:
    assert line_of("", heard("")) == "unknown"
