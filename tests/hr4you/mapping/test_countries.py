from __future__ import annotations

import pytest

from hr4you.mapping.countries import country_code

RECOGNISED = {
    "Deutschland": "DE",
    "deutschland ": "DE",
    "Germany": "DE",
    "Allemagne": "DE",
    "BRD": "DE",
    "D": "DE",
    "DEU": "DE",
    "de": "DE",
    "Österreich": "AT",
    "Oesterreich": "AT",
    "Osterreich": "AT",
    "Austria": "AT",
    "Schweiz": "CH",
    "Suisse": "CH",
    "Switzerland": "CH",
    "CHE": "CH",
    "Liechtenstein": "LI",
    "Vereinigtes Königreich": "GB",
    "United Kingdom": "GB",
    "Großbritannien": "GB",
    "UK": "GB",
    "GBR": "GB",
    "England": "GB",
    "USA": "US",
    "U.S.A.": "US",
    "Vereinigte Staaten": "US",
    "United States": "US",
    "États-Unis": "US",
    "Frankreich": "FR",
    "Türkei": "TR",
    "Turkiye": "TR",
    "Turkey": "TR",
    "Tschechien": "CZ",
    "Czech Republic": "CZ",
    "Côte d’Ivoire": "CI",
    "Cote d'Ivoire": "CI",
    "Elfenbeinküste": "CI",
    "Niederlande": "NL",
    "Holland": "NL",
    "Kosovo": "XK",
    "Bosnien und Herzegowina": "BA",
    "Russische Föderation": "RU",
    "Südkorea": "KR",
    "South Korea": "KR",
}


@pytest.mark.parametrize(("text", "code"), RECOGNISED.items())
def test_a_country_is_recognised_by_its_names_and_codes(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", " ", "-", "Genf", "Waadt", "Bayern", "Atlantis", "EU", "ZZ", "Welt", "QQ"])
def test_what_is_no_country_is_not_guessed(text: str) -> None:
    assert country_code(text) is None
