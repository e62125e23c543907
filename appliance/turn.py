"""One turn: what was said, what it means, the answer aloud.

    frames ─▶ utterance ─▶ stt ─▶ skill, else model ─▶ pieces ─▶ voice ─▶ mouth

A turn is one task with one owner, the session, which cancels it to interrupt. It reads top to bottom, holds no state of the
room, and reports every step as an event. Expected trouble (ApplianceError) rises to the session, which apologises.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from appliance import events
from appliance.answer import Answer, Answerer
from appliance.audio import RATE, Frame, Pcm
from appliance.config import TurnOptions
from appliance.endpoint import Endpointer, Phase
from appliance.engines import Transcription
from appliance.errors import DeviceError, InputError
from appliance.history import History
from appliance.messages import text
from appliance.ringing import PAUSE_SECONDS, Ringing
from appliance.sentences import pieces
from appliance.skills import Situation
from appliance.speaker import Mouth
from appliance.voice import Speech
from appliance.worker import Worker

PRE_ROLL_FRAMES = 25
"""Half a second before speech was noticed: soft first consonants are noticed late."""
TAIL_FRAMES = 15
"""Silence that stays at the end of an utterance; more would only widen the recogniser's window."""
FRAME_TIMEOUT_SECONDS = 4.0
"""A microphone that delivers nothing for so long is lost."""


@dataclass(frozen=True)
class Mind:
    """What all rooms share: the engines and how the box behaves."""

    language: str
    place: str
    clock: Callable[[], datetime]
    stt: Worker | None
    tts: Worker | None
    answerer: Answerer
    options: TurnOptions
    words: str = ""
    """What recognition leans towards, before the names of this home."""
    names: Callable[[], Sequence[str]] = tuple
    """The names of this home, as they are now."""
    also: Mapping[str, str] = field(default_factory=dict)
    """Further languages that are spoken to the box: language -> `words` in it."""
    voices: Mapping[str, Worker] = field(default_factory=dict)
    """Voices of the further languages."""
    regions: Mapping[str, str] = field(default_factory=dict)
    """Language -> the region whose numbers are said ("fr-CH"), where it is not the language's first."""
    canned: dict[tuple[str, str], tuple[Pcm, int]] = field(default_factory=dict)
    """Sentences that were synthesised in advance: (language, message key) -> sound and its rate."""

    async def recognise(self, pcm: Pcm) -> Transcription:
        """Return what was said, in whichever of the box's languages."""
        assert self.stt is not None
        also = [{language: self.leaning(words) for language, words in self.also.items()}] if self.also else []
        heard: Transcription = await self.stt.call("transcribe", pcm, self.language, self.leaning(self.words), *also)
        return heard

    def leaning(self, words: str) -> str:
        """Return the recogniser's prompt: these words and the names of this home, where it has any."""
        names = self.names()
        return ", ".join(filter(None, [words, *names])) + "." if names else ""

    def voice(self, language: str) -> Worker | None:
        """Return what speaks this language; None in a conversation in writing."""
        return self.voices.get(language, self.tts)

    def checked(self, language: str) -> str:
        """Return this language, the box's own for "". Raises InputError for one that the box does not speak."""
        known = (self.language, *self.also)
        if language and language not in known:
            raise InputError("language-not-spoken", stage="turn", language=language, known=", ".join(known))
        return language or self.language


class Turn:
    """One turn of one room. `publish` adds room, turn and time to an event and puts it on the bus."""

    def __init__(
        self,
        mind: Mind,
        mouth: Mouth,
        history: History,
        publish: Callable[..., None],
        set_state: Callable[[str], None],
        situation: Situation,
    ) -> None:
        self._mind, self._mouth, self._history = mind, mouth, history
        self._publish, self._set_state, self._situation = publish, set_state, situation
        self._speech: Speech | None = None
        self._whole = False
        self._ended_listening = time.perf_counter()
        self.timing_ms: dict[str, float] = {}
        """Milliseconds a stage took; first_sound and total count from the end of the utterance."""
        self.outcome = "failed"
        self.answer_text = ""
        self.by = ""
        self.asks = False
        """True where the answer was a question."""

    @property
    def heard_text(self) -> str:
        """What the person heard of the answer so far."""
        return self._speech.heard_text if self._speech else ""

    async def listen(
        self, frames: AsyncIterator[Frame], chime: Pcm | None, no_speech_seconds: float | None = None
    ) -> None:
        """Hear an utterance, recognise it, answer it. `no_speech_seconds`: for how long nobody may speak, if not as usual."""
        self._set_state("listening")
        ringing = asyncio.create_task(self._ring(chime)) if chime is not None else None
        try:
            pcm = await self._utterance(frames, no_speech_seconds or self._mind.options.no_speech_seconds)
        finally:
            if ringing and not ringing.done():
                ringing.cancel()
        self._restart_clock()
        if pcm is None:
            self.outcome = "nothing_heard"
            return
        self._set_state("thinking")
        began = time.perf_counter()
        heard = await self._mind.recognise(pcm)
        seconds = time.perf_counter() - began
        self._mark("stt", seconds)
        self._publish(
            events.Transcribed,
            text=heard.text,
            language=heard.language,
            confidence=round(heard.confidence, 3),
            seconds=round(seconds, 3),
        )
        self._situation = replace(self._situation, language=heard.language)
        if not heard.text:
            self._publish(events.NothingHeard, reason="empty")
            await self.say_canned("spoken-not-understood")
            self.outcome = "nothing_heard"
            return
        self._situation = replace(self._situation, confidence=heard.confidence, readings=heard.alternatives)
        await self.answer(heard.text)

    async def answer(self, question: str, language: str = "") -> None:
        """Answer a question that is already text. `language`: the one it is in, where it was not heard."""
        self._set_state("thinking")
        if language:
            self._situation = replace(self._situation, language=self._mind.checked(language))
        answer = await self._mind.answerer.answer(question, self._situation, self._history, self._mark)
        self._tell_intent(answer)
        self.by, self.asks = answer.by, answer.asks
        try:
            await self._speak(answer.pieces)
        finally:
            # What was not heard was not said: an interrupted answer enters the history as far as it was heard.
            if not answer.ends:
                said = self.answer_text if self._whole else self.heard_text
                self._history.add(question, said, interrupted=not self._whole)
        self._publish(events.Answered, text=self.answer_text, by=answer.by, sources=answer.sources)
        self.outcome = "stopped" if answer.ends else "answered"

    def _tell_intent(self, answer: Answer) -> None:
        match, understood = answer.match, answer.understood
        if match is None:
            near = {"nearest": understood.sentence, "distance": understood.distance} if understood else {}
            self._publish(events.IntentMissed, **near)
            return
        how, distance = ("asked", 0.0) if understood is None else (understood.verdict, understood.distance)
        if how == "none":  # no sentence: the model chose
            how, distance = "model", 0.0
        told = {"skill": match.skill, "intent": match.intent, "slots": match.slots}
        self._publish(events.IntentMatched, **told, how=how, distance=distance)

    async def say(self, sentence: str, language: str = "") -> None:
        """Speak a text as it is, with the voice of `language`."""
        self._situation = replace(self._situation, language=self._mind.checked(language))
        self.by = "box"
        await self._speak(pieces(_one(sentence), guarded=False))
        self._publish(events.Answered, text=self.answer_text, by="box", sources=[])
        self.outcome = "answered"

    async def ring(self, tone: Pcm, ringing: Ringing) -> None:
        """Ring until that is over, and say what for: at first, when something joins it, and now and then."""
        number = 0
        while ringing.going_on():
            self._set_state("speaking")
            self._speech = None
            await self._mouth.play(_chunk(tone), RATE)
            for ring in ringing.to_say(number):
                self.answer_text = ""
                spoken = ring.language in (self._mind.language, *self._mind.also)
                await self.say(ring.text, ring.language if spoken else "")
            await asyncio.sleep(PAUSE_SECONDS)
            number += 1
        self.outcome = "answered"

    async def say_canned(self, key: str) -> None:
        """Speak a sentence of the message catalogue; it needs no engine where it was synthesised in advance."""
        self.by, self.answer_text = "box", ""
        language = self._situation.language
        sentence, sound = text(key, language), self._mind.canned.get((language, key))
        if sound is None:
            await self._speak(_one(sentence))
        else:
            self._piece(sentence)
            await self._play(self._mouth.play(_chunk(sound[0]), sound[1]))
        self._publish(events.Answered, text=self.answer_text, by="box", sources=[])

    def finish(self) -> None:
        """Close the clock of the turn."""
        self._mark("total", time.perf_counter() - self._ended_listening)

    async def _utterance(self, frames: AsyncIterator[Frame], no_speech_seconds: float) -> Pcm | None:
        """Collect one utterance; None where nobody spoke."""
        options = self._mind.options
        endpointer = Endpointer(
            options.silence_seconds, no_speech_seconds, options.too_long_seconds, options.speech_threshold
        )
        kept: list[Pcm] = []
        waiting = True
        async for frame in _lively(frames):
            kept.append(frame.pcm)
            phase = endpointer.feed(len(frame.pcm) / RATE, frame.speech)
            if phase is Phase.WAITING:
                kept = kept[-PRE_ROLL_FRAMES:]
            elif phase is Phase.SPEAKING and waiting:
                waiting = False
                self._publish(events.SpeechStarted)
            elif phase is Phase.ENDED:
                break
        if waiting:
            self._publish(events.NothingHeard, reason="no_speech")
            return None
        reason = endpointer.reason or "end_of_audio"
        surplus = int(endpointer.silent_seconds / (len(kept[-1]) / RATE)) - TAIL_FRAMES
        pcm = np.concatenate(kept[:-surplus] if surplus > 0 else kept)
        self._publish(events.SpeechEnded, reason=reason, seconds=round(len(pcm) / RATE, 2))
        return pcm

    async def _speak(self, spoken: AsyncGenerator[str, None]) -> None:
        language = self._situation.language
        voice = self._mind.voice(language)
        if voice is None:  # a conversation in writing
            async with contextlib.aclosing(spoken):
                async for piece in spoken:
                    self._piece(piece)
            self._whole = True
            return
        speech = self._speech = Speech(voice, self._mouth, self._mind.regions.get(language, language))
        thought = time.perf_counter()

        def chunk() -> None:
            self._mark("tts_first_chunk", time.perf_counter() - thought)

        def begin(sentence: str) -> None:
            nonlocal thought
            if not self.answer_text:
                thought = time.perf_counter()
            self._piece(sentence)

        speech.on_piece, speech.on_chunk, speech.on_sound = begin, chunk, self._first_sound
        await self._play(speech.say(spoken))

    async def _play(self, playing: Any) -> None:
        seconds = await playing
        self._whole = True
        if seconds:
            self._publish(events.SpeakingEnded, seconds=round(seconds, 2))

    def _first_sound(self) -> None:
        self._mark("first_sound", time.perf_counter() - self._ended_listening)
        self._set_state("speaking")
        self._publish(events.SpeakingStarted)

    def _piece(self, sentence: str) -> None:
        self.answer_text = f"{self.answer_text} {sentence}".strip()
        self._publish(events.SentenceReady, text=sentence)

    async def _ring(self, chime: Pcm) -> None:
        with contextlib.suppress(DeviceError):  # the answer will tell that there is no loudspeaker
            await self._mouth.play(_chunk(chime), RATE)

    def _restart_clock(self) -> None:
        self._ended_listening = time.perf_counter()

    def _mark(self, stage: str, seconds: float) -> None:
        self.timing_ms[stage] = round(seconds * 1000, 1)


async def _lively(frames: AsyncIterator[Frame]) -> AsyncIterator[Frame]:
    """Pass frames on; raise DeviceError where none comes any more though the microphone should deliver."""
    iterator = aiter(frames)
    while True:
        try:
            async with asyncio.timeout(FRAME_TIMEOUT_SECONDS):
                frame = await anext(iterator)
        except TimeoutError as error:
            raise DeviceError("microphone-silent") from error
        except StopAsyncIteration:
            return
        yield frame


async def _one(sentence: str) -> AsyncGenerator[str, None]:
    yield sentence


async def _chunk(pcm: Pcm) -> AsyncIterator[Pcm]:
    yield pcm
