"""The words that tell who is speaking: verbs and nouns of speech and thought, titles, roles."""

from functools import cache


def word_set(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


# What may follow a verb: S a clause ("said [that] it rains", and "it rains, he said"); T only a
# clause with that, whether, how ... ("learned that"); I an infinitive ("vowed to stay"); O a noun
# phrase, what is spoken about or meant ("condemned the strike"); P its preposition first.
VERBS = {
    "S": """say tell add note argue claim write explain warn insist announce acknowledge admit
    assert
    declare suggest contend maintain reply respond reiterate stress emphasize emphasise
    caution charge predict conclude recall remark observe tweet retweet comment believe think
    feel concede confirm allege complain predict quip joke testify vow pledge promise report
    reveal disclose estimate boast lament counter retort muse shout yell whisper proclaim
    speculate reckon hope fear expect figure guess suspect worry wonder theorize advise swear
    propose recommend urge indicate signal imply hint post opine understand realize
    realise imagine deny agree decide intone chant chide exclaim interject mutter deadpan crow
    gush grumble protest plead explain clarify summarize confide recount relate remind assure
    inform ask inquire enquire reason posit postulate surmise underscore underline affirm
    reaffirm bemoan marvel stipulate dispute predict scoff sneer fume thunder gripe""",
    "T": """know show find learn discover hear see demonstrate prove determine remember forget
    notice recognize recognise doubt regret ensure verify judge calculate project forecast dream
    mention repeat demand request require order call illustrate detail outline
    describe discuss debate question consider ponder decide explore examine ask fret concern
    convince persuade tout brag convey teach relay clarify pretend foresee envision anticipate
    appreciate accept""",
    "I": """promise pledge vow threaten want plan hope intend seek refuse decline agree offer ask
    urge order tell call decide expect wish demand aim resolve swear strive consent claim encourage
    instruct command persuade invite beg implore advise warn press push convince propose
    commit opt hesitate authorize authorise direct require volunteer undertake dare profess
    purport request""",
    "O": """accuse blame criticize criticise condemn denounce describe call demand propose reject
    oppose support praise deny dismiss cite question challenge discuss acknowledge mention
    want fear expect predict promise suggest announce favor favour back endorse advocate blast
    slam rip attack mock ridicule deride decry bemoan lament hail applaud welcome tout urge
    recommend portray depict characterize characterise label brand dub term defend justify
    explain outline detail stress emphasize emphasise underscore reiterate repeat
    recall doubt dispute rebut refute downplay understand view consider envision
    envisage anticipate foresee love hate dislike prefer admire respect trust
    distrust resent regret celebrate commend credit compliment thank congratulate chide rebuke
    scold berate lambaste assail excoriate pan castigate fault disparage denigrate belittle
    insult tease taunt warn caution note observe report reveal disclose confirm claim allege
    admit concede assert declare proclaim underline affirm address debate contest protest veto
    ban authorize authorise request require seek order invite encourage embrace disavow
    renounce repudiate renew voice express signal indicate post tweet retweet pledge vow
    threaten assess analyze analyse evaluate weigh ponder examine investigate probe
    study feel believe think learn recognize recognise remember forget notice attribute liken
    compare equate contrast envy vilify demonize demonise lampoon skewer bash knock trash
    champion laud extol exalt vouch parrot echo peddle judge admit ask tell write hint imply
    intend""",
    "P": """talk complain worry warn ask call push press argue insist rail lash joke brag boast hint
    allude refer point respond react object agree disagree concur elaborate comment plead hope
    wish long yearn plan opt vouch wonder think speculate opine testify hear dwell
    rant rave crow apologize apologise sympathize quibble fret gripe grumble sneer scoff
    insist predict confer reflect weigh believe""",
}
# Words of a verb's particle or preposition, skipped before what is said begins.
PREPOSITIONS = word_set(
    "about of for on to against at with as out over into that in from toward towards"
)

_IRREGULAR = {
    "say": "says said said saying", "tell": "tells told told telling",
    "write": "writes wrote written writing", "think": "thinks thought thought thinking",
    "feel": "feels felt felt feeling", "know": "knows knew known knowing",
    "understand": "understands understood understood understanding",
    "mean": "means meant meant meaning", "hold": "holds held held holding",
    "show": "shows showed shown showing", "find": "finds found found finding",
    "hear": "hears heard heard hearing", "see": "sees saw seen seeing",
    "forget": "forgets forgot forgotten forgetting", "swear": "swears swore sworn swearing",
    "seek": "seeks sought sought seeking", "choose": "chooses chose chosen choosing",
    "speak": "speaks spoke spoken speaking", "teach": "teaches taught taught teaching",
    "foresee": "foresees foresaw foreseen foreseeing", "sell": "sells sold sold selling",
    "strive": "strives strove striven striving", "fight": "fights fought fought fighting",
    "plead": "pleads pleaded pleaded pleading", "beg": "begs begged begged begging",
    "bet": "bets bet bet betting", "read": "reads read read reading",
    "rebut": "rebuts rebutted rebutted rebutting", "rip": "rips ripped ripped ripping",
    "slam": "slams slammed slammed slamming", "plan": "plans planned planned planning",
    "plot": "plots plotted plotted plotting", "brag": "brags bragged bragged bragging",
    "dub": "dubs dubbed dubbed dubbing", "ban": "bans banned banned banning",
    "pan": "pans panned panned panning", "opt": "opts opted opted opting",
    "admit": "admits admitted admitted admitting",
    "commit": "commits committed committed committing",
    "quip": "quips quipped quipped quipping", "refer": "refers referred referred referring",
    "prefer": "prefers preferred preferred preferring",
    "concur": "concurs concurred concurred concurring",
    "confer": "confers conferred conferred conferring", "chat": "chats chatted chatted chatting",
}  # fmt: skip
_FORM_NAMES = ("s", "past", "pp", "ing")


def _inflect(verb: str) -> tuple[str, ...]:
    if verb in _IRREGULAR:
        return tuple(_IRREGULAR[verb].split())
    if verb.endswith("e"):
        return verb + "s", verb + "d", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb[:-1] + "ied", verb + "ing"
    s = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return s, verb + "ed", verb + "ed", verb + "ing"


@cache
def verb_forms() -> dict[str, tuple[str, frozenset[str]]]:
    """Every form of every verb: what may follow it (letters of VERBS), and which forms it is."""
    classes: dict[str, str] = {}
    for letter, verbs in VERBS.items():
        for verb in verbs.split():
            if letter not in classes.get(verb, ""):
                classes[verb] = classes.get(verb, "") + letter
    forms: dict[str, tuple[str, frozenset[str]]] = {}
    for verb, letters in classes.items():
        inflected = (("base", verb), *zip(_FORM_NAMES, _inflect(verb), strict=True))
        for name, form in inflected:
            known = forms.get(form, ("", frozenset()))
            forms[form] = ("".join(dict.fromkeys(known[0] + letters)), known[1] | {name})
    # The base and the s of these verbs are other words.
    forms["stated"] = forms["declared"]
    forms["stating"] = forms["declaring"]
    return forms


@cache
def clause_words() -> frozenset[str]:
    """Words that show that a clause has begun: no `that` behind them belongs to the verb before."""
    verbs = {form for form, (_, names) in verb_forms().items() if "past" in names or "s" in names}
    return frozenset(".;:?!()[]—–-") | (AUXILIARIES - {"to"}) | (verbs - ALSO_NOUNS)


# "he said", ", said Smith": verbs that can stand behind or between what they report.
TRAILING = word_set(
    """said says say added adds noted notes wrote writes argued argues explained explains warned
    warns insisted insists announced acknowledged acknowledges admitted admits declared
    declares stated suggested suggests contended contends maintained maintains replied replies
    responded responds stressed cautioned predicted predicts concluded concludes recalled
    recalls remarked observed observes tweeted tweets commented believes believed think thinks
    thought conceded concedes confirmed alleged alleges complained complains quipped joked
    testified vowed pledged promised reported reports revealed boasted lamented countered
    retorted continued continues mused shouted yelled whispered proclaimed claimed claims told
    asked asks reads read estimated hopes fears fear argue note show shows showed suggest
    believe indicated urged chanted exclaimed declaring saying adding sneered scoffed posted
    opined deadpanned recounted reasoned began interjected gloated remembered enthused agreed
    elaborated gushed cried reckon reckons reckoned estimate estimates pointed points put went"""
)
NOUNS = word_set(
    """claim claims statement assertion assertions allegation allegations accusation accusations
    belief beliefs view opinion fear fears concern concerns hope hopes suggestion suggestions
    argument arguments notion promise promises pledge pledges vow threat threats warning
    warnings prediction predictions conclusion admission report reports rumor rumors rumour
    rumours speculation contention insistence complaint complaints doubt doubts sense feeling
    expectation expectations conviction charge charges theory announcement acknowledgment
    recommendation demand demands impression perception worry worries comment comments remark
    remarks signal"""
)
PROMISES = word_set(
    """promise promises pledge pledges vow vows threat threats plan plans proposal proposals call
    calls offer demand demands desire intention intentions hope hopes refusal willingness"""
)
# "is confident that", "are eager to".
ADJECTIVES = word_set(
    """confident aware concerned worried afraid convinced sure certain hopeful eager willing
    unwilling reluctant ready glad happy proud sorry angry furious upset disappointed
    skeptical sceptical optimistic pessimistic determined unsure uncertain adamant surprised
    shocked stunned pleased thrilled excited committed inclined interested opposed open keen
    anxious nervous wary tempted disgusted outraged embarrassed grateful critical supportive
    dismissive unlikely unaware"""
)
# "is expected to", "was accused of": someone says so, and the sentence does not tell who.
PASSIVES = word_set(
    """expected believed said thought reported alleged accused seen considered viewed
    estimated rumored rumoured understood feared supposed described called told asked urged
    projected perceived regarded portrayed credited blamed predicted ordered advised informed
    charged suspected deemed hailed mocked criticized criticised reminded warned"""
)
DETERMINERS = word_set(
    "a an the his her their its my our your this these those any some every no another such"
)
# Base forms that are as often nouns.
ALSO_NOUNS = (
    NOUNS
    | PROMISES
    | word_set(
        """claim note report state view question charge request order judge call forecast dream
    detail outline debate project campaign move plot offer attempt try wish need vote aim
    press push like love hate respect trust doubt regret blame attack blast slam welcome brand
    label term cite address protest challenge ban veto value want voice signal post tweet
    issue study probe contrast envy trash champion fault praise credit comment joke estimate
    guess figure fear hope worry wonder reason answer counter reply boast judge plan mention
    support favor favour repeat highlight illustrate recall express experience pledge vow
    threat swear scoff care fret gripe object talk rate rank deal name tout push echo parrot
    insult taunt tease mock command desire volunteer resolve lament"""
    )
)
BEFORE_NOUN = DETERMINERS | word_set(
    """of in for with by from about on at into against under over without amid despite following
    recent new latest alleged own many several few public opinion two three first last other
    more most false such private official joint written news media"""
)
AUXILIARIES = word_set(
    """has have had is are was were be been being will would could should may might must can do
    does did not never also later then once still often already just now even ever only to n't
    's 've 'd 'll repeatedly"""
)
PRONOUNS = word_set("he she they it we i you who that which one some many others")
CONJUNCTIONS = word_set(
    "and but or when while as if because although though since after before whereas where so until "
    "unless that whether what how why yet nor"
)
SUBORDINATORS = word_set("when while as if because although though since after before")
COMPLEMENTIZERS = word_set("that whether how why what if when where who which")
TIME_WORDS = word_set(
    """monday tuesday wednesday thursday friday saturday sunday yesterday today tonight tomorrow
    earlier later last this next recently january february march april may june july august
    september october november december week month year morning afternoon evening night
    previously again then separately simply bluntly afterward afterwards publicly privately
    jan feb aug sept sep oct nov dec"""
)
TAIL_STARTERS = TIME_WORDS | word_set(
    """in on at during after to from of by when while via through as ahead before with for about
    following referring speaking citing pointing adding noting over under outside inside
    flatly angrily quietly sarcastically afterward and but"""
)
TITLES = word_set(
    """mr mrs ms miss dr prof professor sir lord lady dame president vice prime minister
    chancellor senator sen sens rep reps representative congressman congresswoman governor gov
    secretary ambassador envoy general gen lt lieutenant col colonel maj major capt captain
    sgt sergeant adm admiral judge justice king queen prince princess pope bishop archbishop
    cardinal rev father mayor sheriff chief chairman chairwoman chair speaker leader director
    deputy foreign defence defense state former spokesman spokeswoman spokesperson commander
    attorney premier sheikh ayatollah imam mullah crown first senior assistant under acting
    special majority minority house senate white treasury press national security adviser
    advisor democratic republican dem interior finance colour corporal private officer
    inspector detective constable counsellor councillor baroness baron emperor candidate
    nominee rival analyst reporter host посол президент премьер премьер-министр министр глава
    канцлер генерал сенатор депутат спикер пресс-секретарь дипломат conservative liberal
    independent billionaire businessman author expert then"""
)
SAID_RUSSIAN = word_set(
    """сказал сказала сказали говорит говорил говорила говорят заявил заявила заявили заявляет
    сообщил сообщила сообщили сообщает сообщают отметил отметила отметили отмечает подчеркнул
    подчеркнула подчеркивает подчёркивает добавил добавила добавили объяснил объяснила пояснил
    пояснила уточнил уточнила считает считал считают полагает полагают думает утверждает
    утверждают утверждал признал признала признался призналась напомнил напомнила предупредил
    предупредила предостерег пообещал пообещала обещает ответил ответила спросил спросила написал
    написала пишет пишут рассказал рассказала указал указала указывает настаивает опроверг
    опровергла подтвердил подтвердила объявил объявила выразил выразила предложил предложила
    призвал призвала призывает потребовал потребовала обвинил обвинила обвиняет назвал назвала
    надеется опасается уверен уверена убежден убеждена констатировал резюмировал заверил заверила
    возразил воскликнул посетовал предположил предположила заключил"""
)
