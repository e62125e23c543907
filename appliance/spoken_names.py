"""The owner's names inside a sentence: "Lumière du plafond" -> "la lumière du plafond", "Volets" -> "les volets".

The article comes from the head noun, where that is one of the usual nouns of a home. Any other name is left as the owner
wrote it ("Bidule"), which sounds better than a wrong gender.
"""

from __future__ import annotations

_MASCULINE_NOUNS = """
volet store rideau portail ventilateur radiateur chauffage thermostat aspirateur robot téléviseur projecteur lampadaire
plafonnier lustre spot bandeau ruban interrupteur variateur garage verrou digicode portillon haut-parleur amplificateur
ampli climatiseur chauffe-eau ballon four lave-linge lave-vaisselle sèche-linge réfrigérateur congélateur micro-ondes
sapin arrosage jardin salon bureau couloir chauffe-serviettes déshumidificateur humidificateur purificateur détecteur
capteur moteur rail aquarium écran ordinateur réveil éclairage mode scénario chauffe-biberon grille-pain brasseur
convecteur poêle auvent lecteur appareil premier deuxième troisième second rez-de-chaussée étage sous-sol balcon grenier
palier hall extérieur vestibule dressing cellier atelier patio toit studio séjour bain cabinet
"""
_FEMININE_NOUNS = """
lumière lampe prise porte serrure fenêtre baie guirlande ampoule applique veilleuse liseuse suspension télévision télé
chaîne enceinte radio musique cafetière bouilloire climatisation clim ventilation hotte pompe piscine alarme caméra
barrière grille trappe sonnette chaudière cheminée machine box cloche température humidité batterie sonde chambre
cuisine salle terrasse cave buanderie entrée scène ambiance liste multiprise rampe persienne vanne
tondeuse véranda mezzanine bibliothèque cour remise allée façade
"""
_MASCULINE = frozenset(_MASCULINE_NOUNS.split())
_FEMININE = frozenset(_FEMININE_NOUNS.split())
_PLURAL_ONLY = frozenset({"toilettes", "wc", "combles"})
_MUTE_H = ("habit", "halog", "heure", "horloge", "humid", "huile")
_UNCHANGED_PLURAL = frozenset({"lave-linge", "sèche-linge", "micro-ondes", "chauffe-serviettes"})
_VOWELS = "aàâäeéèêëiîïoôöuùûüyœæ"
_ARTICLES = ("le ", "la ", "les ", "l'", "l’", "mon ", "ma ", "mes ", "notre ", "nos ", "un ", "une ", "des ")
_ENGLISH_ARTICLES = ("the ", "my ", "our ", "a ", "an ")


def with_article(name: str, language: str) -> str:
    """Return a name as it stands in the middle of a sentence."""
    if language == "en":
        return name if name.lower().startswith(_ENGLISH_ARTICLES) else f"the {name}"
    if name.lower().startswith(_ARTICLES):
        return name[:1].lower() + name[1:]
    head, *_ = name.split(" ", 1)
    noun = head.lower()
    plural = noun in _PLURAL_ONLY or (noun not in _UNCHANGED_PLURAL and _singular(noun) != noun)
    gender = _gender(_singular(noun) if plural else noun)
    if not gender and noun not in _PLURAL_ONLY:
        return name
    said = noun + name[len(head) :]
    if plural:
        return f"les {said}"
    if noun[0] in _VOWELS or noun.startswith(_MUTE_H):
        return f"l'{said}"
    return f"{'la' if gender == 'f' else 'le'} {said}"


def of(name: str, language: str) -> str:
    """Return a name after "of": "du volet", "de la lampe", "des volets", "de Bidule"."""
    said = with_article(name, language)
    if language == "en":
        return f"of {said}"
    for article, joined in (("le ", "du "), ("les ", "des ")):
        if said.startswith(article):
            return joined + said.removeprefix(article)
    return f"d'{said}" if said[:1].lower() in _VOWELS else f"de {said}"


def feminine(name: str) -> bool:
    """Tell whether a French name is known as feminine: "la porte est fermée"."""
    noun = name.lower().split(" ", 1)[0]
    return _gender(noun) == "f" or _gender(_singular(noun)) == "f"


def plural(name: str) -> bool:
    """Tell whether a French name is known as a plural: "les volets sont fermés"."""
    return with_article(name, "fr").startswith("les ")


def _singular(noun: str) -> str:
    for ending in ("s", "x"):
        if noun.endswith(ending) and _gender(noun[:-1]):
            return noun[:-1]
    return noun


def _gender(noun: str) -> str:
    return "m" if noun in _MASCULINE else "f" if noun in _FEMININE else ""
