"""Which line a mention is about: 119 mobile, 187 home, 191 business and public bodies, or unknown.

By RUBRIC.md, "line". The words are those of triage_text.plain; strong ones count three times as much as weak ones.
"""

import re

_BUSINESS = re.compile(
    r"\b(?:"
    r"191|business|p ?iva|partita iva|vat|azienda\w{0,3}|ditta|srl|impresa|negozi\w{1,3} (?:di|online|pieno)|"
    r"negozietto|e ?commerce|ristorante|pizzeria|trattoria|albergo|hotel|b ?& ?b|b b in|agriturismo|farmacia|"
    r"studio (?:medico|dentistico|odontoiatrico|legale|vet\w+)|ambulatorio|panificio|forno|caseificio|frantoio|"
    r"officina|autofficina|benzinaio|taxi|radiotaxi|discoteca|pos|centralino|mungit\w{1,4}|vacche|coperti|"
    r"biglietteria|cooperativa|ospedale|pronto soccorso|comune|municipio|prefettura|questura|caserma|"
    r"polizia (?:locale|municipale)|scuola elementare|la scuola|casa di riposo|guardia medica|in ufficio|"
    r"da ufficio|ufficio|prenotazion\w|card (?:machine|reader)|restaurant|our (?:shop|clinic|office|company)|"
    r"clinic|practice|hospital|town hall|police|dive centre|warehouse|bookings?|switchboard|station|airport|"
    r"company|bakery|online shop|dental|farm|laboratorio|magazzino|gestionale|condominio a|lettore carte|casse|"
    r"fatturazione elettronica|leased line|multi ?sede|parrocchia|centro estivo|radio locale|sala piena|"
    r"solo contanti|new shop"
    r")\b"
)
_HOME = re.compile(
    r"\b(?:"
    r"fibra|fibre|fiber|adsl|ftth|modem|router|wi ?fi|fiss[oi]|telefono di casa|linea di casa|casa|landlines?|"
    r"decoder|hub|home phone|tv|broadband|tecnic[oi]|technicians?|engineers?|borchia|cornetta|doppino|telesoccorso|"
    r"salvavita|telesalvavita|pendant|ascensore|lift|fall alarm|at home|rame|copper|allacciamento|trasloco|"
    r"ripetitore mesh|cordless|presa|apparecchio|dial tone|ping|upload|mega|palazzo|condominio|palazzina|scala|"
    r"case|famiglie|streaming|online|esame|flat|flats|house|houses|internet|senza telefono|telefono muto|"
    r"telefono fisso|linea telefonica|pc|smart ?working|linea muta|alla linea|linea|line"
    r")\b"
)
_HOME_STRONG = re.compile(
    r"\b(?:"
    r"fibra|fibre|fiber|adsl|ftth|modem|router|wi ?fi|fiss[oi]|(?:telefono|linea|rete) di casa|landlines?|decoder|"
    r"hub|home phone|broadband|borchia|tecnici|los|speed test|buffering|appuntamento|scatolina|videolezioni|"
    r"apparecchio|cornetta|doppino|telesoccorso|salvavita|telesalvavita|pendant|tv box|tecnico|technician|engineer|"
    r"dial tone|rame|187"
    r")\b"
)
_MOBILE = re.compile(
    r"\b(?:"
    r"119|sim|esim|scheda|schede|schedina|4g|5g|3g|roaming|ricaric\w{1,4}|credito|giga|cellular\w|cell|signal|"
    r"segnale|campo|tacche|tacca|antenna|bars|top up|hotspot|smartphone|iphone|puk|sms|mobile|numero rubato|"
    r"sim swap|portabilita|porting|segreteria|voicemail|operatore virtuale|phone (?:stolen|lost|snatched)|"
    r"stolen phone|my phone|telefono rubato|texts|data pack|prende|pija|my number|mio numero|il numero|rete mobile|"
    r"balance|prepaid|abroad|all estero|oroscopo|no service|nessun servizio|112|113|115|118|ringback|suoneria|"
    r"telefonino|ringtone|mms|senza rete|niente rete|zero rete|rete tim|rete non|telefona|telefonare|"
    r"chiamate cadono|dati|euro per un servizio|rinnovo|sos|family plan|codice|gb|calls|card|chiamate"
    r")\b"
)
_LOCATED = re.compile(
    r"\b(?:"
    r"dove sono|sa sempre dove|posizione|family plan|sim di famiglia|legge i miei|squilla|il telefono me l"
    r")\b"
)
_MOBILE_STRONG = re.compile(
    r"\b(?:"
    r"sim|esim|scheda|schedina|4g|5g|3g|roaming|ricaric\w{1,4}|credito|giga|cellular\w|cell|hotspot|mobile|"
    r"rubato il (?:telefono|cell)|signal|segnale|campo|119"
    r")\b"
)

# What a rule of the rubric says about the line when the words are silent; "" leaves it to the words alone.
_BY_CODE = {
    "C3": "119", "U3": "119", "U4": "119",
    "U1": "187", "U7": "187", "U8": "187", "U9": "187",
    "U2": "191",
}  # fmt: skip
_NO_LINE = frozenset({"C4", "C5", "C6", "U5", "U6"})


def line_of(plain_text: str, cues: frozenset[str], code: str = "") -> str:
    """The line a mention is about: "119", "187", "191" or "unknown".

    plain_text, cues: from triage_text.plain and triage_words.heard. code: the rubric's code that decided, if any.
    """
    if code == "C5" and _LOCATED.search(plain_text):
        return "119"
    if code in _NO_LINE:
        return "unknown"
    if code == "U2" or _BUSINESS.search(plain_text):
        return "191"
    mobile, home = _weigh(_MOBILE, _MOBILE_STRONG, plain_text), _weigh(_HOME, _HOME_STRONG, plain_text)
    by_code = _BY_CODE.get(code, "")
    if code == "C2" and bool(mobile) == bool(home):
        return "unknown"
    mobile, home = mobile + 3 * (by_code == "119"), home + 2 * (by_code == "187")
    if mobile > home:
        return "119"
    return "187" if home else "unknown"


def _weigh(weak: re.Pattern[str], strong: re.Pattern[str], text: str) -> int:
    return min(3, len(weak.findall(text))) + 2 * min(3, len(strong.findall(text)))
