"""Word lists that fit the tokenizer: stop words, and abbreviations that end in a full stop."""

from string import ascii_lowercase


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# English function words and the contractions of the auxiliary verbs; no negator is left out of
# sight by accident: "no", "not" and "n't" forms are in the list, as they carry no topic, and
# the lexicon's negation is found before stop words are removed. Single letters are left over
# from initials, and from abbreviations such as U.S.
STOP_WORDS_VERSION = "3"
_LETTERS = {
    "english": ascii_lowercase,
    "german": ascii_lowercase + "äöü",
    "russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}

_FUNCTION_WORDS: dict[str, tuple[str, ...]] = {
    "english": _words(
        """
        a about above after again against all almost along already also although always am among
        an and another any are aren't around as at away back be became because become been before
        being below between both but by can can't cannot could couldn't did didn't do does doesn't
        doing don't done down during each either else enough etc even ever every few for from
        further had hadn't has hasn't have haven't having he he'd he'll her here hers herself him
        himself his how however i i'd i'll i'm i've if in indeed instead into is isn't it it'd
        it'll its itself just least less let like made make many may maybe me might mine more most
        much must mustn't my myself nearly neither never no nor not now of off often on once one
        only onto or other others otherwise our ours ourselves out over own per perhaps quite
        rather really s same shall she she'd she'll should shouldn't since so some somehow such
        than that that'd that'll the their theirs them themselves then there there'd there'll
        therefore these they they'd they'll they're they've this those though through thus to
        together too toward towards under until up upon us very was wasn't we we'd we'll we're
        we've well were weren't what whatever when where whether which while who who'd who'll whom
        whose why will with within without won't would wouldn't yet you you'd you'll you're you've
        your yours yourself yourselves
        """
    ),
    "german": _words(
        """
        ab aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes
        ans auch auf aus ausser bei beim bereits bin bis bist bleibt da dabei dadurch dafür dagegen
        daher damit dann daran darauf daraus darf darin darüber darum das dass davon davor dazu dein
        dem den denen denn der deren derzeit des deshalb dessen die dies diese diesem diesen dieser
        dieses doch dort du durch ebenso ein eine einem einen einer eines einige einigen er erst es
        etwa etwas euch euer für gab gegen gegenüber geht gewesen gibt hab habe haben hat hatte
        hatten hätte hätten her heute hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer
        ihres im immer in indem ins irgend ist ja jede jedem jeden jeder jedes jedoch jene jener
        jetzt kann kein keine keinem keinen keiner können könnte könnten mal man manche mehr mein
        mich mir mit möchte muss musste müssen müsste nach nachdem neben nein nicht nichts nie noch
        nun nur ob oder ohne per schon sehr sei seien sein seine seinem seinen seiner seines seit
        selbst sich sie sind so sogar solche soll sollen sollte sollten sondern sonst soweit sowie
        statt über um und uns unser unsere unter viel viele vielen vom von vor während war wäre
        waren wären warum was weder weil weiter weitere weiteren welche welcher wenig wenn wer
        werde werden wegen wie wieder wieso will wir wird wo wobei wohl wollen wollte worden wurde
        wurden würde würden zu zum zur zwar zwischen
        """
    ),
    "russian": _words(
        """
        а без более больше будет будто бы был была были было быть в вам вас вдруг ведь во вот
        впрочем все всегда всего всех всю вы где да даже для до его ее ей ему если есть еще ещё
        ж же за зачем здесь и из из-за или им ими их к как какая какой когда конечно кто куда ли
        либо между меня мне много может можно мой моя мы на над надо наконец нас не него нее неё
        ней нельзя нет ни нибудь них ничего но ну о об однако он она они оно опять от перед по
        под после потом потому почти при про раз разве с сам свою себе себя со тем тебя теперь то
        тогда того тоже только том тот тут ты у уж уже хоть чего чем через что чтобы чуть эта эти
        это этого этой этом этот эту я
        """
    ),
}

STOP_WORDS: dict[str, tuple[str, ...]] = {
    language: tuple(dict.fromkeys([*words, *_LETTERS[language]]))
    for language, words in _FUNCTION_WORDS.items()
}

# A full stop after one of these does not end a sentence (nor does one after a single letter).
ABBREVIATIONS: frozenset[str] = frozenset(
    _words(
        """
    adm amb apr aug brig capt cmdr col comdr cpl dec det dr feb fr gen gov hon insp jan jr lt maj
    messrs mr mrs ms mt nov oct pfc pres prof pvt rep reps rev sec sen sens sept sgt sr st supt vs
    гг гос им проф ред руб стр тыс ул
        """
    )
)
