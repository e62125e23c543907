"""What French says for units, currencies, abbreviations and signs, and which counted nouns are feminine."""

from __future__ import annotations

from appliance.letters import words

MONTHS = {
    "janvier": "janv", "février": "févr", "mars": "mars", "avril": "avr", "mai": "mai", "juin": "juin",
    "juillet": "juil", "août": "août", "septembre": "sept", "octobre": "oct", "novembre": "nov", "décembre": "déc",
}  # fmt: skip
"""Month -> its abbreviation, in the order of the year."""

FEMININE = words(
    "heure heures minute minutes seconde secondes demi-heure semaine semaines journée journées année années nuit nuits "
    "fois personne personnes femme femmes fille filles dame dames voix tonne tonnes livre livres page pages étape étapes "
    "part parts boîte boîtes bouteille bouteilles tasse tasses cuillère cuillères cuillerée cuillerées pincée pincées "
    "gousse gousses tranche tranches feuille feuilles goutte gouttes carotte carottes pomme pommes tomate tomates "
    "voiture voitures chambre chambres place places porte portes chaise chaises table tables lampe lampes ville villes "
    "rue rues île îles région régions commune communes chanson chansons piste pistes photo photos image images "
    "lettre lettres ligne lignes phrase phrases partie parties vie vies chose choses idée idées tâche tâches liste "
    "listes alarme alarmes recette recettes nouvelle nouvelles calorie calories étoile étoiles planète planètes "
    "victoire victoires défaite défaites marche marches pièce pièces plante plantes espèce espèces langue langues "
    "autre petite petites grande grandes bonne bonnes belle belles dernière dernières première premières"
)
"""Nouns and adjectives after which "un" becomes "une"; `FEMININE_ENDINGS` say it of many others."""

FEMININE_ENDINGS = ("tion", "tions", "sion", "sions", "ité", "ités", "ée", "ées", "ette", "ettes", "ance", "ances",
                    "ence", "ences", "trice", "trices", "euse", "euses", "esse", "esses", "ienne", "iennes")  # fmt: skip
MASCULINE = words("musée musées lycée lycées trophée trophées silence silences comité comités traité traités")

# Symbol -> (one, several); both say "une" where the third is True.
UNITS: dict[str, tuple[str, str, bool]] = {
    "%": ("pour cent", "pour cent", False),
    "‰": ("pour mille", "pour mille", False),
    "°C": ("degré Celsius", "degrés Celsius", False),
    "°F": ("degré Fahrenheit", "degrés Fahrenheit", False),
    "°": ("degré", "degrés", False),
    "h": ("heure", "heures", True),
    "min": ("minute", "minutes", True),
    "mn": ("minute", "minutes", True),
    "s": ("seconde", "secondes", True),
    "sec": ("seconde", "secondes", True),
    "j": ("jour", "jours", False),
    "t": ("tonne", "tonnes", True),
    "ha": ("hectare", "hectares", False),
    "bar": ("bar", "bars", False),
    "cal": ("calorie", "calories", True),
    "kcal": ("kilocalorie", "kilocalories", True),
    "dB": ("décibel", "décibels", False),
    "px": ("pixel", "pixels", False),
    "lx": ("lux", "lux", False),
    "ch": ("cheval", "chevaux", False),
    "pers.": ("personne", "personnes", True),
    "hab.": ("habitant", "habitants", False),
    "hab": ("habitant", "habitants", False),
    "o": ("octet", "octets", False),
    "VA": ("voltampère", "voltampères", False),
    "mAh": ("milliampère-heure", "milliampères-heures", False),
    "Ah": ("ampère-heure", "ampères-heures", False),
    "tr": ("tour", "tours", False),
    "pt": ("point", "points", False),
    "pts": ("point", "points", False),
}

# Base unit -> its word; prefixes say which multiples are written.
_BASES = {
    "m": ("mètre", "m c d k n μ"),
    "g": ("gramme", "m k μ c d"),
    "l": ("litre", "m c d h"),
    "L": ("litre", "m c d h"),
    "W": ("watt", "m k M G T"),
    "Wh": ("wattheure", "k M G T"),
    "V": ("volt", "m k"),
    "A": ("ampère", "m k"),
    "Hz": ("hertz", "k M G"),
    "Pa": ("pascal", "h k M"),
    "J": ("joule", "k M"),
    "N": ("newton", "k"),
    "Ω": ("ohm", "k M"),
    "o": ("octet", "k K M G T"),
    "B": ("octet", "k K M G T"),
    "bit": ("bit", "k K M G"),
    "b": ("bit", "k M G"),
}
_PREFIXES = {
    "": "", "n": "nano", "μ": "micro", "m": "milli", "c": "centi", "d": "déci", "h": "hecto",
    "k": "kilo", "K": "kilo", "M": "méga", "G": "giga", "T": "téra",
}  # fmt: skip
_UNPREFIXED_TOO = words("m g l L W Wh V Hz Pa J N Ω bit")  # "5 A", "10 B", "3 b" are names, not measures


def _plural(word: str) -> str:
    return word if word.endswith("z") else word + "s"


for _symbol, (_word, _known) in _BASES.items():
    for _prefix in [*_known.split(), *([""] if _symbol in _UNPREFIXED_TOO else [])]:
        _name = _PREFIXES[_prefix] + _word
        UNITS[_prefix + _symbol] = (_name, _plural(_name), False)
for _power, _adjective in (("^2", "carré"), ("^3", "cube")):
    for _prefix in ("", "m", "c", "d", "k"):
        _one, _several, _ = UNITS[f"{_prefix}m"]
        UNITS[f"{_prefix}m{_power}"] = (f"{_one} {_adjective}", f"{_several} {_adjective}s", False)

UNITS["kg"] = ("kilo", "kilos", False)  # as people say it

RATIOS = {
    "km/h": ("kilomètre heure", "kilomètres heure"),
    "mm Hg": ("millimètre de mercure", "millimètres de mercure"),
}
"""Said otherwise than "A par B"."""

WRITTEN_ALONE = ("km/h", "°C", "kWh", "m^2", "km^2", "m^3", "km", "kg", "cm")
"""Units that are written for their word without a number, as in "en km/h"."""

# Symbol -> (one, several, feminine, hundredth, hundredths)
CURRENCIES = {
    "€": ("euro", "euros", False, "centime", "centimes"),
    "$": ("dollar", "dollars", False, "cent", "cents"),
    "£": ("livre", "livres", True, "penny", "pence"),
    "¥": ("yen", "yens", False, "sen", "sens"),
}
CURRENCY_NAMES = {
    "EUR": "€",
    "euros": "€",
    "euro": "€",
    "USD": "$",
    "dollars": "$",
    "dollar": "$",
    "GBP": "£",
    "JPY": "¥",
}

PRICED_BY = {
    "kg": "le kilo", "g": "le gramme", "l": "le litre", "L": "le litre", "m^2": "le mètre carré", "m": "le mètre",
    "m^3": "le mètre cube", "t": "la tonne", "kWh": "le kilowattheure", "MWh": "le mégawattheure", "h": "de l'heure",
    "heure": "de l'heure", "km": "du kilomètre", "min": "la minute", "pers.": "par personne",
}  # fmt: skip
"""After a price and a slash; any other word is said with "par"."""

# Pattern (word boundary before it, case as written) -> words. In order: longer ones first.
ABBREVIATIONS = (
    (r"av\. ?J\. ?-? ?C\b\.?", "avant Jésus-Christ"),
    (r"apr?\. ?J\. ?-? ?C\b\.?", "après Jésus-Christ"),
    (r"J\. ?-? ?C\b\.?", "Jésus-Christ"),
    (r"[cC]\.? ?-? ?[àa]\.? ?-? ?d\.(?!\w)|[cC]-à-d\b|càd\b", "c'est-à-dire"),
    (r"p\. ?ex\.(?!\w)", "par exemple"),
    (r"i\. ?e\.(?!\w)", "c'est-à-dire"),
    (r"P\.-?S\.(?!\w)", "post-scriptum"),
    (r"N\. ?B\.(?!\w)|NB(?= ?:)", "nota bene"),
    (r"(?:S\.V\.P\.|s\.v\.p\.|SVP\b|svp\b)", "s'il vous plaît"),
    (r"(?:STP|stp)\b", "s'il te plaît"),
    (r"(?:RDV|rdv)\b", "rendez-vous"),
    (r"qqch\b\.?", "quelque chose"),
    (r"qqn\b\.?", "quelqu'un"),
    (r"MM\. (?=[A-ZÀ-Þ])", "Messieurs "),
    (r"(?<!(?<![A-Za-z])[A-Z] )M\. (?=[A-ZÀ-Þ]|l[ae] )", "Monsieur "),
    (r"Mmes\b", "Mesdames"),
    (r"Mme\b\.?", "Madame"),
    (r"Mlles\b", "Mesdemoiselles"),
    (r"Mlle\b\.?", "Mademoiselle"),
    (r"Mgr\b\.?", "Monseigneur"),
    (r"Me (?=[A-ZÀ-Þ][a-zà-ÿ])", "Maître "),
    (r"Dre\b", "Docteure"),
    (r"Drs?\b\.?", "Docteur"),
    (r"Pre\b", "Professeure"),
    (r"Pr\b\.?(?= ?[A-ZÀ-Þ])", "Professeur"),
    (r"Stes?\.?(?=[ -][A-ZÀ-Þ])", "Sainte"),
    (r"Sts?\.?(?=[ -][A-ZÀ-Þ])", "Saint"),
    (r"[aA]v\.(?= )", "avenue"),
    (r"[bB](?:[lv]?d|oul)\.(?= )|[bB]l?v?d(?= (?:[A-ZÀ-Þ]|d[eu]))", "boulevard"),
    (r"[pP]l\.(?= (?:[A-ZÀ-Þ]|d[eu]))", "place"),
    (r"[rR]te(?= d[eu]|\.)\.?", "route"),
    (r"[fF]g\.", "faubourg"),
    (r"etc\b\.?", "et cetera"),
    (r"env\.", "environ"),
    (r"(?<!\d )min\.", "minimum"),
    (r"(?<!\d )max\.", "maximum"),
    (r"[tT][ée]l\.", "téléphone"),
    (r"cf\b\.?", "confer"),
    (r"vs\b\.?", "versus"),
    (r"(?:[nN]°(?!s)|[nN]o\.?(?= ?\d))", "numéro "),
    (r"[nN]os(?= \d)", "numéros"),
    (r"[nN]°s ?", "numéros "),
    (r"Mt(?= [A-ZÀ-Þ])", "Mont"),
    (r"pp\. ?(?=\d)", "pages "),
    (r"p\. ?(?=\d)", "page "),
    (r"[aA]rt\. (?=\d|[A-Z])", "article "),
    (r"[cC]hap\. ", "chapitre "),
    (r"[fF]ig\. ", "figure "),
    (r"[vV]ol\. (?=\d)", "volume "),
    (r"[rR]éf\.", "référence"),
    (r"[dD]ép\.", "département"),
    (r"[aA]pp?t\.", "appartement"),
    (r"[bB]ât\.", "bâtiment"),
    (r"[eE]x\. ?:", "exemple:"),
)

SIGNS = {
    "&": "et", "@": "arobase", "+": "plus", "−": "moins", "×": "fois", "÷": "divisé par", "±": "plus ou moins",
    "≤": "inférieur ou égal à", "≥": "supérieur ou égal à", "≠": "différent de", "≈": "environ", "=": "égale",
    "<": "inférieur à", ">": "supérieur à", "√": "racine carrée de", "∞": "l'infini", "%": "pour cent",
    "‰": "pour mille", "€": "euros", "$": "dollars", "£": "livres", "¥": "yens", "§": "paragraphe", "°": "degrés",
    "α": "alpha", "β": "bêta", "γ": "gamma", "δ": "delta", "Δ": "delta", "λ": "lambda", "μ": "mu", "π": "pi",
    "σ": "sigma", "ω": "oméga", "Ω": "ohms",
}  # fmt: skip
"""What is left of the signs once every rule has taken its own."""

ADDRESS_SIGNS = {
    ".": "point", "@": "arobase", "-": "tiret", "_": "tiret bas", "/": "slash", "+": "plus", ":": "deux-points",
    "~": "tilde", "%": "pour cent",
}  # fmt: skip

REGNAL = words(
    "Louis Henri Charles François Philippe Napoléon Paul Jean Benoît Pie Léon Élisabeth Elizabeth Elisabeth Georges "
    "George Guillaume Édouard Edouard Frédéric Alexandre Ramsès Catherine Clément Innocent Grégoire Sixte Urbain "
    "Albert Léopold Nicolas Pierre Ivan Christian Gustave Emmanuel Richard Jacques Robert Hugues Childéric Clovis "
    "Thierry Hassan Mohammed Otton Alphonse Ferdinand Ptolémée Boniface Carlos Marie Constantin Darius "
    "Guillaume-Frédéric Victor-Emmanuel Juan-Carlos Jean-Paul Marguerite Mehmed Sélim Tibère Justinien"
)
NUMBERED = words(
    "chapitre tome acte scène livre partie volume titre annexe article phase section groupe classe niveau type mark "
    "épisode saison guerre république paragraphe leçon"
)
"""Words after which even one letter (I, V, X) is a roman numeral."""
