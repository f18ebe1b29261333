"""Sets of ids: whatever a tenant takes for an id stays that id, also through a state."""

from __future__ import annotations

import json
import random
import zlib
from base64 import b64decode, b64encode
from typing import Any

import pytest

from hr4you.idset import IdSet, decode_digests, digest, digest_of, encode_digests, name_of, pack

ODD_IDS = {
    "a newline": "a\nb",
    "an umlaut": "Müller",
    "zero": "0",
    "zeros": "00",
    "a sign": "-1",
    "a space": " 7",
    "digits of another script": "٧",
    "a raised digit": "²",
    "a quote": '"',
    "the largest number": str(2**64 - 1),
    "one more": str(2**64),
    "as many digits, and more": "9" * 20,
    "a huge number": "9" * 5_000,
    "nothing": "",
}


@pytest.mark.parametrize("odd", ODD_IDS.values(), ids=ODD_IDS)
def test_an_odd_id_is_kept_as_it_is(odd: str) -> None:
    ids = IdSet(["7", odd, odd])

    again = IdSet.decode(json.loads(json.dumps(ids.encode())))

    assert again == ids
    assert sorted(again) == sorted(["7", odd])
    assert odd in again
    assert len(again) == 2
    again.discard(odd)
    assert list(again) == ["7"]


def test_ids_that_differ_in_leading_zeros_are_two() -> None:
    ids = IdSet(["7", "007"])

    assert len(ids) == 2
    assert "07" not in ids
    ids.discard("7")
    assert list(ids) == ["007"]


def test_numbers_come_in_their_order_before_the_others() -> None:
    assert list(IdSet(["b", "10", "9", "a", "007"])) == ["9", "10", "007", "a", "b"]


def test_a_set_is_equal_only_to_one_with_the_same_ids() -> None:
    ids = IdSet(["1", "a"])

    assert ids == IdSet(["a", "1"])
    assert [ids == other for other in (IdSet(["1", "b"]), IdSet(["2", "a"]), IdSet(["1"]), {"1", "a"})] == [False] * 4


def test_sums_and_differences_leave_both_sets_alone() -> None:
    left, right = IdSet(["1", "2", "a", "b"]), IdSet(["2", "3", "b", "c"])

    assert (left | right, left - right) == (IdSet(["1", "2", "3", "a", "b", "c"]), IdSet(["1", "a"]))
    assert (left, right) == (IdSet(["1", "2", "a", "b"]), IdSet(["2", "3", "b", "c"]))


def test_what_has_no_ids_takes_no_place() -> None:
    assert IdSet().encode() == {}
    assert list(IdSet.decode({})) == []
    assert set(IdSet(["1"]).encode()) == {"n"}
    assert set(IdSet(["a"]).encode()) == {"t"}


DAMAGED: dict[str, Any] = {
    "no object": "n",
    "another key": {"n": pack(b"x"), "m": ""},
    "no text": {"n": 7},
    "no base64": {"n": "ä"},
    "no zlib": {"n": "AAAA"},
    "no bitmap": {"n": pack(b"nonsense")},
    "cut off": {"t": b64encode(zlib.compress(b'["a"]')[:-4]).decode()},
    "no JSON": {"t": pack(b"[")},
    "no UTF-8": {"t": pack(b'["\xff"]')},
    "no list": {"t": pack(b'{"a": "b"}')},
    "a list of numbers": {"t": pack(b"[7]")},
    "empty": {"t": pack(b"")},
}


@pytest.mark.parametrize("encoded", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_set_of_ids_is_refused(encoded: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        IdSet.decode(encoded)


def test_a_damaged_bitmap_is_refused_or_another_set_but_never_worse() -> None:
    chance = random.Random(3)
    whole = zlib.decompress(b64decode(IdSet(str(chance.randrange(2**33)) for _ in range(300)).encode()["n"]))
    for _ in range(300):
        damaged = bytearray(whole[: chance.choice([len(whole), chance.randrange(1, len(whole))])])
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        try:
            again = list(IdSet.decode({"n": pack(bytes(damaged))}))
        except ValueError:
            continue
        assert all(remote_id.isdigit() for remote_id in again)


def test_a_digest_is_of_the_content_and_of_where_it_hangs() -> None:
    plain = digest({"a": 1, "b": 2})

    assert plain == digest({"b": 2, "a": 1})
    assert plain == digest({"b": 2, "a": 1, "seen": 9}, frozenset({"seen"}))
    others = [digest({"a": 1, "b": 3}), *(digest({"a": 1, "b": 2}, parent_id=parent) for parent in ("7", "8"))]
    assert len({plain, *others}) == 4


def test_a_digest_names_its_record_in_the_upper_half() -> None:
    first, second = digest({"a": 1}), digest({"a": 2})

    assert digest_of("7", first) >> 32 == digest_of("7", second) >> 32 == name_of("7") != name_of("8")
    assert digest_of("7", first) & 0xFFFFFFFF == digest_of("8", first) & 0xFFFFFFFF == first & 0xFFFFFFFF
    assert digest_of("7", first) != digest_of("7", second)
    assert 0 < digest_of("7", 2**64 - 1) < 2**64


def test_digests_keep_their_order() -> None:
    digests = (2**64 - 1, 0, 7, 7)

    assert decode_digests(encode_digests(digests)) == digests
    assert decode_digests(encode_digests([])) == ()


@pytest.mark.parametrize("text", [7, None, "ä", "AAA", "AAAA"])
def test_what_are_no_digests_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode_digests(text)
