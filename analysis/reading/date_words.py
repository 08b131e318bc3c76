"""The words of dates: months, weekdays and what stands around them, in the languages of exports."""

_MONTH_NAMES = (
    "january jan januar jänner jaenner janvier janv enero ene gennaio gen janeiro januari января"
    " январь янв",
    "february feb februar feber februari février fevrier févr fevr fév febrero febbraio fevereiro"
    " fev февраля февраль фев февр",
    "march mar märz maerz mär mrz mars marzo março marco maart mrt марта март мар",
    "april apr avril avr abril abr aprile апреля апрель апр",
    "may mai mayo maggio mag maio mei мая май",
    "june jun juni juin junio giugno giu junho июня июнь июн",
    "july jul juli juillet juil julio luglio lug julho июля июль июл",
    "august aug août aout agosto ago augustus августа август авг",
    "september sep sept septembre septiembre setiembre settembre setembro set сентября сентябрь"
    " сент сен",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября октябрь окт",
    "november nov novembre noviembre novembro ноября ноябрь нояб ноя",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro декабря"
    " декабрь дек",
)
MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
# "mar" is Tuesday as well as March.
WEEKDAY_OR_MONTH = "mar"
FILLERS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday
    mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
    lunes martes miércoles miercoles jueves viernes sábado sabado domingo mié jue vie sáb dom
    lunedì martedì mercoledì giovedì venerdì lunedi martedi mercoledi giovedi venerdi sabato
    domenica gio sab
    segunda terça terca quarta quinta sexta feira seg ter qua qui sex
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
    г года st nd rd th de del le el il du den der vom am of
    """.split()  # noqa: SIM905
)
