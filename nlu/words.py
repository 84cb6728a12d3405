"""From text to comparable words: folded, without filler, stemmed."""

import re

import Stemmer

WORD = re.compile(r"[^\W_]+")
FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MAX_LENGTH = 500
"""Characters of a question that are read; nobody asks in more."""

FILLER = frozenset(
    """
    aber alle allem allen aller alles als also am an auch auf aus bei beim bekomme bekommt
    bin bis bitte brauch brauche braucht da damit dann das dass dem den der des die dies
    diese diesem diesen dieser dir doch dort du durch ein eine einem einen einer eines er
    es etwas fuer fuers gehen geht gern gibt habe haben hab hat hallo hier hin ich ihr
    ihre im in ins ist ja jemand jetzt kann kannst koennen konnte kosten kostet kriege kriegt
    lassen mach mache machen mal man mein meine meinem meinen meiner meines mich mir mit moechte
    moin muss muessen nach neu neue neuen neuer neues noch nur nun ob oder schon sehr sein
    seine sich sie sind so soll sollte spaet
    tag tun ueber um und uns unser unsere unter von vom
    vor wann war was wegen welche welcher welches wenn wer werden wie wieder will wir wird
    wo woher wohin wollen wollte wurde zu zum zur ick icke dat wat nen ne nem det a am an
    and are at be can could do does for from get got have hello hi how i if in is it me my
    need of on or please that the there this to want what when where which who will with
    would you your
    """.split()  # noqa: SIM905 - a text is easier to keep than a list
)
_german = Stemmer.Stemmer("german")


def fold(text: str) -> str:
    """Return the text in lower case with umlauts spelled out."""
    return text.lower().translate(FOLD)


def words(text: str) -> list[str]:
    """Return the meaningful words of a text, folded, in order; all words where all are filler."""
    found = WORD.findall(fold(text[:MAX_LENGTH]))
    meaningful = [word for word in found if word not in FILLER]
    return meaningful or found


def stem(word: str) -> str:
    """Return the German stem of a folded word."""
    stemmed: str = _german.stemWord(word)
    return stemmed
