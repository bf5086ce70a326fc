"""The words that triage listens for, each group a cue with a name: Italian first (with its dialects), then English.

The alternatives are regular expressions over triage_text.plain (lower case, no accents, apostrophes are spaces).
They stay linear: no repetition inside a repetition, and every gap has a length.
Groups are wide on purpose; it is their combinations in triage_rules that mean something.
"""

import re

_NUM = (
    r"(?:\d{1,4}|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|venti|trenta|quaranta|"
    r"sessanta|centinaia|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty)"
)
_NET = (
    r"(?:linea|linee|line[as]?|rete|reti|internet|telefon\w{1,3}|fiss[oi]|fibra|segnale|campo|connessione|adsl|wi ?fi|"
    r"servizio|dati|collegament\w|comunicazion\w|copertura|tacche|5g|4g|cellular\w|"
    r"lines?|signal|service|phones?|landlines?|broadband|fibre|fiber|dial tone|tone|network|connection|coverage|bars|"
    r"mobile)"
)
_AREA = (
    r"(?:paes\w{1,3}|citt\w{1,6}|quartier[ei]|vall\w{1,3}|isol[ae]|zon[ae]|provinci\w|comun[ei]|borg\w{1,4}|region[ei]|"
    r"rione|costa|litorale|centro storico|riviera|"
    r"town|village|island|valley|city|area|province|county|district|neighbou?rhood|region|coast|country)"
)
_ISLAND = (
    r"(?:isola|island|isole|capri|ischia|procida|ponza|ventotene|giglio|elba|capraia|gorgona|pianosa|giannutri|lipari|"
    r"vulcano|stromboli|salina|panarea|alicudi|filicudi|eolie|ustica|favignana|levanzo|marettimo|egadi|pantelleria|"
    r"lampedusa|linosa|carloforte|san pietro|sant antioco|la maddalena|asinara|caprera|tremiti|burano|murano|giudecca|"
    r"lido di venezia|pellestrina|grado|ortigia)"
)

CUES: dict[str, str] = {
    # what is broken, and how ------------------------------------------------------------------------------------
    "dead": (
        r"non funzion\w{1,5}|guast[oaie]|interrott[oaie]|scoppiat\w|bruciat[oa]|disattiv\w{2,4}|inattiv[oaie]|(?:non|nun) (?:riesc\w{1,4}|riusc\w{1,4}|poss\w{1,4}|puo|si puo|si riesce|posso) .{0,12}(?:chiam\w{1,4}|telefon\w{1,4}|navig\w{1,4}|contatt\w{1,4}|colleg\w{1,5}|connett\w{1,5})|(?:sim|line|phone|internet|landline|router|service|fibre|signal|connection) (?:stopped|not) working|can t (?:call|take|connect|ring|get online)|lost (?:its|their|our|all|the|my) \w{0,8} ?(?:phones?|lines?|service|signal|internet|connection|broadband)|(?:has|have|had|got|with) no \w{0,8} ?(?:service|signal|line|phone|internet|connection|tone|network)|senza (?:il |la )?\w{3,14}(?: (?:e|ne|o) (?:internet|telefono|linea))?(?= da| dal| dalle| con|$)|irraggiungibil\w|non raggiungibil\w|scomparsa?|"
        r"mut[oaei]|mort[oaei]|giu|ferm[oaei]|spent[oaei]|assent[ei]|isolat\w|ko|k o|guasto|al buio|vuot[ao]|soprammobile|router dark|not a (?:bar|line)|bloccat\w|pers[oi] (?:i |il )?collegament\w|circuits out|blind|bidone|zitt[oaei]|spari\w{1,4}|"
        r"salta(?:t[oaei]|ndo)|scollegat\w|a terra|fuori (?:uso|servizio)|in tilt|kaputt|blackout|tace|defunt\w|"
        r"tagliat\w fuori|tagghiat\w fora|tagliat\w fora|irraggiungibil\w|andata|ammutolit\w|inservibil\w|fruscio|"
        r"(?:non|nun|nn|num|no|manco|neanche|nemmeno|ne) (?:mi |ci |ne |me |te |gli |le |la |si |piu |se )?"
        r"(?:va|vanno|funziona\w{0,2}|prend\w{1,4}|pija\w{0,2}|piglia\w{0,2}|squill\w{1,3}|suon\w{1,2}|aggancia\w{0,2}|"
        r"part\w{1,3}|riceve\w{0,2}|da (?:piu )?(?:linea|segnale|suono|il tono|tono)|collega\w?|registra|chiam\w{1,3}|"
        r"comunica\w{0,2}|legg\w{1,4}|entra\w{0,2}|esce)|"
        r"(?:senza|sensa|nessun[oa]?|niente|zero|manca|sparit\w|no|without|w o|any|lost|never|nisciun\w|nudda|saltata|"
        r"mancato|caduta|persa|assenza di|privi di) (?:piu |il |la |di |a |any |more |our |the |my |mobile |phone )?"
        + _NET
        + r"|"
        + _NET
        + r" (?:e |is |are |was |completamente |just |totally |all |also |has |had |has been |been |s |still )?"
        r"(?:zero|assent\w|saltat\w|spenta|cadut\w|rott\w|nulla|dead|down|out|gone|off|off since|died|blank|cut|lost|"
        r"unreachable|silent|broken|missing|hisses|failed|fails)|"
        r"(?:luce|spia|led) (?:los )?(?:rossa|arancione)|modem ross\w|red (?:light|eye)|sos only|solo (?:sos|emergenza)|"
        r"dead|offline|down|(?:is|are|was|went|been|out|lines|phones|line) out|unreachable|cut off|knocked out|"
        r"went (?:blank|dead|dark|off|down|silent)|not (?:working|ringing|registered|in use)|"
        r"(?:won|doesn|don|isn|hasn|aren|can|couldn|didn) t (?:work|ring|register|connect|go through|be reached|reach)|"
        r"stopped working|tu tu|suona libero|sta senza|rimast\w senza|nulla|nudda|niente da"
    ),
    "call_fails": (
        r"(?:danno|da|sempre|risulta|e) (?:occupato|muto|libero|spento)|interrott\w|non (?:contattabil\w|da segni|danno|prendono)|scollegat\w|lampeggia|mancanza di linea|spent[oa]|(?:non|nun) (?:riusciamo|riesco|riesce|riescono|riuscivo) .{0,12}(?:contatt\w{1,4}|chiam\w{1,4}|telefon\w{1,4}|parl\w{1,4})|cannot reach|can t reach|won t (?:go|connect|place|dial|ring|work)|isn t (?:connecting|working)|not (?:connect\w{0,3}|work\w{0,3}|respond\w{0,3})|unable to|dead air|no line|disconnected|"
        r"(?:non|nun|nn|manco|ne) (?:mi |ci |ne |si |me |se |gli |le )?(?:va|andava|vanno|parte|partono|partiva|prende|"
        r"prendeva|risponde\w?|rispunne|risponne|rispondeva|funziona|funzionava|squill\w{1,4}|passa|passano|riesce|"
        r"riusciva|riesco|riuscito|riusciamo|prendono|chiama\w?|po chiam\w{1,3}|sente|sento|da linea|succede niente|"
        r"ha risposto|inoltrat\w|disponibile|raggiungibil\w|possiamo|poss\w chiamare|puo chiam\w{1,4}|vanno|fa partire)|"
        r"cad[eo]\w{0,3}|cade sempre|mut[oaei]|mort[oaei]|irraggiungibil\w|occupat\w|(?:squilla\w?|suona) a vuoto|"
        r"inesistente|in tilt|giu|ko|a terra|isolat\w|saltat\w|linea assente|suona libero|suona sempre|fa tu tu|"
        r"nuddu po|nessuno riesce|nisciuno|senza linea|nessun tono|impossibile chiam\w{1,4}|"
        r"dead|fails?|failed|failing|drop(?:s|ped)?|beep\w{0,3}|rings? out|no (?:tone|answer|line|service|signal)|"
        r"(?:can|could|cannot|won|doesn|didn|couldn|don)(?: ?t| not)? (?:\w{1,6} )?(?:dial|call|ring|reach|get|connect|go|work|"
        r"answer|put)|cannot|silence|nothing|down|out|not (?:going|get\w{0,4}) through|unreachable|busy|gave up|"
        r"can get a|not one call|three beeps|nobody could"
    ),
    "nobody_has": r"(?:nobody|no one|nessuno|none of) .{0,30}(?:has|ha|have|got) (?:\w{1,3} )?" + _NET,
    "slow": (
        r"lent[oaei]|lentissim\w|veloci?ta|velocit|mega|mbps|ping|lag|lagga|singhiozzo|a scatti|va e viene|ogni sera|"
        r"buffering|slow\w{0,3}|speed|crackl\w{1,3}|gracchia|frigge|drops? every|latency|sluggish|scattoso|contagocce|"
        r"dimezzat\w|tacca|quando piove|si blocca|si bloccano|crawls|instabil\w|unstable"
    ),
    "own_only": (
        r"solo (?:a )?(?:la )?(?:mi[oa]|casa|me|noi|nostr\w|io)|(?:gli )?altri (?:prendono|vanno|in casa|navigano|ok)|"
        r"vicini ok|di fianco va|just (?:me|us|our|mine|my)|only (?:me|us|our|mine|my)|is it (?:just|only)|one flat|"
        r"mio marito (?:stesso|ha)|quello di mi[oa]|my tim is fine|altra sim|altra scheda|mi arrangio|no drama|no rush|"
        r"con calma|non e (?:niente di )?grave|per me va bene|non casca il mondo|basta che venga|wifi fine|we ve got mobiles|"
        r"not urgent|when you can|quando potete|e solo|internet va|internet c e|ho il cellulare|col cellulare"
    ),
    # life lines and danger --------------------------------------------------------------------------------------
    "emergency_number": (
        r"numeri? di (?:soccorso|emergenza|pronto intervento)|emergency (?:services|numbers)|pronto intervento|soccorsi|vigili del fuoco irraggiungibili|numero di soccorso|eight|112s|il soccorso|croce rossa|"
        r"11[2358]|911|999|uno ?uno ?due|centododici|centotredici|centoquindici|centodiciotto|"
        r"numer[oi] (?:unico )?(?:d |di |delle )?emergenz\w|chiamat[ae] (?:d |di )?(?:emergenza|soccorso)|numeri corti|"
        r"quelli corti|emergency (?:number|calls?|line)|ambulanz\w|ambulance|pompieri|guardia medica|emergenze"
    ),
    "rescuers": r"carabinieri|polizia|police|soccorso|soccorsi|rescue|fire brigade|vigili del fuoco|fire department",
    "medical_device": (
        r"alarm cord|dispositivo (?:medico|salvavita)|(?:pulsante|tasto) d emergenza|cardiofrequenz\w{1,6}|macchina del cuore|concentratore|aspiratore|emergency (?:cord|pendant)|nutrizione|infusore|feeding pump|cpap|monitor cardiaco|"
        r"telesoccorso|tele ?salvavita|salva ?vita|teleassistenza|telemonitoraggio|telecare|pendant|fall (?:alarm|detector)|"
        r"(?:medical|alarm|panic|personal|emergency) (?:alarm|button|pendant|device|cord)|pacemaker|dialisi|dialysis|"
        r"defibrillator\w?|holter|saturazione|saturimetro|ventilator\w?|respirator\w?|sensore|bottone|"
        r"(?:preme|premuto|schiaccia\w?|tasto|pulsante) .{0,30}(?:collo|bottone|allarme|pulsante|ascensore)|"
        r"pulsante|campanell\w{1,2}|ossigeno|oxygen|epiles\w{1,5}|allarmi camere|apnee|il cuore|heart monitor|insulin\w?|"
        r"monitor\w{0,5} (?:del )?(?:cuore|cardiac\w|glicemi\w)"
    ),
    "lift": r"ascensore|ascensori|lift|elevator",
    "lift_alarm": r"allarme|tasto|campanella|combinatore|dentro|bloccat\w|alarm|phone|inside|stuck|telefono|muto|dead",
    "danger_now": (
        r"breaking in|broke in|aiuto|uomo a terra|donna a terra|convulsion\w|seizure|anafila\w{1,6}|emergenza medica|partorendo|in labou?r|annega\w{0,3}|precipitat\w|dispers\w|stabbed|accoltellat\w|sta morendo|dying|overdose|"
        r"infarto|ictus|dolore al petto|chest pain|respira male|non respira|not breathing|svenut\w|ferit[oaei]|hurt|"
        r"bleeding|sanguin\w{1,4}|rapina|ladri|incendio|brucia|in fiamme|burning|unconscious|asthma|asma|incidente|"
        r"accident|urla|soffoca\w{0,3}|choked|battuto la testa|si e sentit[oa] male|non si sveglia|caduta in bagno|"
        r"a terra|sta male|heart attack|stroke|drowning|collapsed|contractions|contrazioni|emorragia|valanga|"
        r"bloccat[oaei] (?:nella|in) (?:neve|macchina)|si pigghianu|violent\w|beating|intruder|robbery|robber|picchia\w{0,2}|"
        r"al portone|sotto casa mia"
    ),
    "care_home": r"casa di riposo|casa di cura|rsa|hospice|nursing home|care home|retirement home|comunita alloggio",
    "i_cannot_call": (
        r"won t (?:place|make|let me) .{0,10}calls?|phone won t|(?:non|nun) (?:riesco|riesce|riusciamo|possiamo|posso|puo) .{0,12}(?:contattare|avvisare|chiedere aiuto)|chiamate? (?:sempre )?interrott\w|can t get through|telefono (?:non|nun) (?:chiama|fa chiamare)|impossibile (?:chiamare|telefonare)|"
        r"(?:non|nun) (?:riesco|riesce|riescono|riusciamo|possiamo|posso|puo|po|parte|partono|fa partire|si puo|potevo|c e modo di) "
        r".{0,12}(?:chiam\w{1,4}|telefon\w{1,4}|chiamata|numero|nessuno)|le chiamate cadono|not one call|"
        r"(?:can t|cannot|can not|unable to|no way to) (?:\w{1,6} )?(?:call|phone|dial|ring)|every call .{0,40}drops|non parte la chiamata|"
        r"nuddu po .{0,5}chiam\w{1,3}|no calls? (?:leave|go\w{0,2}|get\w{0,4})|scritto solo chiamate"
    ),
    # who is hit -------------------------------------------------------------------------------------------------
    "vulnerable": (
        r"nonn[oa]|nonni|anzian[oaei]|ottantenne|novantenne|novant anni|ottant anni|(?:7[5-9]|8\d|9\d) ?(?:anni|years|yo)|"
        r"is (?:7[5-9]|8\d|9\d)|invalid[oaei]|disabil[ei]|cardiopatic\w|malat[oaei]|allettat[oaei]|ciec[oaei]|"
        r"sord[oaei]|carrozzina|sedia a rotelle|incint\w|gravidanz\w|nono mese|(?:3[6-9]|4[012]) settiman\w|"
        r"(?:3[6-9]|4[012]) weeks|trentanovesima|settimana di gravidanza|neonat\w|prematur\w|alzheimer|demenza|"
        r"parkinson|oncologic\w|chemio|chemo|ossigeno|dimess[oa]|operat[oa] (?:ieri|da poco)|a letto|bastone|convalescen\w|"
        r"gran|grandma|grandmother|grandad|grandfather|elderly|old (?:lady|man|woman|folks)|disabled|wheelchair|blind|"
        r"deaf|pregnant|newborn|new born|bedridden|surgery|dementia|ill|oxygen|bimb[oa] di|baby|midwife|paediatrician|"
        r"pediatra|levatrice|mi madre|mamma|mia madre|papa|mio padre|suocer[oa]|z[iu]a|zio|dad|mum|badante|"
        r"infermier[ea]|paziente|non vedente|non cammina|centenari\w|ricoverat\w"
    ),
    "frail": (
        r"invalid[oaei]|disabil[ei]|cardiopatic\w|malat[oaei]|allettat[oaei]|ciec[oaei]|sord[oaei]|carrozzina|incint\w|"
        r"gravidanz\w|nono mese|(?:3[6-9]|4[012]) settiman\w|(?:3[6-9]|4[012]) weeks|trentanovesima|neonat\w|prematur\w|"
        r"alzheimer|demenza|parkinson|oncologic\w|chemio|chemo|ossigeno|dimess[oa]|bedridden|disabled|wheelchair|blind|"
        r"deaf|pregnant|newborn|new born|dementia|oxygen|non vedente|(?:8\d|9\d) ?(?:anni|years|yo)|novantanni|"
        r"novant ?anni|ottant ?anni|ottantasei|sedia a rotelle|epilettic\w|tracheo\w{1,6}|a letto|surgery|bimb[oa] di \w{1,8} giorni|"
        r"days old|giorni di vita|is (?:8\d|9\d)|, (?:8\d|9\d),|nonn[oa]|gran|grandma|grandmother|anzian[oa]"
    ),
    "alone": (
        r"sol[oa]|da sola|da solo|vive sol\w|sta sol\w|alone|on (?:her|his) own|by (?:herself|himself)|lives alone|"
        r"nessuno in casa|isolat[oa]|chiusa in casa|nobody (?:with|near)|no mobile|non ha (?:il )?cellulare|"
        r"cellular\w (?:li |qui |qua )?non (?:prend\w{1,4}|lo sa usare)|solo il fisso|solo quel telefono|unico che sa usare|"
        r"qui non prende|mobiles (?:don t|never|do not) work|non la sent\w|non lo sent\w|abroad|dublin|stoccarda|londra|"
        r"a \d{2,3} km|campagna|up a hill|cascina|in montagna"
    ),
    "business": (
        r"negozi\w{1,3}|ristorante|pizzeria|trattoria|osteria|bar|albergo|hotel|b ?& ?b|b b|bed and breakfast|agriturismo|"
        r"farmacia|studio (?:medico|dentistico|odontoiatrico|legale|veterinario|notarile|tecnico)|ambulatorio|poliambulatorio|"
        r"veterinari\w|panificio|forno|pasticceria|caseificio|frantoio|cantina|azienda|ditta|impresa|officina|autofficina|"
        r"benzinaio|distributore|pompe|taxi|radiotaxi|noleggio|campeggio|camping|stabilimento|lido|discoteca|palestra|"
        r"laboratorio|magazzino|e ?commerce|shop online|negozio online|sito|supermercato|alimentari|macelleria|edicola|"
        r"parrucchier\w|salone|centro estivo|cooperativa|fattoria|vacche|mungit\w{1,4}|stalla|allevamento|"
        r"parafarmacia|radio locale|tipografia|cinema|"
        r"shop|restaurant|store|clinic|practice|dental|dentist|surgery|farm|bakery|warehouse|cafe|pub|online shop|"
        r"e shop|guest house|guesthouse|hostel|campsite|vet|dive (?:centre|center)|boats?|office|company|business|"
        r"vineyard|winery|our (?:clinic|customers|guests|till)|dairy|cows|pharmacy"
    ),
    "trade": (
        r"check ?out|(?:card|contactless) payments?|pagamenti|carte di credito|perdiamo|perdendo|orders?|prenotaz\w{1,5}|comande|spedizioni|cassa automatica|vendite|sales|losing (?:customers|orders|business|money)|fornitori|agenda|"
        r"pos|casse?|cassa|registratore|lettore (?:di )?carte|macchinetta|bancomat|centralino|prenotazion\w|ordini|"
        r"coperti|clienti|sala piena|pien[oa]|in fila|fila|incass\w{1,3}|solo contanti|check in|camere|ricette|gestionale|"
        r"carico|bolle|camion|fatturazione|scontrin\w|asporto|consegne|biglietteria|server|ordinazioni|"
        r"numero verde|mungit\w{1,4}|latte|vacche|cella frigo|referti|appuntamenti|disdire|pazienti|assistiti|"
        r"card (?:machine|reader|terminal|payments?)|till|switchboard|bookings?|orders?|covers|guests?|customers|takeaway|"
        r"reservations?|check ins?|cash only|cloud|pbx|uplink|labels|courier|callers|patients|diary|milking|cows"
    ),
    "business_now": (
        r"pomeriggio|mattina|mezzogiorno|giornata|weekend|fine settimana|this (?:morning|afternoon|evening)|noon|hours|perdiamo|losing|"
        r"stasera|sabato|domenica|adesso|ora|oggi|stamatt?in\w|stamani|stanotte|pien[oa]|coperti|in fila|fila|coda|"
        r"domani|perd\w{1,5}|weekend|tonight|now|today|full|waiting|saturday|sunday|losing|since|da ore|da un ora|da ieri|"
        r"dal mattino|fermi|ferma|giorno di|mando (?:via|indietro)|tutto il|forty|sixty|queue|right now"
    ),
    "slogging_on": (
        r"si lavora lo stesso|poi passa|works? fine|all works|everything works|tutto funziona|intanto|lent[oaei]|slow|sluggish|"
        r"preventivo|quote|apriamo|opening|prevista|trasloc\w{1,4}|fattur\w{1,3}|invoices?|nota di credito|ragione sociale|"
        r"funziona perfettamente|vorrei|vorremmo|informazion\w|chi posso sentire"
    ),
    "public_body": (
        r"ospedale|pronto soccorso|hospital|comune|municipio|town hall|city hall|questura|caserma|prefettura|carabinieri|"
        r"polizia locale|polizia municipale|polizia|police|stazione|station|scuola|scuole|school|aeroporto|airport|"
        r"asl|asp|ausl|guardia medica|croce (?:rossa|verde|bianca)|protezione civile|vigili del fuoco|capitaneria|"
        r"fire (?:station|brigade)|health centre|health center|seggio|reparto|corsia|sala operativa|centro operativo|"
        r"tribunale|anagrafe|biglietteria|ward|emergency room|coast ?guard|municipal\w|tabelloni|consultorio|"
        r"poliambulatorio"
    ),
    "public_lines": (
        r"centralino|linee|linea|telefoni|telefono|rete|reti|internet|collegament\w|switchboard|lines?|phones?|trunks|"
        r"circuits|fisso|boards|chiamata|tabelloni|fibra|landline|network"
    ),
    "wide": (
        r"nobody .{0,15}has|no one .{0,15}has|nessuno (?:ha|riesce|telefona|puo|naviga)|nobody (?:in|at|around|here)|mezza \w{4,}|in tutta (?:la )?\w{4,}|per l intera|popolazione|residenti|tutti senza|abitanti|inhabitants|residents|locals|whole place|all over|everywhere|"
        r"(?:tutt[oaei]|mezz[oa]|inter[oaei]|gran parte d\w{1,4}) (?:il |la |l |lo |i |gli |le |quest\w |d |di )?" + _AREA + r"|"
        + _AREA
        + r" (?:intero|intera|tutta|tutto|isolat\w|tagliat\w|senza|al buio|mut\w)|"
        r"(?:whole|entire|all (?:of )?(?:the )?|half (?:of )?(?:the )?|every|across (?:the )?|most of (?:the )?) ?"
        + _AREA
        + r"|(?:whole|all|half) of [a-z]{4,}|anywhere (?:in|between|on)|nobody (?:in|at|on|around)|no ?one (?:in|at|on)|"
        r"everyone (?:in|at|here|says)|everybody (?:in|at|here)|not a soul|"
        r"(?:per|a) (?:tutti|nessuno|tutte)|nessuno (?:sull|in|nel|a|qui|qua|piu|riesce|ha|dei|telefona)|"
        r"(?:non|nun) \w{1,10} (?:piu )?(?:nessuno|nisciuno|nuddu)|nisciuno|nuddu|siamo (?:tutti|completamente)|simmo|"
        r"semu|tutti (?:senza|isolati|muti|giu|i paesi|i comuni|gli alberghi|qui)|"
        r"centinaia|migliaia|mila segnalazioni|comuni|frazioni|da [a-z]{4,} a [a-z]{4,}|paese|provincia|valle|valley|"
        r"da [a-z]{4,} (?:centro )?e provincia|confermano|tutta [a-z]{4,}|tutto [a-z]{5,}|mezza [a-z]{4,}|pure il (?:bar|prete|parroco|comune)|"
        r"che nessuno|isola|island|abitato|al buio|dappertutto|ovunque|everywhere|thousand|constituents|cittadini"
    ),
    "island": _ISLAND,
    "cut_off": r"isolat\w|tagli?at\w (?:fuori|fora)|tagghiat\w fora|mut[oae]|offline|cut off|fuori d[ua]l? mun\w{1,2}|zero|blind",
    "outage_news": (
        r"segnalazioni|segnalazione di massa|picco|epicentro|ultim ora|ultimora|blackout|downdetector|in aggiornamento|"
        r"seguono aggiornamenti|readers|reports? of|spike|outage|live|breaking|rete (?:sovraccarica|intasata)|"
        r"reti? (?:cellular\w )?(?:sovraccarica|intasata)|linee telefoniche (?:saltate|down|interrotte|in tilt)|liberare? le (?:linee|connessioni)|"
        r"rendere libere|e sovraccarica|evitate di usare"
    ),
    "in_progress": (
        r"adesso|ora|in corso|in questo momento|in aumento|aggiornamenti|segnalazioni|now|since|live|updates?|stasera|"
        r"da (?:ore|stamattina|ieri|oggi|un ora|mezzogiorno)|terremoto|alluvione|maltempo|tonight|sovraccarica|intasata|"
        r"saltate|down"
    ),
    "households": (
        r"our (?:whole |entire )?(?:street|building|road|village|block)|condomini|stabile|complesso|residence|residenza|corte|tutti gli inquilini|inquilini|tutto il borgo|lottizzazione|case popolari|"
        r"tutto il (?:palazzo|condominio|vicolo|stabile|pianerottolo|caseggiato)|tutta la (?:via|strada|palazzina|scala|"
        r"frazione|contrada|palazzo|corte|borgata|localita|schiera)|inter[oa] (?:palazz\w{1,4}|condominio|via|strada|scala|"
        r"frazione|contrada)|palazzina|condominio|palazzi|scala [a-d]|scale [a-d]|scale|vicini|famiglie|"
        + _NUM
        + r" (?:\w{1,10} )?(?:case|famiglie|appartamenti|villette|condomini|palazzi|utenze|civici|houses|flats|homes|families|"
        r"households|apartments|units)|civici|dal civico|il civico|frazione|contrada|borgata|localita|vicolo|la nostra via|"
        r"tutta via|chat di (?:scala|quartiere|condominio)|citofoni|portiere|"
        r"(?:whole|entire|our|the|every flat in our|all .{0,12}in our|this) (?:building|street|block|lane|road|hamlet|"
        r"stairwell|condo|condominium|terrace|estate)|(?:all|every|the) (?:our |the )?neighbou?rs|neighbou?rs|hamlet|"
        r"stairwell|every flat|everyone on|couple below|next door|upstairs|porter|masseri\w"
    ),
    "several": (
        r"tutt[ie]|tutto|tutta|inter[oa]|noi|siamo|saremo|altri|pure|nessuno|uguale|"
        r"" + _NUM + r"|everyone|all|whole|every|nobody|both|entire|neighbou?rs|also|us|scal[ae]|mut[aei]|isolati|vicini"
    ),
    # crime ------------------------------------------------------------------------------------------------------
    "number_lost": (
        r"(?:clonat\w|duplicat\w|sostituit\w|trasferit\w|spostat\w|rubat\w|bucat\w|attivat\w|disattivat\w|usa\w?|usano|perso|preso) (?:il |la |mi |una |un |mio |mia |nostro )?(?:mio |mia )?(?:numero|sim|scheda|esim)|(?:sim|scheda) .{0,12}(?:non (?:va|funziona|prende)|stopped|not working|a mio nome)|(?:numero|number) .{0,25}(?:risponde|transferred|trasferito|another|altro cell\w{0,6}|altrui|hijack\w{0,2})|(?:have|has|took over|stole|hijacked|control of) my (?:phone )?number|telefono (?:senza|sparito|morto)|took over my|sim (?:stopped|not working|died)|phone (?:went )?dead|"
        r"(?:sim|scheda|esim|numero|linea|segnale|rete|telefono|cellulare|card|line|campo|utenza)"
        r" (?:\w{1,8} )?(?:\w{1,8} )?(?:\w{1,8} )?(?:mort[ao]|sparit[ao]|spent[ao]|non valida|clonat\w|rubat\w|disattivat\w|ammutolit\w|muta|dead|"
        r"gone|stolen|hijacked|dropped|died|drops|moved|cloned|swapped|ported|disabled)|"
        r"sim ?swap\w{0,4}|swapped|numero (?:rubato|portato via|passato)|(?:preso|rubano|rubato|portato via|dato) (?:il |il mio )?numero|"
        r"duplicato|(?:sim|scheda) gemella|replacement (?:sim|card)|duplicate sim|ported (?:my|out)|port(?:ed)? .{0,20}out|"
        r"numero .{0,40}(?:altro (?:telefono|gestore)|altra persona|altri)|someone else s phone|nuovo dispositivo|"
        r"new (?:sim|esim|device)|nuova sim|cambio scheda|scheda sostituita|portabilita|senza (?:linea|rete|campo|segnale)|"
        r"(?:non|nun) ho (?:piu )?(?:rete|segnale|campo|linea|il numero)|no (?:service|signal|segnale)|lost signal|niente campo|sos only|"
        r"nessun servizio|(?:non|nun) (?:prende|aggancia)|spento il numero|la mia scheda|(?:mia|mio) (?:sim|numero)|my number|"
        r"esim attivata|sim (?:che )?va via|scheda .{0,20}(?:al primo|a un altro)|senza di me|carta gemella|usa altra persona"
    ),
    "money_taken": (
        r"mancano \d+|rub(?:ato|ano|ando|ati) (?:i |dei |tutti i )?(?:soldi|risparmi)|banca|conto corrente|conti correnti|carta di credito|coinbase|binance|bank|savings|drained|(?:richiest\w|chied\w{1,4}) .{0,12}(?:soldi|denaro)|denaro|pagament\w (?:non|mai|che)|spariti i soldi|saldo|withdraw\w{0,4}|payments? i|"
        r"svuot\w{1,5}|prosciug\w{1,4}|bonific\w{1,2}|preliev\w|conto (?:bloccato|piange|vuoto|a zero|poste)|soldi|"
        r"prestit[io] attivat\w|risparmi|movimenti (?:strani|sospetti)|accesso da|home banking|postepay|prepagata|"
        r"emptied|emptying|transfers?|drain\w{1,3}|money (?:going|gone)|revolut|paypal|crypto|wallet|western union|"
        r"bank (?:says|pin|texts|account|sent)|la banca|dalla banca|banca mi|spid|il conto|autorizzato \d|mai fatt[oi]|"
        r"for (?:\d{2,4} )?(?:money|euro)|euro .{0,30}fingendosi|exchange account|filiale"
    ),
    "account_lost": (
        r"taken over|took over|bucat\w|violat\w|compromess\w|locked out|(?:mail|posta|casella|account|profilo|whatsapp|social|instagram) .{0,25}(?:bucat\w|violat\w|compromess\w|taken|hijacked|breached)|(?:usa|usano|scrive|scrivono|manda\w{0,2}) .{0,20}(?:mio whatsapp|mio profilo|mio nome|mio account|miei contatti)|(?:chied\w{1,4}|richieste di) (?:soldi|denaro)|(?:riesco|riesce) .{0,12}(?:accedere|entrare)|hackers?|inside my|"
        r"password (?:e |e stata )?(?:cambiata|errata|non vale|changed|reset)|cambi(?:ato|ando|ano|ata) (?:le |la |mail|tutt\w|recapito|pure)|"
        r"(?:mail|posta|casella|profilo|account|whatsapp|chat|instagram|facebook|mailbox|email|area clienti)"
        r" .{0,40}(?:rubat\w|hackerat\w|persa|non (?:si apre|entro|mi apre)|changed|gone|locked|stolen|hacked|cambiat\w|"
        r"in mano a|password|da soli|smesso di aprirsi)|"
        r"(?:entrat[oi]|dentro|entrando|sta) (?:nella|la|nel|in) (?:mia |nostra |mio )?(?:posta|mail|email|casella|area|account|profilo|spid)|"
        r"(?:non|nun) (?:entro|mi fa (?:piu )?entrare|riesco (?:piu )?(?:a |ad )?(?:entrare|accedere))|ho perso la mail|"
        r"locked (?:me )?out|i m locked|im locked|chiusi? fuori|io fuori|non sono (?:stat[oa] )?io|not me|logged in from|begging|"
        r"(?:asking|messaging|chiedono|chiedendo|chiesto) .{0,30}(?:contacts|money|soldi|euro|rubrica)|fingendosi me|"
        r"whatsapp rubato|hackerat\w|hacked|recovery email|resetting|someone is (?:in|using)|cambiat[oa] (?:la )?(?:mail|password|recapito)|"
        r"mandare soldi|busso e non|accesso .{0,20}da un altro"
    ),
    "codes_unasked": (
        r"codici (?:otp |sms )?(?:mai|non|che non|che nessuno)|otp (?:mai|che non|non)|codes? (?:that )?i (?:never|didn|did not)|unrequested codes?|otp codes? .{0,20}(?:never|not)|"
        r"codic[ei] .{0,40}(?:mai (?:chiest|ric)\w{0,3}|da sol[oi]|a raffica|non richiest\w|uno al minuto)|"
        r"(?:sms|messaggi) (?:di |con )?codici|codici codici|raffica|"
        r"codes? (?:i )?(?:never|didn|not) (?:t )?(?:asked|ask|requested|request)|(?:texts|sms) (?:w |with )codes"
    ),
    "sim_swap": r"sim ?swap\w{0,4}|(?:sim|scheda|numero) (?:clonat\w|duplicat\w|gemella)|clonat\w .{0,8}(?:sim|scheda|numero)|duplicato della (?:mia )?(?:sim|scheda)|sim (?:cloned|hijack\w{0,3}|duplicated)|duplicate sim",
    "gave_data": (
        r"(?:dato|detto|letto|inviato|fornito|girato|dettato) (?:a |al |all |il |i |la |loro )?.{0,25}(?:otp|codice|dati|carta|iban|documento)|gave .{0,30}otp|cliccato .{0,30}(?:inserit\w|mess\w|dat\w)|(?:ci sono|sono) cascat\w|fell for|"
        r"(?:ho|abbiamo|ha|gli ho|le ho|gliel ho|ho gia|hanno) (?:\w{1,6} )?(?:dat[oaie]|dettat\w|lett[oa]|mess[oaie]|mandat\w|inserit\w|"
        r"comunicat\w|fornit\w|risposto) .{0,40}(?:codice|codici|carta|dati|iban|coordinate|documento|bancomat|password|pin|"
        r"conto|tutto)|gliel ho (?:lett\w|dat\w|dettat\w|mandat\w)|ho (?:letto|dato|dettato) il (?:codice|numero)|"
        r"gli ho letto il codice|messo la carta|"
        r"(?:gave|read|sent|told|entered|typed) (?:\w{1,9} )?(?:\w{1,9} )?(?:\w{1,9} )?.{0,20}(?:code|card|iban|id|data|details|password|pin|"
        r"documents?)"
    ),
    "gave_nothing": (
        r"riattaccato|attaccato|ho riagganciato|non (?:gli|le|glieli|gliel) (?:ho )?(?:ho )?(?:dat\w|detto)|non ho (?:dato|cliccato|aperto|risposto)|"
        r"hung up|did ?n t (?:give|click|answer)|nothing out of me|left it alone|told him to|non glieli|manco il nome|ha detto no|"
        r"e phishing|siete voi|legit|e roba vostra|e vostr\w|e farina|smells|e vero"
    ),
    "fake_agent": r"finto|finta|falso|fake|fingendo|spacciava|diceva di (?:essere|chiamare)|che diceva|pretending|claim\w{2,3}|timm|\bsaying he\b|ufficio tecnico|fraud dept",
    "phone": r"telefon\w{1,5}|cell|cellulare|smartphone|sim|scheda|borsa|iphone|phones?|mobile|numero|line|borsello|zaino",
    "stolen": (
        r"borseggi\w{1,4}|sottratt[oa]|fregat[oa] il|mi hanno (?:rubato|fregato|preso) (?:il |lo |la )?(?:telefono|cell\w{0,6}|smartphone|iphone|borsa)|smarrito|lost phone|theft|"
        r"rubat[oaie]|rubaron\w|scippat\w|scippo|furto|portati? via (?:la )?(?:borsa|telefon\w)|preso (?:la )?borsa|ladro|"
        r"pers[oa] (?:il|la|lo|un)? ?(?:mio |mia )?(?:telefono|cell\w{0,6}|sim|scheda|iphone|smartphone|borsa|zaino)|"
        r"smarrit[oa]|lasciat[oa] (?:il |la )?(?:\w{1,10} )?(?:sul|in|al|nel|sull)|ho lasciato il cell\w{0,6}|scappato|"
        r"stolen|snatched|pickpocket\w{0,3}|lost my (?:phone|sim|mobile|bag)|left my phone|nicked|mugged|robbed of my"
    ),
    "block_it": (
        r"blocc\w{1,4}|disattivat\w|fermat\w|fermare|fermo|fermi|congelat\w|ancora acces[oa]|ancora attiv[oa]|attiva|risponde|"
        r"block|kill|freeze|stop|still (?:live|active|rings|on)|live|senza pin|non c ha codice|codice|codici|aiuto|"
        r"what do i do|che faccio|help|now|appena|stanotte|stasera|un ora fa|an hour ago|ride|tutta la mia vita|banca"
    ),
    "already_blocked": r"(?:gia|subito|stato) bloccat\w|bloccat[oa] (?:subito|in due|lo stesso)|bloccata e denunciata|blocked in time|saga over|rientrat\w|imei|ad aprile|a luglio|storia di",
    "not_asked": (
        r"(?:non|nun|mai|senza) (?:\w{1,5} )?(?:ho |abbiamo )?(?:chiest\w{1,3}|richiest\w{1,2}|firmat\w|autorizzat\w|ordinat\w|sentito)|"
        r"mai chiest\w{1,3}|non (?:le )?conosco|fingendo un si|chi ha firmato|senza (?:il mio )?consenso|"
        r"(?:never|didn t|did not|not) (?:ask\w{0,2}|order\w{0,2}|sign\w{0,2}|request\w{0,2})|never asked"
    ),
    "porting": (
        r"sms di (?:portabilita|cambio)|contratto (?:mai|che non|non) .{0,12}(?:chiest\w|firmat\w)|attivat\w .{0,12}(?:contratto|linea|utenza) .{0,12}(?:non|mai|senza)|switch(?:ed|ing)? (?:me|my number)|codici? per cambio|"
        r"portabilita|cambio (?:operatore|gestore)|(?:passa|passaggio|passo|passare) (?:a|ad) (?:un )?(?:altro|altra|nuovo) (?:gestore|operatore)|passa a un gestore|"
        r"passa a un|il passaggio|intestat\w (?:due|tre|una) sim|intestato (?:due|una|tre|\d) ?(?:sim|schede)|"
        r"port (?:out|request)|porting (?:out|request)|number .{0,15}(?:moves|moving|leaves)|sim i never|sms di portabilita"
    ),
    "charges_running": (
        r"(?:credito|euro|soldi|contatore|addebit\w) .{0,40}(?:scend\w{1,4}|sces\w|cala\w{0,2}|sparisc\w{1,3}|vola\w?|continu\w|ogni|uno dietro l altro)|"
        r"(?:scend\w{1,4}|scala\w{0,4}|mangia\w?) .{0,40}(?:euro|credito|ogni|minut\w)|se li mangia|"
        r"euros? (?:a|every|per) minute|keeps? (?:growing|climbing|going up)|counter climbing|every few minutes|"
        r"(?:burning|burns?) .{0,20}(?:euro|minute)"
    ),
    # a person at risk -------------------------------------------------------------------------------------------
    "self_harm": (
        r"kill(?:ing)? myself|(?:ho deciso di|voglio|devo) (?:togliermi|uccidermi|ammazzarmi|sparire per sempre)|preparato la corda|preso (?:tutte )?le pillole|took all (?:the|my) pills|(?:sotto|davanti a) (?:il |al |un )?treno|tagliarmi le vene|sentira la mia mancanza|i ll be gone|goodbye (?:everyone|all|world|cruel)|can t go on|end it (?:all|tonight)|ultimo messaggio|ultima sera|non ne vale piu la pena vivere|tolgo il disturbo per sempre|mi lascio andare|non ho piu motivo di vivere|slit my|hang(?:ing)? myself|don t want to live|no reason to live|scrivo per salutar\w{1,3}|ho preso i farmaci|morire stanotte|mi tolgo di mezzo|meglio morto|non ci sono piu per nessuno|"
        r"mi (?:ammazzo|uccido|butto|impicco|sparo|taglio le vene|tolgo la vita|suicido|lascio cadere)|voglio morire|vorrei (?:morire|sparire|essere mort\w)|"
        r"(?:la )?faccio finita|farla finita|finirla|la chiudo qui|stasera chiudo tutto|togliermi la vita|"
        r"suicid\w{1,4}|non voglio (?:piu )?(?:vivere|svegliarmi|esserci)|non mi sveglio|sparissi|meglio se (?:sparissi|morissi)|"
        r"(?:stanc[oa]|stufa?) di (?:campare|vivere)|contato le (?:pastiglie|pillole)|(?:le )?(?:pastiglie|pillole) (?:le ho|sono)|sto sul (?:ponte|tetto|cornicione)|"
        r"vicino al ponte|salgo sul (?:traliccio|tetto)|stacco il gas|addio|chi mi ha voluto bene|"
        r"(?:domani|lunedi|stasera|stanotte) (?:io )?(?:non|nun) (?:ci|c) (?:sono|sto|saro|arrivo)|io domani (?:non|nun)|"
        r"non ci (?:saro|arrivo|sono piu)|da domani .{0,40}non serve piu|scusatemi tutti|salut\w{1,5} (?:per sempre|tutti)|"
        r"lasciato una lettera|l ultima cosa che dovevo|(?:dite|ditelo) a (?:mia|mio) .{0,40}bene|quella telefonata non la faro|"
        r"(?:regalato|lascio) .{0,30}(?:gatto|chiavi|piante|cane)|sistemato le carte|dove sta il gatto|non mi va piu di vivere|"
        r"non ce la faccio piu .{0,5}(?:e non parlo|davvero|ho perso)|kill (?:myself|himself|herself)|want to die|"
        r"end (?:it|my life)|it ends (?:tonight|here)|suicid\w{1,4}|(?:told everyone|say|said|posting|saying) (?:\w{1,8} )?good ?byes?|"
        r"won t be here (?:in the morning|tomorrow|monday)|(?:don t|do not) want to (?:be here|live|wake up)|my last post|"
        r"(?:after|beyond) tonight|be kind to my|better off without me|no (?:reason|point) (?:in )?(?:to )?liv\w{1,3}|"
        r"hurt (?:myself|himself|herself)|left .{0,30}(?:a )?letter|no longer (?:be )?(?:here|need it)|overdose|jump off"
    ),
    "hyperbole": (
        r"mi fate (?:morire|venire|impazzire|ridere)|sto morendo|muoio|di (?:risate|noia|fame|recensioni|caldo|sonno)|"
        r"if i hear|killing me|jingle|musichetta|spaccare|modem|router|altro operatore|su un altro|canzone|film|libro|"
        r"romanzo|giallo|serie|episodio|episode|chapter|capitolo|song|album|gioco|game|spot|album|hold music|telenovela|"
        r"puntata|haha|lol|ahah\w{0,6}|fantacalcio|scherzo|sogno|sognato|dreamt|dream|buttarlo|wifi"
    ),
    "threat": (
        r"do fuoco|dare fuoco|diamo fuoco|brucer\w{1,3}|(?:vi|ti|lo|la|li) (?:spacco|ammazzer\w{1,2}|uccid\w{1,3}|sparer\w{1,2}|picchio|scanno|taglio la gola|faccio male|rompo le ossa|vengo a prendere|verro a prendere)|spaccare la faccia|(?:shoot|stab|burn|bomb|kill|beat|attack) (?:someone|you|them|all|your|the (?:office|shop|store|staff|place)|up)|bomba|bomb threat|ordigno|benzina|acido|mazza|machete|(?:aggredit\w|picchiat\w|minacciat\w) .{0,20}(?:commess\w|tecnic\w|operator\w|colleg\w|mi[oa])|watch your back|i know where (?:you|they|she|he) (?:live|work|park)|conosco il tuo indirizzo|vi faccio saltare|"
        r"(?:vi|ve|ti|lo|li|la) (?:brucio|ammazzo|accoltello|sparo|gonfio|aspetto (?:fuori|stasera|col|sotto)|faccio (?:saltare|fuori|a pezzi)|spacco la)|"
        r"col (?:coltello|fucile|bastone)|coltello|fucile|pistola|bombol\w|tanica|molotov|saltare (?:la|il|in aria)|"
        r"so dove (?:abit\w{1,2}|sta|lavor\w{1,2}|lascian\w|vai)|sa dove (?:abito|sono|vivo)|so a che ora|saccio|"
        r"qualcuno si fa male|uno non torna|lo accoltello|vengo li e|prima o poi esci|ci vediamo presto|messo le mani addosso|"
        r"mani addosso|fuori (?:dal|dalla) (?:negozio|galleria)|aspetto (?:\w{1,8} )?(?:alla chiusura|fuori)|poi vediamo se|"
        r"viene a prendermi|minacci\w{1,5}|brucio .{0,12}(?:negozio|er|tutto|sede)|"
        r"with a (?:knife|gun|bat)|petrol|knife|gun|coming (?:back )?(?:for|to|with) (?:you|the store|the via|more)|"
        r"more than words|i ll (?:burn|find|hurt|stab|shoot|kill)|threaten\w{0,4}|wait for the staff|ho paura (?:davvero|ad|per|di)"
    ),
    "stalker": (
        r"stalking|stalker|mi sta seguendo|mi (?:sta )?spiando|mi picchia|mi maltratta|violento|my (?:ex|husband|boyfriend|partner) .{0,20}(?:reads|tracks|controls|follows|hits|knows)|ex compagn\w|divieto di avvicinamento|ordine di protezione|localizza\w? .{0,12}(?:me|mio|ex)|controlla col telefono|"
        r"mio ex|mia ex|ex marito|ex fidanzat\w|il mio ex|ex molesto|mi (?:perseguita|segue|controlla|spia|ricatta|traccia)|stalk\w{1,5}|"
        r"sa (?:sempre )?dove sono|vede dove sono|legge i miei (?:messaggi|sms)|mi ritrova|ordine restrittivo|"
        r"si chiama il mio cane|foto del mio portone|e sotto casa|e respira|sotto casa mia|se scopre|mi ammazza|"
        r"my ex|tracks? me|following me|see where i am|knows where i|restraining order|turns up everywhere|blackmail\w{0,3}|family plan .{0,20}(?:see|where|tracks?)"
    ),
    "stalk_means": (
        r"dove sono|messaggi|numero|deviazione|posizione|contratto|sim|famiglia|chiama|casa|telefono|portone|paura|"
        r"where|forwarding|plan|phone|messages|location|house|street|calls"
    ),
    "missing": r"scappat[oa] di casa|non torna a casa|did ?n t come home|hasn t come home|non e (?:piu )?tornat[oa] a casa|localizzar\w|rintracciar\w|persona scomparsa|missing person|is missing|last seen|dispers[oa]|scompars[oa]|non (?:risponde|torna) da ieri|missing since|out looking|la cella|che parte sta|gone missing|where (?:he|she) (?:is|was)",
    # data -------------------------------------------------------------------------------------------------------
    "others": (
        r"persone che non conosco|gente sconosciuta|customer s|clienti diversi|altrui|intestat\w a (?:un|altri)|somebody|another person|random|not me|"
        r"(?:di |d )?(?:altri|altre|un altro|un altra|un certo|una certa|altra persona|altro tizio|qualcun altro|un estraneo|sconosciut\w|estranei|uno sconosciuto)|"
        r"gente che non conosco|(?:il |la )?(?:mia )?vicin[oa]|clienti|utenti|abbonati|persone diverse|non mi[oea]|di un (?:signore|tizio|tale)|"
        r"una signora di|un signore di|altro (?:cliente|utente|intestatario)|famiglia in|"
        r"(?:other|another|strangers?|someone else|somebody else|different|hundreds of|other people|belongs to)(?: s)?|customers?|"
        r"strangers|not (?:mine|my)|people|subscribers|mr [a-z]{3,}|mrs [a-z]{3,}|a woman in"
    ),
    "portal": (
        r"app|mytim|my tim|area (?:clienti|personale|riservata)|portale|sito|login|loggat\w|chat ?bot|bot|chat|pagina|profilo|"
        r"link|website|portal|logged|log in|reload\w{0,3}|ricarico|google|ricarica|address bar|aggiorno la"
    ),
    "shown": (
        r"vedo|veda|vediamo|leggo|esce|escono|trovo|mi trovo|mostra\w{0,3}|visibil\w|cambia (?:l )?intestatario|divento|mi chiamo|mi propone|"
        r"mandato|risposto|see|sees|shows?|showing|seeing|lists?|listing|thought i was|gave me|names?|dati|fatture|conversazioni|hello"
    ),
    "sees_theirs": (
        r"(?:see|seeing|shows?|showing|vedo|leggo|compaiono|compare|appaiono|mostra\w{0,3}|escono|esce) .{0,40}"
        r"(?:another|other people|other customers?|strangers?|someone else|altrui|altri clienti|un altro|un altra|di altr[ie]|sconosciut\w|estrane\w|che non conosco)"
    ),
    "leak": (
        r"(?:records|data|database|dati|archivio) .{0,20}(?:leaked|online|stolen|rubati|esposti|exposed|trafugat\w|dark web)|dark ?web|(?:dipendente|impiegat\w|operatore|commess\w) .{0,25}(?:vende|passa|fotografa|copia) .{0,20}(?:dati|clienti|numeri)|fuga di dati|data ?leak|"
        r"(?:database|db|archivio|excel|foglio|elenco|lista|liste|file|csv|righe|leak|dump|nominativi|anagrafic\w|dati|nomi|numeri|nomme|nummere|contratti|subscribers|customer list|customers|list) "
        r".{0,60}(?:clienti|abbonati|vend\w{1,5}|telegram|forum|reddit|discord|pubblic\w{1,4}|customers|sale|public|online|google|"
        r"gira|cassonetto|euro l uno|regal\w|giving away|offr\w{1,3}|twitch|subscribers|seller|copia)|"
        r"(?:vend\w{1,5}|offr\w{1,3}|pubblicat\w|giving away|selling|sells?|offered me|gira|mostrando|stampa) .{0,60}"
        r"(?:clienti|abbonati|database|archivio|nominativi|nomme|customers?|righe|csv|excel|liste|pannello|list|contract is|contratti)|"
        r"internal .{0,20}(?:screen|panel|tool)|pannello interno|data breach|leaked?|(?:copia|vende) .{0,20}(?:liste|dati|numeri)|cassonetto"
    ),
    "paper": (
        r"bollett\w|fattur[ae]|contratto|contratti|lettera|busta|pdf|dettaglio|chiamate|telefonate|sms|mail|posta|documenti|foglio|segreteria|"
        r"bills?|invoices?|contracts?|voicemails?|call list|alerts|letter|transcripts|post|email"
    ),
    "arrived": (
        r"arriv\w{1,4}|ricev\w{1,4}|mi (?:avete|hanno|ha) (?:mandat\w|lasciat\w|spedit\w|inviat\w)|ho in mano|leggo|c era|consegnat\w|"
        r"got|getting|received|receiving|sent|mailed|emailed|been getting|you (?:sent|mailed|emailed)"
    ),
    "own_data_out": (
        r"(?:pubblicato|postato|scritto|twittato) .{0,20}(?:per errore|per sbaglio)|(?:cancell\w{1,4}|togli\w{1,5}|rimuov\w{1,4}) .{0,30}(?:codice fiscale|iban|indirizzo|telefono|documento|numero)|"
        r"(?:ecco|allego|twittat\w|postat\w|pubblicat\w|scritto|mandato|messo|allegat\w) .{0,60}(?:iban|codice fiscale|carta|dati|cellulare|numero|foto|indirizzo)|"
        r"(?:posted|tweeted|published|here s|here is|sent) .{0,40}(?:iban|tax code|card|id|address|phone|number)|"
        r"(?:iban|codice fiscale|tax code|carta d identita|carta) .{0,60}(?:cancell\w{1,3}|delete|hide|sparire|oscur\w{1,4}|togli\w{1,3}|leva)|"
        r"abito in via|mi trova in via|citofono [a-z]{4,}|suonare [a-z]{5,}|citofonare|interno \d|intestato a me|"
        r"(?:mio|mia) (?:codice fiscale|iban|carta|indirizzo|cell\w{0,6}) (?:e|it|\d)|tax code|via di casa mia|codice fiscale [a-z0-9]{6,16}|"
        r"foto (?:della|del|di) (?:la )?(?:mia )?(?:carta|documento|patente)|it ?\d{2} ?[a-z]? ?\d{4,}|[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z]|"
        r"\d{4} \d{4} \d{4} \d{4}|[x]{6}\d{2}x"
    ),
    # press, law, reach ------------------------------------------------------------------------------------------
    "press": (
        r"stampa|tg\d?|telegiornale|reportage|newspaper|magazine|tv locale|radio \w{3,}|freelance journalist|press (?:office|request)|agenzia|"
        r"giornalist\w|cronist\w|redazione|redattor\w|inviat[oa]|ansa|agi|adnkronos|rai|la7|mediaset|fanpage|striscia|testata|quotidiano|"
        r"journalist|reporter|reuters|ap here|associated press|bbc|newsroom|producer|news desk|editor|cronaca"
    ),
    "press_asks": (
        r"domani (?:esce|pubblico)|pubblico|intervista|chiarimenti entro|going to print|print|airs|"
        r"replica|commento|dichiarazione|posizione|vostra riga|esce|pubblich\w{1,4}|pubblicando|in onda|diretta|chiudiamo|entro le|entro stasera|"
        r"comment|statement|publish\w{0,3}|deadline|on air|we air|runs|before \d|by \d|quante utenze"
    ),
    "law": (
        r"avvocat[oa]|avv|legale|legali|studio legale|udienza|ricorso|decreto|tribunale|giudice|ordinanza|diffida|notific\w{1,4}|corecom|"
        r"agcom|garante|polizia (?:giudiziaria|postale)|procura|guardia di finanza|antitrust|lawyer|solicitor|law firm|"
        r"court|hearing|injunction|regulator|subpoena|judge"
    ),
    "act": (
        r"udienza|depositat\w|notificat\w|ricorso|decreto|ordinanza|protocollo|atto|provvedimento|entro (?:domenica|sabato|lunedi|domani|stasera|il|le)|"
        r"termine|scade\w?|fissat\w|tempo fino a|riscontro|hearing|served|order|due|deadline|filed|by (?:monday|sunday|tomorrow|noon)|art \d"
    ),
    "anger_law": (
        r"vi denuncio|ve faccio causa|mi rivolgo|faccio denuncia|se (?:non|entro|la prossima)|vado dall|passo (?:dal|dall)|ci vediamo al|class action|"
        r"my uncle|mio cugino|knows a lawyer|i will sue|i ll sue|vi porto in tribunale|finisco sui giornali|chiamo la tv|dai giornali|quando\?"
    ),
    "mayor": r"sindac[oa]|assessor\w|onorevole|deputat[oa]|senator\w|parlamentare|consigliere|mayor|mep|member of parliament|councillor|prefetto|vicesindac\w",
    "reach": (
        r"(?:\d{2,3} ?(?:mila|k|000)|" + _NUM + r" ?(?:mila|milion\w)|un milione|half a million|million|mille|centomila) "
        r".{0,30}(?:follower|followers|iscritti|persone|people|views|visualizzazioni|visualizz\w{1,6}|repost\w{0,2}|condivisioni|shares|follow|subscribers)|"
        r"due milioni|milione|virale|sta facendo il giro|viral|\d{2,3}(?:k|mila) (?:reposts?|views|follower\w?|iscritti|persone)|vi stanno taggando|two million"
    ),
    "failure": (
        r"guasto|linea|fibra|5g|rete|diretta|dirette|video|caduta|disdire|rimborsa|fibre|live|agents|outage|down|tecnico|furgone|negozio|reposts|post"
    ),
    "boast": r"pizza|ananas|gatto|collab|materassi|dm aperti|musica|singolo|vendo|veri|verificati|\d+ euro|gratis|free followers",
    # stranded, days, deadlines ----------------------------------------------------------------------------------
    "away": (
        r"zurich|madrid|roma fiumicino|malpensa|orio|stranded|vacanza|vacation|holiday|oltre confine|dogana|crociera|cruise|motorway|broken down|train station|terminal|gate|imbarco|svizzera|austria|germania|francia|spagna|grecia|albania|croazia|marocco|egitto|tunisia|turchia|thailand|usa|overseas|"
        r"aeroporto|airport|stazione|station|port|porto|traghetto|ferry|treno|train|bus|pullman|volo|flight|autostrada|in panne|a14|a1|"
        r"all estero|estero|abroad|frontiera|rifugio|sentiero|hiking|stuck|stranded|bloccat[oa] (?:a|ad|in)|atterrat\w|landed|"
        r"roaming|in viaggio|erasmus|parigi|londra|tunisi|tirana|atene|athens|marrakech|praga|bangkok|lisbona|francoforte|tunis|lagos|"
        r"barcell?ona|madrid|berlino|berlin|paris|london|new york|istanbul|il cairo|cairo|vienna|budapest|dubai|lisbon|prague|"
        r"gita|camionista|macchina|car|doorstep|host|alloggio|ostello|escursione|notte|night|midnight|mezzanotte|am"
    ),
    "stated_need": (
        r"cab|uber|contattare l|contattare|raggiungermi|recuperarmi|rescue|mi aspettano|passaporto|navetta|shuttle|coincidenza|connection flight|stranded|mi (?:deve|devono) venire a prendere|stuck outside|pick me up|"
        r"sola|sono sol[oa]|alone|di notte|notte|night|midnight|\dam|bimbi|bambini|figli[oa]|ragazz\w{1,4}|baby|carro attrezzi|tow|soccorso|"
        r"non so (?:tornare|dove)|tornare a casa|hotel|alloggio|host|taxi|autista|driver|check in|boarding|volo|flight|imbarc\w{1,4}|"
        r"ferry|boat|visa|ospedale|ricovero|documenti|perso (?:l )?(?:ultimo|treno|bus)|ultimo (?:treno|bus)|batteria|wifi (?:del|di|dell)|"
        r"hut wifi|i genitori|deve (?:richiamar\w{1,2}|chiamar\w{1,2})|chiud\w{1,4}|closing|ring\w{0,3} (?:me|back)|doorstep|indirizzo|ticket s in|pointless"
    ),
    "mobile_dead": (
        r"roaming .{0,30}(?:mort\w|dead|zero|cut|non|off|down|morto)|sim .{0,30}(?:mut\w|mort\w|sospes\w|bloccat\w|disattivat\w|dead|blank|not registered|suspended)|"
        r"(?:sospes\w|suspended|disattivat\w|bloccat\w) (?:\w{1,6} )?(?:\w{1,6} )?(?:my |la |il )?(?:sim|number|numero|utenza)?|"
        r"(?:senza|zero|niente|nessuna?) (?:linea|rete|campo|segnale|dati|roaming|internet)|no (?:service|signal|roaming|network|data)|"
        r"(?:non|nun) (?:mi )?(?:va|aggancia|prende|funziona|arriv\w{1,4}|posso|riesco|si registra)|esim won t|won t register|roaming (?:mi dice )?servizio|barre (?:son |sono )?sparite|"
        r"bars died|shows nothing|scheda che non va|carta non funziona|credito .{0,20}azzerat\w|utenza sospesa|telefono non|sms a noi non|sim muta"
    ),
    "days": (
        r"(?:a|one|two|three|mezza|piu di una|quasi una) (?:week|settimana)|(?:weeks|settimane|un mese) (?:senza|without)|settimana (?:senza|intera)|mese senza|"
        r"(?:\d{1,2}|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quindici|venti|three|four|five|six|seven|eight|nine|ten|eleven|twelve) ?(?:undici )?(?:giorni|gg|giornate|days|settimane|weeks)|"
        r"(?:terzo|quarto|quinto|sesto|settimo|settima|ottavo|nono|decimo|undicesimo) (?:giorno|mattina|giornata)|(?:una|due|seconda|terza|a) settiman\w|"
        r"day (?:\d{1,2}|three|four|five|six|seven|eight)|da (?:lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|domenega)(?: (?:scors\w|passat\w))?|since (?:monday|tuesday|wednesday|the \d)|"
        r"tuesday, wednesday|a week|il 12|for (?:days|weeks)"
    ),
    "unanswered": (
        r"mai arrivat\w|no ?one (?:replies|answers|came|calls)|nessun\w (?:risposta|riscontro|notizia)|reclam\w{1,2}|chiamat\w|ignored?|ignorat\w|rimandat\w|rinvi\w{1,4}|promise\w?|dozen times|"
        r"ticket\w?|pratica|segnalazion\w|sollecit\w|chius[oaie]|mai (?:vist\w|arrivat\w|venut\w|passat\w)|nessuno (?:risponde|chiama|viene|richiama)|"
        r"(?:tecnic[oi]|appuntament\w) .{0,25}(?:mai|fantasm\w|saltat\w|mancat\w|bidon\w|s aspetta|never)|bidon\w|ho chiamato|chiamat[oe] \d|volte|"
        r"telefonate|chat|scuse?|ricomincia|zero risposte|silenzio|doveva passare|l i me dise|sempre domani|"
        r"tickets?|nobody (?:calls|answers|came)|(?:missed|no) (?:visits?|shows?)|never came|no shows?|called \d|case marked|closed|marked solved|"
        r"agent|engineer attended|calls|riconosce|risolt[oa]|scritto (?:due|tre|quattro|\d)|domenega|promess\w|see my posts|names if"
    ),
    "total_loss": (
        r"senza (?:\w{1,5} )?(?:linea|telefono|internet|rete|fibra|fisso|nulla|niente|dial tone|servizio|adsl)|sensa|mut[oaie]|mort[oaie]|isolat\w|"
        r"ne fisso|zero (?:internet|tecnici)|niente (?:internet|telefono|linea)|saltata la linea|(?:non|nun) posso (?:ne )?chiamare|coma|"
        r"no (?:internet|line|phone|service)|without|w o|dead|of nothing|hasn t registered|nothing at all|cinque giorni morti|giorni \w{0,8} ?senza|tredici giorni|"
        r"gg senza|assente|fibra e telefono|linea"
    ),
    "slow_or_up": r"lent\w{1,7}|va e viene|come va|instabil\w|internet (?:ce l ho|c e|va)|slow|speed|velocita|vecchia (?:tira|va)|old (?:one|adsl) still|funziona tutto|il rame funziona|rimborso|portab\w{1,5}|portin\w|corriere|consegna|euro",
    "appointment": (
        r"esam\w{1,2}|test di ammissione|videochiamata col|consulto|controllo (?:medico )?(?:online|da remoto)|udienza telematica|open day|gara|diretta streaming|colloquio di lavoro|job interview|telehealth|telemedicine|tribunale online|battesimo|veglia|turno di notte|on call|"
        r"esam[ei]|tesi|concorso|colloquio|visita|televisita|telemedicina|videoconsult\w|neurolog\w|cardiolog\w|chirurg\w|oncolog\w|"
        r"turno|reperibilita|smart ?working|scrutini\w|spoglio|seggio|matrimoni\w|si sposa|nozze|funerale|discuto|laurea|udienza (?:online|da remoto)|"
        r"streaming|lo salutano|missione|interrogazione|selezione|ammissione|prova (?:scritta|orale)|"
        r"exam|bar exam|interview|consult|surgeon|remote visit|shift|wedding|funeral|memorial|thesis|defen[cs]e|election|vote|hearing online|audition|viva"
    ),
    "soon": (
        r"domani|domattina|stasera|stanotte|domenica|sabato|tra (?:due|un|tre|poche|poco) or\w|alle \d|lunedi mattina|fino a lunedi|oggi|"
        r"tomorrow|tonight|sunday|saturday|sat|at \d|\dam|in (?:two|an|three) hours?"
    ),
    # danger from plant ------------------------------------------------------------------------------------------
    "plant": (
        r"voragine|cabinato|ripartilinea|colonna|utility box|telegraph|telephone pole|utility pole|box telefonico|botola|grata|cavidotto|palizzata|pit|drain cover|"
        r"pal[oi]|pilone|traliccio|traliccetto|cav[oi]|fil[oi]|tombin[oi]|chiusino|pozzetto|armadi\w{1,6}|cabina|casoto|centralina|colonnina|buca|buche|scavo|scavi|"
        r"quadro|cestello|transenn\w|condotto|antenna|parabola|"
        r"poles?|post|cables?|wires?|manhole\w?|cabinet|trench|green box|duct|hole|mast|junction box|lid"
    ),
    "plant_danger": (
        r"prend\w{1,5} fuoco|incendi\w{1,4}|rischi[ao]|pericol\w{1,3}|about to fall|falling|low|dangling|sagging|exposed|collaps\w{1,3}|missing|sta cadendo|sta per cadere|cade|crollat\w|crolla|marcio|senza segnalazione|voragine|spezzat\w|divelt\w|sradicat\w|abbattut\w|ostruisc\w|no barriers?|unlit|electric|scossa|nearly|"
        r"cadut[oaei]|(?:in|per|a) terra|sulla (?:strada|carreggiata|provinciale|statale|fermata|pista)|in mezzo|di traverso|in bilico|apert[oaei]|fumo|fuma|fumante|"
        r"fiamm\w|a fuoco|fogo|brucia\w{0,2}|scintill\w|penzola\w{0,2}|pend\w{1,4}|oscilla|piegat\w|inclinat\w|storto|altezza|basso|"
        r"senza coperchio|balla|dentro|transenn\w|bambini|asilo|scuola|pass[ai]n?o? |buio|spezzat\w|venuto giu|sceso|strappat\w|cala\w{0,2}|calato|vuoto|"
        r"cassetta della frutta|sfrigola|ronza|appoggiat\w|tira|regge|ncopp\w?|slalom|scopert\w|"
        r"down|fell|fallen|lying|hanging|leaning|snapped|smok\w{1,3}|burn\w{1,3}|spark\w{0,3}|open|neck height|head height|across|on fire|hot|"
        r"gone|missing|swerving|dark|road|path|buzzing"
    ),
    "plant_outdoors": (
        r"pavement|truck|kids|giardino|pericol\w{1,3}|auto|autobus|pedoni|operai|ciclist\w|bambin\w|incrocio|rotonda|square|park|playground|passers|prendendo fuoco|on fire|fire|piazzale|ingresso|cancello|fall|sidewalk|caduto|"
        r"strada|via|viale|piazza|corso|statale|provinciale|marciapiede|fermata|pista|ciclabile|curva|angolo|cortile|parco|giochi|asilo|scuola|recinzione|"
        r"macchine|motorin\w|bici|passa\w?|bambini|pedon\w|balcone|tetto|fumo|fiamm\w|scintill\w|fuoco|fogo|carreggiata|portone|gente|"
        r"road|street|path|lane|school|pavement|sidewalk|bus stop|balcony|via|smok\w{1,3}|spark\w{0,3}|burn\w{1,3}|bike|cycl\w{1,4}|motorbikes|children|"
        r"apert\w|bilico|traverso|manhole|tombin\w|chiusino|pozzetto|provincia|transenne|cone|piove|lid|leaning"
    ),
    "gas": r"(?:odore|puzza|fuga|perdita|tubo|tubatura|condotta|smell\w{0,3}) .{0,25}(?:gas|metano)|(?:gas|metano) .{0,30}(?:fischia|puzza|odore|tubo|scav\w{1,4})|gas (?:leak|main|pipe|smell)|smell of gas|went through a pipe|fischia|tubo del (?:gas|metano)",
    "fixed_plant": r"rimess[oa]|muretto|matassa|non e pericoloso|brutto|sul muro|a vista|polvere|preso il cavo\?|wall|vendo|in casa|hole in my wall|cavo vecchio|cavetto|era il cavo|borchia|sottomarin\w|submarine|a febbraio|a settembre|via cavo|wired|podcast|piantina|del vicino",
    # what speaks against an alarm -------------------------------------------------------------------------------
    "solved": (
        r"risolt[oaie]|tornat[oa] (?:la|tutto|a funzionare|su|martedi|in)|e tornat[oa]|poi (?:e )?tornat[oa]|tutto (?:ok|apposto|a posto|bene|risolto)|ripristinat\w|rientrat\w|ora (?:va|funziona|tutto)|"
        r"(?:adesso|finalmente) (?:va|funziona)|funziona finalmente|(?<!non )(?<!nun )(?<!nn )(?<!si )funziona|riparat\w|ha funzionato|grazie (?:per|a chi|mille|al|alla|di)|bravi|brava|complimenti (?:per|al|all)|ringrazi\w{1,3}|santo subito|hanno aggiustato|acconciato|"
        r"solved|fixed|sorted|came back|back since|is back|all good|thank you|thanks for|huge thanks|line s up|been fine|tested and ringing|cheers|"
        r"it works|works? again|ha preso subito|e storia di|passata la paura|niente piu urgente|oggi si (?:parla|naviga)|rimess[oa] (?:in|dritto|su)"
    ),
    "past": r"l anno scorso|anni fa|il mese scorso|settimana scorsa|last (?:year|month|week)|a ferragosto|years ago|qualche giorno fa|ad aprile|a febbraio|a settembre|in spring|di ieri|yesterday s|l altra sera|venerdi\b.{0,20}due ore",
    "fiction": (
        r"film|romanzo|giallo|serie|episodio|episode|puntata|canzone|song|chorus|album|gioco|videogioco|game|capitolo|chapter|"
        r"sogno|sognato|dream\w{0,2}|battuta|fantacalcio|libro|novel|movie|recita|school play|podcast|teatro|medikit|revive me|thriller|escape room|"
        r"assassino|protagonista|trama|fumetto|poesia|poem|centravanti|difesa|arbitro|goal|gol|playlist"
    ),
    "metaphor": (
        r"nutella|pesto|cuore (?:era|si e|del)|mi si e rotto il cuore|rubato il cuore|caffe|coffee|pizza con|babysitter|filtro|filter|emoji|gatto|cane|criceto|"
        r"haha|lol|ahah\w{0,8}|indovinello|scherzo|spot|oroscopo|ballerin\w|fidanzat\w|cena|dieta|outfit|vestit\w|ricetta\b|trucco|dog|cat|nonna has"
    ),
    "spam": (
        r"follower veri|\d+ ?k? followers? (?:a|in|per|for)|free followers|link in bio|guadagn\w{1,4}|vendo|clicca\w? (?:qui|nel)|click|prestit[oi] (?:da|anche|a)|finanziaria|crypto signals|"
        r"recuper\w{1,3} (?:tutto|in|account)|scriv\w{1,3} (?:in privato|su telegram|su whatsapp|in dm)|(?:message|dm) (?:him|me)|he is a legend|scrivimi|win a|vinci|hai vinto|offertissima|promo|dear customer|"
        r"gentile cliente|verify|confermi? (?:i )?dat\w|confermare|eviti il blocco|hacked numbers back|conosciuto su instagram|ha riportato|all back by|was scammed out|sconto|"
        r"lavora da casa|lavoro da casa|per sbloccarl\w|in dogana|siamo l assistenza|mandaci|corri a|regalo cripto\w{1,6}|spin|ads|nostro esperto|paghi solo dopo|offerta|spedizione|numeri d emergenza|password (?:al|alla|alle|wifi)"
    ),
    "news": (
        r"rassegna stampa|titolo|borsa|azion[ei]|sindacat\w|sciopero|governo|antitrust|istruttoria|sponsor\w{0,8}|serie a|partnership|comunicato|editoriale|op ed|shares?|"
        r"arrestat\w|indagine|caccia a|protezione civile (?:dice|segnala)|magnitudo|allerta (?:arancione|gialla|rossa) (?:per|domani)|esondat\w|valanga|fiaccolata|vittime|alluvione si|"
        r"rapporto del|thread|podcast|documentario|inchiesta|studio sui|explained|merger|wildfire|contained|cassazione|opposizione|assemblea|secondo l universita|convegno|corso (?:di|gratuito)|"
        r"piano industriale|investimenti|tesi|questionario|in aumento del|bus in tangenziale|gioielleria|titolare sta bene|quake|nessun danno"
    ),
    "other_operator": (
        r"vodafone|fastweb|wind ?tre|windtre|wind|iliad|ho ?mobile|poste ?mobile|kena|coopvoce|very mobile|tiscali|linkem|eolo|sky|enel|trenitalia|italo|tiktok|"
        r"tim (?:brasil|brasile|hortons|cook|burton|roth)|tim brasiliana|brasil\w{0,5}|old operator|my old|groupon|poste"
    ),
    "ours": r"\btim\b|telecom|vostr[oaie]|voi|187|119|191|anche (?:la )?tim|so is|your|you|pure tim|noi",
    "ours_fine": r"tim (?:is fine|va|funziona|ok|di scorta|si chatta)|my tim|con tim|ho (?:la )?tim|la tim (?:mi|di|faccio)|meno ?male|menomale|da tim si|chi ha la tim|con la tim|con voi mai|voi (?:andate|no|va)|passare a",
    "question": (
        r"come (?:faccio|si|posso|disattivo|attivo|cambio|funziona)|quanto costa|dove (?:trovo|si|vedo|mando)|vorrei sapere|si puo|posso|volevo (?:sapere|chiedere)|"
        r"how (?:do|can|long|much)|is there|can i|could i|where (?:do|can)|what s the|che differenza|quando (?:arriva|torna|passate)|mi confermate|conviene|curiosita|domanda|just (?:curious|tidying)|compreso|vale lo stesso|serve|nothing happened"
    ),
    "billing": r"bollett\w|fattur\w|rimbors\w{1,3}|addebit\w{1,3}|storn\w{1,3}|indennizzo|oroscopo|charged|refund|invoice|bill|canone|penale|abbonament\w|rate|tariffa|promo|noleggio|compensation|credit note|disdett?a|recesso|iva",
    "care_anger": r"attesa|operator[ei]|chatbot|chat bot|musichetta|hold|attaccato|risponditore|vergogna|maleducat\w|pagliacci|ladri|assistenza|worst|agents?|voice bot|robot|denuncio|disco",
    "sales_calls": r"call center|telemarketing|registro (?:delle )?opposizioni|chiamate (?:al giorno|all ora|oggi)|venditor\w|vendermi|sell me|sales call|stop calling|telefonate all ora|squilla solo",
    "contract": r"contratto|attivazione|trasloc\w|subentro|voltura|modem in consegna|installazione|appuntamento|sopralluogo|corriere|disdire|preventivo|portabilita|moved|moving|engineer|technician|tecnico|installation|order",
    "thanks": r"grazie|thanks|thank you|bravi|bravo|brava|complimenti|chapeau|salvato|legend|kudos|saluto|best operator|lifesavers|vola|favola|gentilissim\w|medaglia|medal|evviva|risolto|abbraccio|tornata",
    "only_me": r"solo (?:a )?(?:me|io)|(?:giu|down) solo|is (?:it|tim) (?:just|down|only)|just me|anyone|anybody|a qualcuno|qualcuno|timdown|funziona a|a voi|e giu|ve prende|l unica|l unico|generale",
    "service": (
        r"tim|telecom|linea|rete|fibra|modem|router|sim|esim|wi ?fi|internet|telefon\w{1,5}|cellulare|bollett\w|fattura|contratto|app|roaming|credito|giga|"
        r"tecnico|187|119|191|ricarica|offerta|decoder|adsl|segnale|numero|operatore|guasto|assistenza|assistente|"
        r"line|signal|fibre|broadband|phone|bill|contract|top up|data|network|landline|engineer|plan|number|service|ticket|callback"
    ),
    "wants_something": (
        r"potete|poss\w{2,4}|vorrei|perche|come|quando|dove|aiut\w{1,4}|mi serve|chied\w{1,4}|rispond\w{1,4}|segnal\w{1,4}|risolv\w{1,4}|quanto|quanti|cambi\w{1,4}|chi|sistem\w{1,4}|fate|"
        r"can you|could (?:you|someone)|please|pls|how|why|when|where|help|need|want|fix|who"
    ),
}

_COMPILED = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in CUES.items()}


def heard(plain_text: str) -> frozenset[str]:
    """The names of all cues in a text that went through triage_text.plain."""
    return frozenset(name for name, pattern in _COMPILED.items() if pattern.search(plain_text))
