"""Lists: shopping, things to do, and any other."""

from __future__ import annotations

import re

from appliance import lists as kept
from appliance.actions import Action
from appliance.lists import Lists, items_of, key, title
from appliance.messages import text
from appliance.skills import Reply, Situation, Slots
from appliance.skills._times import act, as_said, enumerated
from appliance.timers_words import sentence

INTENTS = (
    *("HassShoppingListAddItem", "HassShoppingListCompleteItem"),
    *("HassListAddItem", "HassListCompleteItem", "HassListRemoveItem"),
)
LISTS = {name: {"wildcard": True} for name in ("list_items", "list_name")}
MANY = 15
"""So many items are read out; of the others the number is told."""
_ADD = "(ajoute|ajouter|ajoutez|rajoute|mets|met|mettre|note|noter|inscris|marque)"
_MY = "(la|ma|notre|mon)"
_WHAT = "(qu'est ce qu'il y a|qu'y a t il|il y a quoi|que reste t il|qu'est ce que j'ai|qu'ai je)"
_OUT = "(enlève|enlever|retire|retirer|supprime|supprimer|ôte)"
_OFF = "(coche|cocher|raye|barre)"
SENTENCES = {
    "fr": {
        "add": [
            f"{_ADD} {{list_items}} (à|sur|dans) {_MY} liste",
            f"{_ADD} {{list_items}} (à|sur|dans) {_MY} liste {{list_name}}",
            f"{_ADD} (à|sur|dans) {_MY} liste (de courses|des courses|d'achats|de commissions) {{list_items}}",
            f"{_ADD} {{list_items}} (aux courses|dans les courses|sur les courses|aux commissions)",
        ],
        "read": [
            f"{_WHAT} (sur|dans|à) {_MY} liste",
            f"{_WHAT} (sur|dans|à) {_MY} liste {{list_name}}",
            f"(lis|lire|lis moi|donne moi|donne|quelle est|c'est quoi|que contient) {_MY} liste",
            f"(lis|lire|lis moi|donne moi|donne|quelle est|c'est quoi|que contient) {_MY} liste {{list_name}}",
            f"{_MY} liste (de courses|des courses|d'achats|de commissions)",
            "(qu'est ce qu'il faut|que faut il|que dois je|qu'est ce que je dois) acheter",
        ],
        "remove": [
            f"{_OUT} {{list_items}} (de|sur|dans) {_MY} liste",
            f"{_OUT} {{list_items}} (de|sur|dans) {_MY} liste {{list_name}}",
            f"{_OUT} {{list_items}} des courses",
        ],
        "complete": [
            f"{_OFF} {{list_items}} (de|sur|dans) {_MY} liste",
            f"{_OFF} {{list_items}} (de|sur|dans) {_MY} liste {{list_name}}",
            f"{_OFF} {{list_items}}",
        ],
        "clear": [
            f"(vide|vider|efface|effacer|supprime|nettoie) [toute] {_MY} liste",
            f"(vide|vider|efface|effacer|supprime|nettoie) [toute] {_MY} liste {{list_name}}",
        ],
        "names": ["(quelles sont mes listes|quelles listes (ai je|j'ai|y a t il|il y a)|(donne moi|liste) mes listes)"],
    },
    "en": {
        "add": [
            "(add|put) {list_items} (to|on) (the|my|our) {list_name} list",
            "(add|put) {list_items} (to|on) (the|my|our) list",
        ],
        "read": [
            "(what's|what is) on (the|my|our) [{list_name}] list",
            "(read|give me|read me) (the|my|our) [{list_name}] list",
            "what (do i|do we) (need to buy|have to buy)",
        ],
        "remove": [
            "(remove|delete|take) {list_items} (from|off) (the|my|our) {list_name} list",
            "(remove|delete|take) {list_items} (from|off) (the|my|our) list",
        ],
        "complete": [
            "(check|tick|cross) off {list_items} [(on|from) (the|my|our) list]",
            "(check|tick|cross) off {list_items} (on|from) (the|my|our) {list_name} list",
        ],
        "clear": ["(clear|empty|delete) (the|my|our) [{list_name}] list"],
        "names": ["(what|which) lists (do i have|are there)"],
    },
}
_NOT = re.compile(r"(?:surtout )?(?:pas|plus) |(?:no|not|any) ", re.IGNORECASE)
"""How an item begins that is not to be added, or not taken off: "ajoute pas de lait"."""
_SERVICES = {
    "HassShoppingListAddItem": "add",
    "HassListAddItem": "add",
    "HassListRemoveItem": "remove",
    "HassShoppingListCompleteItem": "complete",
    "HassListCompleteItem": "complete",
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Add, take off, read or clear."""
    language, lists = situation.language, situation.lists
    if lists is None or situation.perform is None:
        return Reply(text("times-none-here", language))
    service = _SERVICES.get(intent, intent)
    name = key(str(slots.get("list_name") or slots.get("name") or "")) or kept.SHOPPING
    if service == "names":
        return Reply(_names(lists, language))
    if service == "read":
        return Reply(_read(name, lists, language))
    if service == "clear":
        return await _clear(name, situation, lists)
    if _NOT.match(str(slots.get("list_items") or slots.get("item") or "")):
        return Reply(text("list-left", language, list=title(name, language)))
    items = items_of(as_said(str(slots.get("list_items") or slots.get("item") or ""), situation))
    if not items:
        return Reply(text("list-what", language))
    return await (_add(name, items, situation) if service == "add" else _take(service, name, items, situation, lists))


async def _add(name: str, items: list[str], situation: Situation) -> Reply:
    language = situation.language
    actions = [Action("list", "add", name, {"item": item}) for item in items]
    said = enumerated(items, language)
    done = text("list-added", language, list=title(name, language), items=said)
    return await act(situation, actions, lambda: done)


async def _take(service: str, name: str, items: list[str], situation: Situation, lists: Lists) -> Reply:
    language, where = situation.language, title(name, situation.language)
    there = [item for item in items if lists.find(name, item, done=None if service == "remove" else False)]
    if not there:
        return Reply(text("list-not-there", language, list=where, items=enumerated(items, language)))
    done = text("list-taken", language, list=where, items=enumerated(there, language))
    return await act(situation, [Action("list", service, name, {"item": item}) for item in there], lambda: done)


async def _clear(name: str, situation: Situation, lists: Lists) -> Reply:
    language, where = situation.language, title(name, situation.language)
    if not lists.items(name, done=None):
        return Reply(text("list-empty", language, list=where))
    return await act(situation, [Action("list", "clear", name)], lambda: text("list-cleared", language, list=where))


def _read(name: str, lists: Lists, language: str) -> str:
    items, where = [item.name for item in lists.items(name)], title(name, language)
    if not items:
        return sentence(text("list-empty", language, list=where))
    if len(items) > MANY:
        items = [*items[:MANY], text("list-others", language, count=len(items) - MANY)]
    return sentence(text("list-read", language, list=where, items=enumerated(items, language)))


def _names(lists: Lists, language: str) -> str:
    names = [title(name, language) for name in lists.names()]
    return text("list-names", language, lists=enumerated(names, language)) if names else text("list-no-names", language)
