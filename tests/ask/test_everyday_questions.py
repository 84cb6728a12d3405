"""Sixty questions as people ask them, over the real catalogue of the county."""

import pytest

from handlers.entries import entries_of
from nlu.index import Index, build
from nlu.training import read_training
from nlu.understanding import Decision
from tests.conftest import ROOT
from tests.real_region import real_region

CLEAR = {
    "Ich bin nach Köthen gezogen, was muss ich tun?": "wohnsitz-anmelden",
    "Perso geklaut": "personalausweis-verloren",
    "wo meld ich mein hund an": "hund-anmelden",
    "Sperrmüll": "sperrmuell",
    "Auto abmelden": "kfz-abmelden",
    "Wunschkennzeichen": "wunschkennzeichen",
    "Wohngeld beantragen": "wohngeld",
    "Ich brauche ein Führungszeugnis": "fuehrungszeugnis",
    "Kirchenaustritt": "kirchenaustritt",
    "Gewerbe anmelden": "gewerbe-anmelden",
    "Ich möchte eine Geburtsurkunde bestellen": "geburtsurkunde",
    "Elterngeld": "elterngeld",
    "Kita-Platz gesucht": "kita-platz",
    "Schlagloch in der Straße": "strassenschaden-melden",
    "Wir wollen heiraten": "heiraten",
    "Baugenehmigung": "baugenehmigung",
    "Schwerbehindertenausweis beantragen": "schwerbehindertenausweis",
    "Führerschein verloren": "fuehrerschein-verloren",
    "Jagdschein verlängern": "jagdschein",
    "Einbürgerung": "einbuergerung",
}
"""One service is meant beyond doubt: it is answered at once."""

EVERYDAY = {
    "Kind bekommen": "geburt-anzeigen",
    "my passport expired": "reisepass",
    "I moved to Köthen": "wohnsitz-anmelden",
    "how do I register my car": "kfz-neu-zulassen",
    "residence permit extension": "aufenthaltserlaubnis-verlaengern",
    "mein Ausweis ist abgelaufen": "personalausweis",
    "brauche schnell einen Reisepass": "reisepass-express",
    "Mein Mann ist gestorben": "sterbefall-anzeigen",
    "Die Laterne vor meinem Haus geht nicht": "strassenlaterne-defekt",
    "Nachbar macht nachts Krach": "laerm",
    "Wo kann ich mein altes Sofa hinbringen?": "sperrmuell",
    "Mülltonne ist kaputt": "abfallbehaelter",
    "Tonne wurde nicht geleert": "abfuhrtermine",
    "jemand hat Müll in den Wald gekippt": "wilder-muell",
    "Gebrauchtwagen ummelden": "kfz-umschreiben",
    "neues auto anmelden": "kfz-neu-zulassen",
    "Führerschein umtauschen bis wann": "fuehrerschein-umtausch",
    "führerschin mit 17": "begleitetes-fahren",
    "Ich habe meine Arbeit verloren": "arbeitsuchend-melden",
    "Bürgergeld Antrag": "grundsicherung-arbeitsuchende",
    "Rente beantragen": "altersrente",
    "Meine Mutter braucht Pflege": "pflegegrad",
    "Wespennest am Haus": "hornissen-wespen",
    "darf ich den baum in meinem garten fällen": "baum-faellen",
    "Gartenlaube bauen erlaubt?": "verfahrensfrei-bauen",
    "Kopie vom Zeugnis beglaubigen": "beglaubigung",
    "Geburtstag feiern mit Lagerfeuer": "feuer",
    "Ich will eine Kneipe aufmachen": "gaststaette",
    "Blitzer Strafzettel Einspruch": "bussgeld",
    "Handy gefunden wo abgeben": "fundsachen",
    "Katze zugelaufen": "fundtier",
    "Ex zahlt keinen Unterhalt": "unterhaltsvorschuss",
    "Kindergeld beantragen": "kindergeld",
    "Meine Tochter kommt in die Schule": "schulanmeldung-grundschule",
    "Schülerfahrkarte verloren": "schulbus-fahrkarte",
    "Grundsteuer Bescheid falsch": "grundsteuer",
    "Kleiner Waffenschein": "kleiner-waffenschein",
    "Rundfunkbeitrag befreien": "rundfunkbeitrag-befreiung",
    "GEZ nicht zahlen": "rundfunkbeitrag-befreiung",
    "ich bin schwanger wer hilft mir": "schwangerschaftsberatung",
}
"""The right service is the answer or among those offered."""

OUT_OF_SCOPE = (
    "Wie wird das Wetter",
    "Wer wird Bundestrainer",
    "Erzähl mir einen Witz",
    "Rezept für Apfelkuchen",
    "Wie spät ist es?",
    "Was läuft heute im Fernsehen",
    "Wer hat die Bundesliga gewonnen?",
    "Liebst du mich?",
    "Was kostet Bitcoin",
    "What is the capital of France?",
    "Wie lange kocht ein Ei",
    "asdfghjkl",
)
"""Nothing of a county's business: refused, never guessed."""


@pytest.fixture(scope="module")
def index() -> Index:
    county = real_region(ROOT / "regions" / "anhalt-bitterfeld")
    entries = entries_of(county.snapshot.services.values(), read_training())
    return Index(build(entries, []), tuple(entries))


def test_there_are_sixty_questions_and_ten_out_of_scope() -> None:
    assert len(CLEAR) == 20
    assert len(CLEAR) + len(EVERYDAY) >= 60
    assert len(OUT_OF_SCOPE) >= 10


@pytest.mark.parametrize(("question", "service"), CLEAR.items())
def test_words_alone_offer_what_is_asked_for_clearly(
    index: Index, question: str, service: str
) -> None:
    understood = index.by_words(question)
    assert understood.decision is Decision.CHOOSE
    assert service in [one.id for one in understood.candidates], understood


def test_words_alone_offer_most_of_what_people_ask_for(index: Index) -> None:
    offered = {
        question: service in [one.id for one in index.by_words(question).candidates]
        for question, service in EVERYDAY.items()
    }
    assert sum(offered.values()) >= 0.75 * len(offered), offered


@pytest.mark.parametrize("question", OUT_OF_SCOPE)
def test_words_alone_never_answer_alone(index: Index, question: str) -> None:
    assert index.by_words(question).decision is not Decision.ANSWER
