"""Words that the seeded data is combined from: Faker is asked some hundred times, not once per candidate."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Place(NamedTuple):
    """A town with its postcode and region; Faker would put Klötze into Hessen."""

    city: str
    zipcode: str
    region: str
    country: str = "Deutschland"


class Pools(NamedTuple):
    """What Faker gave, always the same for one version of Faker."""

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    streets: tuple[str, ...]


@lru_cache(maxsize=1)
def faker_pools() -> Pools:
    """Names and streets of Faker's German data."""
    from faker import Faker  # noqa: PLC0415  # imported where it is used: 0.1 s

    fake = Faker("de_DE")
    fake.seed_instance(4711)
    return Pools(
        tuple(dict.fromkeys(fake.first_name() for _ in range(600))),
        tuple(dict.fromkeys(fake.last_name() for _ in range(900))),
        tuple(dict.fromkeys(fake.street_name() for _ in range(400))),
    )


PLACES = (
    Place("München", "80331", "Bayern"),
    Place("Nürnberg", "90402", "Bayern"),
    Place("Köln", "50667", "Nordrhein-Westfalen"),
    Place("Düsseldorf", "40213", "Nordrhein-Westfalen"),
    Place("Münster", "48143", "Nordrhein-Westfalen"),
    Place("Berlin", "10115", "Berlin"),
    Place("Hamburg", "20095", "Hamburg"),
    Place("Lübeck", "23552", "Schleswig-Holstein"),
    Place("Göttingen", "37073", "Niedersachsen"),
    Place("Frankfurt am Main", "60311", "Hessen"),
    Place("Gießen", "35390", "Hessen"),
    Place("Tübingen", "72070", "Baden-Württemberg"),
    Place("Freiburg im Breisgau", "79098", "Baden-Württemberg"),
    Place("Dresden", "01067", "Sachsen"),
    Place("Görlitz", "02826", "Sachsen"),
    Place("Saarbrücken", "66111", "Saarland"),
    Place("Wien", "1010", "Wien", "Österreich"),
    Place("Zürich", "8001", "Zürich", "Schweiz"),
    Place("Genève", "1201", "Genf", "Schweiz"),
)

PARTICLES = ("von ", "von der ", "zu ", "El-", "Al ", "Mc")
EXOTIC_NAMES = (
    ("Zoë", "Đorđević"),
    ("Şükrü", "Yıldırım"),
    ("Łukasz", "Wałęsa"),
    ("Nguyễn Thị", "Hương"),
    ("Jean-François", "d'Étoile"),
    ("Мария", "Иванова"),
    ("佳奈", "田中"),
    ("Björn-Ole", "Größle-Weiß"),
)

JOB_TITLES = (
    ("Pflegefachkraft", "Pflege"),
    ("Softwareentwickler Python", "IT"),
    ("Systemadministrator Linux", "IT"),
    ("Elektroniker für Betriebstechnik", "Technik"),
    ("Kraftfahrer CE", "Logistik"),
    ("Lagerhelfer", "Logistik"),
    ("Steuerfachangestellte", "Finanzen"),
    ("Bilanzbuchhalter", "Finanzen"),
    ("Erzieher", "Pädagogik"),
    ("Bauleiter Tief- & Straßenbau", "Bau"),
    ("Vertriebsaußendienst Süd", "Vertrieb"),
    ("Verkäufer Käsetheke", "Handel"),
    ("Auszubildende Industriekaufleute", "Ausbildung"),
    ("Werkstudent Marketing", "Marketing"),
    ("Oberarzt Anästhesie", "Medizin"),
    ("Koch", "Gastronomie"),
)
JOB_SUFFIXES = ("(m/w/d)", "(w/m/d)", "(gn)", "m/w/d", "*")
EMPLOYMENT_TYPES = (
    "Vollzeit", "Vollzeit", "Vollzeit", "Vollzeit", "Teilzeit", "Teilzeit", "Vollzeit/Teilzeit", "Minijob",
    "Werkstudent", "Ausbildungsplatz", "Praktikum", "Befristet", "Freelancer", "Saison", "",
)  # fmt: skip
TASKS = (
    "Sie stellen die tägliche Versorgung sicher",
    "Sie beraten unsere Kundinnen und Kunden freundlich & kompetent",
    "Planung, Durchführung und Überwachung der Abläufe",
    "Pflege der Daten in < 24 Stunden",
    "Mitarbeit in einem fröhlichen Team",
    "Prüfung von Rechnungen über 10.000 €",
    "Einarbeitung neuer Kolleginnen und Kollegen",
)
REQUIREMENTS = (
    "abgeschlossene Berufsausbildung oder Vergleichbares",
    "sehr gute Deutschkenntnisse in Wort und Schrift",
    "Führerschein Klasse B",
    "Bereitschaft zum Schichtdienst",
    "sicherer Umgang mit „Office“-Anwendungen",
    "Freude am Umgang mit Menschen",
)
BENEFITS = ("30 Tage Urlaub", "Jobrad & Deutschlandticket", "betriebliche Altersvorsorge", "flexible Arbeitszeiten")

STAGES = (
    (10, "Eingegangen", "neu"),
    (20, "Sichtung Personalabteilung", "in_bearbeitung"),
    (30, "Weitergeleitet an Fachbereich", "in_bearbeitung"),
    (40, "Telefoninterview", "in_bearbeitung"),
    (50, "Vorstellungsgespräch", "in_bearbeitung"),
    (50, "Probearbeiten", "in_bearbeitung"),  # a tie, as tenants have it
    (70, "Vertragsangebot", "in_bearbeitung"),
    (90, "Eingestellt", "eingestellt"),
    (95, "Absage", "abgelehnt"),
    (99, "Bewerbung zurückgezogen", "zurueckgezogen"),
)
"""(position, name, status of the applications in it)."""

STAGE_WEIGHTS = (30, 14, 10, 8, 7, 3, 3, 6, 15, 4)
MAIL_HOSTS = ("example.de", "example.com", "example.org", "mail.example.net", "müller-mail.example")
