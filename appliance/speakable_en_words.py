"""What English says for units, currencies, abbreviations and signs."""

from __future__ import annotations

from appliance.letters import words

MONTHS = {
    "January": "Jan", "February": "Feb", "March": "Mar", "April": "Apr", "May": "May", "June": "Jun", "July": "Jul",
    "August": "Aug", "September": "Sept?", "October": "Oct", "November": "Nov", "December": "Dec",
}  # fmt: skip
"""Month -> the pattern of its abbreviation, in the order of the year."""

# Symbol -> (one, several).
UNITS: dict[str, tuple[str, str]] = {
    "%": ("percent", "percent"),
    "‰": ("per thousand", "per thousand"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "mph": ("mile per hour", "miles per hour"),
    "mpg": ("mile per gallon", "miles per gallon"),
    "rpm": ("turn per minute", "turns per minute"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "gal": ("gallon", "gallons"),
    "tbsp": ("tablespoon", "tablespoons"),
    "tsp": ("teaspoon", "teaspoons"),
    "sq ft": ("square foot", "square feet"),
    "ha": ("hectare", "hectares"),
    "t": ("tonne", "tonnes"),
    "bar": ("bar", "bars"),
    "kcal": ("kilocalorie", "kilocalories"),
    "dB": ("decibel", "decibels"),
    "px": ("pixel", "pixels"),
    "lx": ("lux", "lux"),
    "mAh": ("milliamp hour", "milliamp hours"),
    "Ah": ("amp hour", "amp hours"),
}

# Base unit -> its word; prefixes say which multiples are written.
_BASES = {
    "m": ("meter", "m c d k n μ"),
    "g": ("gram", "m k μ"),
    "l": ("liter", "m c d"),
    "L": ("liter", "m c d"),
    "W": ("watt", "m k M G T"),
    "Wh": ("watt hour", "k M G T"),
    "V": ("volt", "m k"),
    "A": ("amp", "m k"),
    "Hz": ("hertz", "k M G"),
    "Pa": ("pascal", "h k M"),
    "J": ("joule", "k M"),
    "N": ("newton", "k"),
    "Ω": ("ohm", "k M"),
    "B": ("byte", "k K M G T"),
    "bit": ("bit", "k K M G"),
    "b": ("bit", "k M G"),
}
_PREFIXES = {
    "": "", "n": "nano", "μ": "micro", "m": "milli", "c": "centi", "d": "deci", "h": "hecto",
    "k": "kilo", "K": "kilo", "M": "mega", "G": "giga", "T": "tera",
}  # fmt: skip
_UNPREFIXED_TOO = words("m g l L W Wh V Hz Pa J N Ω bit")  # "5 A", "10 B", "3 b" are names, not measures

for _symbol, (_word, _known) in _BASES.items():
    for _prefix in [*_known.split(), *([""] if _symbol in _UNPREFIXED_TOO else [])]:
        _name = _PREFIXES[_prefix] + _word
        UNITS[_prefix + _symbol] = (_name, _name if _name.endswith("z") else _name + "s")
for _power, _adjective in (("^2", "square"), ("^3", "cubic")):
    for _symbol in ("m", "mm", "cm", "dm", "km", "ft", "mi"):
        _one, _several = UNITS[_symbol]
        UNITS[_symbol + _power] = (f"{_adjective} {_one}", f"{_adjective} {_several}")

WRITTEN_ALONE = ("km/h", "°C", "°F", "kWh", "m^2", "km^2", "m^3", "km", "kg", "cm", "mph")
"""Units that are written for their word without a number, as in "in km/h"."""

# Symbol -> (one, several, hundredth, hundredths)
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "sen", "sen"),
}
CURRENCY_NAMES = {
    "USD": "$",
    "dollars": "$",
    "dollar": "$",
    "EUR": "€",
    "euros": "€",
    "euro": "€",
    "GBP": "£",
    "JPY": "¥",
}
SCALES = {
    "k": "thousand", "K": "thousand", "thousand": "thousand", "M": "million", "m": "million", "million": "million",
    "bn": "billion", "B": "billion", "billion": "billion", "trillion": "trillion",
}  # fmt: skip

_NAME = r"(?=[A-ZÀ-Þ])"
# Pattern without groups -> words. In order: longer ones first.
ABBREVIATIONS = (
    (r"a\. ?m\.(?!\w)", "A M"),
    (r"p\. ?m\.(?!\w)", "P M"),
    (r"[eE]\. ?g\.(?!\w)", "for example"),
    (r"[iI]\. ?e\.(?!\w)", "that is"),
    (r"etc\b\.?", "et cetera"),
    (r"Mr\b\.?", "Mister"),
    (r"Mrs\b\.?", "Missus"),
    (r"Ms\b\.?(?= [A-Z])", "Miz"),
    (r"Dr\b\.?(?= [A-Z])", "Doctor"),
    (r"Dr\.", "Drive"),
    (r"Prof\.", "Professor"),
    (rf"St\b\.?(?= {_NAME})", "Saint"),
    (r"St\.", "Street"),
    (r"Ave\b\.?", "Avenue"),
    (r"Blvd\b\.?", "Boulevard"),
    (r"Rd\b\.?", "Road"),
    (rf"Mt\b\.?(?= {_NAME})", "Mount"),
    (rf"Ft\b\.?(?= {_NAME})", "Fort"),
    (r"Jr\b\.?", "Junior"),
    (r"Sr\b\.?", "Senior"),
    (r"Gen\.", "General"),
    (r"Capt\.", "Captain"),
    (r"Lt\.", "Lieutenant"),
    (r"Sgt\b\.?", "Sergeant"),
    (r"Sen\.", "Senator"),
    (r"Gov\.", "Governor"),
    (r"Inc\b\.", "Incorporated"),
    (r"Ltd\b\.?", "Limited"),
    (r"Corp\.", "Corporation"),
    (r"[dD]ept\.", "department"),
    (r"[aA]pprox\.", "approximately"),
    (r"[aA]pt\.(?= ?\d)", "apartment"),
    (r"vs\b\.?", "versus"),
    (r"[nN]os?\. ?(?=\d)|[nN]°", "number "),
    (r"pp\. ?(?=\d)", "pages "),
    (r"p\. ?(?=\d)", "page "),
    (r"[cC]h(?:ap)?\. ?(?=\d)", "chapter "),
    (r"[vV]ol\. ?(?=\d)", "volume "),
    (r"[fF]ig\. ?(?=\d)", "figure "),
    (r"(?<!\d )min\.", "minimum"),
    (r"(?<!\d )max\.", "maximum"),
    (r"[tT]el\.", "telephone"),
    (r"cf\b\.?", "confer"),
    (r"w/o\b", "without"),
    (r"w/(?= ?\w)", "with "),
    (r"aka\b", "also known as"),
    (r"P\.?S\.(?!\w)", "P S"),
)

SIGNS = {
    "&": "and", "@": "at", "+": "plus", "−": "minus", "×": "times", "÷": "divided by", "±": "plus or minus",
    "≤": "at most", "≥": "at least", "≠": "different from", "≈": "about", "=": "equals", "<": "less than",
    ">": "greater than", "√": "the square root of", "∞": "infinity", "%": "percent", "‰": "per thousand",
    "€": "euros", "$": "dollars", "£": "pounds", "¥": "yen", "§": "section", "°": "degrees",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "delta", "λ": "lambda", "μ": "mu", "π": "pi",
    "σ": "sigma", "ω": "omega", "Ω": "ohms",
}  # fmt: skip
"""What is left of the signs once every rule has taken its own."""

ADDRESS_SIGNS = {
    ".": "dot", "@": "at", "-": "dash", "_": "underscore", "/": "slash", "+": "plus", ":": "colon", "~": "tilde",
    "%": "percent",
}  # fmt: skip

REGNAL = words(
    "Louis Henry Charles Francis Philip Napoleon Paul John Benedict Pius Leo Elizabeth George William Edward "
    "Frederick Alexander Ramses Catherine Clement Innocent Gregory Urban Albert Leopold Nicholas Peter Ivan "
    "Christian James Robert Richard Mary Constantine Darius Ferdinand Alfonso Ptolemy Xerxes"
)
"""Kings, queens and popes: "the fourteenth" and not "fourteen"."""
NUMBERED = words("chapter volume act scene book part title article phase section group class level type mark war "
                 "episode season appendix")  # fmt: skip
"""Words after which even one letter (I, V, X) is a roman numeral."""
