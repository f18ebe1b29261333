"""Sets of remote ids and 8-byte digests that stay small when written as text (NAMES.md bounds the state)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

import msgspec
from pyroaring import BitMap64

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""A state is input: what unpacks to more than this is refused instead of filling the memory."""

_MAX_NUMBER = 2**64
_encoder = msgspec.json.Encoder(order="deterministic")


class IdSet:
    """A mutable set of remote ids (text).

    Ids that are plain decimal numbers below 2^64 live in a roaring bitmap: 100,000 of them take between 52 bytes
    and 34 kB (RELIABILITY.md). Others (UUIDs, "007") are kept whole, as a deletion record needs the id itself; they
    cost about their own length: some 2.5 MB for 100,000 UUIDs.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._numbers = BitMap64()
        self._texts: set[str] = set()
        for remote_id in ids:
            self.add(remote_id)

    def add(self, remote_id: str) -> None:
        """Put one id in."""
        number = _as_number(remote_id)
        if number is None:
            self._texts.add(remote_id)
        else:
            self._numbers.add(number)

    def discard(self, remote_id: str) -> None:
        """Take one id out; nothing happens where it is not in the set."""
        number = _as_number(remote_id)
        if number is None:
            self._texts.discard(remote_id)
        else:
            self._numbers.discard(number)

    def __contains__(self, remote_id: str) -> bool:
        number = _as_number(remote_id)
        return remote_id in self._texts if number is None else number in self._numbers

    def __len__(self) -> int:
        return len(self._numbers) + len(self._texts)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the numbers in ascending order, then the other ids in alphabetical order."""
        for number in self._numbers:
            yield str(number)
        yield from sorted(self._texts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, IdSet):
            return NotImplemented
        return bool(self._numbers == other._numbers) and self._texts == other._texts

    __hash__ = None  # type: ignore[assignment]  # a mutable set, as Python's own

    def __or__(self, other: IdSet) -> IdSet:
        return self._from_parts(self._numbers | other._numbers, self._texts | other._texts)

    def __sub__(self, other: IdSet) -> IdSet:
        return self._from_parts(self._numbers - other._numbers, self._texts - other._texts)

    @classmethod
    def _from_parts(cls, numbers: BitMap64, texts: set[str]) -> IdSet:
        made = cls()
        made._numbers, made._texts = numbers, texts
        return made

    def encode(self) -> dict[str, str]:
        """Return the set as ``{"n": numbers, "t": others}``, each zlib in base64, left out where empty."""
        encoded = {}
        if self._numbers:
            numbers = self._numbers.copy()
            numbers.run_optimize()
            encoded["n"] = pack(numbers.serialize())
        if self._texts:
            encoded["t"] = pack(json.dumps(sorted(self._texts), ensure_ascii=False).encode())
        return encoded

    @classmethod
    def decode(cls, encoded: object) -> IdSet:
        """Read what `encode` wrote.

        Raises:
            ValueError: it is something else, or damaged.
        """
        if not isinstance(encoded, dict) or not set(encoded) <= {"n", "t"}:
            raise ValueError("not a set of ids")
        numbers = BitMap64.deserialize(unpack(encoded["n"])) if "n" in encoded else BitMap64()
        texts = json.loads(unpack(encoded["t"])) if "t" in encoded else []
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValueError("not a list of ids")
        return cls._from_parts(numbers, set(texts))


def _as_number(remote_id: str) -> int | None:
    """Return the number that is written exactly like this id, None where there is none ("007", "a1")."""
    if not (remote_id.isascii() and remote_id.isdigit()) or (remote_id[0] == "0" and remote_id != "0"):
        return None
    number = int(remote_id) if len(remote_id) <= len(str(_MAX_NUMBER)) else _MAX_NUMBER
    return number if number < _MAX_NUMBER else None


def pack(data: bytes) -> str:
    """Compress with zlib and write as base64 text."""
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def unpack(text: object) -> bytes:
    """Undo `pack`.

    Raises:
        ValueError: not such a text, or it unpacks to more than `MAX_UNPACKED_BYTES`.
    """
    if not isinstance(text, str):
        raise ValueError("not text")  # noqa: TRY004  # a value of a state, not an argument of ours
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(base64.b64decode(text, validate=True), MAX_UNPACKED_BYTES)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("damaged") from error
    if not (unpacker.eof and data):
        raise ValueError("empty, cut off or too large")
    return data


def digest(wire: Mapping[str, Any], volatile: frozenset[str] = frozenset(), parent_id: str | None = None) -> int:
    """Return 64 bits over a wire object's content, whatever the order of its keys.

    Args:
        wire: the object as it came.
        volatile: top-level keys that say nothing of the record (the contract's ``volatile``).
        parent_id: of the object that holds this one, which is content too; None where nothing holds it.
    """
    content = {key: value for key, value in wire.items() if key not in volatile} if volatile else wire
    hashed = hashlib.blake2b(_encoder.encode(content), digest_size=8)
    if parent_id is not None:
        hashed.update(parent_id.encode())
    return int.from_bytes(hashed.digest(), "little")


def digest_of(remote_id: str, content: int) -> int:
    """Return 64 bits of which the upper half names the record and the lower half its content (`digest`).

    With the name in it, a record's older digest can be told from its newer one in a mere set of digests.
    """
    return name_of(remote_id) << 32 | (content & 0xFFFFFFFF)


def name_of(remote_id: str) -> int:
    """Return the upper half of `digest_of`: 32 bits that stand for a record; two records may share them."""
    return int.from_bytes(hashlib.blake2b(remote_id.encode(), digest_size=4).digest(), "little")


def encode_digests(digests: Iterable[int]) -> str:
    """Write digests one behind the other, 8 bytes each, as base64 (they don't compress)."""
    numbers = list(digests)
    return base64.b64encode(struct.pack(f"<{len(numbers)}Q", *numbers)).decode("ascii")


def decode_digests(text: object) -> tuple[int, ...]:
    """Undo `encode_digests`, in the same order.

    Raises:
        ValueError: not such a text.
    """
    if not isinstance(text, str):
        raise ValueError("not text")  # noqa: TRY004  # a value of a state, not an argument of ours
    try:
        data = base64.b64decode(text, validate=True)
        return struct.unpack(f"<{len(data) // 8}Q", data)
    except (binascii.Error, struct.error) as error:
        raise ValueError("damaged") from error
