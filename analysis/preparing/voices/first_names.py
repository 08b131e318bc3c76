"""Common given names, to tell whom `he`, `she`, `Mr` and `Mrs` can mean. Far from complete."""

from analysis.preparing.voices.words import word_set

MALE = word_set(
    """aaron abdul abdullah adam ahmed alan albert alex alexander alexei ali anders andrea andrei
    andrew andrey angus anthony antonio antony ari arthur asif bashar barack ben benjamin benny
    bernard bernie bill bob boris brad brandon brian bruce carl carlos charles charlie chris
    christopher chuck clarence cory craig dan daniel dave david dean dennis dmitri dmitry don
    donald doug douglas dwight ed edward elijah emmanuel eric erik evan francis frank franklin
    fred gabriel gary geoff george gerald gordon graham greg gregory guy hamid harry hassan henry
    herbert howard hugo hussein ian igor ivan jack jacob jake james jared jason javad javier jay
    jean jeb jeff jeffrey jens jeremy jerry jim jimmy joe joel john johnny jon jonathan jose
    joseph josh joshua juan justin keir keith ken kenneth kevin kyle larry lawrence leon leonid
    lindsey lloyd louis luis luke mahmoud marc marco mario mark martin matt matthew max michael
    miguel mike mikhail mitch mitt mohammad mohammed muhammad nathan neil newt nicholas nick
    nicolas nigel nikolai norman oleg oliver oscar osama patrick paul pedro pete peter philip phil
    rand ralph raymond rex richard rick rob robert rod rodney roger ron ronald rudy rupert russell
    ryan sam samuel scott sean seth sergei sergey shawn simon stephen steve steven stuart ted
    terry theodore thomas tim timothy toby todd tom tomas tony trey tyler victor viktor vladimir
    vincent vitaly volodymyr walter warren wayne wesley will william xavier yuri zachary zbigniew"""
)
FEMALE = word_set(
    """abigail alice alexandra amanda amber amy anastasia andrea angela angelina ann anna anne annie
    april ashley barbara beth betsy betty brenda carly carol caroline catherine charlotte cheryl
    chelsea christina christine cindy claire condoleezza cynthia dana dawn deborah debbie debra
    denise diana diane dianne dina donna dorothy elaine eleanor elena elizabeth ellen emily emma
    erin eva evelyn federica fiona florence frances gina gloria grace hanna hannah harriet heather
    heidi helen hillary hope huma ingrid irene irina isabel ivana ivanka jacinda jackie jane janet
    janice jean jeanne jen jennifer jessica jill joan joanna josephine joy joyce judith judy julia
    julie kamala karen kate katherine kathleen kathy katie kayla kellyanne kelly kim kimberly
    kirsten kristen laura lauren leslie lillian linda lisa lois loretta louise lucy lynn madeleine
    margaret maria marie marilyn marine marissa martha mary maya megan melania melissa michele
    michelle mirela monica nadia nancy naomi natalie natalya nicole nikki nina olga olivia pamela
    patricia patty paula penelope phyllis priti rachel rebecca renee rita robin rosa rose ruth
    samantha sandra sara sarah sharon sheila shelly shirley sofia sonia sophie stephanie stormy
    sue susan suzanne sylvia tammy tanya tara tatiana teresa theresa tiffany tina tulsi ursula
    valerie vanessa vera veronica victoria virginia wendy winnie yalda yvonne zoe"""
)
