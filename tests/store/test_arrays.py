"""Arrays kept between starts: only under their own key, whole or not at all, never run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from karvan.store.arrays import code_fingerprint, read_arrays, write_arrays


def test_arrays_come_back_under_their_key_and_under_no_other(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "kept.npz"
    write_arrays(place, "one", {"numbers": np.arange(3), "names": np.array(["a", "b"])})
    kept = read_arrays(place, "one")
    assert kept is not None
    assert (kept["numbers"].tolist(), kept["names"].tolist()) == ([0, 1, 2], ["a", "b"])
    assert read_arrays(place, "two") is None
    assert [path.name for path in place.parent.iterdir()] == ["kept.npz"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", b"\x80\x04]q\x00."])
def test_a_damaged_file_is_taken_for_none(tmp_path: Path, damage: bytes) -> None:
    place = tmp_path / "kept.npz"
    place.write_bytes(damage)
    assert read_arrays(place, "one") is None


def test_objects_are_not_read_since_reading_them_would_run_them(tmp_path: Path) -> None:
    place = tmp_path / "kept.npz"
    np.savez(place, key=np.array("one"), bad=np.array([{}], dtype=object))
    assert read_arrays(place, "one") is None


def test_the_code_of_rooms_has_a_hash_of_its_own() -> None:
    assert code_fingerprint(("numerics",)) != code_fingerprint(("freight",))
