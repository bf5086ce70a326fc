"""The shelf: posts that customers might write on a weekend, one click each, so that a rehearsal starts at once.

All people and numbers are invented. Calm and serious are mixed on purpose: telling them apart is the service's work.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShelfPost:
    """One post ready to be written. `label` and `label_it` name it on the page; `handle` has no @; lang: it | en."""

    label: str
    label_it: str
    handle: str
    name: str
    text: str
    lang: str


SHELF: tuple[ShelfPost, ...] = (
    ShelfPost(
        "Grandmother’s telecare line",
        "Il telesoccorso della nonna",
        "chiara_bellu",
        "Chiara Bellu",
        "@TIM_Official mia nonna ha 88 anni, vive da sola e ha il telesoccorso sulla linea fissa: da "
        "stamattina il telefono è muto e il pulsante non chiama più nessuno. Io sono a 300 km. Aiutatemi",
        "it",
    ),
    ShelfPost(
        "Calm question about roaming",
        "Domanda tranquilla sul roaming",
        "leo_ferri",
        "Leo Ferri",
        "@TIM_Official buonasera, la settimana prossima vado in Svizzera: con la mia offerta il roaming è "
        "compreso? Grazie",
        "it",
    ),
    ShelfPost(
        "Outage in a whole town",
        "Un paese intero isolato",
        "radiovaltaro",
        "Radio Valtaro",
        "@TIM_Official Borgotaro, da un'ora tutto il paese senza rete mobile né fisso, non si riesce a "
        "chiamare nemmeno il 112. Cosa succede?",
        "it",
    ),
    ShelfPost(
        "Card reader in a full restaurant",
        "Il POS del ristorante pieno",
        "trattoria_lina",
        "Trattoria da Lina",
        "@TIM_Official sabato sera, locale pieno e il POS non prende linea dalle 19. Partita IVA, linea "
        "business: sto mandando via la gente che non ha contanti",
        "it",
    ),
    ShelfPost(
        "SIM swap at night",
        "SIM clonata nella notte",
        "nick_harrow",
        "Nick Harrow",
        "@TIM_Official my SIM went dead an hour ago, then the bank texted my wife about transfers I never "
        "made. Somebody has my number NOW and is emptying the account. Please block it",
        "en",
    ),
    ShelfPost(
        "A joke with URGENTE",
        "Una battuta con URGENTE",
        "ilmemediqualita",
        "Meme di qualità",
        "URGENTE @TIM_Official ho finito i popcorn e la serie è appena cominciata, mandate un tecnico 🍿",
        "it",
    ),
    ShelfPost(
        "Slow in the evening",
        "Lenta la sera",
        "matteo_rinaldi",
        "Matteo Rinaldi",
        "@TIM_Official la fibra ogni sera dopo le 21 scende a un decimo della velocità. Di giorno tutto bene."
        " Potete controllare quando riuscite?",
        "it",
    ),
    ShelfPost(
        "Stolen phone, SIM active",
        "Telefono rubato, SIM attiva",
        "emma_lockwood",
        "Emma Lockwood",
        "@TIM_Official my phone was snatched in Rome ten minutes ago, the SIM is still active and my bank app"
        " is on it. How do I get it blocked tonight?",
        "en",
    ),
    ShelfPost(
        "Newborn and a dead line",
        "Neonato e linea muta",
        "sofia_deluca",
        "Sofia De Luca",
        "@TIM119Giulia siamo in una valle senza segnale di altri operatori, neonato di 9 giorni con la febbre"
        " e da due ore nessuna rete: non riusciamo a chiamare il pediatra",
        "it",
    ),
    ShelfPost(
        "Charged twice",
        "Addebito doppio",
        "gianni_mura77",
        "Gianni Mura",
        "@Telecom187Fabio bolletta di novembre addebitata due volte, allego nulla perché non so dove. Come "
        "chiedo il rimborso?",
        "it",
    ),
    ShelfPost(
        "Promo and contest",
        "Promozione e concorso",
        "offerteflash24",
        "Offerte Flash",
        "🔥 Passa a @TIM_Official: 200 giga a 7,99! RT e segui per vincere uno smartphone 🔥 #giveaway #promo",
        "it",
    ),
    ShelfPost(
        "Clinic switchboard down",
        "Centralino dello studio muto",
        "studio_pavesi",
        "Studio medico Pavesi",
        "@Telecom191Paolo centralino dello studio medico muto da stamattina, oggi siamo di turno e i pazienti"
        " non riescono a chiamare. Ticket aperto, nessuno richiama",
        "it",
    ),
    ShelfPost(
        "Leaning pole over the road",
        "Palo inclinato sulla strada",
        "walks_in_umbria",
        "Hannah, walking",
        "@TIM_Official one of your poles is leaning over the road between Spello and Collepino, cables at "
        "head height, cars are swerving around it in the dark",
        "en",
    ),
    ShelfPost(
        "Six days without fibre",
        "Sei giorni senza fibra",
        "andrea_c_lab",
        "Andrea Colombo",
        "@Telecom187Fabio sesto giorno senza internet né telefono, due appuntamenti e il tecnico non si è mai"
        " visto. Al 187 chiudono la segnalazione ogni volta",
        "it",
    ),
    ShelfPost(
        "Thanks, solved",
        "Grazie, risolto",
        "martabruni",
        "Marta Bruni",
        "@TIM119Giulia risolto in dieci minuti, gentilissima. Grazie davvero e buon fine settimana! ❤️",
        "it",
    ),
    ShelfPost(
        "A journalist before the deadline",
        "Una giornalista in chiusura",
        "g_santoro_news",
        "Giada Santoro",
        "@TIM_Official sono una giornalista, esce domani mattina un pezzo sul guasto al numero unico in "
        "provincia di Lecco. Chi può commentare entro le 22?",
        "it",
    ),
    ShelfPost(
        "Hostile text (must stay text)",
        "Testo ostile (resta testo)",
        "x_robert_x",
        "<b>Robert</b>",
        "@TIM_Official <img src=x onerror=alert(1)> <script>alert('x')</script> */claim 1* "
        "[link](javascript:alert(1)) \u202eognalodap — does my modem survive this?",
        "en",
    ),
)
