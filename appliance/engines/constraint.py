"""Makes a language model obey a JSON schema: of the words it would say next, only those that keep to it may be chosen.

The likeliest word is tried first, and the whole vocabulary is looked at only where that one is refused: on 150 000 words
that is slow, and a model that was shown a few examples rarely needs it.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from appliance.errors import EngineError

_SPACE = re.compile(r"^space ::= .*$", re.MULTILINE)


class Constraint:
    """A schema under way. `close` frees it."""

    def __init__(self, llama: Any, vocabulary: Any, schema: str, begun: Sequence[int] = ()) -> None:
        """Compile `schema` (JSON schema as text) and follow the answer as far as it is `begun`.

        Raises EngineError "engine-failed" where it is no schema, or does not begin like this.
        """
        from llama_cpp.llama_grammar import json_schema_to_gbnf

        self._llama, self._vocabulary = llama, vocabulary
        # Where a space may stand, a small model puts one, and each costs a tenth of a second.
        rules = _SPACE.sub('space ::= ""', json_schema_to_gbnf(schema))
        self._grammar = llama.llama_sampler_init_grammar(vocabulary, rules.encode(), b"root")
        if not self._grammar:
            raise _broken("json schema")
        self._candidates = np.zeros(
            llama.llama_vocab_n_tokens(vocabulary), np.dtype([("id", "i4"), ("logit", "f4"), ("p", "f4")])
        )

        nothing = np.zeros(len(self._candidates), np.float32)
        for token in begun:
            if not np.isfinite(self._permitted(np.array([token]), nothing)[0]):
                self.close()
                raise _broken("the answer's beginning")
            llama.llama_sampler_accept(self._grammar, token)

    def pick(self, context: Any) -> int:
        """Return the likeliest word that the schema permits after those picked before."""
        scores = np.ctypeslib.as_array(self._llama.llama_get_logits_ith(context, -1), (len(self._candidates),))
        token = int(scores.argmax())
        if not np.isfinite(self._permitted(np.array([token]), scores)[0]):
            everything = np.arange(len(scores))
            token = int(self._permitted(everything, scores).argmax())
        self._llama.llama_sampler_accept(self._grammar, token)
        return token

    def close(self) -> None:
        """Free the grammar."""
        if self._grammar:
            self._llama.llama_sampler_free(self._grammar)
            self._grammar = None

    def _permitted(self, tokens: Any, scores: Any) -> Any:
        """Return the scores of `tokens`, minus infinity where the schema does not permit one."""
        llama, part = self._llama, self._candidates[: len(tokens)]
        part["id"], part["logit"] = tokens, scores[tokens]
        data = ctypes.cast(part.ctypes.data, ctypes.POINTER(llama.llama_token_data))
        array = llama.llama_token_data_array(data, len(part), -1, False)
        llama.llama_sampler_apply(self._grammar, ctypes.byref(array))
        return part["logit"]


def _broken(detail: str) -> EngineError:
    return EngineError("engine-failed", stage="llm", engine="llama", detail=detail)
