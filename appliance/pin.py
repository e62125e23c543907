"""The code of the second factor: set at the terminal, kept as a slow hash, read again at each try.

`pin.json` in the state folder, for the box's own user alone. scrypt makes guessing from a stolen file slow; four digits stay
four digits, so the executor also stops those who guess (see approvals.py).
Source: https://www.rfc-editor.org/rfc/rfc7914
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from itertools import pairwise
from pathlib import Path

from appliance.errors import InputError

FILE = "pin.json"
SHORTEST, LONGEST = 4, 12
COST, BLOCK, PARALLEL = 2**14, 8, 1
"""16 MB and some 50 to 200 ms on the boxes that this runs on."""
GUESSED_FIRST = {"1212", "1122", "2580", "1379", "0852", "112233", "121212", "123123", "159753", "147258", "696969"}


class Pin:
    """The code, if there is one. `folder` None: there is none and none can be set (one-shot commands)."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder else None

    @property
    def is_set(self) -> bool:
        """Tell whether there is a code."""
        return self._read() is not None

    def set(self, code: str) -> None:
        """Take this code from now on. Raises InputError for one that anybody would try, or where the disk refuses."""
        if not (code.isascii() and code.isdigit() and SHORTEST <= len(code) <= LONGEST):
            raise InputError("pin-digits", stage="pin", shortest=SHORTEST, longest=LONGEST)
        if trivial(code):
            raise InputError("pin-trivial", stage="pin")
        salt = secrets.token_bytes(16)
        record = {"salt": salt.hex(), "hash": _hash(code, salt, COST, BLOCK, PARALLEL).hex()}
        self._write(json.dumps(record | {"n": COST, "r": BLOCK, "p": PARALLEL}))

    def remove(self) -> bool:
        """Forget the code; tell whether there was one. Raises InputError where the disk refuses."""
        was = self._path is not None and self._path.exists()
        if self._path:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                raise InputError("state-not-written", stage="pin", path=self._path, detail=error) from error
        return was

    def matches(self, code: str) -> bool:
        """Tell whether this is the code, in the time that scrypt takes whatever the answer. Slow: call it off the loop."""
        record = self._read()
        if record is None or len(code) > 64:
            return False
        salt, expected, cost, block, parallel = record
        return hmac.compare_digest(_hash(code, salt, cost, block, parallel), expected)

    def _read(self) -> tuple[bytes, bytes, int, int, int] | None:
        if self._path is None:
            return None
        try:
            data = json.loads(self._path.read_text("utf-8"))
            cost, block, parallel = (int(data[key]) for key in ("n", "r", "p"))
            return bytes.fromhex(data["salt"]), bytes.fromhex(data["hash"]), cost, block, parallel
        except (OSError, ValueError, KeyError, TypeError):
            return None  # what cannot be read approves nothing

    def _write(self, text: str) -> None:
        assert self._path is not None
        aside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                aside.unlink()
            with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if os.geteuid() == 0:  # root sets it for the box's own user, who must be able to read it
                owner = self._path.parent.stat()
                os.chown(aside, owner.st_uid, owner.st_gid)
            aside.replace(self._path)
        except OSError as error:
            raise InputError("state-not-written", stage="pin", path=self._path, detail=error) from error


def trivial(code: str) -> bool:
    """Tell whether a code is one that is tried first: one digit, a run, a pair repeated, a year."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    year = len(code) == 4 and code[:2] in ("19", "20")
    return len(steps) == 1 or code in GUESSED_FIRST or year or (len(code) == 4 and code[:2] == code[2:])


def _hash(code: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        code.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=128 * cost * block * 2, dklen=32
    )
