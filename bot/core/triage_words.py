"""The words that triage listens for, each group a cue with a name: Italian first (with its dialects), then English.

The alternatives are regular expressions over triage_text.plain (lower case, no accents, apostrophes are spaces).
They stay linear: no repetition inside a repetition, and every gap has a length. <net> and its like are groups that
several cues share. Cues are wide on purpose; it is their combinations in triage_rules that mean something.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from bot.core.openings import LENGTH, openings

_SHARED: dict[str, str] = {
    "<net>": (
        r"linea|linee|line[as]?|rete|reti|internet|telefon\w{1,3}|fiss[oi]|fibra|segnale|campo|connessione|adsl|"
        r"wi ?fi|servizio|dati|collegament\w|comunicazion\w|copertura|tacche|5g|4g|cellular\w|lines?|signal|service|"
        r"phones?|landlines?|broadband|fibre|fiber|dial tone|tone|network|connection|coverage|bars|mobile"
    ),
    "<area>": (
        r"paes\w{1,3}|citt\w{1,6}|quartier[ei]|vall\w{1,3}|isol[ae]|zon[ae]|provinci\w|comun[ei]|borg\w{1,4}|"
        r"region[ei]|rione|costa|litorale|centro storico|riviera|town|village|island|valley|city|area|province|"
        r"county|district|neighbou?rhood|region|coast|country"
    ),
    "<island>": (
        r"isola|island|isole|capri|ischia|procida|ponza|ventotene|giglio|elba|capraia|gorgona|pianosa|giannutri|"
        r"lipari|vulcano|stromboli|salina|panarea|alicudi|filicudi|eolie|ustica|favignana|levanzo|marettimo|egadi|"
        r"pantelleria|lampedusa|linosa|carloforte|san pietro|sant antioco|la maddalena|asinara|caprera|tremiti|"
        r"burano|murano|giudecca|lido di venezia|pellestrina|grado|ortigia"
    ),
    "<num>": (
        r"\d{1,4}|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|venti|trenta|quaranta|"
        r"sessanta|centinaia|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    ),
}

CUES: dict[str, str] = {
    # what is broken, and how ---------------------------------------------------------------------------------------
    "dead": (
        r"nessuno .{0,20}(?:riesce|prende|naviga|telefona)|senza (?:pos|cassa|centralino|gestionale)|"
        r"no (?:landline|wifi|broadband|mobile)|"
        r"(?:non|nun|manco|neanche|nemmeno) (?:\w{1,8} ){0,2}(?:connett\w{1,4}|riceve\w{0,2}|raggiung\w{1,5}|"
        r"accend\w{1,4}|risponde\w{0,2}|va|vanno|funziona\w{0,2}|prend\w{1,4}|parte|partono)|staccat[oaei]|"
        r"si interromp\w{1,4}|crollat[oa]|inutilizzabil\w|nessun (?:\w{1,8} )?(?:segnale|collegamento)|"
        r"no (?:\w{1,8} )?(?:connection|coverage|reception|signal|service)|"
        r"lost (?:\w{1,8} )?(?:service|signal|connection|coverage)|"
        r"(?:line|phone|internet|wifi|network|fibre|sim|service|connection|router) (?:has |is |was |just |has been "
        r"|been )?(?:died|dead|deactivated|suspended|cut|disconnected)|deactivated|disconnected|"
        r"without (?:\w{1,8} )?(?:internet|phone|service|line|signal)|"
        r"(?:internet|linea|telefono|rete|segnale) non c e|can t (?:be reached|process|pay)|rings out|"
        r"senza (?:alcun\w |piu )?(?:copertura|contatti)|non funzion\w{1,5}|guast[oaie]|interrott[oaie]|scoppiat\w|"
        r"bruciat[oa]|disattiv\w{2,4}|inattiv[oaie]|"
        r"(?:non|nun) (?:riesc\w{1,4}|riusc\w{1,4}|poss\w{1,4}|puo|si puo|si riesce|posso) .{0,12}(?:chiam\w{1,4}|"
        r"telefon\w{1,4}|navig\w{1,4}|contatt\w{1,4}|colleg\w{1,5}|connett\w{1,5})|"
        r"(?:sim|line|phone|internet|landline|router|service|fibre|signal|connection) (?:stopped|not) working|"
        r"can t (?:call|take|connect|ring|get online)|"
        r"lost (?:its|their|our|all|the|my) \w{0,8} ?(?:phones?|lines?|service|signal|internet|connection|broadband)|"
        r"(?:has|have|had|got|with) no \w{0,8} ?(?:service|signal|line|phone|internet|connection|tone|network)|"
        r"senza (?:il |la )?\w{3,14}(?: (?:e|ne|o) (?:internet|telefono|linea))?(?= da| dal| dalle| con|$)|"
        r"irraggiungibil\w|non raggiungibil\w|scomparsa?|mut[oaei]|mort[oaei]|giu|ferm[oaei]|spent[oaei]|assent[ei]|"
        r"isolat\w|ko|k o|guasto|al buio|vuot[ao]|soprammobile|router dark|not a (?:bar|line)|bloccat\w|"
        r"pers[oi] (?:i |il )?collegament\w|circuits out|blind|bidone|zitt[oaei]|spari\w{1,4}|salta(?:t[oaei]|ndo)|"
        r"scollegat\w|a terra|fuori (?:uso|servizio)|in tilt|kaputt|blackout|tace|defunt\w|tagliat\w fuori|"
        r"tagghiat\w fora|tagliat\w fora|andata|ammutolit\w|inservibil\w|fruscio|"
        r"(?:non|nun|nn|num|no|manco|neanche|nemmeno|ne) (?:mi |ci |ne |me |te |gli |le |la |si |piu |se )?(?:va|"
        r"vanno|funziona\w{0,2}|prend\w{1,4}|pija\w{0,2}|piglia\w{0,2}|squill\w{1,3}|suon\w{1,2}|aggancia\w{0,2}|"
        r"part\w{1,3}|riceve\w{0,2}|da (?:piu )?(?:linea|segnale|suono|il tono|tono)|collega\w?|registra|"
        r"chiam\w{1,3}|comunica\w{0,2}|legg\w{1,4}|entra\w{0,2}|esce)|"
        r"(?:senza|sensa|nessun[oa]?|niente|zero|manca|sparit\w|no|without|w o|any|lost|never|nisciun\w|nudda|"
        r"saltata|mancato|caduta|persa|assenza di|privi di) (?:piu |il |la |di |a |any |more |our |the |my |mobile "
        r"|phone )?<net>|"
        r"<net> (?:e |is |are |was |completamente |just |totally |all |also |has |had |has been |been |s |still "
        r")?(?:zero|assent\w|saltat\w|spenta|cadut\w|rott\w|nulla|dead|down|out|gone|off|off since|died|blank|cut|"
        r"lost|unreachable|silent|broken|missing|hisses|failed|fails)|(?:luce|spia|led) (?:los )?(?:rossa|arancione)|"
        r"modem ross\w|red (?:light|eye)|sos only|solo (?:sos|emergenza)|dead|offline|down|"
        r"(?:is|are|was|went|been|out|lines|phones|line) out|unreachable|cut off|knocked out|"
        r"went (?:blank|dead|dark|off|down|silent)|not (?:working|ringing|registered|in use)|"
        r"(?:won|doesn|don|isn|hasn|aren|can|couldn|didn) t (?:work|ring|register|connect|go through|be reached|"
        r"reach)|stopped working|tu tu|suona libero|sta senza|rimast\w senza|nulla|nudda|niente da"
    ),
    "call_fails": (
        r"cuts|interrupt\w{0,3}|hear us|non (?:ci |mi )?sentono|niente|nulla|senza (?:esito|risposta)|invano|"
        r"si interromp\w{1,4}|staccat\w|offline|no connection|rifiutat\w|respint\w|muore|silenzio|nessun segnale|"
        r"non si connette|not (?:available|reachable)|times? out|hangs? up|cuts? off|cut off|goes (?:dead|silent)|"
        r"never (?:connects|rings)|(?:danno|da|sempre|risulta|e) (?:occupato|muto|libero|spento)|interrott\w|"
        r"non (?:contattabil\w|da segni|danno|prendono)|scollegat\w|lampeggia|mancanza di linea|spent[oa]|"
        r"(?:non|nun) (?:riusciamo|riesco|riesce|riescono|riuscivo) .{0,12}(?:contatt\w{1,4}|chiam\w{1,4}|"
        r"telefon\w{1,4}|parl\w{1,4})|cannot reach|can t reach|won t (?:go|connect|place|dial|ring|work)|"
        r"isn t (?:connecting|working)|not (?:connect\w{0,3}|work\w{0,3}|respond\w{0,3})|unable to|dead air|no line|"
        r"disconnected|"
        r"(?:non|nun|nn|manco|ne) (?:mi |ci |ne |si |me |se |gli |le )?(?:va|andava|vanno|parte|partono|partiva|"
        r"prende|prendeva|risponde\w?|rispunne|risponne|rispondeva|funziona|funzionava|squill\w{1,4}|passa|passano|"
        r"riesce|riusciva|riesco|riuscito|riusciamo|prendono|chiama\w?|po chiam\w{1,3}|sente|sento|da linea|"
        r"succede niente|ha risposto|inoltrat\w|disponibile|raggiungibil\w|possiamo|poss\w chiamare|puo "
        r"chiam\w{1,4}|vanno|fa partire)|cad[eo]\w{0,3}|cade sempre|mut[oaei]|mort[oaei]|irraggiungibil\w|occupat\w|"
        r"(?:squilla\w?|suona) a vuoto|inesistente|in tilt|giu|ko|a terra|isolat\w|saltat\w|linea assente|"
        r"suona libero|suona sempre|fa tu tu|nuddu po|nessuno riesce|nisciuno|senza linea|nessun tono|"
        r"impossibile chiam\w{1,4}|dead|fails?|failed|failing|drop(?:s|ped)?|beep\w{0,3}|rings? out|"
        r"no (?:tone|answer|line|service|signal)|"
        r"(?:can|could|cannot|won|doesn|didn|couldn|don)(?: ?t| not)? (?:\w{1,6} )?(?:dial|call|ring|reach|get|"
        r"connect|go|work|answer|put)|cannot|silence|nothing|down|out|not (?:going|get\w{0,4}) through|unreachable|"
        r"busy|gave up|can get a|not one call|three beeps|nobody could"
    ),
    "nobody_has": (r"(?:nobody|no one|nessuno|none of) .{0,30}(?:has|ha|have|got) (?:\w{1,3} )?<net>"),
    "slow": (
        r"lentezza|lent[oaei]|lentissim\w|veloci?ta|velocit|mega|mbps|ping|lag|lagga|singhiozzo|a scatti|va e viene|"
        r"ogni sera|buffering|slow\w{0,3}|speed|crackl\w{1,3}|gracchia|frigge|drops? every|latency|sluggish|scattoso|"
        r"contagocce|dimezzat\w|tacca|quando piove|si blocca|si bloccano|crawls|instabil\w|unstable"
    ),
    "own_only": (
        r"solo (?:a )?(?:la )?(?:mi[oa]|casa|me|noi|nostr\w|io)|"
        r"(?:gli )?altri (?:prendono|vanno|in casa|navigano|ok)|vicini ok|di fianco va|just (?:me|us|our|mine|my)|"
        r"only (?:me|us|our|mine|my)|is it (?:just|only)|one flat|mio marito (?:stesso|ha)|quello di mi[oa]|"
        r"my tim is fine|altra sim|altra scheda|mi arrangio|no drama|no rush|con calma|non e (?:niente di )?grave|"
        r"per me va bene|non casca il mondo|basta che venga|wifi fine|we ve got mobiles|not urgent|when you can|"
        r"quando potete|e solo|internet va|internet c e|ho il cellulare|col cellulare"
    ),
    # life lines and danger -----------------------------------------------------------------------------------------
    "emergency_number": (
        r"emergency operator|dispatcher|operatore del (?:112|118)|centrale operativa del|numero unico|numero europeo|"
        r"i soccorsi|chiamare (?:aiuto|soccorso|un medico|il medico)|call (?:an ambulance|for help|the police)|"
        r"elisoccorso|guardia costiera|1530|1515|soccorso alpino|mountain rescue|"
        r"numeri? di (?:soccorso|emergenza|pronto intervento)|emergency (?:services|numbers)|pronto intervento|"
        r"soccorsi|vigili del fuoco irraggiungibili|numero di soccorso|eight|112s|il soccorso|croce rossa|11[2358]|"
        r"911|999|uno ?uno ?due|centododici|centotredici|centoquindici|centodiciotto|"
        r"numer[oi] (?:unico )?(?:d |di |delle )?emergenz\w|chiamat[ae] (?:d |di )?(?:emergenza|soccorso)|"
        r"numeri corti|quelli corti|emergency (?:number|calls?|line)|ambulanz\w|ambulance|pompieri|guardia medica|"
        r"emergenze"
    ),
    "rescuers": (r"carabinieri|polizia|police|soccorso|soccorsi|rescue|fire brigade|vigili del fuoco|fire department"),
    "medical_device": (
        r"medaglione|ciondolo|braccialetto (?:salvavita|sos)|lifeline|life alert|alert box|tele ?assistenza|"
        r"sistema di allarme|allarme medico|pulsante giallo|tracheostomia|ventilazione|"
        r"pompa (?:d |di )?(?:insulina|infusione)|care alarm|sos button|alarm cord|dispositivo (?:medico|salvavita)|"
        r"(?:pulsante|tasto) d emergenza|cardiofrequenz\w{1,6}|macchina del cuore|concentratore|aspiratore|"
        r"emergency (?:cord|pendant)|nutrizione|infusore|feeding pump|cpap|monitor cardiaco|telesoccorso|"
        r"tele ?salvavita|salva ?vita|teleassistenza|telemonitoraggio|telecare|pendant|fall (?:alarm|detector)|"
        r"(?:medical|alarm|panic|personal|emergency) (?:alarm|button|pendant|device|cord)|pacemaker|dialisi|dialysis|"
        r"defibrillator\w?|holter|saturazione|saturimetro|ventilator\w?|respirator\w?|sensore|bottone|"
        r"(?:preme|premuto|schiaccia\w?|tasto|pulsante) .{0,30}(?:collo|bottone|allarme|pulsante|ascensore)|pulsante|"
        r"campanell\w{1,2}|ossigeno|oxygen|epiles\w{1,5}|allarmi camere|apnee|il cuore|heart monitor|insulin\w?|"
        r"monitor\w{0,5} (?:del )?(?:cuore|cardiac\w|glicemi\w)"
    ),
    "lift": (r"ascensore|ascensori|lift|elevator"),
    "lift_alarm": (
        r"pulsante|senza risposta|citofono|intercom|button|linea|allarme|tasto|campanella|combinatore|dentro|"
        r"bloccat\w|alarm|phone|inside|stuck|telefono|muto|dead"
    ),
    "danger_now": (
        r"malore|malori|febbre alta|scontro|schianto|frattura|rotto (?:una|la|il) (?:gamba|braccio|femore)|fainted|"
        r"injured|wounded|trapped|intrappolat\w|incastrat\w|frana|colpo di calore|"
        r"crisi (?:epilettica|respiratoria|asmatica)|avvelenat\w|reazione allergica|allergic reaction|travagl\w{1,2}|"
        r"kidnap\w{0,4}|breaking in|broke in|aiuto|uomo a terra|donna a terra|convulsion\w|seizure|anafila\w{1,6}|"
        r"emergenza medica|partorendo|in labou?r|annega\w{0,3}|precipitat\w|dispers\w|stabbed|accoltellat\w|"
        r"sta morendo|dying|overdose|infarto|ictus|dolore al petto|chest pain|respira male|non respira|not breathing|"
        r"svenut\w|ferit[oaei]|hurt|bleeding|sanguin\w{1,4}|rapina|ladri|incendio|brucia|in fiamme|burning|"
        r"unconscious|asthma|asma|incidente|accident|urla|soffoca\w{0,3}|choked|battuto la testa|"
        r"si e sentit[oa] male|non si sveglia|caduta in bagno|a terra|sta male|heart attack|stroke|drowning|"
        r"collapsed|contractions|contrazioni|emorragia|valanga|bloccat[oaei] (?:nella|in) (?:neve|macchina)|"
        r"si pigghianu|violent\w|beating|intruder|robbery|robber|picchia\w{0,2}|al portone|sotto casa mia"
    ),
    "care_home": (
        r"comunita (?:per|protetta)|residenza (?:per )?(?:anziani|sanitaria)|casa famiglia|struttura per anziani|"
        r"assisted living|casa di riposo|casa di cura|rsa|hospice|nursing home|care home|retirement home|"
        r"comunita alloggio"
    ),
    "i_cannot_call": (
        r"(?:non|nun) (?:riesc\w{1,4}|riusc\w{1,4}|poss\w{1,4}) .{0,25}(?:chiamat[ae]|chiamare|telefonare|"
        r"telefonata)|(?:can t|cannot) (?:make|place|get) .{0,12}calls?|won t (?:place|make|let me) .{0,10}calls?|"
        r"phone won t|"
        r"(?:non|nun) (?:riesco|riesce|riusciamo|possiamo|posso|puo) .{0,12}(?:contattare|avvisare|chiedere aiuto)|"
        r"chiamate? (?:sempre )?interrott\w|can t get through|telefono (?:non|nun) (?:chiama|fa chiamare)|"
        r"impossibile (?:chiamare|telefonare)|"
        r"(?:non|nun) (?:riesco|riesce|riescono|riusciamo|possiamo|posso|puo|po|parte|partono|fa partire|si puo|"
        r"potevo|c e modo di) .{0,12}(?:chiam\w{1,4}|telefon\w{1,4}|chiamata|numero|nessuno)|le chiamate cadono|"
        r"not one call|(?:can t|cannot|can not|unable to|no way to) (?:\w{1,6} )?(?:call|phone|dial|ring)|"
        r"every call .{0,40}drops|non parte la chiamata|nuddu po .{0,5}chiam\w{1,3}|"
        r"no calls? (?:leave|go\w{0,2}|get\w{0,4})|scritto solo chiamate"
    ),
    # who is hit ----------------------------------------------------------------------------------------------------
    "vulnerable": (
        r"nonn[oa]|nonni|anzian[oaei]|ottantenne|novantenne|novant anni|ottant anni|"
        r"(?:7[5-9]|8\d|9\d) ?(?:anni|years|yo)|is (?:7[5-9]|8\d|9\d)|invalid[oaei]|disabil[ei]|cardiopatic\w|"
        r"malat[oaei]|allettat[oaei]|ciec[oaei]|sord[oaei]|carrozzina|sedia a rotelle|incint\w|gravidanz\w|nono mese|"
        r"(?:3[6-9]|4[012]) settiman\w|(?:3[6-9]|4[012]) weeks|trentanovesima|settimana di gravidanza|neonat\w|"
        r"prematur\w|alzheimer|demenza|parkinson|oncologic\w|chemio|chemo|ossigeno|dimess[oa]|"
        r"operat[oa] (?:ieri|da poco)|a letto|bastone|convalescen\w|gran|grandma|grandmother|grandad|grandfather|"
        r"elderly|old (?:lady|man|woman|folks)|disabled|wheelchair|blind|deaf|pregnant|newborn|new born|bedridden|"
        r"surgery|dementia|ill|oxygen|bimb[oa] di|baby|midwife|paediatrician|pediatra|levatrice|mi madre|mamma|"
        r"mia madre|papa|mio padre|suocer[oa]|z[iu]a|zio|dad|mum|badante|infermier[ea]|paziente|non vedente|"
        r"non cammina|centenari\w|ricoverat\w"
    ),
    "frail": (
        r"gamba rotta|febbre|bambin[oa] (?:malat\w|con)|infartuat\w|diabetic\w|asmatic\w|cancer|tumore|elderly|"
        r"fratturat\w|unwell|sick|\d\d year old|terminale|invalid[oaei]|disabil[ei]|cardiopatic\w|malat[oaei]|"
        r"allettat[oaei]|ciec[oaei]|sord[oaei]|carrozzina|incint\w|gravidanz\w|nono mese|"
        r"(?:3[6-9]|4[012]) settiman\w|(?:3[6-9]|4[012]) weeks|trentanovesima|neonat\w|prematur\w|alzheimer|demenza|"
        r"parkinson|oncologic\w|chemio|chemo|ossigeno|dimess[oa]|bedridden|disabled|wheelchair|blind|deaf|pregnant|"
        r"newborn|new born|dementia|oxygen|non vedente|(?:8\d|9\d) ?(?:anni|years|yo)|novantanni|novant ?anni|"
        r"ottant ?anni|ottantasei|sedia a rotelle|epilettic\w|tracheo\w{1,6}|a letto|surgery|"
        r"bimb[oa] di \w{1,8} giorni|days old|giorni di vita|is (?:8\d|9\d)|, (?:8\d|9\d),|nonn[oa]|gran|grandma|"
        r"grandmother|anzian[oa]"
    ),
    "alone": (
        r"sol[oa]|da sola|da solo|vive sol\w|sta sol\w|alone|on (?:her|his) own|by (?:herself|himself)|lives alone|"
        r"nessuno in casa|isolat[oa]|chiusa in casa|nobody (?:with|near)|no mobile|non ha (?:il )?cellulare|"
        r"cellular\w (?:li |qui |qua )?non (?:prend\w{1,4}|lo sa usare)|solo il fisso|solo quel telefono|"
        r"unico che sa usare|qui non prende|mobiles (?:don t|never|do not) work|non la sent\w|non lo sent\w|abroad|"
        r"dublin|stoccarda|londra|a \d{2,3} km|campagna|up a hill|cascina|in montagna"
    ),
    "business": (
        r"pasticceria|gelateria|birreria|enoteca|pescheria|libreria|concessionari\w|carrozzeria|lavanderia|"
        r"centro estetico|ottico|gioielleria|vivaio|front desk|salon|barber|butcher|florist|brewery|workshop|"
        r"negozi\w{1,3}|ristorante|pizzeria|trattoria|osteria|bar|albergo|hotel|b ?& ?b|b b|bed and breakfast|"
        r"agriturismo|farmacia|studio (?:medico|dentistico|odontoiatrico|legale|veterinario|notarile|tecnico)|"
        r"ambulatorio|poliambulatorio|veterinari\w|panificio|forno|caseificio|frantoio|cantina|azienda|ditta|impresa|"
        r"officina|autofficina|benzinaio|distributore|pompe|taxi|radiotaxi|noleggio|campeggio|camping|stabilimento|"
        r"lido|discoteca|palestra|laboratorio|magazzino|e ?commerce|shop online|negozio online|sito|supermercato|"
        r"alimentari|macelleria|edicola|parrucchier\w|salone|centro estivo|cooperativa|fattoria|vacche|mungit\w{1,4}|"
        r"stalla|allevamento|parafarmacia|radio locale|tipografia|cinema|shop|restaurant|store|clinic|practice|"
        r"dental|dentist|surgery|farm|bakery|warehouse|cafe|pub|online shop|e shop|guest house|guesthouse|hostel|"
        r"campsite|vet|dive (?:centre|center)|boats?|office|company|business|vineyard|winery|"
        r"our (?:clinic|customers|guests|till)|dairy|cows|pharmacy"
    ),
    "trade": (
        r"accettazione|payments?|front desk|prenotare|vendere|incassare|servire|tavoli|customers can t|"
        r"can t (?:sell|bill|charge|take)|check ?out|(?:card|contactless) payments?|pagamenti|carte di credito|"
        r"perdiamo|perdendo|orders?|prenotaz\w{1,5}|comande|spedizioni|cassa automatica|vendite|sales|"
        r"losing (?:customers|orders|business|money)|fornitori|agenda|pos|casse?|cassa|registratore|"
        r"lettore (?:di )?carte|macchinetta|bancomat|centralino|prenotazion\w|ordini|coperti|clienti|sala piena|"
        r"pien[oa]|in fila|fila|incass\w{1,3}|solo contanti|check in|camere|ricette|gestionale|carico|bolle|camion|"
        r"fatturazione|scontrin\w|asporto|consegne|biglietteria|server|ordinazioni|numero verde|mungit\w{1,4}|latte|"
        r"vacche|cella frigo|referti|appuntamenti|disdire|pazienti|assistiti|"
        r"card (?:machine|reader|terminal|payments?)|till|switchboard|bookings?|covers|guests?|customers|takeaway|"
        r"reservations?|check ins?|cash only|cloud|pbx|uplink|labels|courier|callers|patients|diary|milking|cows"
    ),
    "business_now": (
        r"pomeriggio|mattina|mezzogiorno|giornata|weekend|fine settimana|this (?:morning|afternoon|evening)|noon|"
        r"hours|perdiamo|losing|stasera|sabato|domenica|adesso|ora|oggi|stamatt?in\w|stamani|stanotte|pien[oa]|"
        r"coperti|in fila|fila|coda|domani|perd\w{1,5}|tonight|now|today|full|waiting|saturday|sunday|since|da ore|"
        r"da un ora|da ieri|dal mattino|fermi|ferma|giorno di|mando (?:via|indietro)|tutto il|forty|sixty|queue|"
        r"right now"
    ),
    "slogging_on": (
        r"si lavora lo stesso|poi passa|works? fine|all works|everything works|tutto funziona|intanto|lent[oaei]|"
        r"slow|sluggish|preventivo|quote|apriamo|opening|prevista|trasloc\w{1,4}|fattur\w{1,3}|invoices?|"
        r"nota di credito|ragione sociale|funziona perfettamente|vorrei|vorremmo|informazion\w|chi posso sentire"
    ),
    "public_body": (
        r"distretto sanitario|centro prelievi|clinica|guardia costiera|liceo|istituto comprensivo|universita|carcere|"
        r"centrale operativa|embassy|consulate|ospedale|pronto soccorso|hospital|comune|municipio|town hall|"
        r"city hall|questura|caserma|prefettura|carabinieri|polizia locale|polizia municipale|polizia|police|"
        r"stazione|station|scuola|scuole|school|aeroporto|airport|asl|asp|ausl|guardia medica|"
        r"croce (?:rossa|verde|bianca)|protezione civile|vigili del fuoco|capitaneria|fire (?:station|brigade)|"
        r"health centre|health center|seggio|reparto|corsia|sala operativa|centro operativo|tribunale|anagrafe|"
        r"biglietteria|ward|emergency room|coast ?guard|municipal\w|tabelloni|consultorio|poliambulatorio"
    ),
    "public_lines": (
        r"telefonate|chiamate|calls|centralino|linee|linea|telefoni|telefono|rete|reti|internet|collegament\w|"
        r"switchboard|lines?|phones?|trunks|circuits|fisso|boards|chiamata|tabelloni|fibra|landline|network"
    ),
    "wide": (
        r"(?:east|west|north|south) (?:side )?of|confermano (?:gli|i|le|tutti)|tutto (?:morto|giu|fermo|spento)|"
        r"half the|everything (?:is )?down|nessun operatore|nobody .{0,15}has|no one .{0,15}has|"
        r"nessuno (?:ha|riesce|telefona|puo|naviga)|nobody (?:in|at|around|here)|mezza \w{4,20}|"
        r"in tutta (?:la )?\w{4,20}|per l intera|popolazione|residenti|tutti senza|abitanti|inhabitants|residents|"
        r"locals|whole place|all over|everywhere|"
        r"(?:tutt[oaei]|mezz[oa]|inter[oaei]|gran parte d\w{1,4}) (?:il |la |l |lo |i |gli |le |quest\w |d |di "
        r")?<area>|<area> (?:intero|intera|tutta|tutto|isolat\w|tagliat\w|senza|al buio|mut\w)|"
        r"(?:whole|entire|all (?:of )?(?:the )?|half (?:of )?(?:the )?|every|across (?:the )?|most of (?:the )?) "
        r"?<area>|(?:whole|all|half) of [a-z]{4,20}|anywhere (?:in|between|on)|nobody (?:in|at|on|around)|"
        r"no ?one (?:in|at|on)|everyone (?:in|at|here|says)|everybody (?:in|at|here)|not a soul|"
        r"(?:per|a) (?:tutti|nessuno|tutte)|nessuno (?:sull|in|nel|a|qui|qua|piu|riesce|ha|dei|telefona)|"
        r"(?:non|nun) \w{1,10} (?:piu )?(?:nessuno|nisciuno|nuddu)|nisciuno|nuddu|siamo (?:tutti|completamente)|"
        r"simmo|semu|tutti (?:senza|isolati|muti|giu|i paesi|i comuni|gli alberghi|qui)|centinaia|migliaia|"
        r"mila segnalazioni|comuni|frazioni|da [a-z]{4,20} a [a-z]{4,20}|paese|provincia|valle|valley|"
        r"da [a-z]{4,20} (?:centro )?e provincia|confermano|tutta [a-z]{4,20}|tutto [a-z]{5,20}|mezza [a-z]{4,20}|"
        r"pure il (?:bar|prete|parroco|comune)|che nessuno|isola|island|abitato|al buio|dappertutto|ovunque|thousand|"
        r"constituents|cittadini"
    ),
    "island": (r"<island>"),
    "cut_off": (
        r"isolat\w|tagli?at\w (?:fuori|fora)|tagghiat\w fora|mut[oae]|offline|cut off|fuori d[ua]l? mun\w{1,2}|zero|"
        r"blind"
    ),
    "outage_news": (
        r"segnalazioni|segnalazione di massa|picco|epicentro|ultim ora|ultimora|blackout|downdetector|"
        r"in aggiornamento|seguono aggiornamenti|readers|reports? of|spike|outage|live|breaking|"
        r"rete (?:sovraccarica|intasata)|reti? (?:cellular\w )?(?:sovraccarica|intasata)|"
        r"linee telefoniche (?:saltate|down|interrotte|in tilt)|liberare? le (?:linee|connessioni)|rendere libere|"
        r"e sovraccarica|evitate di usare"
    ),
    "in_progress": (
        r"adesso|ora|in corso|in questo momento|in aumento|aggiornamenti|segnalazioni|now|since|live|updates?|"
        r"stasera|da (?:ore|stamattina|ieri|oggi|un ora|mezzogiorno)|terremoto|alluvione|maltempo|tonight|"
        r"sovraccarica|intasata|saltate|down"
    ),
    "households": (
        r"stabile|porta a porta|la via e|our (?:close|row|estate|terrace)|same street|whole floor|"
        r"our (?:whole |entire )?(?:street|building|road|village|block)|condomini|complesso|residence|residenza|"
        r"corte|tutti gli inquilini|inquilini|tutto il borgo|lottizzazione|case popolari|"
        r"tutto il (?:palazzo|condominio|vicolo|stabile|pianerottolo|caseggiato)|"
        r"tutta la (?:via|strada|palazzina|scala|frazione|contrada|palazzo|corte|borgata|localita|schiera)|"
        r"inter[oa] (?:palazz\w{1,4}|condominio|via|strada|scala|frazione|contrada)|palazzina|condominio|palazzi|"
        r"scala [a-d]|scale [a-d]|scale|vicini|famiglie|"
        r"<num> (?:\w{1,10} )?(?:case|famiglie|appartamenti|villette|condomini|palazzi|utenze|civici|houses|flats|"
        r"homes|families|households|apartments|units)|civici|dal civico|il civico|frazione|contrada|borgata|localita|"
        r"vicolo|la nostra via|tutta via|chat di (?:scala|quartiere|condominio)|citofoni|portiere|"
        r"(?:whole|entire|our|the|every flat in our|all .{0,12}in our|this) (?:building|street|block|lane|road|"
        r"hamlet|stairwell|condo|condominium|terrace|estate)|(?:all|every|the) (?:our |the )?neighbou?rs|neighbou?rs|"
        r"hamlet|stairwell|every flat|everyone on|couple below|next door|upstairs|porter|masseri\w"
    ),
    "several": (
        r"tutt[ie]|tutto|tutta|inter[oa]|noi|siamo|saremo|altri|pure|nessuno|uguale|<num>|everyone|all|whole|every|"
        r"nobody|both|entire|neighbou?rs|also|us|scal[ae]|mut[aei]|isolati|vicini"
    ),
    # crime ---------------------------------------------------------------------------------------------------------
    "number_lost": (
        r"second[ao] (?:sim|scheda|esim)|(?:sim|scheda) (?:attivata|attiva) (?:a|col)|ported my (?:line|phone|sim)|"
        r"numero (?:e |mi e )?passat[oa]|due sim col mio|"
        r"(?:tolto|rubato|preso|trasferito|intestato|dirottato|disattivato|clonato|duplicato|sottratto) (?:\w{1,6} "
        r"){0,3}(?:numero|sim|scheda|esim)|"
        r"(?:numero|sim|scheda|esim) (?:\w{1,6} ){0,4}(?:passat[oa]|trasferit[oa]|intestat[oa]|dirottat[oa]|"
        r"portat[oa] via|spostat[oa]|disattivat[oa]|sottratt[oa])|intestato la mia|insieme al numero|"
        r"(?:number|sim|esim) (?:\w{1,8} ){0,4}(?:stolen|taken|moved|ported|transferred|switched|cloned|hijacked)|"
        r"(?:stole|took|ported|moved|cloned|hijacked|switched) (?:\w{1,8} ){0,2}(?:number|sim|esim)|"
        r"(?:clonat\w|duplicat\w|sostituit\w|trasferit\w|spostat\w|rubat\w|bucat\w|attivat\w|disattivat\w|usa\w?|"
        r"usano|perso|preso) (?:il |la |mi |una |un |mio |mia |nostro )?(?:mio |mia )?(?:numero|sim|scheda|esim)|"
        r"(?:sim|scheda) .{0,12}(?:non (?:va|funziona|prende)|stopped|not working|a mio nome)|"
        r"(?:numero|number) .{0,25}(?:risponde|transferred|trasferito|another|altro cell\w{0,6}|altrui|"
        r"hijack\w{0,2})|(?:have|has|took over|stole|hijacked|control of) my (?:phone )?number|"
        r"telefono (?:senza|sparito|morto)|took over my|sim (?:stopped|not working|died)|phone (?:went )?dead|"
        r"(?:sim|scheda|esim|numero|linea|segnale|rete|telefono|cellulare|card|line|campo|utenza) (?:\w{1,8} "
        r")?(?:\w{1,8} )?(?:\w{1,8} )?(?:mort[ao]|sparit[ao]|spent[ao]|non valida|clonat\w|rubat\w|disattivat\w|"
        r"ammutolit\w|muta|dead|gone|stolen|hijacked|dropped|died|drops|moved|cloned|swapped|ported|disabled)|"
        r"sim ?swap\w{0,4}|swapped|numero (?:rubato|portato via|passato)|"
        r"(?:preso|rubano|rubato|portato via|dato) (?:il |il mio )?numero|duplicato|(?:sim|scheda) gemella|"
        r"replacement (?:sim|card)|duplicate sim|ported (?:my|out)|port(?:ed)? .{0,20}out|"
        r"numero .{0,40}(?:altro (?:telefono|gestore)|altra persona|altri)|someone else s phone|nuovo dispositivo|"
        r"new (?:sim|esim|device)|nuova sim|cambio scheda|scheda sostituita|portabilita|"
        r"senza (?:linea|rete|campo|segnale)|(?:non|nun) ho (?:piu )?(?:rete|segnale|campo|linea|il numero)|"
        r"no (?:service|signal|segnale)|lost signal|niente campo|sos only|nessun servizio|"
        r"(?:non|nun) (?:prende|aggancia)|spento il numero|la mia scheda|(?:mia|mio) (?:sim|numero)|my number|"
        r"esim attivata|sim (?:che )?va via|scheda .{0,20}(?:al primo|a un altro)|senza di me|carta gemella|"
        r"usa altra persona"
    ),
    "money_taken": (
        r"chiesto un prestito|prestit\w (?:a mio nome|richiest\w)|conto e sotto|preleva\w{1,3}|sotto zero|otp|"
        r"withdrawals?|withdrew|cleaned out|loan|finanziament\w|acquisti (?:mai|non)|carta (?:usata|prosciugata)|"
        r"mancano \d{1,6}|rub(?:ato|ano|ando|ati) (?:i |dei |tutti i )?(?:soldi|risparmi)|banca|conto corrente|"
        r"conti correnti|carta di credito|coinbase|binance|bank|savings|drained|"
        r"(?:richiest\w|chied\w{1,4}) .{0,12}(?:soldi|denaro)|denaro|pagament\w (?:non|mai|che)|spariti i soldi|"
        r"saldo|withdraw\w{0,4}|payments? i|svuot\w{1,5}|prosciug\w{1,4}|bonific\w{1,2}|preliev\w|"
        r"conto (?:bloccato|piange|vuoto|a zero|poste)|soldi|prestit[io] attivat\w|risparmi|"
        r"movimenti (?:strani|sospetti)|accesso da|home banking|postepay|prepagata|emptied|emptying|transfers?|"
        r"drain\w{1,3}|money (?:going|gone)|revolut|paypal|crypto|wallet|western union|"
        r"bank (?:says|pin|texts|account|sent)|la banca|dalla banca|banca mi|spid|il conto|autorizzato \d|"
        r"mai fatt[oi]|for (?:\d{2,4} )?(?:money|euro)|euro .{0,30}fingendosi|exchange account|filiale"
    ),
    "account_lost": (
        r"reset(?:ting)? my|(?:cambiato|resettato|reimpostato) (?:la |tutte le )?(?:mia |mie )?password|"
        r"logged me out|rubato (?:il |l )?(?:profilo|account|spid)|"
        r"(?:whatsapp|mail|posta|account|profilo|facebook|instagram|spid) (?:\w{1,8} ){0,3}(?:portat\w via|preso|"
        r"rubat\w|sottratt\w|gone)|"
        r"(?:scrivendo|scrivono|writing|texting) (?:\w{1,8} ){0,3}(?:per avere|chiedendo|asking|for money)|"
        r"entrat\w (?:nei|nelle|nel|nella) mi\w|impersonat\w{1,3}|si spaccia per me|pretending to be me|taken over|"
        r"took over|bucat\w|violat\w|compromess\w|locked out|"
        r"(?:mail|posta|casella|account|profilo|whatsapp|social|instagram) .{0,25}(?:bucat\w|violat\w|compromess\w|"
        r"taken|hijacked|breached)|"
        r"(?:usa|usano|scrive|scrivono|manda\w{0,2}) .{0,20}(?:mio whatsapp|mio profilo|mio nome|mio account|miei "
        r"contatti)|(?:chied\w{1,4}|richieste di) (?:soldi|denaro)|hackers?|inside my|"
        r"password (?:e |e stata )?(?:cambiata|errata|non vale|changed|reset)|"
        r"cambi(?:ato|ando|ano|ata) (?:le |la |mail|tutt\w|recapito|pure)|"
        r"(?:mail|posta|casella|profilo|account|whatsapp|chat|instagram|facebook|mailbox|email|area clienti) "
        r".{0,40}(?:rubat\w|hackerat\w|persa|non (?:si apre|entro|mi apre)|changed|gone|locked|stolen|hacked|"
        r"cambiat\w|in mano a|password|da soli|smesso di aprirsi)|"
        r"(?:entrat[oi]|dentro|entrando|sta) (?:nella|la|nel|in) (?:mia |nostra |mio )?(?:posta|mail|email|casella|"
        r"area|account|profilo|spid)|"
        r"(?:non|nun) (?:entro|mi fa (?:piu )?entrare|riesco piu (?:a |ad )?(?:entrare|accedere))|ho perso la mail|"
        r"locked (?:me )?out|i m locked|im locked|chiusi? fuori|io fuori|non sono (?:stat[oa] )?io|not me|"
        r"logged in from|begging|"
        r"(?:asking|messaging|chiedono|chiedendo|chiesto) .{0,30}(?:contacts|money|soldi|euro|rubrica)|fingendosi me|"
        r"whatsapp rubato|hackerat\w|hacked|recovery email|resetting|someone is (?:in|using)|"
        r"cambiat[oa] (?:la )?(?:mail|password|recapito)|mandare soldi|busso e non|accesso .{0,20}da un altro"
    ),
    "codes_unasked": (
        r"codici (?:otp |sms )?(?:mai|non|che non|che nessuno)|otp (?:mai|che non|non)|"
        r"codes? (?:that )?i (?:never|didn|did not)|unrequested codes?|otp codes? .{0,20}(?:never|not)|"
        r"codic[ei] .{0,40}(?:mai (?:chiest|ric)\w{0,3}|da sol[oi]|a raffica|non richiest\w|uno al minuto)|"
        r"(?:sms|messaggi) (?:di |con )?codici|codici codici|raffica|"
        r"codes? (?:i )?(?:never|didn|not) (?:t )?(?:asked|ask|requested|request)|(?:texts|sms) (?:w |with )codes"
    ),
    "sim_swap": (
        r"sim ?swap\w{0,4}|(?:sim|scheda|numero) (?:clonat\w|duplicat\w|gemella)|"
        r"clonat\w .{0,8}(?:sim|scheda|numero)|duplicato della (?:mia )?(?:sim|scheda)|"
        r"sim (?:cloned|hijack\w{0,3}|duplicated)|duplicate sim"
    ),
    "gave_data": (
        r"(?:dato|detto|letto|inviato|fornito|girato|dettato) (?:a |al |all |il |i |la |loro )?.{0,25}(?:otp|"
        r"codice|dati|carta|iban|documento)|gave .{0,30}otp|cliccato .{0,30}(?:inserit\w|mess\w|dat\w)|"
        r"(?:ci sono|sono) cascat\w|fell for|"
        r"(?:ho|abbiamo|ha|gli ho|le ho|gliel ho|ho gia|hanno) (?:\w{1,6} )?(?:dat[oaie]|dettat\w|lett[oa]|"
        r"mess[oaie]|mandat\w|inserit\w|comunicat\w|fornit\w|risposto) .{0,40}(?:codice|codici|carta|dati|iban|"
        r"coordinate|documento|bancomat|password|pin|conto|tutto)|gliel ho (?:lett\w|dat\w|dettat\w|mandat\w)|"
        r"ho (?:letto|dato|dettato) il (?:codice|numero)|gli ho letto il codice|messo la carta|"
        r"(?:gave|read|sent|told|entered|typed) (?:\w{1,9} )?(?:\w{1,9} )?(?:\w{1,9} )?.{0,20}(?:code|card|iban|id|"
        r"data|details|password|pin|documents?)"
    ),
    "gave_nothing": (
        r"riattaccato|attaccato|ho riagganciato|non (?:gli|le|glieli|gliel) (?:ho )?(?:ho )?(?:dat\w|detto)|"
        r"non ho (?:dato|cliccato|aperto|risposto)|hung up|did ?n t (?:give|click|answer)|nothing out of me|"
        r"left it alone|told him to|non glieli|manco il nome|ha detto no|e phishing|siete voi|legit|e roba vostra|"
        r"e vostr\w|e farina|smells|e vero"
    ),
    "fake_agent": (
        r"finto|finta|falso|fake|fingendo|spacciava|diceva di (?:essere|chiamare)|che diceva|pretending|claim\w{2,3}|"
        r"timm|\bsaying he\b|ufficio tecnico|fraud dept"
    ),
    "phone": (
        r"telefon\w{1,5}|cell|cellulare|smartphone|sim|scheda|borsa|iphone|phones?|mobile|numero|line|borsello|zaino"
    ),
    "stolen": (
        r"(?:phone|wallet|bag|mobile|purse) .{0,20}(?:taken|stolen)|"
        r"(?:borsa|telefono|cellulare|zaino|portafogli\w?) .{0,20}(?:rubat\w|sottratt\w|portat\w via)|"
        r"mi hanno (?:derubat\w|rapinat\w)|borseggi\w{1,4}|sottratt[oa]|fregat[oa] il|"
        r"mi hanno (?:rubato|fregato|preso) (?:il |lo |la )?(?:telefono|cell\w{0,6}|smartphone|iphone|borsa)|"
        r"smarrito|lost phone|theft|rubat[oaie]|rubaron\w|scippat\w|scippo|furto|"
        r"portati? via (?:la )?(?:borsa|telefon\w)|preso (?:la )?borsa|ladro|"
        r"pers[oa] (?:il|la|lo|un)? ?(?:mio |mia )?(?:telefono|cell\w{0,6}|sim|scheda|iphone|smartphone|borsa|zaino)|"
        r"smarrit[oa]|lasciat[oa] (?:il |la )?(?:\w{1,10} )?(?:sul|in|al|nel|sull)|ho lasciato il cell\w{0,6}|"
        r"scappato|stolen|snatched|pickpocket\w{0,3}|lost my (?:phone|sim|mobile|bag)|left my phone|nicked|mugged|"
        r"robbed of my"
    ),
    "block_it": (
        r"suspend|sospend\w{1,4}|deactivate|disable|disattivare|subito|urgent\w{1,2}|immediately|asap|blocc\w{1,4}|"
        r"disattivat\w|fermat\w|fermare|fermo|fermi|congelat\w|ancora acces[oa]|ancora attiv[oa]|attiva|risponde|"
        r"block|kill|freeze|stop|still (?:live|active|rings|on)|live|senza pin|non c ha codice|codice|codici|aiuto|"
        r"what do i do|che faccio|help|now|appena|stanotte|stasera|un ora fa|an hour ago|ride|tutta la mia vita|banca"
    ),
    "already_blocked": (
        r"(?:gia|subito|stato) bloccat\w|bloccat[oa] (?:subito|in due|lo stesso)|bloccata e denunciata|"
        r"blocked in time|saga over|rientrat\w|imei|ad aprile|a luglio|storia di"
    ),
    "not_asked": (
        r"(?:non|nun|mai|senza) (?:\w{1,5} )?(?:ho |abbiamo )?(?:chiest\w{1,3}|richiest\w{1,2}|firmat\w|"
        r"autorizzat\w|ordinat\w|sentito)|mai chiest\w{1,3}|non (?:le )?conosco|fingendo un si|chi ha firmato|"
        r"senza (?:il mio )?consenso|"
        r"(?:never|didn t|did not|not) (?:ask\w{0,2}|order\w{0,2}|sign\w{0,2}|request\w{0,2})|never asked"
    ),
    "porting": (
        r"hanno attivato .{0,40}(?:senza|mai|non)|contratto .{0,25}(?:firma falsa|falso)|firma falsa|forged|"
        r"voltura mai|sms di (?:portabilita|cambio)|contratto (?:mai|che non|non) .{0,12}(?:chiest\w|firmat\w)|"
        r"attivat\w .{0,12}(?:contratto|linea|utenza) .{0,12}(?:non|mai|senza)|switch(?:ed|ing)? (?:me|my number)|"
        r"codici? per cambio|portabilita|cambio (?:operatore|gestore)|"
        r"(?:passa|passaggio|passo|passare) (?:a|ad) (?:un )?(?:altro|altra|nuovo) (?:gestore|operatore)|"
        r"passa a un gestore|passa a un|il passaggio|intestat\w (?:due|tre|una) sim|"
        r"intestato (?:due|una|tre|\d) ?(?:sim|schede)|port (?:out|request)|porting (?:out|request)|"
        r"number .{0,15}(?:moves|moving|leaves)|sim i never|sms di portabilita"
    ),
    "charges_running": (
        r"credito (?:si |mi )?(?:azzera|sparisce|svanisce|vola|prosciuga)|"
        r"(?:\d{1,4} euro|soldi) (?:in|ogni) (?:un ora|mezz ora|pochi minuti|minuto|ora)|gia \d{2,4} euro in|"
        r"eating my credit|credit (?:draining|vanish\w{0,3}|disappearing)|"
        r"(?:credito|euro|soldi|contatore|addebit\w) .{0,40}(?:scend\w{1,4}|sces\w|cala\w{0,2}|sparisc\w{1,3}|"
        r"vola\w?|continu\w|ogni|uno dietro l altro)|"
        r"(?:scend\w{1,4}|scala\w{0,4}|mangia\w?) .{0,40}(?:euro|credito|ogni|minut\w)|se li mangia|"
        r"euros? (?:a|every|per) minute|keeps? (?:growing|climbing|going up)|counter climbing|every few minutes|"
        r"(?:burning|burns?) .{0,20}(?:euro|minute)"
    ),
    # a person at risk ----------------------------------------------------------------------------------------------
    "self_harm": (
        r"lettera (?:di addio|a mi[oa])|scritto (?:la|una) lettera|ultima lettera|biglietto d addio|suicide note|"
        r"farewell note|domani non mi trovate|non mi (?:trovate|vedrete|sentirete) piu|nothing (?:left )?to live|"
        r"tired of living|goodbye forever|non (?:ho|c e) piu niente per cui|preferisc\w (?:morire|farla finita)|"
        r"mi faccio fuori|la finisco qui|lametta|barbiturici|take my (?:own )?life|ending my life|better off dead|"
        r"want it to end|wish i was dead|tentato il suicidio|kill(?:ing)? myself|"
        r"(?:ho deciso di|voglio|devo) (?:togliermi|uccidermi|ammazzarmi|sparire per sempre)|preparato la corda|"
        r"preso (?:tutte )?le pillole|took all (?:the|my) pills|(?:sotto|davanti a) (?:il |al |un )?treno|"
        r"tagliarmi le vene|sentira la mia mancanza|i ll be gone|goodbye (?:everyone|all|world|cruel)|can t go on|"
        r"end it (?:all|tonight)|ultimo messaggio|ultima sera|non ne vale piu la pena vivere|"
        r"tolgo il disturbo per sempre|mi lascio andare|non ho piu motivo di vivere|slit my|hang(?:ing)? myself|"
        r"don t want to live|no reason to live|scrivo per salutar\w{1,3}|ho preso i farmaci|morire stanotte|"
        r"mi tolgo di mezzo|meglio morto|non ci sono piu per nessuno|"
        r"mi (?:ammazzo|uccido|butto|impicco|sparo|taglio le vene|tolgo la vita|suicido|lascio cadere)|voglio morire|"
        r"vorrei (?:morire|sparire|essere mort\w)|(?:la )?faccio finita|farla finita|finirla|la chiudo qui|"
        r"stasera chiudo tutto|togliermi la vita|suicid\w{1,4}|non voglio (?:piu )?(?:vivere|svegliarmi|esserci)|"
        r"non mi sveglio|sparissi|meglio se (?:sparissi|morissi)|(?:stanc[oa]|stufa?) di (?:campare|vivere)|"
        r"contato le (?:pastiglie|pillole)|(?:le )?(?:pastiglie|pillole) (?:le ho|sono)|"
        r"sto sul (?:ponte|tetto|cornicione)|vicino al ponte|salgo sul (?:traliccio|tetto)|stacco il gas|addio|"
        r"chi mi ha voluto bene|"
        r"(?:domani|lunedi|stasera|stanotte) (?:io )?(?:non|nun) (?:ci|c) (?:sono|sto|saro|arrivo)|"
        r"io domani (?:non|nun)|non ci (?:saro|arrivo|sono piu)|da domani .{0,40}non serve piu|scusatemi tutti|"
        r"salut\w{1,5} (?:per sempre|tutti)|lasciato una lettera|l ultima cosa che dovevo|"
        r"(?:dite|ditelo) a (?:mia|mio) .{0,40}bene|quella telefonata non la faro|"
        r"(?:regalato|lascio) .{0,30}(?:gatto|chiavi|piante|cane)|sistemato le carte|dove sta il gatto|"
        r"non mi va piu di vivere|non ce la faccio piu .{0,5}(?:e non parlo|davvero|ho perso)|"
        r"kill (?:myself|himself|herself)|want to die|end (?:it|my life)|it ends (?:tonight|here)|"
        r"(?:told everyone|say|said|posting|saying) (?:\w{1,8} )?good ?byes?|"
        r"won t be here (?:in the morning|tomorrow|monday)|(?:don t|do not) want to (?:be here|live|wake up)|"
        r"my last post|(?:after|beyond) tonight|be kind to my|better off without me|"
        r"no (?:reason|point) (?:in )?(?:to )?liv\w{1,3}|hurt (?:myself|himself|herself)|left .{0,30}(?:a )?letter|"
        r"no longer (?:be )?(?:here|need it)|overdose|jump off"
    ),
    "hyperbole": (
        r"mi fate (?:morire|venire|impazzire|ridere)|sto morendo|muoio|"
        r"di (?:risate|noia|fame|recensioni|caldo|sonno)|if i hear|killing me|jingle|musichetta|spaccare|modem|"
        r"router|altro operatore|su un altro|canzone|film|libro|romanzo|giallo|serie|episodio|episode|chapter|"
        r"capitolo|song|album|gioco|game|spot|hold music|telenovela|puntata|haha|lol|ahah\w{0,6}|fantacalcio|scherzo|"
        r"sogno|sognato|dreamt|dream|buttarlo|wifi"
    ),
    "threat": (
        r"(?:gli|le|vi|ti) (?:sparo|meno|faccio del male|spezzo)|minaccia\w{0,3} di morte|death threat|"
        r"threat to kill|(?:vengo|arrivo|torno) armato|la paghera|la pagherete cara|ammazzo (?:qualcuno|tutti|uno)|"
        r"i will (?:kill|hurt|shoot|burn)|gonna (?:kill|hurt|shoot|burn)|he has a (?:knife|gun)|"
        r"picchiat[oa] (?:un|il|la|una)|ostaggi\w|hostage|do fuoco|dare fuoco|diamo fuoco|brucer\w{1,3}|"
        r"(?:vi|ti|lo|la|li) (?:spacco|ammazzer\w{1,2}|uccid\w{1,3}|sparer\w{1,2}|picchio|scanno|taglio la gola|"
        r"faccio male|rompo le ossa|vengo a prendere|verro a prendere)|spaccare la faccia|"
        r"(?:shoot|stab|burn|bomb|kill|beat|attack) (?:someone|you|them|all|your|the (?:office|shop|store|staff|"
        r"place)|up)|bomba|bomb threat|ordigno|benzina|acido|mazza|machete|"
        r"(?:aggredit\w|picchiat\w|minacciat\w) .{0,20}(?:commess\w|tecnic\w|operator\w|colleg\w|mi[oa])|"
        r"watch your back|i know where (?:you|they|she|he) (?:live|work|park)|conosco il tuo indirizzo|"
        r"vi faccio saltare|"
        r"(?:vi|ve|ti|lo|li|la) (?:brucio|ammazzo|accoltello|sparo|gonfio|aspetto (?:fuori|stasera|col|sotto)|"
        r"faccio (?:saltare|fuori|a pezzi)|spacco la)|col (?:coltello|fucile|bastone)|coltello|fucile|pistola|"
        r"bombol\w|tanica|molotov|saltare (?:la|il|in aria)|so dove (?:abit\w{1,2}|sta|lavor\w{1,2}|lascian\w|vai)|"
        r"sa dove (?:abito|sono|vivo)|so a che ora|saccio|qualcuno si fa male|uno non torna|lo accoltello|vengo li e|"
        r"prima o poi esci|ci vediamo presto|messo le mani addosso|mani addosso|"
        r"fuori (?:dal|dalla) (?:negozio|galleria)|aspetto (?:\w{1,8} )?(?:alla chiusura|fuori)|poi vediamo se|"
        r"viene a prendermi|minacci\w{1,5}|brucio .{0,12}(?:negozio|er|tutto|sede)|with a (?:knife|gun|bat)|petrol|"
        r"knife|gun|coming (?:back )?(?:for|to|with) (?:you|the store|the via|more)|more than words|"
        r"i ll (?:burn|find|hurt|stab|shoot|kill)|threaten\w{0,4}|wait for the staff|ho paura (?:davvero|ad|per|di)"
    ),
    "stalker": (
        r"(?:found|knows|has) my (?:new )?address|ha (?:trovato|scoperto) (?:il mio indirizzo|dove (?:abito|vivo))|"
        r"ogni mio spostamento|i miei spostamenti|ex (?:marito|moglie|ragazz\w)|mi (?:pedina|tormenta|aspetta sotto)|"
        r"spyware|keeps finding me|harass\w{1,4}|reads my (?:texts|messages)|stalking|stalker|mi sta seguendo|"
        r"mi (?:sta )?spiando|mi picchia|mi maltratta|violento|"
        r"my (?:ex|husband|boyfriend|partner) .{0,20}(?:reads|tracks|controls|follows|hits|knows)|ex compagn\w|"
        r"divieto di avvicinamento|ordine di protezione|localizza\w? .{0,12}(?:me|mio|ex)|controlla col telefono|"
        r"mio ex|mia ex|ex marito|ex fidanzat\w|il mio ex|ex molesto|"
        r"mi (?:perseguita|segue|controlla|spia|ricatta|traccia)|stalk\w{1,5}|sa (?:sempre )?dove sono|"
        r"vede dove sono|legge i miei (?:messaggi|sms)|mi ritrova|ordine restrittivo|si chiama il mio cane|"
        r"foto del mio portone|e sotto casa|e respira|sotto casa mia|se scopre|mi ammazza|my ex|tracks? me|"
        r"following me|see where i am|knows where i|restraining order|turns up everywhere|blackmail\w{0,3}|"
        r"family plan .{0,20}(?:see|where|tracks?)"
    ),
    "stalk_means": (
        r"address|store|indirizzo|scared|spostament\w|app|gps|texts|find|dove sono|messaggi|numero|deviazione|"
        r"posizione|contratto|sim|famiglia|chiama|casa|telefono|portone|paura|where|forwarding|plan|phone|messages|"
        r"location|house|street|calls"
    ),
    "missing": (
        r"scappat[oa] di casa|non torna a casa|did ?n t come home|hasn t come home|non e (?:piu )?tornat[oa] a casa|"
        r"localizzar\w|rintracciar\w|persona scomparsa|missing person|is missing|last seen|dispers[oa]|scompars[oa]|"
        r"non (?:risponde|torna) da ieri|missing since|out looking|la cella|che parte sta|gone missing|"
        r"where (?:he|she) (?:is|was)"
    ),
    # data ----------------------------------------------------------------------------------------------------------
    "others": (
        r"un altra signora|altra signora|altro signore|abbonati|estranea|estraneo|persone che non conosco|"
        r"gente sconosciuta|customer s|clienti diversi|altrui|intestat\w a (?:un|altri)|somebody|another person|"
        r"random|not me|"
        r"(?:di |d )?(?:altri|altre|un altro|un altra|un certo|una certa|altra persona|altro tizio|qualcun altro|"
        r"un estraneo|sconosciut\w|estranei|uno sconosciuto)|gente che non conosco|(?:il |la )?(?:mia )?vicin[oa]|"
        r"clienti|utenti|persone diverse|non mi[oea]|di un (?:signore|tizio|tale)|una signora di|un signore di|"
        r"altro (?:cliente|utente|intestatario)|famiglia in|"
        r"(?:other|another|strangers?|someone else|somebody else|different|hundreds of|other people|belongs to)(?: "
        r"s)?|customers?|strangers|not (?:mine|my)|people|subscribers|mr [a-z]{3,20}|mrs [a-z]{3,20}|a woman in"
    ),
    "portal": (
        r"app|mytim|my tim|area (?:clienti|personale|riservata)|portale|sito|login|loggat\w|chat ?bot|bot|chat|"
        r"pagina|profilo|link|website|portal|logged|log in|reload\w{0,3}|ricarico|google|ricarica|address bar|"
        r"aggiorno la"
    ),
    "shown": (
        r"ho visto|appare|appaiono|compare|apro|saw|opened|vedo|veda|vediamo|leggo|esce|escono|trovo|mi trovo|"
        r"mostra\w{0,3}|visibil\w|cambia (?:l )?intestatario|divento|mi chiamo|mi propone|mandato|risposto|see|sees|"
        r"shows?|showing|seeing|lists?|listing|thought i was|gave me|names?|dati|fatture|conversazioni|hello"
    ),
    "sees_theirs": (
        r"(?:see|seeing|shows?|showing|vedo|leggo|compaiono|compare|appaiono|mostra\w{0,3}|escono|esce) "
        r".{0,40}(?:another|other people|other customers?|strangers?|someone else|altrui|altri clienti|un altro|un "
        r"altra|di altr[ie]|sconosciut\w|estrane\w|che non conosco)"
    ),
    "leak": (
        r"file (?:con|di|excel) .{0,40}(?:numeri|nomi|abbonati|clienti|dati)|"
        r"(?:numeri|nomi|dati) (?:degli|dei|di) (?:abbonati|clienti|utenti) .{0,25}(?:gira\w{0,2}|onlin\w|"
        r"vend\w{1,4})|list of (?:customers|clients|subscribers)|"
        r"(?:records|data|database|dati|archivio) .{0,20}(?:leaked|online|stolen|rubati|esposti|exposed|trafugat\w|"
        r"dark web)|dark ?web|"
        r"(?:dipendente|impiegat\w|operatore|commess\w) .{0,25}(?:vende|passa|fotografa|copia) .{0,20}(?:dati|"
        r"clienti|numeri)|fuga di dati|data ?leak|"
        r"(?:database|db|archivio|excel|foglio|elenco|lista|liste|file|csv|righe|leak|dump|nominativi|anagrafic\w|"
        r"dati|nomi|numeri|nomme|nummere|contratti|subscribers|customer list|customers|list) .{0,60}(?:clienti|"
        r"abbonati|vend\w{1,5}|telegram|forum|reddit|discord|pubblic\w{1,4}|customers|sale|public|online|google|"
        r"gira|cassonetto|euro l uno|regal\w|giving away|offr\w{1,3}|twitch|subscribers|seller|copia)|"
        r"(?:vend\w{1,5}|offr\w{1,3}|pubblicat\w|giving away|selling|sells?|offered me|gira|mostrando|stampa) "
        r".{0,60}(?:clienti|abbonati|database|archivio|nominativi|nomme|customers?|righe|csv|excel|liste|pannello|"
        r"list|contract is|contratti)|internal .{0,20}(?:screen|panel|tool)|pannello interno|data breach|leaked?|"
        r"(?:copia|vende) .{0,20}(?:liste|dati|numeri)|cassonetto"
    ),
    "paper": (
        r"bollett\w|fattur[ae]|contratto|contratti|lettera|busta|pdf|dettaglio|chiamate|telefonate|sms|mail|posta|"
        r"documenti|foglio|segreteria|bills?|invoices?|contracts?|voicemails?|call list|alerts|letter|transcripts|"
        r"post|email"
    ),
    "arrived": (
        r"arriv\w{1,4}|ricev\w{1,4}|mi (?:avete|hanno|ha) (?:mandat\w|lasciat\w|spedit\w|inviat\w)|ho in mano|leggo|"
        r"c era|consegnat\w|got|getting|received|receiving|sent|mailed|emailed|been getting|"
        r"you (?:sent|mailed|emailed)"
    ),
    "own_data_out": (
        r"(?:pubblicato|postato|scritto|twittato) .{0,20}(?:per errore|per sbaglio)|"
        r"(?:cancell\w{1,4}|togli\w{1,5}|rimuov\w{1,4}) .{0,30}(?:codice fiscale|iban|indirizzo|telefono|documento|"
        r"numero)|"
        r"(?:ecco|allego|twittat\w|postat\w|pubblicat\w|scritto|mandato|messo|allegat\w) .{0,60}(?:iban|codice "
        r"fiscale|carta|dati|cellulare|numero|foto|indirizzo)|"
        r"(?:posted|tweeted|published|here s|here is|sent) .{0,40}(?:iban|tax code|card|id|address|phone|number)|"
        r"(?:iban|codice fiscale|tax code|carta d identita|carta) .{0,60}(?:cancell\w{1,3}|delete|hide|sparire|"
        r"oscur\w{1,4}|togli\w{1,3}|leva)|abito in via|mi trova in via|citofono [a-z]{4,20}|suonare [a-z]{5,20}|"
        r"citofonare|interno \d|intestato a me|"
        r"(?:mio|mia) (?:codice fiscale|iban|carta|indirizzo|cell\w{0,6}) (?:e|it|\d)|tax code|via di casa mia|"
        r"codice fiscale [a-z0-9]{6,16}|foto (?:della|del|di) (?:la )?(?:mia )?(?:carta|documento|patente)|"
        r"it ?\d{2} ?[a-z]? ?\d{4,20}|[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z]|\d{4} \d{4} \d{4} \d{4}|[x]{6}\d{2}x"
    ),
    # press, law, reach ---------------------------------------------------------------------------------------------
    "press": (
        r"stampa|tg\d?|telegiornale|reportage|newspaper|magazine|tv locale|radio \w{3,20}|freelance journalist|"
        r"press (?:office|request)|agenzia|giornalist\w|cronist\w|redazione|redattor\w|inviat[oa]|ansa|agi|adnkronos|"
        r"rai|la7|mediaset|fanpage|striscia|testata|quotidiano|journalist|reporter|reuters|ap here|associated press|"
        r"bbc|newsroom|producer|news desk|editor|cronaca"
    ),
    "press_asks": (
        r"domani (?:esce|pubblico)|pubblico|intervista|chiarimenti entro|going to print|print|airs|replica|commento|"
        r"dichiarazione|posizione|vostra riga|esce|pubblich\w{1,4}|pubblicando|in onda|diretta|chiudiamo|entro le|"
        r"entro stasera|comment|statement|publish\w{0,3}|deadline|on air|we air|runs|before \d|by \d|quante utenze"
    ),
    "law": (
        r"avvocat[oa]|avv|legale|legali|studio legale|udienza|ricorso|decreto|tribunale|giudice|ordinanza|diffida|"
        r"notific\w{1,4}|corecom|agcom|garante|polizia (?:giudiziaria|postale)|procura|guardia di finanza|antitrust|"
        r"lawyer|solicitor|law firm|court|hearing|injunction|regulator|subpoena|judge"
    ),
    "act": (
        r"udienza|depositat\w|notificat\w|ricorso|decreto|ordinanza|protocollo|atto|provvedimento|"
        r"entro (?:domenica|sabato|lunedi|domani|stasera|il|le)|termine|scade\w?|fissat\w|tempo fino a|riscontro|"
        r"hearing|served|order|due|deadline|filed|by (?:monday|sunday|tomorrow|noon)|art \d"
    ),
    "anger_law": (
        r"vi denuncio|ve faccio causa|mi rivolgo|faccio denuncia|se (?:non|entro|la prossima)|vado dall|"
        r"passo (?:dal|dall)|ci vediamo al|class action|my uncle|mio cugino|knows a lawyer|i will sue|i ll sue|"
        r"vi porto in tribunale|finisco sui giornali|chiamo la tv|dai giornali|quando\?"
    ),
    "mayor": (
        r"sindac[oa]|assessor\w|onorevole|deputat[oa]|senator\w|parlamentare|consigliere|mayor|mep|"
        r"member of parliament|councillor|prefetto|vicesindac\w"
    ),
    "reach": (
        r"\d{2,3} ?(?:mila|k) ?(?:follower|iscritti|persone)|milioni di|"
        r"(?:\d{2,3} ?(?:mila|k|000)|<num> ?(?:mila|milion\w)|un milione|half a million|million|mille|centomila) "
        r".{0,30}(?:follower|followers|iscritti|persone|people|views|visualizzazioni|visualizz\w{1,6}|"
        r"repost\w{0,2}|condivisioni|shares|follow|subscribers)|due milioni|milione|virale|sta facendo il giro|viral|"
        r"\d{2,3}(?:k|mila) (?:reposts?|views|follower\w?|iscritti|persone)|vi stanno taggando|two million"
    ),
    "failure": (
        r"non va|blocco|guasto|linea|fibra|5g|rete|diretta|dirette|video|caduta|disdire|rimborsa|fibre|live|agents|"
        r"outage|down|tecnico|furgone|negozio|reposts|post"
    ),
    "boast": (
        r"pizza|ananas|gatto|collab|materassi|dm aperti|musica|singolo|vendo|veri|verificati|\d{1,5} euro|gratis|"
        r"free followers"
    ),
    # stranded, days, deadlines -------------------------------------------------------------------------------------
    "away": (
        r"morocco|greece|spain|france|germany|switzerland|portugal|croatia|turkey|egypt|tunisia|portogallo|belgio|"
        r"olanda|inghilterra|zurich|madrid|roma fiumicino|malpensa|orio|stranded|vacanza|vacation|holiday|"
        r"oltre confine|dogana|crociera|cruise|motorway|broken down|train station|terminal|gate|imbarco|svizzera|"
        r"austria|germania|francia|spagna|grecia|albania|croazia|marocco|egitto|turchia|thailand|usa|overseas|"
        r"aeroporto|airport|stazione|station|port|porto|traghetto|ferry|treno|train|bus|pullman|volo|flight|"
        r"autostrada|in panne|a14|a1|all estero|estero|abroad|frontiera|rifugio|sentiero|hiking|stuck|"
        r"bloccat[oa] (?:a|ad|in)|atterrat\w|landed|roaming|in viaggio|erasmus|parigi|londra|tunisi|tirana|atene|"
        r"athens|marrakech|praga|bangkok|lisbona|francoforte|tunis|lagos|barcell?ona|berlino|berlin|paris|london|"
        r"new york|istanbul|il cairo|cairo|vienna|budapest|dubai|lisbon|prague|gita|camionista|macchina|car|doorstep|"
        r"host|alloggio|ostello|escursione|notte|night|midnight|mezzanotte|am"
    ),
    "stated_need": (
        r"devo (?:chiamare|raggiungere|avvisare|contattare)|kids|children|viene a prendere|ferm[oa] da ore|"
        r"senza (?:soldi|contanti)|medicin\w|embassy|booking|minorenne|in mezzo al nulla|middle of nowhere|cab|uber|"
        r"contattare l|contattare|raggiungermi|recuperarmi|rescue|mi aspettano|passaporto|navetta|shuttle|"
        r"coincidenza|connection flight|stranded|mi (?:deve|devono) venire a prendere|stuck outside|pick me up|sola|"
        r"sono sol[oa]|alone|di notte|notte|night|midnight|\dam|bimbi|bambini|figli[oa]|ragazz\w{1,4}|baby|"
        r"carro attrezzi|tow|soccorso|non so (?:tornare|dove)|tornare a casa|hotel|alloggio|host|taxi|autista|driver|"
        r"check in|boarding|volo|flight|imbarc\w{1,4}|ferry|boat|visa|ospedale|ricovero|documenti|"
        r"perso (?:l )?(?:ultimo|treno|bus)|ultimo (?:treno|bus)|batteria|wifi (?:del|di|dell)|hut wifi|i genitori|"
        r"deve (?:richiamar\w{1,2}|chiamar\w{1,2})|chiud\w{1,4}|closing|ring\w{0,3} (?:me|back)|doorstep|indirizzo|"
        r"ticket s in|pointless"
    ),
    "mobile_dead": (
        r"roaming .{0,30}(?:mort\w|dead|zero|cut|non|off|down|morto)|"
        r"sim .{0,30}(?:mut\w|mort\w|sospes\w|bloccat\w|disattivat\w|dead|blank|not registered|suspended)|"
        r"(?:sospes\w|suspended|disattivat\w|bloccat\w) (?:\w{1,6} )?(?:\w{1,6} )?(?:my |la |il )?(?:sim|number|"
        r"numero|utenza)?|(?:senza|zero|niente|nessuna?) (?:linea|rete|campo|segnale|dati|roaming|internet)|"
        r"no (?:service|signal|roaming|network|data)|"
        r"(?:non|nun) (?:mi )?(?:va|aggancia|prende|funziona|arriv\w{1,4}|posso|riesco|si registra)|esim won t|"
        r"won t register|roaming (?:mi dice )?servizio|barre (?:son |sono )?sparite|bars died|shows nothing|"
        r"scheda che non va|carta non funziona|credito .{0,20}azzerat\w|utenza sospesa|telefono non|sms a noi non|"
        r"sim muta"
    ),
    "days": (
        r"(?:due|tre|quattro|two|three) (?:settimane|weeks)|"
        r"(?:a|one|two|three|mezza|piu di una|quasi una) (?:week|settimana)|"
        r"(?:weeks|settimane|un mese) (?:senza|without)|settimana (?:senza|intera)|mese senza|"
        r"(?:\d{1,2}|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quindici|venti|three|four|"
        r"five|six|seven|eight|nine|ten|eleven|twelve) ?(?:undici )?(?:giorni|gg|giornate|days|settimane|weeks)|"
        r"(?:terzo|quarto|quinto|sesto|settimo|settima|ottavo|nono|decimo|undicesimo) (?:giorno|mattina|giornata)|"
        r"(?:una|due|seconda|terza|a) settiman\w|day (?:\d{1,2}|three|four|five|six|seven|eight)|"
        r"da (?:lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|domenega)(?: (?:scors\w|passat\w))?|"
        r"since (?:monday|tuesday|wednesday|the \d)|tuesday, wednesday|a week|il 12|for (?:days|weeks)"
    ),
    "unanswered": (
        r"never (?:turned|showed|shows) up|did ?n t (?:turn|show) up|senza intervento|"
        r"non si (?:presenta|e presentat\w|e vist\w|fa vivo)|nobody has (?:fixed|come|called)|non risponde nessuno|"
        r"nessuno (?:si fa vivo|arriva)|mai arrivat\w|no ?one (?:replies|answers|came|calls)|"
        r"nessun\w (?:risposta|riscontro|notizia)|reclam\w{1,2}|chiamat\w|ignored?|ignorat\w|rimandat\w|rinvi\w{1,4}|"
        r"promise\w?|dozen times|ticket\w?|pratica|segnalazion\w|sollecit\w|chius[oaie]|"
        r"mai (?:vist\w|arrivat\w|venut\w|passat\w)|nessuno (?:risponde|chiama|viene|richiama)|"
        r"(?:tecnic[oi]|appuntament\w) .{0,25}(?:mai|fantasm\w|saltat\w|mancat\w|bidon\w|s aspetta|never)|bidon\w|"
        r"ho chiamato|chiamat[oe] \d|volte|telefonate|chat|scuse?|ricomincia|zero risposte|silenzio|doveva passare|"
        r"l i me dise|sempre domani|tickets?|nobody (?:calls|answers|came)|(?:missed|no) (?:visits?|shows?)|"
        r"never came|no shows?|called \d|case marked|closed|marked solved|agent|engineer attended|calls|riconosce|"
        r"risolt[oa]|scritto (?:due|tre|quattro|\d)|domenega|promess\w|see my posts|names if"
    ),
    "total_loss": (
        r"no (?:landline|broadband|wifi)|manca la linea|no line|fixed our line|isolat[io]|nothing works|"
        r"non va niente|niente linea|non funziona (?:niente|nulla)|staccat\w|disconnect\w{1,2}|"
        r"senza (?:\w{1,5} )?(?:linea|telefono|internet|rete|fibra|fisso|nulla|niente|dial tone|servizio|adsl)|sensa|"
        r"mut[oaie]|mort[oaie]|isolat\w|ne fisso|zero (?:internet|tecnici)|niente (?:internet|telefono|linea)|"
        r"saltata la linea|(?:non|nun) posso (?:ne )?chiamare|coma|no (?:internet|line|phone|service)|without|w o|"
        r"dead|of nothing|hasn t registered|nothing at all|cinque giorni morti|giorni \w{0,8} ?senza|tredici giorni|"
        r"gg senza|assente|fibra e telefono|linea"
    ),
    "slow_or_up": (
        r"lent\w{1,7}|va e viene|come va|instabil\w|internet (?:ce l ho|c e|va)|slow|speed|velocita|"
        r"vecchia (?:tira|va)|old (?:one|adsl) still|funziona tutto|il rame funziona|rimborso|portab\w{1,5}|portin\w|"
        r"corriere|consegna|euro"
    ),
    "appointment": (
        r"discut\w{1,4} la tesi|seduta di laurea|esame di stato|maturita|esam\w{1,2}|test di ammissione|"
        r"videochiamata col|consulto|controllo (?:medico )?(?:online|da remoto)|udienza telematica|open day|gara|"
        r"diretta streaming|colloquio di lavoro|job interview|telehealth|telemedicine|tribunale online|battesimo|"
        r"veglia|turno di notte|on call|esam[ei]|tesi|concorso|colloquio|visita|televisita|telemedicina|"
        r"videoconsult\w|neurolog\w|cardiolog\w|chirurg\w|oncolog\w|turno|reperibilita|smart ?working|scrutini\w|"
        r"spoglio|seggio|matrimoni\w|si sposa|nozze|funerale|discuto|laurea|udienza (?:online|da remoto)|streaming|"
        r"lo salutano|missione|interrogazione|selezione|ammissione|prova (?:scritta|orale)|exam|bar exam|interview|"
        r"consult|surgeon|remote visit|shift|wedding|funeral|memorial|thesis|defen[cs]e|election|vote|hearing online|"
        r"audition|viva"
    ),
    "soon": (
        r"domani|domattina|stasera|stanotte|domenica|sabato|tra (?:due|un|tre|poche|poco) or\w|alle \d|"
        r"lunedi mattina|fino a lunedi|oggi|tomorrow|tonight|sunday|saturday|sat|at \d|\dam|"
        r"in (?:two|an|three) hours?"
    ),
    # danger from plant ---------------------------------------------------------------------------------------------
    "plant": (
        r"voragine|cabinato|ripartilinea|colonna|utility box|telegraph|telephone pole|utility pole|box telefonico|"
        r"botola|grata|cavidotto|palizzata|pit|drain cover|pal[oi]|pilone|traliccio|traliccetto|cav[oi]|fil[oi]|"
        r"tombin[oi]|chiusino|pozzetto|armadi\w{1,6}|cabina|casoto|centralina|colonnina|buca|buche|scavo|scavi|"
        r"quadro|cestello|transenn\w|condotto|antenna|parabola|poles?|post|cables?|wires?|manhole\w?|cabinet|trench|"
        r"green box|duct|hole|mast|junction box|lid"
    ),
    "plant_danger": (
        r"saltat[oa]|mancante|sprofondat\w|ceduto|cedimento|flames|altezza d uomo|marci[oa]|crollare|divelt\w|"
        r"scoperti|ci (?:e|sono) finit\w|finita una|uncovered|broken|loose|tilted|toppled|tranciat\w|"
        r"prend\w{1,5} fuoco|incendi\w{1,4}|rischi[ao]|pericol\w{1,3}|about to fall|falling|low|dangling|sagging|"
        r"exposed|collaps\w{1,3}|missing|sta cadendo|sta per cadere|cade|crollat\w|crolla|marcio|senza segnalazione|"
        r"voragine|spezzat\w|sradicat\w|abbattut\w|ostruisc\w|no barriers?|unlit|electric|scossa|nearly|cadut[oaei]|"
        r"(?:in|per|a) terra|sulla (?:strada|carreggiata|provinciale|statale|fermata|pista)|in mezzo|di traverso|"
        r"in bilico|apert[oaei]|fumo|fuma|fumante|fiamm\w|a fuoco|fogo|brucia\w{0,2}|scintill\w|penzola\w{0,2}|"
        r"pend\w{1,4}|oscilla|piegat\w|inclinat\w|storto|altezza|basso|senza coperchio|balla|dentro|transenn\w|"
        r"bambini|asilo|scuola|pass[ai]n?o? |buio|venuto giu|sceso|strappat\w|cala\w{0,2}|calato|vuoto|"
        r"cassetta della frutta|sfrigola|ronza|appoggiat\w|tira|regge|ncopp\w?|slalom|scopert\w|down|fell|fallen|"
        r"lying|hanging|leaning|snapped|smok\w{1,3}|burn\w{1,3}|spark\w{0,3}|open|neck height|head height|across|"
        r"on fire|hot|gone|swerving|dark|road|path|buzzing"
    ),
    "plant_outdoors": (
        r"flames|street cabinet|ruota|sentiero|driveway|crollare|attravers\w{1,5}|highway|corner|pavement|truck|kids|"
        r"giardino|pericol\w{1,3}|auto|autobus|pedoni|operai|ciclist\w|bambin\w|incrocio|rotonda|square|park|"
        r"playground|passers|prendendo fuoco|on fire|fire|piazzale|ingresso|cancello|fall|sidewalk|caduto|strada|via|"
        r"viale|piazza|corso|statale|provinciale|marciapiede|fermata|pista|ciclabile|curva|angolo|cortile|parco|"
        r"giochi|asilo|scuola|recinzione|macchine|motorin\w|bici|passa\w?|bambini|pedon\w|balcone|tetto|fumo|fiamm\w|"
        r"scintill\w|fuoco|fogo|carreggiata|portone|gente|road|street|path|lane|school|bus stop|balcony|smok\w{1,3}|"
        r"spark\w{0,3}|burn\w{1,3}|bike|cycl\w{1,4}|motorbikes|children|apert\w|bilico|traverso|manhole|tombin\w|"
        r"chiusino|pozzetto|provincia|transenne|cone|piove|lid|leaning"
    ),
    "gas": (
        r"(?:odore|puzza|fuga|perdita|tubo|tubatura|condotta|smell\w{0,3}) .{0,25}(?:gas|metano)|"
        r"(?:gas|metano) .{0,30}(?:fischia|puzza|odore|tubo|scav\w{1,4})|gas (?:leak|main|pipe|smell)|smell of gas|"
        r"went through a pipe|fischia|tubo del (?:gas|metano)"
    ),
    "fixed_plant": (
        r"rimess[oa]|muretto|matassa|non e pericoloso|brutto|sul muro|a vista|polvere|preso il cavo\?|wall|vendo|"
        r"in casa|hole in my wall|cavo vecchio|cavetto|era il cavo|borchia|sottomarin\w|submarine|a febbraio|"
        r"a settembre|via cavo|wired|podcast|piantina|del vicino"
    ),
    # what speaks against an alarm ----------------------------------------------------------------------------------
    "solved": (
        r"risolt[oaie]|tornat[oa] (?:la|tutto|a funzionare|su|martedi|in)|e tornat[oa]|poi (?:e )?tornat[oa]|"
        r"tutto (?:ok|apposto|a posto|bene|risolto)|ripristinat\w|rientrat\w|ora (?:va|funziona|tutto)|"
        r"(?:adesso|finalmente) (?:va|funziona)|funziona finalmente|(?<!non )(?<!nun )(?<!nn )(?<!si )funziona|"
        r"riparat\w|ha funzionato|grazie (?:per|a chi|mille|al|alla|di)|bravi|brava|complimenti (?:per|al|all)|"
        r"ringrazi\w{1,3}|santo subito|hanno aggiustato|acconciato|solved|fixed|sorted|came back|back since|is back|"
        r"all good|thank you|thanks for|huge thanks|line s up|been fine|tested and ringing|cheers|it works|"
        r"works? again|ha preso subito|e storia di|passata la paura|niente piu urgente|oggi si (?:parla|naviga)|"
        r"rimess[oa] (?:in|dritto|su)"
    ),
    "past": (
        r"l anno scorso|anni fa|il mese scorso|settimana scorsa|last (?:year|month|week)|a ferragosto|years ago|"
        r"qualche giorno fa|ad aprile|a febbraio|a settembre|in spring|di ieri|yesterday s|l altra sera|"
        r"venerdi\b.{0,20}due ore"
    ),
    "fiction": (
        r"film|romanzo|giallo|serie|episodio|episode|puntata|canzone|song|chorus|album|gioco|videogioco|game|"
        r"capitolo|chapter|sogno|sognato|dream\w{0,2}|battuta|fantacalcio|libro|novel|movie|recita|school play|"
        r"podcast|teatro|medikit|revive me|thriller|escape room|assassino|protagonista|trama|fumetto|poesia|poem|"
        r"centravanti|difesa|arbitro|goal|gol|playlist"
    ),
    "metaphor": (
        r"nutella|pesto|cuore (?:era|si e|del)|mi si e rotto il cuore|rubato il cuore|caffe|coffee|pizza con|"
        r"babysitter|filtro|filter|emoji|gatto|cane|criceto|haha|lol|ahah\w{0,8}|indovinello|scherzo|spot|oroscopo|"
        r"ballerin\w|fidanzat\w|cena|dieta|outfit|vestit\w|ricetta\b|trucco|dog|cat|nonna has"
    ),
    "spam": (
        r"follower veri|\d{1,6} ?k? followers? (?:a|in|per|for)|free followers|link in bio|guadagn\w{1,4}|vendo|"
        r"clicca\w? (?:qui|nel)|click|prestit[oi] (?:da|anche|a)|finanziaria|crypto signals|"
        r"recuper\w{1,3} (?:tutto|in|account)|scriv\w{1,3} (?:in privato|su telegram|su whatsapp|in dm)|"
        r"(?:message|dm) (?:him|me)|he is a legend|scrivimi|win a|vinci|hai vinto|offertissima|dear customer|"
        r"gentile cliente la|verify|confermi? (?:i )?dat\w|confermare|eviti il blocco|hacked numbers back|"
        r"conosciuto su instagram|ha riportato|all back by|was scammed out|lavora da casa|lavoro da casa|"
        r"per sbloccarl\w|in dogana|siamo l assistenza|mandaci|corri a|regalo cripto\w{1,6}|spin|ads|nostro esperto|"
        r"paghi solo dopo|offertissim\w|spedizione gratis|numeri d emergenza|password (?:al|alla|alle|wifi)"
    ),
    "news": (
        r"rassegna stampa|titolo|borsa|azion[ei]|sindacat\w|sciopero|governo|antitrust|istruttoria|sponsor\w{0,8}|"
        r"serie a|partnership|comunicato|editoriale|op ed|shares?|arrestat\w|indagine|caccia a|"
        r"protezione civile (?:dice|segnala)|magnitudo|allerta (?:arancione|gialla|rossa) (?:per|domani)|esondat\w|"
        r"valanga|fiaccolata|vittime|alluvione si|rapporto del|thread|podcast|documentario|inchiesta|studio sui|"
        r"explained|merger|wildfire|contained|cassazione|opposizione|assemblea|secondo l universita|convegno|"
        r"corso (?:di|gratuito)|piano industriale|investimenti|tesi|questionario|in aumento del|bus in tangenziale|"
        r"gioielleria|titolare sta bene|quake|nessun danno"
    ),
    "other_operator": (
        r"vodafone|fastweb|wind ?tre|windtre|wind|iliad|ho ?mobile|poste ?mobile|kena|coopvoce|very mobile|tiscali|"
        r"linkem|eolo|sky|enel|trenitalia|italo|tiktok|tim (?:brasil|brasile|hortons|cook|burton|roth)|"
        r"tim brasiliana|brasil\w{0,5}|old operator|my old|groupon|poste"
    ),
    "ours": (r"\btim\b|telecom|vostr[oaie]|voi|187|119|191|anche (?:la )?tim|so is|your|you|pure tim|noi"),
    "ours_fine": (
        r"tim (?:is fine|va|funziona|ok|di scorta|si chatta)|my tim|con tim|ho (?:la )?tim|la tim (?:mi|di|faccio)|"
        r"meno ?male|menomale|da tim si|chi ha la tim|con la tim|con voi mai|voi (?:andate|no|va)|passare a"
    ),
    "question": (
        r"come (?:faccio|si|posso|disattivo|attivo|cambio|funziona)|quanto costa|dove (?:trovo|si|vedo|mando)|"
        r"vorrei sapere|si puo|posso|volevo (?:sapere|chiedere)|how (?:do|can|long|much)|is there|can i|could i|"
        r"where (?:do|can)|what s the|che differenza|quando (?:arriva|torna|passate)|mi confermate|conviene|"
        r"curiosita|domanda|just (?:curious|tidying)|compreso|vale lo stesso|serve|nothing happened"
    ),
    "billing": (
        r"bollett\w|fattur\w|rimbors\w{1,3}|addebit\w{1,3}|storn\w{1,3}|indennizzo|oroscopo|charged|refund|invoice|"
        r"bill|canone|penale|abbonament\w|rate|tariffa|promo|noleggio|compensation|credit note|disdett?a|recesso|iva"
    ),
    "care_anger": (
        r"attesa|operator[ei]|chatbot|chat bot|musichetta|hold|attaccato|risponditore|vergogna|maleducat\w|pagliacci|"
        r"ladri|assistenza|worst|agents?|voice bot|robot|denuncio|disco"
    ),
    "sales_calls": (
        r"call center|telemarketing|registro (?:delle )?opposizioni|chiamate (?:al giorno|all ora|oggi)|venditor\w|"
        r"vendermi|sell me|sales call|stop calling|telefonate all ora|squilla solo"
    ),
    "contract": (
        r"contratto|attivazione|trasloc\w|subentro|voltura|modem in consegna|installazione|appuntamento|sopralluogo|"
        r"corriere|disdire|preventivo|portabilita|moved|moving|engineer|technician|tecnico|installation|order"
    ),
    "thanks": (
        r"grazie|thanks|thank you|bravi|bravo|brava|complimenti|chapeau|salvato|legend|kudos|saluto|best operator|"
        r"lifesavers|vola|favola|gentilissim\w|medaglia|medal|evviva|risolto|abbraccio|tornata"
    ),
    "only_me": (
        r"solo (?:a )?(?:me|io)|(?:giu|down) solo|is (?:it|tim) (?:just|down|only)|just me|anyone|anybody|a qualcuno|"
        r"qualcuno|timdown|funziona a|a voi|e giu|ve prende|l unica|l unico|generale"
    ),
    # what makes a mention a matter for care ------------------------------------------------------------------------
    "service": (
        r"puk|mms|2g|3g|4g|5g|tacche|hotspot|upload|sms|tv box|linee|dati|tim|telecom|linea|rete|fibra|modem|router|"
        r"sim|esim|wi ?fi|internet|telefon\w{1,5}|cellulare|bollett\w|fattura|contratto|app|roaming|credito|giga|"
        r"tecnico|187|119|191|ricarica|offerta|decoder|adsl|segnale|numero|operatore|guasto|assistenza|assistente|"
        r"line|signal|fibre|broadband|phone|bill|contract|top up|data|network|landline|engineer|plan|number|service|"
        r"ticket|callback"
    ),
    "addressed": (
        r"avete|(?:mi|ci) (?:avete|fate|date|dite)|siete|vi|vostr[oaie]|ridate\w{0,2}|toglie\w{1,4}|rimettet\w{1,4}|"
        r"rispondete|richiamate|your|you people|can you|could you"
    ),
    "wants_something": (
        r"potete|poss\w{2,4}|vorrei|perche|come|quando|dove|aiut\w{1,4}|mi serve|chied\w{1,4}|rispond\w{1,4}|"
        r"segnal\w{1,4}|risolv\w{1,4}|quanto|quanti|cambi\w{1,4}|chi|sistem\w{1,4}|fate|can you|"
        r"could (?:you|someone)|please|pls|how|why|when|where|help|need|want|fix|who"
    ),
}


_EDGE = re.compile(r"\b")


def heard(plain_text: str) -> frozenset[str]:
    """The names of all cues in a text that went through triage_text.plain.

    A cue is tried only where the text goes on as the cue may begin: to search the whole text for each of them gives
    the same answer and takes eight times as long.
    """
    found: set[str] = set()
    for edge in _EDGE.finditer(plain_text):
        at = edge.start()
        for name, matches in _worth_trying(plain_text[at : at + LENGTH]):
            if name not in found and matches(plain_text, at):
                found.add(name)
    return frozenset(found)


@lru_cache(maxsize=8_192)
def _worth_trying(beginning: str) -> tuple[tuple[str, Callable[[str, int], object]], ...]:
    """The cues that may begin so, and how to try each."""
    names = {name for length in range(len(beginning) + 1) for name in _by_opening().get(beginning[:length], ())}
    return tuple((name, _compiled(name).match) for name in sorted(names))


def get_ready() -> None:
    """Make now what is otherwise made when a text first needs it; a tenth of a second in all."""
    _by_opening()
    for name in CUES:
        _compiled(name)


# Made when the first text is heard: most commands never hear one.
@cache
def _by_opening() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in CUES:
        for opening in openings(_written(name)):
            found.setdefault(opening, []).append(name)
    return found


@cache
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_written(name)})\b")


def _written(name: str) -> str:
    pattern = CUES[name]
    for group, alternatives in _SHARED.items():
        pattern = pattern.replace(group, f"(?:{alternatives})")
    return pattern
