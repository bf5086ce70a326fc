"""Which line a mention is about: 119 mobile, 187 home, 191 business and public bodies, or unknown (RUBRIC.md, "line")."""

import re

_BUSINESS = re.compile(
    r"\b(?:191|business|p ?iva|partita iva|vat|azienda\w{0,3}|ditta|srl|impresa|negozi\w{1,3} (?:di|online|pieno)|negozietto|negozio,|e ?commerce|"
    r"ristorante|pizzeria|trattoria|albergo|hotel|b ?& ?b|b b in|agriturismo|farmacia|studio (?:medico|dentistico|odontoiatrico|legale|vet\w+)|"
    r"ambulatorio|panificio|forno|caseificio|frantoio|officina|autofficina|benzinaio|taxi|radiotaxi|discoteca|pos|centralino|mungit\w{1,4}|vacche|"
    r"coperti|biglietteria|cooperativa|ospedale|pronto soccorso|comune|municipio|prefettura|questura|caserma|polizia (?:locale|municipale)|scuola elementare|"
    r"la scuola|casa di riposo|guardia medica|in ufficio|da ufficio|ufficio|prenotazion\w|card (?:machine|reader)|restaurant|our (?:shop|clinic|office|company)|"
    r"clinic|practice|hospital|town hall|police|dive centre|warehouse|bookings?|switchboard|school s|station|airport|company|bakery|online shop|"
    r"dental|farm|vigili del fuoco isernia|laboratorio|magazzino|gestionale|condominio a|lettore carte|casse|coperti|fatturazione elettronica|"
    r"leased line|multi ?sede|parrocchia|bar, cassa|centro estivo|radio locale|sala piena|solo contanti|new shop|dialisi di|ascensore del condominio ambulatorio)\b"
)
_HOME = re.compile(
    r"\b(?:fibra|fibre|fiber|adsl|ftth|modem|router|wi ?fi|fiss[oi]|telefono di casa|linea di casa|casa|landlines?|decoder|hub|home phone|tv|"
    r"broadband|tecnic[oi]|technicians?|engineers?|borchia|cornetta|doppino|telesoccorso|salvavita|telesalvavita|pendant|ascensore|lift|fall alarm|"
    r"at home|rame|copper|allacciamento|trasloco|ripetitore mesh|cordless|presa|apparecchio|dial tone|ping|upload|mega|palazzo|condominio|palazzina|"
    r"scala|case|famiglie|streaming|online|esame|router|flat|flats|house|houses|internet|senza telefono|telefono muto|telefono fisso|linea telefonica|"
    r"pc|smart ?working|linea muta|alla linea|linea|line)\b"
)
_HOME_STRONG = re.compile(
    r"\b(?:fibra|fibre|fiber|adsl|ftth|modem|router|wi ?fi|fiss[oi]|(?:telefono|linea|rete) di casa|landlines?|decoder|hub|home phone|broadband|borchia|"
    r"cornetta|doppino|telesoccorso|salvavita|telesalvavita|pendant|tv box|tecnico|technician|engineer|dial tone|rame|187)\b"
)
_MOBILE = re.compile(
    r"\b(?:119|sim|esim|scheda|schede|schedina|4g|5g|3g|roaming|ricaric\w{1,4}|credito|giga|cellular\w|cell|signal|segnale|campo|tacche|tacca|antenna|"
    r"bars|top up|hotspot|smartphone|iphone|puk|sms|mobile|numero rubato|sim swap|portabilita|porting|volte|segreteria|voicemail|operatore virtuale|"
    r"phone (?:stolen|lost|snatched)|stolen phone|my phone|telefono rubato|texts|data pack|prende|pija|my number|mio numero|il numero|rete mobile|balance|"
    r"prepaid|abroad|all estero|oroscopo|no service|nessun servizio|112|113|115|118|ringback|suoneria|telefonino)\b"
)
_MOBILE_STRONG = re.compile(
    r"\b(?:sim|esim|scheda|schedina|4g|5g|3g|roaming|ricaric\w{1,4}|credito|giga|cellular\w|cell|hotspot|mobile|rubato il (?:telefono|cell)|signal|segnale|campo|119)\b"
)


def line_of(plain_text: str, cues: frozenset[str]) -> str:
    """ "119", "187", "191" or "unknown", for a text that went through triage_text.plain and the cues heard in it."""
    if _BUSINESS.search(plain_text):
        return "191"
    mobile, home = _weigh(_MOBILE, _MOBILE_STRONG, plain_text), _weigh(_HOME, _HOME_STRONG, plain_text)
    if "plant" in cues and "plant_danger" in cues and "plant_outdoors" in cues and not mobile:
        return "unknown"
    if mobile > home:
        return "119"
    if home > mobile or home:
        return "187"
    return "unknown"


def _weigh(weak: re.Pattern[str], strong: re.Pattern[str], text: str) -> int:
    return min(3, len(weak.findall(text))) + 2 * min(3, len(strong.findall(text)))
