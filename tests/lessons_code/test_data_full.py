"""The full MNIST through Keras, without a network: kept, missing, broken, or something else."""

from __future__ import annotations

import shutil
import urllib.error
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lessons_code.data import DataError, digits
from tests.lessons_code.conftest import Network

# how many pictures of each digit MNIST has, and how many of them are in its test part
ALL = [6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958]
TEST = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def pictures(first: int, end: int) -> NDArray[np.uint8]:
    """Return one picture a number, from which :func:`numbers` reads it again."""
    number = np.arange(first, end)
    x = np.zeros((len(number), 784), np.uint8)
    x[np.arange(len(number)), number // 100] = 100 + number % 100
    x[:, 783] = 255
    return x.reshape(-1, 28, 28)


def numbers(x: NDArray[np.uint8]) -> NDArray[np.int64]:
    pixels = x.reshape(-1, 784)[:, :783]
    return 100 * pixels.argmax(axis=1) + pixels.max(axis=1) - 100


def labels(sizes: list[int], seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).permutation(np.repeat(np.arange(10, dtype=np.uint8), sizes))


@pytest.fixture(scope="session")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with MNIST's names, types, shapes and class sizes, but hardly any ink."""
    path = tmp_path_factory.mktemp("origin") / "mnist.npz"
    rest = [every - test for every, test in zip(ALL, TEST, strict=True)]
    np.savez_compressed(
        path,
        x_train=pictures(0, 60_000),
        y_train=labels(rest, 1),
        x_test=pictures(60_000, 70_000),
        y_test=labels(TEST, 2),
    )
    return path


@pytest.fixture
def kept(datasets: Path) -> Path:
    """Where Keras keeps MNIST; nothing is there yet, and there is no network."""
    return datasets / "mnist.npz"


def error_of(load: Callable[[], Any] = digits) -> str:
    """Return the message of the error, which must be one for the reader."""
    with pytest.raises(DataError) as caught:
        load()
    message = str(caught.value)
    assert "Remedy: " in message
    return message


# kept


@pytest.mark.usefixtures("any_hash")
def test_full_digits_are_all_of_mnist_and_keep_its_test_part(
    kept: Path, mnist: Path, network: Network
) -> None:
    shutil.copy(mnist, kept)
    data = digits()
    assert not network.asked
    with np.load(mnist) as file:
        np.testing.assert_array_equal(data.x[:60_000], file["x_train"])
        np.testing.assert_array_equal(data.x[60_000:], file["x_test"])
        np.testing.assert_array_equal(data.y[:60_000], file["y_train"])
        np.testing.assert_array_equal(data.y[60_000:], file["y_test"])
    assert (data.x.dtype, data.y.dtype) == (np.uint8, np.int64)
    assert np.bincount(data.y).tolist() == ALL
    assert data.test_from == 60_000
    assert "70,000" in data.card.size

    parts = data.split(seed=7)
    np.testing.assert_array_equal(parts.x_test, data.x[60_000:])
    np.testing.assert_array_equal(parts.y_test, data.y[60_000:])
    dealt = np.concatenate([numbers(parts.x_train), numbers(parts.x_val)])
    assert np.array_equal(np.sort(dealt), np.arange(60_000))


@pytest.mark.usefixtures("any_hash")
def test_a_download_leaves_no_trace_on_the_page(
    kept: Path, mnist: Path, network: Network, capfd: pytest.CaptureFixture[str]
) -> None:
    network.answer = mnist
    assert len(digits().x) == 70_000
    assert len(network.asked) == 1
    assert network.asked[0].endswith("/mnist.npz")
    assert kept.read_bytes() == mnist.read_bytes()
    assert capfd.readouterr().out == ""


# no network


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError("no route to host"),
        urllib.error.HTTPError("there", 503, "no service", Message(), None),
        urllib.error.ContentTooShortError("half of it", b""),
        ConnectionResetError("reset by peer"),
        TimeoutError("timed out"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_without_network_the_message_says_where_to_put_the_file(
    kept: Path, network: Network, error: Exception
) -> None:
    network.answer = error
    message = error_of()
    assert message.startswith("mnist.npz could not be downloaded")
    assert str(kept) in message
    assert "connect to the internet" in message
    assert "LESSONS_DATA=full" in message


# broken


def spoil(content: bytes, how: str) -> bytes:
    return {
        "truncated": content[: len(content) // 2],
        "empty": b"",
        "four bytes": content[:4],
        "web page": b"<html>log in first</html>",
    }[how]


@pytest.mark.usefixtures("any_hash")
@pytest.mark.parametrize("how", ["truncated", "empty", "four bytes", "web page"])
def test_a_broken_file_is_named_with_the_advice_to_delete_it(
    kept: Path, mnist: Path, how: str
) -> None:
    kept.write_bytes(spoil(mnist.read_bytes(), how))
    message = error_of()
    assert message.startswith(f"{kept} is broken")
    assert "delete it" in message
    assert "LESSONS_DATA=full" in message


@pytest.mark.usefixtures("any_hash")
def test_a_file_without_one_of_the_arrays_is_broken(kept: Path) -> None:
    np.savez(kept, x_train=np.zeros(1), y_train=np.zeros(1), x_test=np.zeros(1))
    message = error_of()
    assert message.startswith(f"{kept} is broken")
    assert "y_test" in message


def test_a_broken_file_that_cannot_be_fetched_again_is_not_called_missing(
    kept: Path, mnist: Path, network: Network
) -> None:
    kept.write_bytes(spoil(mnist.read_bytes(), "truncated"))
    message = error_of()
    assert len(network.asked) == 1
    assert message.startswith("mnist.npz is broken and could not be fetched again")
    assert str(kept) in message
    assert "connect to the internet" in message


def test_a_download_that_is_not_mnist_is_broken(kept: Path, mnist: Path, network: Network) -> None:
    """Keras' own check of the hash is in force, and our stand-in does not pass it."""
    network.answer = mnist
    message = error_of()
    assert message.startswith(f"{kept} is broken")
    assert "hash" in message
    assert "delete it" in message


# something else


def shorten(arrays: dict[str, NDArray[Any]]) -> None:
    for name in arrays:
        arrays[name] = arrays[name][:60]


def shrink(arrays: dict[str, NDArray[Any]]) -> None:
    for name in ("x_train", "x_test"):
        arrays[name] = arrays[name][:, ::4, ::4]


def shift_labels(arrays: dict[str, NDArray[Any]]) -> None:
    for name in ("y_train", "y_test"):
        arrays[name] = arrays[name] + 1


def scale(arrays: dict[str, NDArray[Any]]) -> None:
    for name in ("x_train", "x_test"):
        arrays[name] = arrays[name] // 255


def even_out(arrays: dict[str, NDArray[Any]]) -> None:
    arrays["y_train"] = np.arange(60_000) % 10
    arrays["y_test"] = np.arange(10_000) % 10


@pytest.mark.usefixtures("any_hash")
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (shorten, "(60, 28, 28)"),
        (shrink, "(60000, 7, 7)"),
        (shift_labels, "10: 5949"),
        (scale, "up to 1"),
        (even_out, "{0: 6000"),
    ],
)
def test_a_sound_file_that_is_not_mnist_is_refused_with_what_was_found(
    kept: Path, mnist: Path, change: Callable[[dict[str, NDArray[Any]]], None], found: str
) -> None:
    with np.load(mnist) as file:
        arrays = {name: file[name] for name in file.files}
    change(arrays)
    np.savez(kept, **arrays)  # type: ignore[arg-type]
    message = error_of()
    assert message.startswith("MNIST's training part has ")
    assert found in message
    assert "delete the file" in message
