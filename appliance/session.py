"""A room's life: asleep until the wake word or a command, then one turn at a time, which it owns and may interrupt.

Interrupting has three steps, in this order: the mouth falls silent, the turn's task is cancelled, the history keeps what was
heard. An answer that is a question is listened to: once it was spoken, the room listens again without a wake word, once.
Expected trouble of a turn is caught here and nowhere else: it becomes a Failed event and a spoken apology. Anything
else is a bug: its traceback is logged, it is counted, the turn ends, the room lives.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from appliance import events
from appliance.actions import Origin, Path
from appliance.audio import Frame, Pcm, ring
from appliance.bus import Bus
from appliance.ears import Ear
from appliance.errors import ApplianceError, InputError
from appliance.events import Command, Event
from appliance.executor import Executor
from appliance.hearing import Hearing
from appliance.history import History
from appliance.lists import Lists
from appliance.ringing import PutOff, Ringing
from appliance.skills import Situation
from appliance.speaker import Mouth
from appliance.store import Store
from appliance.timers import Timers
from appliance.turn import Mind, Turn

log = logging.getLogger(__name__)

FORGET_SECONDS = 300.0
"""After so long without a turn the conversation is forgotten: whoever speaks next is perhaps somebody else."""
LONGEST_TURN_SECONDS = 180.0
"""Whatever hangs, a room is free again after this."""
ANSWERING_SECONDS = 10.0
"""For how long the answer to a question of the box may begin."""
QUESTIONS_IN_A_ROW = 3
"""So often is listened without a wake word before one is needed again."""
PATHS: dict[str, Path] = {"ask": "text", "say": "text", "later": "timer"}
"""How what began a turn came in; anything else was spoken."""


@dataclass(frozen=True)
class Room:
    """A place where the box hears and speaks."""

    name: str
    ear: Ear
    mouth: Mouth
    hearing: Hearing


class Session:
    """The one owner of a room's turns."""

    def __init__(
        self,
        room: Room,
        mind: Mind,
        bus: Bus,
        store: Store,
        chime: Pcm | None = None,
        *,
        single: bool = False,
        executor: Executor | None = None,
        area: str = "",
        timers: Timers | None = None,
        lists: Lists | None = None,
    ) -> None:
        self._timers, self._lists = timers, lists
        self.room, self._mind, self._bus, self._store, self._chime = room, mind, bus, store, chime
        self._single = single
        """One turn and no more: later wake words of a recording are not heeded."""
        self._executor, self._area = executor, area
        self.state = "asleep"
        self.bugs = 0
        """Turns that ended by a bug."""
        self.beats = 0
        """Grows with every frame heard and every command: the watchdog's proof that this room lives."""
        self.over = False
        """True once the ear ended: a recording is over."""
        self._history = History()
        self._last_answer = ""
        self._turn: asyncio.Task[None] | None = None
        self._began = 0
        """Turns that began."""
        self._changing = asyncio.Lock()
        """Held while a turn is ended and another begun: a wake word and a command may come at once."""
        self._turn_id = ""
        self._ended = 0.0
        """The loop's time when the last turn ended."""
        self._frames: asyncio.Queue[Frame | None] | None = None
        self._interrupted_by = ""
        self._questions = 0
        """Questions of the box in a row."""
        self._listening_again: asyncio.Task[None] | None = None
        self._ringing, self._put_off = Ringing(self._ring, self._free), PutOff(self._free)
        self._inbox: asyncio.Queue[Command] = asyncio.Queue()
        saved = store.room(room.name)
        room.mouth.volume_percent = saved.volume_percent
        if saved.muted:
            room.ear.mute(True)

    def announce(self) -> None:
        """Tell the links how the room stands, once they are there."""
        self._publish(events.StateChanged, state=self.state)
        self._publish(events.MuteChanged, muted=self.muted)
        self._publish(events.VolumeChanged, percent=self.room.mouth.volume_percent)

    @property
    def muted(self) -> bool:
        """True while capture is cut."""
        return self._store.room(self.room.name).muted

    async def send(self, command: Command) -> None:
        """Put a command into the inbox."""
        self._inbox.put_nowait(command)

    async def run(self) -> None:
        """Live until the ear ends (a recording) or the task is cancelled."""
        inbox = asyncio.create_task(self._obey())
        try:
            async for frame in self.room.hearing.frames():
                self.beats += 1
                if frame.wake and not (self._single and self._began):
                    await self._wake(frame)
                elif self._frames is not None:
                    self._frames.put_nowait(frame)
            self.over = True
            if self._frames is not None:
                self._frames.put_nowait(None)
            await self.turn_over()
        finally:
            inbox.cancel()
            await asyncio.gather(self._ringing.aclose(), self._put_off.aclose())
            if self._listening_again:
                self._listening_again.cancel()
            async with self._changing:
                await self._interrupt("stop")
            await self.room.hearing.aclose()

    async def turn_over(self) -> None:
        """Wait until no turn runs."""
        while self._turn and not self._turn.done():
            await asyncio.wait([self._turn])

    async def listen(self, trigger: str, command_id: str = "") -> None:
        """Begin a turn that listens."""
        frames: asyncio.Queue[Frame | None] = asyncio.Queue()

        async def hear(turn: Turn) -> None:
            if self._executor:
                self._executor.listening(self.room.name)
            no_speech_seconds = ANSWERING_SECONDS if trigger == "follow-up" else None
            await turn.listen(_until_none(frames), self._chime, no_speech_seconds)

        await self._begin(trigger, hear, command_id, frames)

    async def ask_aloud(self, question: str) -> None:
        """Speak a question that the executor has, and listen for its answer. Raises InputError where the room is muted."""
        if self.muted:
            raise InputError("muted", stage="session")
        await self._begin("say", lambda turn: turn.say(question))

    def answer_later(self, question: str, language: str = "") -> None:
        """Answer, aloud and once the room is free, what was asked earlier to be answered now."""
        known = language if language in (self._mind.language, *self._mind.also) else ""
        self._put_off.add(lambda: self._begin("later", lambda turn: turn.answer(question, known)))

    async def _free(self, patience_seconds: float) -> None:
        """Wait for the end of a turn: for a while, and for whoever is speaking to the end."""
        while True:
            async with self._changing:  # where one is ended for another, the other counts
                turn = self._turn
            if turn is None or turn.done():
                return
            done, _ = await asyncio.wait([turn], timeout=patience_seconds)
            if not done and self.state != "listening":
                return

    async def _ring(self, ringing: Ringing) -> str:
        """Ring; return what cut it off, "" where nothing did."""
        cut_by = ""

        async def work(turn: Turn) -> None:
            nonlocal cut_by
            try:
                await turn.ring(ring(), ringing)
            except asyncio.CancelledError:
                cut_by = self._interrupted_by
                raise

        await self._begin("ring", work)
        if turn := self._turn:
            await asyncio.wait([turn])
        return cut_by

    async def _listen_again(self, ended: asyncio.Task[None], number: int) -> None:
        """Listen once the turn has ended, unless another has begun meanwhile."""
        await asyncio.wait([ended])
        if self._began == number and not self.muted and not self.over:
            await self.listen("follow-up")

    async def _wake(self, frame: Frame) -> None:
        self._publish(events.WakeDetected, word=frame.wake)
        await self.room.hearing.forget()
        await self.listen("wake")

    async def _begin(
        self,
        trigger: str,
        work: Callable[[Turn], Awaitable[None]],
        command_id: str = "",
        frames: asyncio.Queue[Frame | None] | None = None,
    ) -> None:
        async with self._changing:
            await self._interrupt(trigger)
            if asyncio.get_running_loop().time() - self._ended > FORGET_SECONDS:
                self._history.forget()
                self._last_answer = ""
            self._began += 1
            self._turn_id = f"{self.room.name}-{self._began}"
            self._frames = frames
            self.room.hearing.attentive = frames is not None
            self._turn = asyncio.create_task(self._run_turn(trigger, work, command_id), name=self._turn_id)
            await asyncio.sleep(0)  # it takes its first step: a turn that never began could not say that it ended

    async def _interrupt(self, by: str) -> None:
        """End the running turn; `_changing` is held."""
        if self._turn is None or self._turn.done():
            return
        self._interrupted_by = by
        self.room.mouth.stop()
        self._turn.cancel()
        await asyncio.wait([self._turn])
        self._turn = None  # with it go the frames of its traceback, and what they held

    async def _run_turn(self, trigger: str, work: Callable[[Turn], Awaitable[None]], command_id: str) -> None:
        turn = Turn(
            self._mind, self.room.mouth, self._history, self._publish, self._set_state, self._situation(trigger)
        )
        self._publish(events.TurnStarted, trigger=trigger, command_id=command_id)
        try:
            longest = None if trigger == "ring" else LONGEST_TURN_SECONDS  # a ringing ends by itself
            await self._guarded(turn, work, command_id, longest)
            turn.finish()
            self._expect_answer(trigger, turn)
            if turn.outcome == "stopped":
                self._ringing.heard()
        except asyncio.CancelledError:
            turn.outcome = "stopped" if self._interrupted_by == "stop" else "interrupted"
            self._publish(events.Interrupted, by=self._interrupted_by, heard=turn.heard_text)
            raise
        finally:
            self._last_answer = turn.answer_text or self._last_answer
            self.room.hearing.attentive = False
            self._frames = None
            self._publish(events.TurnEnded, outcome=turn.outcome, timing_ms=turn.timing_ms, command_id=command_id)
            self._done(trigger, command_id, text=turn.answer_text, by=turn.by, outcome=turn.outcome)
            self._set_state("asleep")
            self._turn_id = ""
            self._ended = asyncio.get_running_loop().time()

    def _expect_answer(self, trigger: str, turn: Turn) -> None:
        """Listen again where the turn ended with a question."""
        self._questions = self._questions + 1 if trigger == "follow-up" else 1
        asked = turn.asks or (self._executor is not None and self._executor.awaiting(self.room.name))
        if asked and turn.outcome == "answered" and self._questions <= QUESTIONS_IN_A_ROW and self._turn:
            again = self._listen_again(self._turn, self._began)
            self._listening_again = asyncio.create_task(again, name=f"{self._turn_id}-again")

    async def _guarded(
        self, turn: Turn, work: Callable[[Turn], Awaitable[None]], command_id: str, longest: float | None
    ) -> None:
        try:
            async with asyncio.timeout(longest):
                await work(turn)
        except TimeoutError:
            self._failed(ApplianceError("turn-too-long", "turn", seconds=int(LONGEST_TURN_SECONDS)), command_id)
        except ApplianceError as error:
            self._failed(error, command_id)
        except Exception:
            log.exception("a bug ended turn %s", self._turn_id)
            self.bugs += 1
            self._failed(ApplianceError("bug"), command_id)
        else:
            return
        turn.outcome = "failed"
        with contextlib.suppress(ApplianceError):  # a mouth that is gone cannot apologise
            await turn.say_canned("spoken-failed")

    async def _obey(self) -> None:
        while True:
            command = await self._inbox.get()
            self.beats += 1
            try:
                await self._carry_out(command)
            except ApplianceError as error:
                self._failed(error, command.command_id)
            except Exception:
                log.exception("a bug stopped the command %s", command)
                self.bugs += 1
                self._failed(ApplianceError("bug"), command.command_id)

    async def _carry_out(self, command: Command) -> None:
        match command:
            case events.Say():
                await self._begin("say", lambda turn: turn.say(command.text, command.language), command.command_id)
            case events.Ask():
                await self._begin("ask", lambda turn: turn.answer(command.text, command.language), command.command_id)
            case events.Ring():
                self._ringing.add(command)
                self._done("ring", command.command_id)
            case events.Listen():
                if self.muted:
                    raise InputError("muted", stage="session")
                await self.listen("listen", command.command_id)
            case events.Stop():
                async with self._changing:
                    await self._interrupt("stop")
                self._done("stop", command.command_id)
            case events.Mute() | events.Unmute():
                await self._mute(isinstance(command, events.Mute), command.command_id)
            case events.SetVolume():
                self._set_volume(command)

    async def _mute(self, muted: bool, command_id: str) -> None:
        self.room.ear.mute(muted)
        if muted and self.state == "listening":
            async with self._changing:
                await self._interrupt("stop")
        self._publish(events.MuteChanged, muted=muted)
        self._store.change(self.room.name, muted=muted)
        self._done("mute" if muted else "unmute", command_id, muted=muted)

    def _set_volume(self, command: events.SetVolume) -> None:
        if not 0 <= command.percent <= 100:
            raise InputError("volume-range", stage="session", percent=command.percent)
        self.room.mouth.volume_percent = command.percent
        self._publish(events.VolumeChanged, percent=command.percent)
        self._store.change(self.room.name, volume_percent=command.percent)
        self._done("volume", command.command_id, percent=command.percent)

    def _situation(self, trigger: str) -> Situation:
        room, executor = self.room.name, self._executor
        origin = Origin(PATHS.get(trigger, "voice"), room)
        situation = Situation(
            self._mind.language,
            room,
            self._mind.clock(),
            self._mind.place,
            self.room.mouth.volume_percent,
            self._last_answer,
            self.send,
            area=self._area,
            origin=origin,
            timers=self._timers,
            lists=self._lists,
        )
        if executor is None:
            return situation
        undo = partial(executor.undo, room, origin)
        deciding = replace(situation, home=executor.home, undo=undo, heard=executor.heard, bind=executor.bound)
        return deciding.acting("sentence")

    def _failed(self, error: ApplianceError, command_id: str) -> None:
        message = error.text(self._mind.language)
        self._publish(events.Failed, stage=error.stage, code=error.code, message=message, command_id=command_id)

    def _done(self, command: str, command_id: str, **result: str | int | float | bool) -> None:
        if command_id:
            self._publish(events.CommandDone, command=command, command_id=command_id, result=result)

    def _set_state(self, state: str) -> None:
        if state != "listening":
            self.room.hearing.attentive = False
            self._frames = None
        if state != self.state:
            self.state = state
            self._publish(events.StateChanged, state=state)

    def _publish(self, kind: type[Event], **fields: object) -> None:
        if kind is events.SpeechStarted and self._executor:
            self._executor.speaking(self.room.name)
        self._bus.publish(kind(room=self.room.name, turn_id=self._turn_id, t=self.room.hearing.t, **fields))


async def _until_none(queue: asyncio.Queue[Frame | None]) -> AsyncIterator[Frame]:
    while (frame := await queue.get()) is not None:
        yield frame
