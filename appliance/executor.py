"""The one choke point: whatever is done in the world is done here, after the human decision that its level asks for.

    sentence │ model │ MQTT │ page │ timer ─▶ perform ─▶ level ┬ 0, 1 ─────────────────────────────▶ do ─▶ undone for 30 s
                                                               ├ 2 ─▶ read back ─▶ a spoken yes ───▶ do
                                                               └ 3 ─▶ code or button, off the voice ▶ do

A wish that waits is frozen: what is done is what was read back, or nothing. When the yes comes, the level and the words are
made again, and where the home has changed meanwhile the wish is dropped. A wish of level 2 or more is in the journal before
it is done; where the journal cannot be written, it is not done. Whoever undoes, acts: an undo that unlocks is a level 3.
The code passes through `approve` and is kept nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from appliance import approvals, events, levels
from appliance.actions import Action, Actuator, Origin, Outcome, Perform
from appliance.approvals import Approvals, Guesses, Undoings, Waiting
from appliance.bus import Bus
from appliance.errors import ApplianceError, LinkError
from appliance.home import Home
from appliance.journal import Decision, Journal
from appliance.messages import text
from appliance.pin import Pin
from appliance.yes_no import said_no, said_yes

log = logging.getLogger(__name__)

UNDOING_SECONDS = 30.0
DOING_SECONDS = 15.0
"""An actuator that takes longer for one action has failed."""
SURE = 0.5
"""The recogniser's confidence that a spoken yes needs."""
Aloud = Callable[[str, str, str], Awaitable[None]]
"""Speaks words in a room, in a language."""


class Executor:
    """Does what may be done. `actuators` may grow until the box runs."""

    def __init__(
        self,
        home: Home,
        journal: Journal,
        bus: Bus,
        language: str,
        *,
        actuators: Iterable[Actuator] = (),
        marks: levels.Marks = MappingProxyType({}),
        pin: Pin | None = None,
        buttons: bool = False,
        aloud: Aloud | None = None,
    ) -> None:
        self.home, self.actuators = home, list(actuators)
        self._journal, self._bus, self._language, self._marks = journal, bus, language, marks
        self.button_is_there: Callable[[], bool] = lambda: True
        self._pin, self._buttons, self._aloud = pin or Pin(None), buttons, aloud
        self._approvals = Approvals(lambda waiting: self._ended(waiting, "expired"))
        self._guesses = Guesses()
        self._declared = frozenset(home.things)
        """What the owner wrote down: all that is there before anything announces itself."""
        self._approving = asyncio.Lock()
        self._undoings = Undoings(UNDOING_SECONDS)
        self._doing: set[asyncio.Task[Outcome]] = set()

    def bound(self, origin: Origin, language: str = "") -> Perform:
        """Return `perform` for whoever acts in the name of this origin."""
        return partial(self.perform, origin=origin, language=language)

    def level(self, action: Action) -> int:
        """Return the level of an action in this home: the strictest of all that hear the same command."""
        thing = self.home.things.get(action.target)
        declared = action.target in self._declared
        found = levels.level(action, thing, self._marks, declared=declared)
        faces = self.home.former.get(action.target, [])
        found = max(found, levels.worst(action, faces, self._marks, declared=declared))
        if thing is None or found >= levels.DANGEROUS:
            return found
        if any(getattr(actuator, "dangerous", lambda _: False)(thing.id) for actuator in self.actuators):
            return levels.DANGEROUS
        ids = {i for actuator in self.actuators for i in getattr(actuator, "sharing", lambda _: ())(thing.id)}
        ids -= {thing.id}
        others = [self.home.things[i] for i in sorted(ids) if i in self.home.things]
        return max(found, levels.strictest(others, self._marks, self._declared))

    async def perform(
        self, actions: Sequence[Action], origin: Origin, language: str = "", *, undoing: bool = False
    ) -> Outcome:
        """Do the actions, or say what it takes. Whoever gets "confirm" or "approve" tells the person its text."""
        frozen = tuple(replace(action, data=MappingProxyType(dict(action.data))) for action in actions)
        language = language or self._language
        if not frozen:
            return Outcome("done")
        if not all(self._actuator(action) for action in frozen):
            self._note("refused", frozen, origin, levels.DANGEROUS, detail="action-unknown")
            words = ", ".join(f"{a.domain}.{a.service}" for a in frozen)
            self._refused("unknown", words, levels.DANGEROUS, origin.room)
            return Outcome("refused", text("action-unknown" if self.actuators else "action-none-here", language))
        level = max(self.level(action) for action in frozen)
        if level < levels.COSTLY:
            return await self._do(frozen, origin, level, language, undoing=undoing)
        wish = self._wish(frozen, language)
        prints = self._fingerprints(frozen)
        return self._wait(Waiting(secrets.token_hex(4), frozen, origin, level, wish, language, undoing, prints))

    # -- a spoken yes ------------------------------------------------------------------------------------------------

    def awaiting(self, room: str) -> bool:
        """Tell whether the room waits for a spoken yes."""
        waiting = self._approvals.of(room)
        return waiting is not None and waiting.level == levels.COSTLY

    def listening(self, room: str) -> None:
        """The room listens from now on."""
        self._approvals.open(room)

    def speaking(self, room: str) -> None:
        """Somebody began to speak in the room."""
        self._approvals.speaking(room)

    async def heard(self, said: str, confidence: float, origin: Origin, language: str = "") -> Outcome | None:
        """Take what was said in a room as the answer to its question; None where it is none, and the question is dropped."""
        waiting = self._approvals.of(origin.room)
        language = language or self._language
        if waiting is None:
            return None
        languages = {language, waiting.language}  # a single word tells little of its language
        if any(said_no(said, one) for one in languages):
            return self.refuse(origin.room)
        yes = any(said_yes(said, one) for one in languages)
        if waiting.level != levels.COSTLY:  # another sentence leaves it: it is not answered by the voice
            return Outcome("approve", self._how(waiting), waiting.request_id) if yes else None
        if not yes:
            self._drop(waiting)
            return None
        if origin.path in approvals.SPOKEN and confidence < SURE:
            self._drop(waiting)
            return Outcome("refused", text("confirm-not-sure", language))
        return await self.confirm(origin.room, origin)

    async def confirm(self, room: str, origin: Origin) -> Outcome:
        """Carry out what waits for a yes in the room, if this is one: spoken there, in time, once."""
        waiting = self._approvals.of(room)
        if waiting is None or waiting.level != levels.COSTLY:
            return Outcome("refused", text("approve-nothing-waits", self._language))
        spoken = origin.room == room and origin.path in approvals.SPOKEN and waiting.is_open
        if not spoken:
            self._drop(waiting)
            return Outcome("refused", text("confirm-not-aloud", waiting.language))
        return await self._decided(waiting, "confirmed", origin.path)

    def refuse(self, room: str = "", request_id: str = "") -> Outcome:
        """Let what waits (in a room, of an id, or all) not be done."""
        for waiting in self._approvals.all():
            if (not room or waiting.origin.room == room) and request_id in ("", waiting.request_id):
                self._approvals.take(waiting)
                self._ended(waiting, "refused")
        return Outcome("refused", text("confirm-refused", self._language))

    # -- the second factor -------------------------------------------------------------------------------------------

    def waiting(self) -> dict[str, str]:
        """Return what waits for a person: request id -> the wish in words."""
        return {waiting.request_id: waiting.wish for waiting in self._approvals.all()}

    async def approve(self, code: str, request_id: str = "", room: str = "") -> Outcome:
        """Carry out what waits, if the code is right."""
        async with self._approving:  # one after the other: nobody guesses twice at once
            waiting, language = self._approvals.find(request_id, room), self._language
            if waiting is None:
                several = not request_id and len(self._approvals.own()) > 1
                return Outcome("refused", text("approve-several" if several else "approve-nothing-waits", language))
            if not self._pin.is_set:
                return Outcome("refused", text("approve-no-code", language))
            now = asyncio.get_running_loop().time()
            if pause := self._guesses.pause_seconds(now):
                return Outcome("refused", text("approve-locked", language, minutes=int(pause // 60) + 1))
            if not await asyncio.to_thread(self._pin.matches, code):
                self._guesses.wrong(now)
                self._note("wrong-code", waiting.actions, waiting.origin, waiting.level, "code", waiting.request_id)
                self._refused("wrong-code", waiting.wish, waiting.level, waiting.origin.room, waiting.request_id)
                return Outcome("refused", text("approve-wrong-code", language))
            self._guesses.right()
        return await self._decided(waiting, "approved", "code")

    async def press(self, button: str) -> Outcome:
        """Carry out the one wish that waits: a person pressed a button. It has no words, so it does not answer strangers."""
        waiting = self._approvals.find("")
        if waiting is None:
            return Outcome("refused", text("approve-nothing-waits", self._language))
        return await self._decided(waiting, "approved", f"button:{button}")

    # -- taking back -------------------------------------------------------------------------------------------------

    async def undo(self, room: str, origin: Origin, language: str = "") -> Outcome | None:
        """Take back what was done last in the room, if that was a moment ago: an action like any other. None: nothing is."""
        undo = self._undoings.take(room)
        if undo is None:
            return None
        if self._fingerprints(undo.actions) != undo.fingerprints:
            self._note("changed", undo.actions, origin, levels.DANGEROUS)
            return Outcome("refused", text("approve-changed", language or self._language))
        return await self.perform(undo.actions, origin, language, undoing=True)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _actuator(self, action: Action) -> Actuator | None:
        return next((a for a in self.actuators if action.domain in a.domains and a.knows(action)), None)

    def _wish(self, actions: Sequence[Action], language: str) -> str:
        """Return what is wished in words, the most dangerous first."""
        ordered = sorted(actions, key=self.level, reverse=True)
        words = [a.describe(action, language) for action in ordered if (a := self._actuator(action))]
        words = list(dict.fromkeys(words)) or [f"{action.domain}.{action.service}" for action in ordered]
        return approvals.in_words(words, language)

    def _fingerprints(self, actions: Sequence[Action]) -> tuple[str, ...]:
        """Return how each action is done now, as far as its actuator tells: the same thing may be reached otherwise."""
        told = [(getattr(self._actuator(action), "fingerprint", None), action) for action in actions]
        return tuple(fingerprint(action) if fingerprint else "" for fingerprint, action in told)

    def _wait(self, waiting: Waiting) -> Outcome:
        origin, language = waiting.origin, waiting.language
        dangerous = waiting.level >= levels.DANGEROUS
        if dangerous and not self._pin.is_set and not self._may_press(origin):
            self._note("refused", waiting.actions, origin, waiting.level, detail="approval-no-factor")
            self._refused("no-factor", waiting.wish, waiting.level, origin.room)
            return Outcome("refused", text("approval-no-factor", language, wish=waiting.wish))
        if not self._approvals.has_place(origin):
            self._note("refused", waiting.actions, origin, waiting.level, detail="approval-other-waits")
            return Outcome("refused", text("approval-other-waits", language))
        try:
            self._write("asked", waiting)
        except ApplianceError as error:
            return Outcome("failed", error.text(language))
        if known := self._approvals.of(origin.room):
            self._drop(known)
        room, request_id = origin.room, waiting.request_id
        if dangerous:
            seconds = approvals.APPROVING_SECONDS
            self._approvals.add(waiting, seconds)
            wanted = events.ApprovalWanted(
                room=room, request_id=request_id, text=waiting.wish, level=3, expires_seconds=seconds
            )
            self._bus.publish(wanted)
            return Outcome("approve", self._how(waiting), waiting.request_id)
        waiting.is_open = origin.path == "keyboard"
        seconds = approvals.TYPING_SECONDS if waiting.is_open else approvals.UNASKED_SECONDS
        self._approvals.add(waiting, seconds)
        question, seconds = text("confirm-question", language, wish=waiting.wish), approvals.LISTENING_SECONDS
        self._bus.publish(
            events.ConfirmationWanted(room=room, request_id=request_id, text=question, expires_seconds=seconds)
        )
        return Outcome("confirm", question, waiting.request_id)

    def _may_press(self, origin: Origin) -> bool:
        """Tell whether one of the owner's buttons is there, and answers such a wish."""
        return self._buttons and origin.path in approvals.OWN and self.button_is_there()

    def _how(self, waiting: Waiting) -> str:
        """Return what a wish of level 3 waits for, in words."""
        key = "approval-by-both" if self._may_press(waiting.origin) else "approval-by-code"
        key = key if self._pin.is_set else "approval-by-button"
        return text(key, waiting.language, wish=waiting.wish)

    async def _decided(self, waiting: Waiting, decision: Decision, factor: str) -> Outcome:
        """Do what was decided upon, once, and only if it still is what was read back."""
        if not self._approvals.take(waiting):
            return Outcome("refused", text("approve-nothing-waits", waiting.language))
        if not self._is_unchanged(waiting):
            self._ended(waiting, "changed")
            return Outcome("refused", text("approve-changed", waiting.language))
        try:
            self._write(decision, waiting, factor)
        except ApplianceError as error:
            return Outcome("failed", error.text(waiting.language))
        about = waiting.actions, waiting.origin, waiting.level, waiting.language
        outcome = await self._do(*about, undoing=waiting.undoing)
        if decision == "approved" and self._aloud and waiting.origin.room:  # the keypad is perhaps elsewhere
            told = outcome.text or text("approved-done", waiting.language, wish=waiting.wish)
            await self._aloud(waiting.origin.room, told, waiting.language)
        return outcome

    def _is_unchanged(self, waiting: Waiting) -> bool:
        known = all(self._actuator(action) for action in waiting.actions)
        return (
            known
            and self._fingerprints(waiting.actions) == waiting.fingerprints
            and max(self.level(action) for action in waiting.actions) <= waiting.level
            and self._wish(waiting.actions, waiting.language) == waiting.wish
        )

    async def _do(
        self, actions: Sequence[Action], origin: Origin, level: int, language: str, *, undoing: bool
    ) -> Outcome:
        """Carry the actions out, to the end even where the turn that wished them is interrupted."""
        work = asyncio.create_task(self._carry_out(actions, origin, level, language, undoing=undoing))
        self._doing.add(work)
        work.add_done_callback(self._doing.discard)
        return await asyncio.shield(work)

    async def _carry_out(
        self, actions: Sequence[Action], origin: Origin, level: int, language: str, *, undoing: bool
    ) -> Outcome:
        done: list[Action] = []
        back: list[Action] = []
        failed: list[tuple[Action, ApplianceError]] = []
        for action in actions:
            try:
                undo = await self._carry_out_one(action)
            except ApplianceError as error:
                failed.append((action, error))
                continue
            done.append(action)
            back[:0] = undo
            self._tell(action, origin, level)
        if done and levels.READ < level < levels.COSTLY:  # the others were written down before
            self._note("undone" if undoing else "done", done, origin, level)
        if done and not undoing:
            self._undoings.remember(origin.room, back, self._fingerprints(back))
        if failed:
            return self._failed(failed, bool(done), origin, level, language)
        return Outcome("done", text("undo-done", language) if undoing else "")

    async def _carry_out_one(self, action: Action) -> Sequence[Action]:
        """Do one action; return what undoes it. Raises ApplianceError, also for a bug of the actuator."""
        actuator = self._actuator(action)
        if actuator is None:
            raise LinkError("action-unknown", stage="executor")
        try:
            back = actuator.undoing(action) or ()
            async with asyncio.timeout(DOING_SECONDS):
                await actuator.do(action)
        except TimeoutError as error:
            raise LinkError("action-too-slow", stage="executor") from error
        except ApplianceError:
            raise
        except Exception as error:
            log.exception("a bug met the action %s.%s of %s", action.domain, action.service, action.target)
            raise ApplianceError("bug", stage="executor") from error
        return back

    def _tell(self, action: Action, origin: Origin, level: int) -> None:
        domain, service, target = action.domain, action.service, action.target
        done = events.ActionDone(domain=domain, service=service, target=target, level=level, path=origin.path)
        self._bus.publish(replace(done, room=origin.room))

    def _failed(
        self, failed: list[tuple[Action, ApplianceError]], partly: bool, origin: Origin, level: int, language: str
    ) -> Outcome:
        actions = [action for action, _ in failed]
        self._note("failed", actions, origin, level, detail=failed[0][1].code)
        wish, why = self._wish(actions, language), failed[0][1].text(language)
        self._refused("failed", wish, level, origin.room)
        return Outcome("failed", text("action-partly", language, wish=wish, detail=why) if partly else why)

    def _drop(self, waiting: Waiting) -> None:
        if self._approvals.take(waiting):
            self._ended(waiting, "dropped")

    def _ended(self, waiting: Waiting, decision: Decision) -> None:
        """Tell and note that a wish was not carried out."""
        self._note(decision, waiting.actions, waiting.origin, waiting.level, "", waiting.request_id)
        self._refused(decision, waiting.wish, waiting.level, waiting.origin.room, waiting.request_id)

    def _refused(self, reason: str, wish: str, level: int, room: str, request_id: str = "") -> None:
        refused = events.ActionRefused(reason=reason, text=wish, level=level, room=room, request_id=request_id)
        self._bus.publish(refused)

    def _write(self, decision: Decision, waiting: Waiting, factor: str = "") -> None:
        """Write down what must be written before it is done. Raises InputError."""
        about = waiting.actions, waiting.origin, waiting.level
        self._journal.write(decision, *about, factor=factor, request_id=waiting.request_id)

    def _note(
        self,
        decision: Decision,
        actions: Sequence[Action],
        origin: Origin,
        level: int,
        factor: str = "",
        request_id: str = "",
        detail: str = "",
    ) -> None:
        """Write down what happened; a disk that refuses is told, and changes nothing any more."""
        try:
            self._journal.write(decision, actions, origin, level, factor=factor, request_id=request_id, detail=detail)
        except ApplianceError as error:
            message = error.text(self._language)
            self._bus.publish(events.Failed(stage="journal", code=error.code, message=message, room=origin.room))
