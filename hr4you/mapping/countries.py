"""Countries: from what people write in German, English or French to ISO 3166 alpha-2."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from babel import Locale
from babel.core import get_global

from hr4you.text import fold

_LANGUAGES: Final = ("de", "en", "fr")

_NOT_IN_ISO: Final = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
"""Two-letter codes of CLDR that name no country of ISO 3166. Kosovo's XK, which the EU uses, is kept."""

_ALPHA_3: Final = 3

_ALSO_WRITTEN: Final = {
    # What CLDR has no name for: older and longer names, short forms, marks of cars.
    "AT": ("A",),
    "BA": ("Bosnien", "Bosnien-Herzegowina", "Bosnia"),
    "BY": ("Weißrussland", "Weissrussland"),
    "CD": ("Demokratische Republik Kongo", "DR Kongo"),
    "CH": ("Schweizerische Eidgenossenschaft", "Svizzera"),
    "CI": ("Elfenbeinküste", "Ivory Coast"),
    "CZ": ("Tschechische Republik", "Czech Republic", "République tchèque"),
    "DE": ("D", "BRD", "Bundesrepublik Deutschland", "Federal Republic of Germany"),
    "GB": ("England", "Schottland", "Wales", "Nordirland", "Großbritannien", "Great Britain", "Grande-Bretagne"),
    "HK": ("Hongkong", "Hong Kong"),
    "LI": ("Fürstentum Liechtenstein",),
    "MD": ("Moldau", "Moldawien", "Moldova"),
    "MK": ("Mazedonien", "Macedonia"),
    "NL": ("Holland", "The Netherlands"),
    "PS": ("Palästina", "Palestine"),
    "RU": ("Russische Föderation", "Russian Federation"),
    "TR": ("Turkey",),
    "TW": ("Taiwan",),
    "US": ("USA", "U.S.A.", "Vereinigte Staaten von Amerika", "United States of America"),
}

_PUNCTUATION: Final = re.compile(r"[^\w]+|_")


def country_code(text: str) -> str | None:
    """The alpha-2 code of a country's name or of its alpha-2 or alpha-3 code; None where it is not recognised."""
    return _codes().get(_key(text))


def _key(text: str) -> str:
    """As ``fold``, and accents and punctuation make no difference either: ``Cote d'Ivoire``, ``Saint-Martin``."""
    return _PUNCTUATION.sub("", _without_accents(fold(text)))


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _keys(name: str) -> tuple[str, str]:
    """A name's key, and the key of what is left of it on a keyboard without umlauts: ``Osterreich``, ``Turkiye``."""
    return _key(name), _key(_without_accents(name))


@functools.cache
def _codes() -> dict[str, str]:
    """Every known spelling to its code; built at the first question, as the locales take some 30 ms to load."""
    names: list[dict[str, str]] = [dict(Locale.parse(language).territories) for language in _LANGUAGES]
    countries = sorted(code for code in names[0] if len(code) == len("DE") and code not in _NOT_IN_ISO)
    codes = {_key(code): code for code in countries}
    for alias, replacements in get_global("territory_aliases").items():
        if len(alias) == _ALPHA_3 and alias.isalpha() and len(replacements) == 1 and replacements[0] in countries:
            codes.setdefault(_key(alias), replacements[0])
    codes.setdefault(_key("UK"), "GB")
    for territories in names:
        for code in countries:
            if code in territories:
                codes |= {key: code for key in _keys(territories[code]) if key not in codes}
    for code, spellings in _ALSO_WRITTEN.items():
        for spelling in spellings:
            codes |= {key: code for key in _keys(spelling) if key not in codes}
    return codes
