"""Full-size pictures through Keras, without a network, from archives in the genuine formats."""

from __future__ import annotations

import gzip
import io
import pickle
import shutil
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from lessons_code.data import DataError, Dataset, toys, wardrobe
from tests.lessons_code.conftest import Network

FASHION, CIFAR = "fashion-mnist", "cifar-10-batches-py-target_archive"
LOADERS = [pytest.param(wardrobe, FASHION, id="fashion"), pytest.param(toys, CIFAR, id="cifar")]
Bytes = NDArray[np.uint8]


def marked(first: int, end: int, pixels: int) -> Bytes:
    """Return one nearly black picture a number, as rows; :func:`numbers` reads it again."""
    number = np.arange(first, end)
    x = np.zeros((len(number), pixels), np.uint8)
    x[:, 0], x[:, 1], x[:, 2] = number % 200, number // 200 % 200, number // 40_000
    x[:, -1] = 255
    return x


def numbers(x: Bytes) -> NDArray[np.int64]:
    """Read the numbers of marked pictures, gray or in color (the marks are red)."""
    first = x[:, 0, :3] if x.ndim == 3 else x[:, 0, :3, 0]
    return first.astype(np.int64) @ [1, 200, 40_000]


def labels(n: int, seed: int) -> Bytes:
    return np.random.default_rng(seed).permutation(np.arange(n) % 10).astype(np.uint8)


# Fashion-MNIST: four gzipped files of the format IDX


def write_idx(path: Path, array: Bytes) -> None:
    head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(head + array.tobytes())


@pytest.fixture(scope="session")
def fashion(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("origin") / FASHION
    folder.mkdir()
    for part, first, end in (("train", 0, 60_000), ("t10k", 60_000, 70_000)):
        pictures = marked(first, end, 784).reshape(-1, 28, 28)
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", pictures)
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", labels(end - first, first))
    return folder


# CIFAR-10: pickles of Python 2 in a compressed archive


class PickleOfPython2(pickle._Pickler):  # type: ignore[name-defined,misc]
    """Writes bytes as the strings of Python 2, which is how the genuine archive was made."""

    dispatch: ClassVar[dict[Any, Any]] = dict(pickle._Pickler.dispatch)  # type: ignore[attr-defined]

    def save_string(self, value: bytes) -> None:
        self.write(b"T" + struct.pack("<i", len(value)) + value)
        self.memoize(value)

    dispatch[bytes] = save_string


def cifar_batch(first: int, end: int, y: Bytes) -> bytes:
    file = io.BytesIO()
    content = {
        b"batch_label": b"a batch",
        b"labels": y.tolist(),
        b"data": marked(first, end, 3072),
        b"filenames": [],
    }
    PickleOfPython2(file, protocol=2).dump(content)
    return file.getvalue()


def write_cifar(path: Path, batches: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content in batches.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.fixture(scope="session")
def cifar_batches() -> dict[str, bytes]:
    names = [*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]
    return {
        name: cifar_batch(10_000 * k, 10_000 * (k + 1), labels(10_000, k))
        for k, name in enumerate(names)
    }


@pytest.fixture(scope="session")
def cifar(tmp_path_factory: pytest.TempPathFactory, cifar_batches: dict[str, bytes]) -> Path:
    path = tmp_path_factory.mktemp("origin") / "cifar-10-python.tar.gz"
    write_cifar(path, cifar_batches)
    return path


def error_of(load: Callable[[], Dataset]) -> str:
    with pytest.raises(DataError) as caught:
        load()
    message = str(caught.value)
    assert "Remedy: " in message
    return message


# kept


def assert_whole(data: Dataset, n: int, test_from: int) -> None:
    assert np.array_equal(numbers(data.x), np.arange(n))
    assert (data.x.dtype, data.y.dtype, data.y.shape) == (np.uint8, np.int64, (n,))
    assert np.bincount(data.y).tolist() == [n // 10] * 10
    assert data.test_from == test_from
    assert f"{n:,}" in data.card.size
    parts = data.split(seed=7)
    np.testing.assert_array_equal(numbers(parts.x_test), np.arange(test_from, n))
    np.testing.assert_array_equal(parts.y_test, data.y[test_from:])
    dealt = np.concatenate([numbers(parts.x_train), numbers(parts.x_val)])
    assert np.array_equal(np.sort(dealt), np.arange(test_from))
    assert np.ptp(np.bincount(parts.y_val)) <= 1


def test_full_wardrobe_is_all_of_fashion_mnist_and_keeps_its_test_part(
    datasets: Path, fashion: Path, network: Network
) -> None:
    shutil.copytree(fashion, datasets / FASHION)
    data = wardrobe()
    assert not network.asked
    assert_whole(data, 70_000, 60_000)
    np.testing.assert_array_equal(data.y[:60_000], labels(60_000, 0))
    assert data.class_names[9] == "ankle boot"
    assert "Zalando" in data.card.origin


@pytest.mark.usefixtures("any_hash")
def test_full_toys_are_all_of_cifar_10_under_their_own_names(
    datasets: Path, cifar: Path, network: Network
) -> None:
    shutil.copy(cifar, datasets / CIFAR)
    data = toys()
    assert not network.asked
    assert_whole(data, 60_000, 50_000)
    np.testing.assert_array_equal(data.y[20_000:30_000], labels(10_000, 2))
    assert data.class_names[:5] == ("airplane", "automobile", "bird", "cat", "deer")
    assert (data.x[:, -1, -1] == (0, 0, 255)).all()  # the last byte of a row is blue
    assert "Krizhevsky" in data.card.origin


@pytest.mark.usefixtures("any_hash")
def test_a_download_of_pictures_leaves_no_trace_on_the_page(
    datasets: Path, fashion: Path, network: Network, capfd: pytest.CaptureFixture[str]
) -> None:
    network.answer = fashion
    assert len(wardrobe().x) == 70_000
    assert len(network.asked) == 4
    assert capfd.readouterr().out == ""


# missing or broken


@pytest.mark.parametrize(("load", "kept"), LOADERS)
def test_without_network_the_message_says_where_to_put_the_pictures(
    datasets: Path, load: Callable[[], Dataset], kept: str
) -> None:
    for _ in range(2):  # Keras leaves an empty folder behind, which is not a broken file
        message = error_of(load)
        assert message.startswith(f"{kept} could not be downloaded")
        assert str(datasets / kept) in message
        assert "LESSONS_DATA=full" in message


@pytest.mark.parametrize("how", ["truncated", "empty", "web page", "shorter"])
def test_a_broken_file_of_fashion_mnist_is_named_with_the_advice_to_delete_it(
    datasets: Path, fashion: Path, how: str
) -> None:
    shutil.copytree(fashion, datasets / FASHION)
    file = datasets / FASHION / "t10k-images-idx3-ubyte.gz"
    content = file.read_bytes()
    if how == "shorter":
        write_idx(file, np.zeros((60, 28, 28), np.uint8))
    else:
        spoiled = {"truncated": content[:-900], "empty": b"", "web page": b"<html>log in</html>"}
        file.write_bytes(spoiled[how])
    message = error_of(wardrobe)
    assert message.startswith(f"{datasets / FASHION} is broken")
    assert "delete it" in message


@pytest.mark.usefixtures("any_hash")
@pytest.mark.parametrize("how", ["no archive", "a batch missing", "no pickle", "a forged pickle"])
def test_a_broken_archive_of_cifar_10_is_named_with_the_advice_to_delete_it(
    datasets: Path, cifar_batches: dict[str, bytes], how: str, recwarn: pytest.WarningsRecorder
) -> None:
    batches = dict(cifar_batches)
    if how == "a batch missing":
        del batches["data_batch_3"]
    elif how == "no pickle":
        batches["data_batch_1"] = b"not a pickle"
    elif how == "a forged pickle":  # what would run a command when it is loaded
        batches["data_batch_1"] = b"cos\nsystem\n(S'true'\ntR."
    if how == "no archive":
        (datasets / CIFAR).write_bytes(b"<html>log in</html>")
    else:
        write_cifar(datasets / CIFAR, batches)
    message = error_of(toys)
    assert message.startswith(f"{datasets / CIFAR} is broken")
    assert "delete it" in message


def test_an_archive_that_is_not_the_genuine_one_is_fetched_again(
    datasets: Path, network: Network
) -> None:
    """Keras' own check of the hash is in force."""
    (datasets / CIFAR).write_bytes(b"half a download")
    message = error_of(toys)
    assert len(network.asked) == 1
    assert message.startswith(f"{CIFAR} is broken and could not be fetched again")


# something else


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda x, y: (x[:, ::2, ::2], y), "(60000, 14, 14)"),
        (lambda x, y: (x // 255, y), "up to 1"),
        (lambda x, y: (x, y // 2), "{0: 12000"),
        (lambda x, y: (x, y + 1), "10: 6000"),
    ],
)
def test_sound_files_that_are_not_fashion_mnist_are_refused_with_what_was_found(
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Bytes, Bytes], tuple[Bytes, Bytes]],
    found: str,
) -> None:
    monkeypatch.setenv("LESSONS_DATA", "full")
    part = marked(0, 60_000, 784).reshape(-1, 28, 28), labels(60_000, 0)
    monkeypatch.setattr("keras.datasets.fashion_mnist.load_data", lambda: (change(*part), part))
    message = error_of(wardrobe)
    assert message.startswith("Fashion-MNIST's training part has ")
    assert found in message


@pytest.mark.usefixtures("any_hash")
def test_a_sound_archive_that_is_not_cifar_10_is_refused_with_what_was_found(
    datasets: Path, cifar_batches: dict[str, bytes]
) -> None:
    wrong = cifar_batch(0, 10_000, labels(10_000, 1) // 2)
    write_cifar(datasets / CIFAR, cifar_batches | {"data_batch_1": wrong})
    message = error_of(toys)
    assert message.startswith("CIFAR-10's training part has ")
    assert "expected 10 classes of 5,000 to 5,000" in message
