"""The words that point to something of the home and to what should become of it, folded, in French and English.

They decide what the language model is offered at all (tools.py): it may choose, never guess. So each says one thing plainly:
"allume" points to on, "trop sombre" to more light; "j'ai froid" points to nothing that this box could know how to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing, as Home Assistant files it, and the nouns for it."""

    domain: str
    device_classes: tuple[str, ...]
    nouns: dict[str, str]


KINDS = {
    "light": Kind(
        "light",
        (),
        {"fr": r"lumieres?|lampes?|eclairages?|plafonniers?|clarte", "en": r"lights?|lamps?|lighting"},
    ),
    "shutter": Kind("cover", ("shutter",), {"fr": r"volets?", "en": r"shutters?"}),
    "blind": Kind(
        "cover", ("blind", "shade", "awning"), {"fr": r"stores?|auvents?", "en": r"blinds?|awnings?|shades?"}
    ),
    "curtain": Kind("cover", ("curtain",), {"fr": r"rideaux?", "en": r"curtains?|drapes?"}),
    "garage": Kind("cover", ("garage",), {"fr": r"porte (?:de|du) garage", "en": r"garage door"}),
    "gate": Kind("cover", ("gate",), {"fr": r"portails?|portillons?", "en": r"gates?"}),
    "door": Kind("cover", ("door",), {"fr": r"portes?", "en": r"doors?"}),
    "window": Kind("cover", ("window",), {"fr": r"fenetres?|velux", "en": r"windows?"}),
    "lock": Kind("lock", (), {"fr": r"serrures?|verrous?", "en": r"locks?"}),
    "fan": Kind("fan", (), {"fr": r"ventilateurs?|ventilos?", "en": r"fans?"}),
    "climate": Kind(
        "climate",
        (),
        {"fr": r"chauffages?|thermostats?|radiateurs?|clim|climatisation", "en": r"heating|thermostats?|heaters?"},
    ),
    "player": Kind(
        "media_player", (), {"fr": r"tele|television|radio|musique|chaine", "en": r"tv|television|radio|music"}
    ),
    "vacuum": Kind("vacuum", (), {"fr": r"aspirateurs?|aspirateur robot", "en": r"vacuum(?: cleaner)?|hoover"}),
    "socket": Kind("switch", (), {"fr": r"prises?|interrupteurs?", "en": r"sockets?|plugs?|switch(?:es)?"}),
}


@dataclass(frozen=True, slots=True)
class Direction:
    """What may become of a thing: for which domains, and the verbs that say so."""

    domains: frozenset[str]
    verbs: dict[str, str]


_SWITCHED = frozenset({"light", "switch", "fan", "climate", "media_player", "vacuum", "scene", "script"})
_COVER, _LOCK = frozenset({"cover"}), frozenset({"lock"})

DIRECTIONS = {
    "turn_on": Direction(
        _SWITCHED,
        {
            "fr": r"r?allum(?:es?|er)|eclair(?:es?|er)|(?:re)?demarr(?:es?|er)|(?:re)?lanc(?:es?|er)|"
            r"(?:re)?activ(?:es?|er)|(?:re)?met(?:s|tre|tes?)?|branch(?:es?|er)",
            "en": r"turn(?:ing)? (?:\w+ )*?on|switch(?:ing)? (?:\w+ )*?on|light up|start|activate|put (?:\w+ )*?on",
        },
    ),
    "turn_off": Direction(
        _SWITCHED - {"scene", "script"},
        {
            "fr": r"etein(?:s|t|dre|gnes?)|(?:re)?coup(?:es?|er)|arret(?:es?|er)|desactiv(?:es?|er)|stopp(?:es?|er)|"
            r"debranch(?:es?|er)",
            "en": r"turn(?:ing)? (?:\w+ )*?off|switch(?:ing)? (?:\w+ )*?off|stop|shut (?:\w+ )*?off|deactivate",
        },
    ),
    "open": Direction(
        _COVER,
        {
            "fr": r"(?:r|entr)?ouvr(?:es?|ir)|(?:re|sou)?lev(?:es?|er)|(?:re)?mont(?:es?|er)",
            "en": r"open(?:ing)?|raise|pull up|roll up",
        },
    ),
    "close": Direction(
        _COVER,
        {
            "fr": r"(?:re)?ferm(?:es?|er)|(?:ra)?baiss(?:es?|er)|descend(?:s|re|es?)?|tir(?:es?|er)",
            "en": r"close|closing|shut|lower|pull down|draw|roll down",
        },
    ),
    "lock": Direction(
        _LOCK,
        {
            "fr": r"verrouill(?:es?|er)|(?:re)?ferm(?:es?|er) (?:[\w']+ )*?a (?:cle|clef|double tour)",
            "en": r"lock",
        },
    ),
    "unlock": Direction(_LOCK, {"fr": r"deverrouill(?:es?|er)", "en": r"unlock"}),
    "set": Direction(
        frozenset({"light", "cover", "fan", "climate", "media_player"}),
        {
            "fr": r"regl(?:es?|er)|(?:re)?met(?:s|tre|tes?)?|pass(?:es?|er)|(?:re)?mont(?:es?|er)|"
            r"(?:ra)?baiss(?:es?|er)|"
            r"augment(?:es?|er)|dimin(?:ues?|uer)|tamis(?:es?|er)|ouvr(?:es?|ir)|ferm(?:es?|er)|"
            r"(?:je |j')(?:le |la |les |l')?(?:voudrais|veux|prefere|prefererais|aimerais)",
            "en": r"set|turn|put|dim|raise|lower|make",
        },
    ),
}
"""Locks are not opened by "ouvre": whether it is the door or the lock that is meant would be a guess."""

DONE = {
    "turn_on": {"fr": r"r?allumee?s?", "en": r"on|lit"},
    "turn_off": {"fr": r"eteinte?s?|coupee?s?", "en": r"off"},
    "open": {"fr": r"ouverte?s?|levee?s?|remontee?s?", "en": r"open|opened|up"},
    "close": {"fr": r"fermee?s?|baissee?s?|descendue?s?|tiree?s?", "en": r"closed|shut|down|drawn"},
    "lock": {"fr": r"verrouillee?s?|fermee?s? a (?:cle|clef)", "en": r"locked"},
    "unlock": {"fr": r"deverrouillee?s?", "en": r"unlocked"},
}
"""How a thing is afterwards."""

WAYS = {
    "turn_on": {"fr": "allumer", "en": "turn on"},
    "turn_off": {"fr": "éteindre", "en": "turn off"},
    "open": {"fr": "ouvrir", "en": "open"},
    "close": {"fr": "fermer", "en": "close"},
    "lock": {"fr": "verrouiller", "en": "lock"},
    "unlock": {"fr": "déverrouiller", "en": "unlock"},
    "set": {"fr": "régler", "en": "set"},
    "state": {"fr": "dire l'état", "en": "tell the state"},
    "timer": {"fr": "minuteur", "en": "timer"},
    "list_add": {"fr": "liste de courses", "en": "shopping list"},
    "none": {"fr": "rien", "en": "nothing"},
}
"""As the model is told of them and writes them: its language is the person's."""
THINGS = {
    "light": {"fr": "lumière", "en": "light"},
    "shutter": {"fr": "volets", "en": "shutters"},
    "blind": {"fr": "stores", "en": "blinds"},
    "curtain": {"fr": "rideaux", "en": "curtains"},
    "garage": {"fr": "porte de garage", "en": "garage door"},
    "gate": {"fr": "portail", "en": "gate"},
    "door": {"fr": "portes", "en": "doors"},
    "window": {"fr": "fenêtres", "en": "windows"},
    "lock": {"fr": "serrures", "en": "locks"},
    "fan": {"fr": "ventilateurs", "en": "fans"},
    "climate": {"fr": "chauffage", "en": "heating"},
    "player": {"fr": "musique et télé", "en": "music and TV"},
    "vacuum": {"fr": "aspirateur", "en": "vacuum"},
    "socket": {"fr": "prises", "en": "sockets"},
    "temperature": {"fr": "température", "en": "temperature"},
    "weather": {"fr": "météo", "en": "weather"},
}
"""Kinds, for the same purpose."""

STATES = {
    "turn_on": "on",
    "turn_off": "off",
    "open": "open",
    "close": "closed",
    "lock": "locked",
    "unlock": "unlocked",
}
"""... and what Home Assistant calls it."""

SEEN = {
    "turn_on": {
        "fr": r"(?:fait|trop|tout|si) (?:\w+ )?(?:sombre|noir|obscur)\w*|est (?:\w+ )?(?:sombre|obscur)|"
        r"(?:vois|voit|voyons) (?:plus )?(?:rien|pas|mal)|"
        r"(?:suis|sommes|es|est) dans le noir|pas assez (?:clair|de lumiere)|"
        r"(?:aimerais?|voudrais?|veux|besoin|faudrait|manque|peu|plus|donn\w+|fais) (?:\w+ )*?(?:de|d'une) (?:la )?"
        r"(?:lumiere|clarte)",
        "en": r"(?:is|it's|too|so) (?:\w+ )?dark|can't see|cannot see|(?:some|more|need|want) (?:\w+ )?light",
    },
    "turn_off": {
        "fr": r"trop (?:de lumiere|clair|lumineux)|eblouit|eblouissant\w*",
        "en": r"too (?:bright|much light)|blind(?:s|ing) me",
    },
}
"""What people say of the light instead of a verb."""

WISHED = {"fr": r"soi(?:t|ent)", "en": r"be|have|want"}
"""Before a word of DONE, these make a wish: "que les volets soient fermés"."""

PAST = {
    "fr": r"(?:^|[ '])(?:ai|as|a|avons|aver?|avez|ont|est|sont|etai\w+|ete|avai\w+|aurai\w*|il|elle|"
    r"ils|elles|qui|je|j|se|s|"
    r"ne|n|pas|ai je|as tu|a t il|a t elle|a t on|avez vous|avoir vous)(?: (?:bien|deja|pas|"
    r"tous|tout|le|la|les|l|y|en))*$",
    "en": r"(?:^|[ '])(?:i|he|she|it|they|we|who|that|which|did|does|don't|do not|not|never|has|have|"
    r"had|was|were|is|are|to "
    r"not)(?: (?:already|just|always|ever))*$",
}
"""Right before a verb: it tells, forbids or asks and wishes nothing. Of an infinitive, only a negation is."""
HAD = {"fr": r"(?:^|[ '])(?:ai|as|a|avons|aver|avez|ont)$", "en": r"\b(?:have|has|had|did|was|were)$"}
FORBIDDEN = {
    "fr": r"(?:^|[ '])(?:ne|n|pas|sans|jamais|pas (?:que|qu')(?: ?(?:on|il|elle|tu|vous))?)(?: (?:le|la|les|l))?$",
    "en": r"(?:not|n't|never|without)$",
}
STARTS = {
    "fr": (
        r"^(?:(?:aller|allez|hop|bon|ok|oui|,) )*on (?:me |m'|nous |le |la |les |l')*$",
        r"(?:^|, )(?:(?:donc|alors|et|puis|ensuite|vite|aller|allez|hop|ok|oui|bon|bien|maintenant|"
        r"grillon|stp|voila|eh|euh|dis|"
        r"tiens|plutot|juste|s'il te plait|s'il vous plait) )*(?:(?:tu|vous) (?:me |m'|nous |le |la |les |l'|lui )*)?$",
        r"\b(?:veux|voudrais|aimerais|faut|faudrait|souhait\w+|bien|mieux) (?:bien )?qu(?:e |')(?:tu |on |vous |l'on )"
        r"(?:me |m'|nous |le |la |les |l')*$",
    ),
    "en": (
        r"(?:^|, )(?:(?:please|and|then|so|just|ok|okay|hey|grillon|now|well|oh|yes|quick|quickly|right|do) )*$",
        r"\b(?:could|can|would|will|want|like|need|why don't|if) you (?:please |just |mind |to |maybe |not )*$",
        r"\b(?:let's|go ahead and|nice to|good to|time to|great to|remember to|don't forget to|"
        r"kind enough to|want to|like to|"
        r"have to|need to) ?$",
    ),
}
"""Right before a verb, these make it a demand; a third person ("la télé coupe") is written like an imperative."""
PLAIN = {"fr": r"(?:re)?mets|eteins|descends", "en": r"(?!)"}
"""Forms that no third person has."""
GOVERNED = {
    "fr": r"(?:(?<!il )(?<!elle )(?<!qui )\b(?:peux|on peut|pouver|pourrais|on pourrait|pourrier|"
    r"pourriez|voudrais|voudrait|veux|"
    r"aimerais|souhait\w+|va|vas|viens|veuill\w+|est ce qu'on peut)|"
    r"\b(?:faut|faudrait|faudra)|"
    r"\b(?:bien|gentil|gentille|sympa|mieux|utile|bon|temps|possible|cool|super|besoin|envie|merci|priere) (?:de|d')|"
    r"\bpense[rs]? (?:bien |donc )?a|\boublier? (?:surtout )?pas (?:de|d'))"
    r"(?: (?:me|m'|nous|vous|tu|le|la|les|l'|lui|bien|donc|peut etre|aussi|vite|penser a|\w+ment))*(?: |$|(?<='))",
    "en": r"(?!)",
}
"""Right before an infinitive, these make it a demand; "j'hésite à", "évite de", "il veut" do not."""
LEFT = {
    "fr": r"\b(?:ai|as|a|avons|aver|avez|ont) (?:\w+ )?(?:laisse|oublie|pense)\b",
    "en": r"\b(?:left|forgot|remembered)\b",
}
"""How a thing was left is a question or a tale."""
WHETHER = {
    "fr": r"\b(?:demande|verifi\w*|regard\w*|sais|savoir|dire|dis moi|voir) (?:donc |bien )?si\b",
    "en": r"\b(?:wonder|check|see|know|tell me) if\b",
}
SPAN = {"fr": r"\b(?:a|vers|pendant|depuis|y a|dure\w*|duree de)$", "en": r"\b(?:at|lasts?|lasted|since|during)$"}
"""Right before a length of time that is none to wait for, or before the hour of the day."""
FORBIDDEN_AFTER = {"fr": r"^ (?:pas|jamais|surtout pas|rien|toi)\b", "en": r"^ (?:nothing|never)\b"}

POLITE = {
    "fr": r"\bsi (?:tu|vous) (?:peux|pouvais|veux|voulais|pourrais|pouver|pouvier|pouvoir|voulier)\w*|"
    r"\bsi possible|\bs'il\b|"
    r"\bsi ca (?:ne )?te derange\w*|(?<=voudrais) pas\b|(?<=pourrais) pas\b|(?<=voudrier) pas\b|(?<=pourrier) pas\b",
    "en": r"\bif you (?:can|could|would|don't mind)\b|\bif possible\b",
}
"""Conditions and negations that are none."""
KNOWLEDGE = {
    "fr": r"\b(?:pourquoi|comment|qui (?:a|est|ont|etait|sont)|qu'est ce|c'est quoi|quand|a quoi|"
    r"veut dire|veulent dire|signifie|"
    r"histoire|difference|explique\w*|raconte\w*|parle moi|faut il|doit on|peut on|dit on|invente\w*|definition|"
    r"depuis|poeme|blague|conseil\w*|en general|les gens|pense[sz]? tu|tu penses|une question|"
    r"ou (?:est|sont|se)|mot)\b",
    "en": r"\b(?:why|how (?!much|many|hot|cold|warm)|who|when|where|which|explain|tell me about|story|"
    r"poem|joke|difference|mean|invented|advice|"
    r"should (?:i|we|one)|in general|people)\b",
}
"""Asks to know of the world, neither to act nor how the home stands."""
MEASURES = {"fr": r"\b(?:quel|combien)\b", "en": r"\b(?:what|how (?:much|many|hot|cold|warm))\b"}
"""Asks to know, perhaps of the home."""
DEFERRED = {
    "fr": r"\b(?:demain|hier|ce soir|cette nuit|tout a l'heure|plus tard|apres|avant|quand|lorsque|des que|si|chaque|"
    r"tous les (?:jours|matins|soirs|lundis)|toujours|jamais|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"a \d+ heures?|vers \d+|dans (?:\d+|une?) (?:\w+ )?(?:h|heures?|minutes?|secondes?|quart|"
    r"demi)\w*|pendant|midi|minuit)\b",
    "en": r"\b(?:tomorrow|yesterday|tonight|later|after|before|when|once|if|every|always|never|monday|"
    r"tuesday|wednesday|"
    r"thursday|friday|saturday|sunday|at \d+|in \d+|in an?|for \d+|noon|midnight|until)\b",
}
"""Not now: nothing is done at once where such a word was said."""

RETOLD = {
    "fr": r"\b(?:trouve|dit|disait|pense|croit|croyait|raconte|parait|semble|imagine|suppose|sais|"
    r"sait)(?:nt|s)? qu(?:e|')",
    "en": r"\b(?:thinks?|says?|said|believes?|heard|imagine|suppose|know) that\b",
}
"""What somebody said or thinks, and no wish."""

EVERYWHERE = {
    "fr": r"\b(?:tou(?:s|tes) (?:les|mes|nos)|partout|toute la maison)\b",
    "en": r"\b(?:all|every|everywhere)\b",
}
TIMER = {
    "fr": r"\b(?:minuteur|minuterie|chrono\w*|previen(?:s|ne|nes)|prevenir|rappell?(?:e|es|er)|alert(?:e|es|er)|"
    r"reveill(?:e|es|er)|averti(?:s|r|sse)|sonn(?:e|es|er)|signe|compte (?:a rebours|moi)|"
    r"dis le moi|avis(?:e|es|er)|timer)\b",
    "en": r"\b(?:timer|remind|alert|warn|wake|let me know|ring|beep|countdown|tell me in)\b",
}
TIMER_NAME = {"fr": r"\bpour (?:le |la |les |l'|mes |mon |ma )?(\w+)$", "en": r"\bfor (?:the |my )?(\w+)$"}
LIST = {
    "fr": r"\b(?:liste|courses|(?:r?achet|rachet)\w*|il (?:me |nous )?manque (?:du|des|de la|"
    r"de l'\w*)|(?:n'y a|y a|n'a|n'ai|ai|a|avons) "
    r"(?:presque |bientot )?plus (?:de|d'\w*|du|beaucoup)|a court)\b",
    "en": r"\b(?:list|shopping|buy|groceries|out of|run out|need (?:more|some)|low on)\b",
}
ASKS = {
    "fr": r"\b(?:est ce que|est ce qu'\w*|quel|combien|je me demande|t'ai je|ai je|as tu|y a t il|"
    r"est il|est elle|sont ils|sont elles|"
    r"verifie\w*|regarde si|dis moi si|(?:t'as|tu as|j'ai|on a) (?:bien|oublie)\b)",
    "en": r"\b(?:is|are|did|has|have|how (?:much|many|hot|cold|warm)|what(?:'s| is)|check|i wonder|whether)\b",
}
WARMTH = {
    "fr": r"\b(?:temperature|degres|fait il|il fait (?:combien|froid|chaud|bon|quel)|combien (?:il )?fait)\b",
    "en": r"\b(?:temperature|degrees|hot|cold|warm)\b",
}
HERE = {
    "fr": r"\b(?:ici|dedans|interieur|dans la piece|chez nous)\b",
    "en": r"\b(?:here|inside|indoors|in this room)\b",
}
OUTSIDE = {"fr": r"\b(?:dehors|exterieur\w*|meteo|temps fait il)\b", "en": r"\b(?:outside|outdoors|weather)\b"}
ROOMS = {
    "fr": r"\b(?:salon|sejour|cuisine|chambres?|bureau|entree|garage|cave|grenier|salle (?:de bains?|"
    r"a manger)|couloir|jardin|"
    r"terrasse|balcon|toilettes|wc|etage|maison|ici)\b",
    "en": r"\b(?:living room|kitchen|bedrooms?|office|study|hall|hallway|garage|basement|attic|"
    r"bathroom|dining room|garden|"
    r"toilet|upstairs|downstairs|house|home|here)\b",
}


def found(words: dict[str, str], text: str, language: str) -> bool:
    """Tell whether `text` (folded) holds words of a language's pattern; French where that language has none."""
    return re.search(words.get(language, words["fr"]), text) is not None
