"""Language model: any GGUF file, through llama.cpp's C interface.

Why the C interface and not the package's `Llama` class: that class cannot stop a long prompt, and it forgets nothing of
the cache by itself when a call fails. Here the tokens that the cache holds are written down (`_cached`) after each batch
that was really evaluated, and whatever an aborted batch left behind is removed. So the next chat keeps the common prefix (the
system prompt, the turns so far) and reads only what is new, whatever happened before.

Sampling is greedy by default: a recording replays, and a small model's likeliest word is also its best knowledge. (How much
of a prompt was in the cache changes roundings, which can tip a tie: the same answer is certain from the same cache only.) A
mild penalty on repeated words keeps it from going round in circles.

Choices (`choose`) have a sequence of their own in the cache, so that neither loses what it has read to the other.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import logging
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from appliance.engines import EngineOptions, Message
from appliance.engines.constraint import Constraint
from appliance.engines.cores import physical_cores
from appliance.errors import EngineError, ModelError

log = logging.getLogger(__name__)

BATCH_TOKENS = 256
"""Tokens a call. 512 reads a prompt no faster (1.5B, x86) and takes 33 MB more."""
CHOICE_TOKENS = 768
"""Room for choices beside the conversation (1.5B: 22 MB)."""
CHAT, CHOICE = 0, 1
"""Sequences in the cache."""
PENALTY_TOKENS = 64
TOP_K = 50
ABORTED = 2
"""What llama_decode returns when the abort callback said so."""


class Options(EngineOptions):
    """Options of the language model."""

    model: str = "qwen2.5-1.5b"
    """Name in the catalogue; the folder holds model.gguf."""
    context_tokens: int = Field(2048, ge=512, le=32768)
    """Longest conversation, question and answer included."""
    threads: int = Field(0, ge=0, le=64)
    """0: one a physical core, at most four."""
    gpu_layers: int = Field(0, ge=-1)
    """Layers computed by the graphics processor; -1: all."""
    temperature: float = Field(0.0, ge=0, le=2)
    """0: always the likeliest word, so that a question can be repeated."""
    top_p: float = Field(0.9, gt=0, le=1)
    """Only where temperature is above 0."""
    seed: int = Field(1, ge=0)
    """Only where temperature is above 0."""
    repeat_penalty: float = Field(1.1, ge=1, le=2)
    """1: none."""
    use_mmap: bool = False
    """Map the file instead of reading it: starts sooner, but repacked weights are then in memory twice."""


class Engine:
    """A loaded model with one conversation in its cache, and the beginning of the last choice."""

    def __init__(self, options: Options, models: Path) -> None:
        """Load the model. Raises ModelError "model-missing" or "model-broken"."""
        # Threads that spin while they wait starve each other as soon as something else runs on these cores (on two
        # busy cores: a tenth of the speed). Read by libgomp when it is loaded, hence before the import.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import llama_cpp

        self._llama: Any = llama_cpp
        self._options = options
        self._cached: tuple[list[int], list[int]] = ([], [])
        self._interrupted = ctypes.c_bool(False)
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self._interrupted.value)
        self._model: Any = None
        self._context: Any = None
        self._sampler: Any = None
        self._batch: Any = None
        path = models / options.model / "model.gguf"
        if not path.is_file():
            raise ModelError("model-missing", name=options.model, path=path)
        _quiet()
        llama_cpp.llama_backend_init()
        try:
            self._load(path)
        except ModelError:
            self.close()
            raise

    def _load(self, path: Path) -> None:
        llama, options = self._llama, self._options
        broken = ModelError("model-broken", name=options.model, path=path)
        params = llama.llama_model_default_params()
        params.n_gpu_layers = options.gpu_layers if options.gpu_layers >= 0 else 0x7FFFFFFF
        params.load_mode = llama.LLAMA_LOAD_MODE_MMAP if options.use_mmap else llama.LLAMA_LOAD_MODE_NONE
        self._model = llama.llama_model_load_from_file(os.fsencode(path), params)
        if not self._model:
            raise broken
        self._vocabulary = llama.llama_model_get_vocab(self._model)
        template = llama.llama_model_chat_template(self._model, None)
        if not template:
            raise broken
        self._start = _text(llama, self._vocabulary, "bos")
        self._format = _formatter(llama, self._vocabulary, template.decode("utf-8"))
        context = llama.llama_context_default_params()
        context.n_ctx = options.context_tokens + CHOICE_TOKENS
        context.n_seq_max = 2
        context.kv_unified = True
        context.n_batch = context.n_ubatch = BATCH_TOKENS
        context.n_threads = context.n_threads_batch = options.threads or min(4, physical_cores())
        self._context = llama.llama_init_from_model(self._model, context)
        if not self._context:
            raise broken
        llama.llama_set_abort_callback(self._context, self._abort, None)
        self._memory = llama.llama_get_memory(self._context)
        self._batch = llama.llama_batch_init(BATCH_TOKENS, 0, 1)
        self._sampler = _sampler(llama, self._vocabulary, options)

    def chat(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """Yield the answer to the last message, in pieces of valid UTF-8 text.

        A conversation longer than the context loses its oldest turns, then the middle of the last message; never the
        system message. Raises EngineError "prompt-too-long" where even that is not enough, and "engine-failed".
        """
        llama = self._llama
        llama.llama_sampler_reset(self._sampler)
        # A character may be spread over several tokens; half of one at the very end is dropped.
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        going = self._read(CHAT, self._fit(messages, max_tokens))
        for _ in range(max_tokens):
            if not going:
                return
            token = llama.llama_sampler_sample(self._sampler, self._context, -1)
            if llama.llama_vocab_is_eog(self._vocabulary, token):
                return
            if piece := decoder.decode(self._bytes([token])):
                yield piece
            going = len(self._cached[CHAT]) < self._options.context_tokens and self._evaluate(CHAT, [token])

    def choose(self, messages: Sequence[Message], schema: str, max_tokens: int) -> str:
        """Return the likeliest answer that a JSON schema permits, always the same for the same question.

        A last message of the assistant's is the beginning of the answer, and what is permitted goes on from there. The
        text is cut where `max_tokens` or an interruption ended it; 0 tokens only read the messages into the cache.
        Raises EngineError "prompt-too-long" and "engine-failed".
        """
        begun = messages[-1].text if messages[-1].role == "assistant" else ""
        asked = messages[:-1] if begun else messages
        answer = self._tokenize(begun) if begun else []
        going = self._read(CHOICE, self._fit(asked, max_tokens + len(answer), CHOICE_TOKENS) + answer)
        with contextlib.closing(Constraint(self._llama, self._vocabulary, schema, answer)) as constraint:
            for _ in range(max_tokens):
                if not going:
                    break
                token = constraint.pick(self._context)
                if self._llama.llama_vocab_is_eog(self._vocabulary, token):
                    break
                answer.append(token)
                going = len(self._cached[CHOICE]) < CHOICE_TOKENS and self._evaluate(CHOICE, [token])
        return self._bytes(answer).decode("utf-8", "ignore")

    def warm(self, messages: Sequence[Message]) -> None:
        """Read these messages into the cache, so that a chat that begins with them answers sooner."""
        self._read(CHAT, self._fit(messages, 1))

    def interrupt(self, wanted: bool = True) -> None:
        """End the running `chat`, `choose` or `warm` soon, from another thread: the model stops at its next operation.

        `wanted=False` takes the wish back; until then every job ends at once.
        """
        self._interrupted.value = wanted

    def close(self) -> None:
        """Free the model."""
        for name, free in (("_sampler", "sampler_free"), ("_context", "free"), ("_model", "model_free")):
            if handle := getattr(self, name):
                getattr(self._llama, f"llama_{free}")(handle)
                setattr(self, name, None)
        if self._batch:
            self._llama.llama_batch_free(self._batch)
            self._batch = None
        self._cached = ([], [])

    def _read(self, sequence: int, tokens: list[int]) -> bool:
        """Make a sequence hold exactly `tokens`, the last one freshly evaluated. False: interrupted on the way."""
        cached = self._cached[sequence]
        common = 0
        while common < min(len(cached), len(tokens) - 1) and cached[common] == tokens[common]:
            common += 1
        self._keep(sequence, common)
        starts = range(common, len(tokens), BATCH_TOKENS)
        return all(self._evaluate(sequence, tokens[start : start + BATCH_TOKENS]) for start in starts)

    def _evaluate(self, sequence: int, tokens: list[int]) -> bool:
        """Add one batch to a sequence. False: interrupted, and the cache is as before."""
        if self._interrupted.value:
            return False
        cached, batch = self._cached[sequence], self._batch
        batch.n_tokens = len(tokens)
        for at, token in enumerate(tokens):
            batch.token[at], batch.pos[at] = token, len(cached) + at
            batch.n_seq_id[at], batch.seq_id[at][0] = 1, sequence
            batch.logits[at] = at == len(tokens) - 1
        status = self._llama.llama_decode(self._context, batch)
        if status:
            self._keep(sequence, len(cached))
            if status == ABORTED:
                return False
            raise EngineError("engine-failed", stage="llm", engine="llama", detail=f"llama_decode: {status}")
        cached += tokens
        return True

    def _keep(self, sequence: int, count: int) -> None:
        """Remove from a sequence all that follows its first `count` tokens, what an aborted batch left included."""
        self._llama.llama_memory_seq_rm(self._memory, sequence, count, -1)
        del self._cached[sequence][count:]

    def _fit(self, messages: Sequence[Message], answer_tokens: int, limit: int = 0) -> list[int]:
        """Return the tokens of the conversation, shortened until the answer has room. `limit`: 0 is the context's."""
        limit = limit or self._options.context_tokens
        room = limit - min(answer_tokens, limit // 2)
        kept = [Message(m.role, self._harmless(m.text)) for m in messages]
        while len(tokens := self._tokens(kept)) > room:
            first = next((i for i, m in enumerate(kept[:-1]) if m.role != "system"), None)
            if first is None:
                kept[-1] = self._shorter(kept[-1], len(tokens) - room, limit)
                continue
            del kept[first]
            while kept[first].role == "assistant" and first < len(kept) - 1:
                del kept[first]
        return tokens

    def _shorter(self, message: Message, excess: int, limit: int) -> Message:
        """Cut `excess` tokens out of the middle: what is wanted stands at the beginning or at the end."""
        tokens = self._tokenize(message.text)
        half = (len(tokens) - excess - 2) // 2
        if message.role == "system" or half < 1:
            raise EngineError("prompt-too-long", stage="llm", tokens=limit)
        ends = (self._bytes(part).decode("utf-8", "ignore") for part in (tokens[:half], tokens[-half:]))
        return Message(message.role, " … ".join(ends))

    def _tokens(self, messages: Sequence[Message]) -> list[int]:
        prompt: str = self._format(messages=[{"role": m.role, "content": m.text} for m in messages]).prompt
        return self._tokenize(prompt, add_start=not prompt.startswith(self._start or "\0"))

    def _harmless(self, words: str) -> str:
        """Remove control tokens written out in a text: nobody's question may speak as the system."""
        tokens = self._tokenize(words)
        is_control = self._llama.llama_vocab_is_control
        if not any(is_control(self._vocabulary, token) for token in tokens):
            return words
        return self._bytes(tokens).decode("utf-8", "ignore")

    def _tokenize(self, words: str, *, add_start: bool = False) -> list[int]:
        raw = words.encode("utf-8")
        size = len(raw) + 2
        tokens = (self._llama.llama_token * size)()
        count = self._llama.llama_tokenize(self._vocabulary, raw, len(raw), tokens, size, add_start, True)
        return list(tokens[:count])

    def _bytes(self, tokens: list[int]) -> bytes:
        """Return what the tokens spell; control tokens spell nothing."""
        spelt = b""
        buffer = ctypes.create_string_buffer(256)
        for token in tokens:
            size = self._llama.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)
            spelt += buffer.raw[:size]
        return spelt


def _formatter(llama: Any, vocabulary: Any, template: str) -> Any:
    """Return llama-cpp-python's renderer of the chat template that the GGUF file carries."""
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    start, end = _text(llama, vocabulary, "bos"), _text(llama, vocabulary, "eos")
    return Jinja2ChatFormatter(template=template, bos_token=start, eos_token=end)


def _text(llama: Any, vocabulary: Any, which: str) -> str:
    """Return how a special token ("bos", "eos") is written; "" where the model has none."""
    token = getattr(llama, f"llama_vocab_{which}")(vocabulary)
    return "" if token < 0 else llama.llama_vocab_get_text(vocabulary, token).decode("utf-8")


def _sampler(llama: Any, vocabulary: Any, options: Options) -> Any:
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    # The penalty is slow over a whole vocabulary: only the likeliest words are looked at.
    steps = [llama.llama_sampler_init_top_k(TOP_K)]
    if options.repeat_penalty > 1:
        words = llama.llama_vocab_n_tokens(vocabulary)
        steps.append(llama.llama_sampler_init_penalties(words, PENALTY_TOKENS, options.repeat_penalty, 0.0, 0.0))
    if options.temperature > 0:
        steps.append(llama.llama_sampler_init_top_p(options.top_p, 1))
        steps.append(llama.llama_sampler_init_temp(options.temperature))
        steps.append(llama.llama_sampler_init_dist(options.seed))
    else:
        steps.append(llama.llama_sampler_init_greedy())
    for step in steps:
        llama.llama_sampler_chain_add(chain, step)
    return chain


@cache
def _quiet() -> Any:
    """Send what llama.cpp prints to our log, at debug level. Cached, so that the C side may call it for ever."""
    import llama_cpp

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
    def heard(level: int, line: bytes, _: Any) -> None:
        log.debug("llama.cpp: %s", line.decode("utf-8", "replace").rstrip())

    llama_cpp.llama_log_set(heard, None)
    return heard
