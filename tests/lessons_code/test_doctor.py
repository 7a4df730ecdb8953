"""The doctor: names what is wrong, is silent where nothing is, and changes nothing."""

from __future__ import annotations

import inspect
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from booktools.execution.speed import slowness
from lessons_code import doctor
from lessons_code.doctor import CODES, Finding, Report, Watch, examine
from lessons_code.doctor import report as reports
from lessons_code.doctor.case import Case
from lessons_code.doctor.examination import gather, look_at, looks
from lessons_code.doctor.trial import Paper
from tests.lessons_code.doctor_cases import FAILURES, SOUND, SPARSE, Digits, dense, digits

Array = NDArray[Any]


@pytest.fixture(scope="module")
def d() -> Digits:
    return digits(1)


def compiled(model: Any, loss: Any = SPARSE, rate: float = 0.1, **options: Any) -> Any:
    model.compile(keras.optimizers.SGD(rate), loss, **options)
    return model


def line(
    *stack: Any, shape: tuple[int | None, ...] = (4,), loss: Any = "mse", **options: Any
) -> Any:
    """Return a compiled network in a line, on rows of the given shape."""
    keras.utils.set_random_seed(1)
    return compiled(keras.Sequential([keras.Input(shape), *stack]), loss, **options)


def points(n: int = 300, columns: int = 4) -> tuple[Array, Array]:
    """Return rows whose sum says which of two classes they are of."""
    x = np.random.default_rng(1).normal(size=(n, columns)).astype("float32")
    return x, (x.sum(axis=1) > 0).astype(int)


def alarms(report: Report) -> list[str]:
    return [finding.code for finding in report.alarms]


# what it is for


ONLY_AFTERWARDS = {"batchnorm_lags", "folds_on_one_model"}
ALSO_AFTERWARDS = {"raw_pixels", "labels_shuffled", "rows_sorted", "nan_from_lines"}


@pytest.mark.parametrize(
    ("name", "epochs"),
    [(name, 0) for name in FAILURES if name not in ONLY_AFTERWARDS]
    + [(name, 2) for name in FAILURES if name in ONLY_AFTERWARDS | ALSO_AFTERWARDS],
)
def test_each_failure_is_named(name: str, epochs: int) -> None:
    """Before training, where that can be, and as the first alarm."""
    failure = FAILURES[name]
    report = failure.run(3, epochs)
    assert alarms(report), report
    assert alarms(report)[0] in failure.codes, report


@pytest.mark.parametrize("name", SOUND)
def test_sound_trainings_raise_no_alarm(name: str) -> None:
    report = SOUND[name](3)
    assert not report.alarms, report
    assert not [why for _, why in report.unseen if "Error:" in why], report.unseen
    if name == "frozen_on_purpose":
        assert "frozen-layers" in [note.code for note in report.notes]


# it only reads


def lively(seed: int) -> Any:
    """Return a network with everything that a careless look would move."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((8, 8)),
            layers.Flatten(),
            layers.GaussianNoise(0.1),
            layers.Dense(16, activation="relu", activity_regularizer="l2"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax", kernel_regularizer="l2"),
        ]
    )
    model.compile("adam", SPARSE, metrics=["accuracy"])
    return model


def everything(model: Any) -> list[Array]:
    """Return all that training leaves in a model: weights, averages, generators, optimizer."""
    variables = [
        *model.weights,
        *model.non_trainable_variables,
        *model.optimizer.variables,
        *model.metrics_variables,
    ]
    return [np.array(keras.ops.convert_to_numpy(one)) for one in variables]


def trained(d: Digits, look: bool) -> tuple[list[Array], dict[str, list[float]], list[Any]]:
    model = lively(5)
    watch = Watch(d.x, d.y, validation=(d.x_val, d.y_val), quiet=True)
    pair = (d.x_val, d.y_val)
    histories: dict[str, list[float]] = {}
    for _ in range(2):
        if look:
            examine(model, d.x, d.y, validation=pair, use=d.x_new)
        past = model.fit(
            d.x,
            d.y,
            epochs=2,
            verbose=0,
            validation_data=pair,
            callbacks=[watch] if look else [],
        )
        histories |= {f"{name} {len(histories)}": past.history[name] for name in past.history}
    if look:
        examine(model, d.x, d.y, validation=0.2, answers=d.y)
    draws = [
        random.random(),
        np.random.random(),
        float(keras.random.uniform(())),
        float(tf.random.uniform(())),
        float(np.array(layers.Dense(1).build_from_config({"input_shape": (1, 1)}) or 0)),
    ]
    return everything(model), histories, draws


def test_a_training_is_the_same_to_the_last_bit_with_and_without(d: Digits) -> None:
    plain, looked_at = trained(d, look=False), trained(d, look=True)
    for one, other in zip(plain[0], looked_at[0], strict=True):
        np.testing.assert_array_equal(one, other)
    assert plain[1:] == looked_at[1:]


@pytest.mark.parametrize("trained_before", [False, True])
def test_examining_moves_nothing(d: Digits, trained_before: bool) -> None:
    model = lively(2)
    if trained_before:
        model.fit(d.x, d.y, epochs=1, verbose=0)
    before, built = everything(model), model.optimizer.built
    states = random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index, union-attr]
    x, y = d.x.copy(), d.y.copy()
    examine(model, d.x, d.y, validation=(d.x_val, d.y_val))
    assert model.optimizer.built == built
    for one, other in zip(before, everything(model), strict=True):
        np.testing.assert_array_equal(one, other)
    assert states == (random.getstate(), np.random.get_state()[1].tolist())  # type: ignore[index, union-attr]
    np.testing.assert_array_equal(x, d.x)
    np.testing.assert_array_equal(y, d.y)
    assert not model.stop_training


class Drawing(keras.layers.Layer):  # type: ignore[misc]
    """A layer that draws in use as well, and from NumPy too."""

    def __init__(self) -> None:
        super().__init__()
        self.seeds = keras.random.SeedGenerator(3)

    def call(self, x: Any) -> Any:
        return x + 0.1 * keras.random.normal((4,), seed=self.seeds) + 1e-3 * np.random.random()


def test_layers_that_always_draw_draw_the_same_afterwards() -> None:
    x, y = points()
    ends = []
    for look in (False, True):
        np.random.seed(1)
        keras.utils.set_random_seed(1)
        model = line(Drawing(), layers.Dense(1), run_eagerly=True)
        if look:
            examine(model, x, y)
        model.fit(x[:64], y[:64], verbose=0)
        ends.append(model.get_weights()[0])
    np.testing.assert_array_equal(*ends)


# what it hands back


def test_a_report_is_read_as_text_as_html_and_one_by_one(d: Digits) -> None:
    report = examine(compiled(dense(1)), d.x, d.y + 1, page="../what-went-wrong.html")
    first = next(iter(report))
    assert isinstance(first, Finding)
    assert (first.code, first.kind, first.number) == ("labels-out-of-range", "alarm", 10)
    assert first.link == "../what-went-wrong.html#labels-from-one"
    assert "from 1 to 10" in first.sentence
    assert first.remedy.startswith("Use y - 1")
    assert report
    assert report.codes[0] == first.code
    assert len(report) == len(list(report)) == len(report.alarms) + len(report.notes)
    text = str(report)
    assert text.startswith("One alarm")
    assert all(part in text for part in (first.sentence, first.remedy, first.link, "Looked at: "))
    bundle = report._repr_mimebundle_()
    assert bundle["text/plain"] == text
    assert f'<a href="{first.link}">' in bundle["text/html"]
    assert "style=" not in bundle["text/html"]


def test_where_nothing_is_found_it_says_what_it_looked_at(d: Digits) -> None:
    report = examine(compiled(dense(1)), d.x, d.y, validation=(d.x_val, d.y_val))
    assert not report
    assert len(report) == 0
    assert str(report).startswith("Nothing found.\nLooked at: the numbers in x and y; ")
    assert "<ol>" not in report._repr_mimebundle_()["text/html"]
    for what in ("dead units", "step size beside weight size", "rows on both sides of the split"):
        assert what in report.looked


def test_what_others_say_is_escaped() -> None:
    x = np.array([["<b>&"], ["c"]])
    markup = examine(None, x, [0, 1])._repr_mimebundle_()["text/html"]
    assert "<b>&" not in markup
    assert "&lt;b&gt;&amp;" in markup


def test_alarms_come_before_notes_and_symptoms_behind_their_causes() -> None:
    found = [
        reports.found("gap-opens", 1, "a"),
        reports.found("loss-at-start", 1, "b"),
        reports.found("classes-unbalanced", 1, "c", note=True),
        reports.found("rate-too-large", 1, "d"),
        reports.found("rate-too-large", 1, "e"),
        reports.found("classes-unbalanced", 1, "f"),
    ]
    report = reports.assemble(found, [], [])
    assert alarms(report) == ["rate-too-large", "classes-unbalanced", "gap-opens"]
    assert [(note.code, note.sentence) for note in report.notes] == [("loss-at-start", "b")]
    assert report.alarms[0].sentence == "d"
    alone = reports.assemble([found[1]], [], [])
    assert alarms(alone) == ["loss-at-start"]


def test_codes_are_anchors_and_all_are_used() -> None:
    folder = Path(inspect.getfile(doctor)).parent
    source = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "codes.py")
    for code, known in CODES.items():
        assert code == code.lower()
        assert code.replace("-", "").isalpha()
        assert f'"{code}"' in source
        assert known.remedy.endswith((".", "?"))


def test_it_needs_keras_and_numpy_alone() -> None:
    """Nor does it import TensorFlow by itself: Keras does, if that is its backend."""
    folder = Path(inspect.getfile(doctor)).parent
    check = (
        "import ast, pathlib, sys\n"
        f"for path in pathlib.Path({str(folder)!r}).glob('*.py'):\n"
        "    for node in ast.parse(path.read_text()).body:\n"
        "        names = [a.name for a in node.names] if isinstance(node, ast.Import) else "
        "[node.module] if isinstance(node, ast.ImportFrom) else []\n"
        "        for name in names:\n"
        "            top = name.split('.')[0]\n"
        "            known = top in sys.stdlib_module_names or top in ('keras', 'numpy')\n"
        "            assert known or name.startswith('lessons_code.doctor'), (path, name)\n"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


# single looks, each seen to find and to keep quiet


def glance(
    names: str, model: Any, x: Any, y: Any, validation: Any = None, **options: Any
) -> Report:
    """Return what some looks find, named as in the report, with ``;`` between them."""
    unseen: list[tuple[str, str]] = []
    only = frozenset(names.split("; "))
    assert only <= set(looks(Paper(Case(model))))
    arrays = {"use": None, "answers": None} | options
    case = gather(model, x, y, validation, arrays["use"], arrays["answers"], unseen)
    return reports.assemble(*look_at(case, unseen, only), unseen)


def row_of(model: Any, x: Any, y: Any, names: str = "", **options: Any) -> list[str]:
    report = glance(names, model, x, y, **options) if names else examine(model, x, y, **options)
    assert not [why for _, why in report.unseen if "Error:" in why], report.unseen
    return alarms(report)


def softmax_on(*shape: int, units: int = 10, **options: Any) -> Any:
    last = layers.Dense(units, activation="softmax")
    return line(layers.Flatten(), last, shape=shape, loss=SPARSE, **options)


def test_rows_that_are_missing_or_no_numbers() -> None:
    x, y = points()
    model = line(layers.Dense(2, "softmax"), loss=SPARSE)
    assert alarms(examine(model, x[:0], y[:0]))[0] == "empty"
    assert alarms(examine(model, x, y[:-1]))[0] == "lengths-differ"
    assert alarms(examine(model, x, np.where(y, "yes", "no")))[0] == "not-numbers"
    assert alarms(examine(model, [[1, 2], [3]], [0, 1]))[0] == "not-numbers"
    assert alarms(examine(model, x.astype(object), y))[0] == "not-numbers"
    time_first = examine(model, np.zeros((7, 300, 2)), y)
    assert "Axis 1 of x has 300 too" in time_first.alarms[0].sentence


def test_nan_is_found_with_its_first_row() -> None:
    x, y = points()
    x[[17, 40], 2] = np.nan, np.inf
    report = examine(line(layers.Dense(2, "softmax"), loss=SPARSE), x, y)
    assert alarms(report)[0] == "not-finite"
    assert report.alarms[0].number == 2
    assert "row 17" in report.alarms[0].sentence
    assert ("dead units", "there are NaN or infinite numbers in the rows") in report.unseen


def test_one_class_and_rows_that_are_all_the_same() -> None:
    x, y = points()
    model = line(layers.Dense(2, "softmax"), loss=SPARSE)
    assert "one-class" in row_of(model, x, np.zeros_like(y))
    assert "inputs-all-alike" in row_of(model, np.zeros_like(x), y)
    assert row_of(model, x, y) == []


def test_axes_and_what_would_make_them_fit() -> None:
    y = np.arange(40) % 10
    flat = line(layers.Dense(10, "softmax"), shape=(64,), loss=SPARSE)
    picture = line(
        layers.Conv2D(2, 3),
        layers.Flatten(),
        layers.Dense(10, "softmax"),
        shape=(8, 8, 1),
        loss=SPARSE,
    )
    rng = np.random.default_rng(1)
    report = glance("axes", flat, rng.random((40, 8, 8)), y)
    assert (alarms(report)[0], "Flatten" in report.alarms[0].remedy) == ("axes-do-not-fit", True)
    assert "axes-do-not-fit" not in alarms(glance("axes", picture, rng.random((40, 8, 8)), y))
    one = glance("axes", picture, rng.random((8, 8, 1)), y)
    assert "This is one example" in str(one)
    moved = glance(
        "axes",
        line(
            layers.Conv2D(2, 3),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
            shape=(8, 8, 3),
            loss=SPARSE,
        ),
        rng.random((40, 3, 8, 8)),
        y,
    )
    assert "moveaxis" in moved.alarms[0].remedy
    unknown = line(layers.GRU(2), layers.Dense(10, "softmax"), shape=(None, 3), loss=SPARSE)
    assert "axes-do-not-fit" not in alarms(glance("axes", unknown, rng.random((40, 9, 3)), y))


def test_channels_first_and_one_time_step() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.random((40, 3, 16, 16)), np.arange(40) % 10
    model = line(
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dense(10, "softmax"),
        shape=(3, 16, 16),
        loss=SPARSE,
    )
    assert "channels-first" in row_of(model, x, y, "axes")
    steps = line(layers.LSTM(4), layers.Dense(1), shape=(1, 20))
    assert "one-time-step" in row_of(steps, rng.random((40, 1, 20)), rng.random(40), "axes")
    right = line(layers.LSTM(4), layers.Dense(1), shape=(20, 1))
    assert row_of(right, rng.random((40, 20, 1)), rng.random(40), "axes") == []


X64 = np.random.default_rng(2).random((120, 6)).astype("float32")
Y3 = np.arange(120) % 3
HOT = np.eye(3, dtype="float32")[Y3]


@pytest.mark.parametrize(
    ("last", "loss", "y", "code"),
    [
        (layers.Dense(3, "softmax"), SPARSE, Y3, None),
        (layers.Dense(3, "softmax"), SPARSE, Y3[:, None], None),
        (layers.Dense(3, "softmax"), SPARSE, Y3.astype(float), None),
        (layers.Dense(3, "softmax"), SPARSE, Y3 + 0.5, "labels-and-loss"),
        (layers.Dense(3, "softmax"), SPARSE, Y3 - 1, "labels-out-of-range"),
        (layers.Dense(3, "softmax"), SPARSE, HOT, "labels-and-loss"),
        (layers.Dense(3, "softmax"), "categorical_crossentropy", HOT, None),
        (layers.Dense(3, "softmax"), "crossentropy", HOT, None),
        (layers.Dense(3, "softmax"), "categorical_crossentropy", Y3, "labels-and-loss"),
        (layers.Dense(4, "softmax"), "categorical_crossentropy", HOT, "output-does-not-fit"),
        (layers.Dense(3, "softmax"), "categorical_crossentropy", 1 - HOT, "labels-and-loss"),
        (layers.Dense(1, "sigmoid"), "binary_crossentropy", Y3 % 2, None),
        (layers.Dense(1, "sigmoid"), "binary_crossentropy", Y3, "labels-and-loss"),
        (layers.Dense(1, "sigmoid"), "binary_crossentropy", 2 * (Y3 % 2) - 1, "labels-and-loss"),
        (layers.Dense(1, "softmax"), "binary_crossentropy", Y3 % 2, "one-softmax"),
        (layers.Dense(1), "binary_crossentropy", Y3 % 2, "softmax-missing"),
        (layers.Dense(3, "sigmoid"), "binary_crossentropy", Y3 % 2, "output-does-not-fit"),
        (layers.Dense(1, "sigmoid"), SPARSE, Y3 % 2, "labels-out-of-range"),
        (layers.Dense(3, "relu"), SPARSE, Y3, "softmax-missing"),
        (layers.Dense(3), keras.losses.SparseCategoricalCrossentropy(from_logits=True), Y3, None),
        (layers.Dense(3), keras.losses.SparseCategoricalCrossentropy(), Y3, "softmax-missing"),
        (layers.Dense(3), "mse", Y3[:, None], "labels-and-loss"),
        (layers.Dense(3), "mse", HOT, None),
        (layers.Dense(2), "mse", HOT, "output-does-not-fit"),
        (layers.Dense(1, "sigmoid"), "mse", 3 * X64[:, 0], "answers-cut-off"),
        (layers.Dense(1, "relu"), "mse", X64[:, 0] - 0.5, "answers-cut-off"),
        (layers.Dense(1), "mae", X64[:, 0] - 0.5, None),
    ],
)
def test_labels_loss_and_last_layer(last: Any, loss: Any, y: Array, code: str | None) -> None:
    last = type(last).from_config(last.get_config())
    report = glance(
        "labels, loss and last layer; probabilities", line(last, shape=(6,), loss=loss), X64, y
    )
    assert alarms(report)[:1] == ([code] if code else []), report


def test_class_numbers_as_amounts_and_metrics_that_count_something_else() -> None:
    model = line(layers.Dense(1), shape=(6,), metrics=["accuracy"])
    assert {"labels-and-loss", "metric-does-not-fit"} <= set(
        row_of(model, X64, Y3, "metrics; labels, loss and last layer")
    )
    report = glance("labels, loss and last layer", line(layers.Dense(1), shape=(6,)), X64, Y3)
    assert "labels-and-loss" in [note.code for note in report.notes]
    several = line(
        layers.Dense(3, "sigmoid"), shape=(6,), loss="binary_crossentropy", metrics=["accuracy"]
    )
    assert "metric-does-not-fit" in row_of(several, X64, 1 - HOT, "metrics")
    exact = line(
        layers.Dense(3, "softmax"), shape=(6,), loss=SPARSE, metrics=[keras.metrics.Accuracy()]
    )
    assert "metric-does-not-fit" in row_of(exact, X64, Y3, "metrics")
    logits = keras.losses.BinaryCrossentropy(from_logits=True)
    assert "metric-does-not-fit" in row_of(
        line(layers.Dense(1), shape=(6,), loss=logits, metrics=["accuracy"]), X64, Y3 % 2
    )


def test_an_output_with_too_many_axes() -> None:
    rng = np.random.default_rng(1)
    whole = line(layers.GRU(4, return_sequences=True), layers.Dense(1), shape=(5, 2))
    report = examine(whole, rng.random((60, 5, 2)), rng.random(60))
    assert alarms(report)[0] == "output-does-not-fit"
    assert "return_sequences" in report.alarms[0].remedy


def test_softmax_taken_twice(d: Digits) -> None:
    model = dense(1, last=layers.Dense(10, activation="softmax"))
    model.add(layers.Softmax())
    assert "softmax-twice" in row_of(compiled(model), d.x, d.y)


def test_embeddings_get_numbers_of_their_rows() -> None:
    y = np.arange(120) % 2
    words = np.random.default_rng(1).integers(0, 60, (120, 9))
    for x, wrong in ((words, True), (words % 50, False), (words - 1, True), (words / 60, True)):
        model = line(
            layers.Embedding(50, 4),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, "sigmoid"),
            shape=(9,),
            loss="binary_crossentropy",
        )
        assert ("index-out-of-range" in alarms(glance("numbers of pieces", model, x, y))) == wrong


def test_sorted_rows_are_an_alarm_only_where_they_are_split(d: Digits) -> None:
    order = np.argsort(d.y, kind="stable")
    x, y, model = d.x[order], d.y[order], compiled(dense(1))
    assert alarms(glance("the order of the rows", model, x, y, validation=0.2)) == ["rows-sorted"]
    assert alarms(
        glance("the order of the rows", model, x[:600], y[:600], validation=(x[600:], y[600:]))
    ) == ["rows-sorted"]
    assert "rows-sorted" in [
        note.code for note in glance("the order of the rows", model, x, y).notes
    ]
    assert glance("the order of the rows", model, x, y, validation=(d.x_val, d.y_val)).alarms == ()
    assert glance("the order of the rows", model, d.x, d.y, validation=0.2).alarms == ()
    assert "rows-sorted" in alarms(
        glance(
            "the order of the rows",
            line(layers.Dense(1)),
            points()[0],
            np.linspace(-1, 1, 300),
            validation=0.2,
        )
    )


def test_a_validation_of_other_classes(d: Digits) -> None:
    few = np.isin(d.y_val, (0, 1, 2))
    report = examine(compiled(dense(1)), d.x, d.y, validation=(d.x_val[few], d.y_val[few]))
    assert alarms(report)[0] == "classes-differ"


def test_rows_on_both_sides_and_data_that_repeat_by_nature(d: Digits) -> None:
    pair = (np.concatenate([d.x[:100], d.x_val]), np.concatenate([d.y[:100], d.y_val]))
    report = glance(
        "rows on both sides of the split", compiled(dense(1)), d.x, d.y, validation=pair
    )
    assert alarms(report) == ["rows-in-both"]
    assert report.alarms[0].number == pytest.approx(1 / 3)
    noisy = d.x[:150] + np.random.default_rng(1).normal(0, 0.002, (150, 8, 8)).astype("float32")
    assert alarms(
        glance(
            "rows on both sides of the split",
            compiled(dense(1)),
            d.x,
            d.y,
            validation=(noisy, d.y[:150]),
        )
    ) == ["rows-in-both"]
    few = np.eye(15, dtype="float32")[np.arange(300) % 15]
    model = line(layers.Dense(3, "softmax"), shape=(15,), loss=SPARSE)
    assert (
        glance(
            "rows on both sides of the split", model, few, np.arange(300) % 3, validation=0.2
        ).alarms
        == ()
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda x: 1 - x,
        lambda x: 255 * x,
        lambda x: x / 255,
        lambda x: (x - 0.5) * 2,
        lambda x: x.swapaxes(1, 2),
        lambda x: x[:, ::-1],
    ],
)
@pytest.mark.parametrize("where", ["use", "validation"])
def test_other_preprocessing(d: Digits, change: Callable[[Array], Array], where: str) -> None:
    model, x = compiled(dense(1)), change(d.x_new)
    options = {"use": x} if where == "use" else {"validation": (x, d.y_new)}
    assert "preprocessing-differs" in alarms(
        glance("preprocessing of new rows", model, d.x, d.y, **options)
    )
    assert glance("preprocessing of new rows", model, d.x, d.y, use=d.x_new).alarms == ()


def test_one_new_picture_is_enough_to_see_that_it_is_inverted(d: Digits) -> None:
    model = compiled(dense(1))
    report = glance("preprocessing of new rows", model, d.x, d.y, use=1 - d.x_new[:1])
    assert alarms(report) == ["preprocessing-differs"]
    assert "inverted" in report.alarms[0].sentence
    assert all(
        not glance("preprocessing of new rows", model, d.x, d.y, use=d.x_new[i : i + 1]).alarms
        for i in range(5)
    )


def test_a_scaler_that_saw_both() -> None:
    x, y = points(400)
    x = 3 * x + 5
    model = line(layers.Dense(2, "softmax"), loss=SPARSE)
    for rows, wrong in ((x, True), (x[:300], False)):
        scaled = (x - rows.mean(axis=0)) / rows.std(axis=0)
        report = glance(
            "the scaler", model, scaled[:300], y[:300], validation=(scaled[300:], y[300:])
        )
        assert ("scaler-saw-both" in alarms(report)) == wrong


def test_labels_that_have_nothing_to_do_with_their_rows(d: Digits) -> None:
    rng = np.random.default_rng(1)
    model = compiled(dense(1))
    assert alarms(glance("labels beside neighbors", model, d.x, rng.permutation(d.y))) == [
        "labels-shuffled"
    ]
    x, _ = points(400, 8)
    assert alarms(
        glance(
            "labels beside neighbors", line(layers.Dense(1), shape=(8,)), x, rng.normal(size=400)
        )
    ) == ["labels-shuffled"]
    assert (
        alarms(
            glance("labels beside neighbors", line(layers.Dense(1), shape=(8,)), x, x.sum(axis=1))
        )
        == []
    )
    bits = rng.integers(0, 2, (400, 8)).astype("float32")
    parity = glance(
        "labels beside neighbors",
        line(layers.Dense(1, "sigmoid"), shape=(8,), loss="binary_crossentropy"),
        bits,
        bits.sum(axis=1) % 2,
    )
    assert "labels-shuffled" not in parity.codes
    assert dict(parity.unseen)["labels beside neighbors"].startswith("inputs of two values")


def test_targets_that_repeat_the_last_value_or_a_column() -> None:
    walk = np.cumsum(np.random.default_rng(1).normal(size=300))
    x = np.stack([walk[i : i + 5] for i in range(290)])[..., None] / 10
    report = glance(
        "targets beside inputs",
        line(layers.GRU(2), layers.Dense(1), shape=(5, 1)),
        x,
        walk[5:295] / 10,
    )
    assert "no-better-than-copying" in report.codes
    x2, _ = points()
    column = glance("targets beside inputs", line(layers.Dense(1)), x2, 2 * x2[:, 1] + 1)
    assert "label-in-input" in [note.code for note in column.notes]


def test_lines_after_lines_and_what_bends_them(d: Digits) -> None:
    for between, wrong in (
        ([], True),
        ([layers.Dropout(0.1)], True),
        ([layers.BatchNormalization()], True),
        ([layers.Activation("relu")], False),
        ([layers.LeakyReLU()], False),
    ):
        model = compiled(dense(1, layers.Dense(16), *between, layers.Dense(16)))
        assert ("missing-activation" in row_of(model, d.x, d.y, "activations")) == wrong, between
    convolutions = [
        layers.Reshape((8, 8, 1)),
        layers.Conv2D(4, 3),
        layers.MaxPooling2D(),
        layers.Flatten(),
    ]
    assert row_of(compiled(dense(1, *convolutions)), d.x, d.y) == []


def test_dropout_penalties_and_narrow_layers(d: Digits) -> None:
    hidden = layers.Dense(32, "relu")
    assert row_of(compiled(dense(1, hidden, layers.Dropout(0.9))), d.x, d.y) == ["dropout-too-high"]
    after = dense(1)
    after.add(layers.Dropout(0.2))
    assert "dropout-too-high" in row_of(compiled(after), d.x, d.y)
    strict = layers.Dense(32, "relu", kernel_regularizer=keras.regularizers.L2(1.0))
    assert row_of(compiled(dense(1, strict)), d.x, d.y) == ["penalty-rules"]
    assert "narrow-layer" in row_of(compiled(dense(1, layers.Dense(2, "relu"))), d.x, d.y)


def test_frozen_layers_fresh_or_trained_and_compile_forgotten(d: Digits) -> None:
    model = compiled(dense(1))
    model.layers[1].trainable = False
    assert row_of(compiled(model), d.x, d.y) == ["frozen-layers"]
    model.layers[1].set_weights([w + 0.01 for w in model.layers[1].get_weights()])
    report = examine(model, d.x, d.y)
    assert (report.alarms, report.codes) == ((), ("frozen-layers",))
    model.trainable = False
    assert row_of(compiled(model), d.x, d.y)[0] == "nothing-to-train"
    late = compiled(dense(1))
    late.optimizer.build(late.trainable_variables)
    late.layers[1].trainable = False
    assert "compile-again" in alarms(examine(late, d.x, d.y))


def test_a_table_of_words_that_is_frozen_at_random_is_an_alarm() -> None:
    words = np.random.default_rng(1).integers(0, 50, (60, 5))
    model = line(
        layers.Embedding(50, 8, trainable=False),
        layers.GlobalAveragePooling1D(),
        layers.Dense(1, "sigmoid"),
        shape=(5,),
        loss="binary_crossentropy",
    )
    assert row_of(model, words, np.arange(60) % 2, "frozen layers") == ["frozen-layers"]
    model.layers[0].set_weights([np.random.default_rng(1).normal(size=(50, 8))])
    assert row_of(model, words, np.arange(60) % 2, "frozen layers") == []


def test_weights_that_start_alike_too_large_or_dead(d: Digits) -> None:
    alike = dense(1, layers.Dense(16, "relu", kernel_initializer="ones"))
    assert "weights-all-alike" in row_of(compiled(alike), d.x, d.y)
    big = keras.initializers.RandomNormal(stddev=3.0)
    large = dense(1, layers.Dense(16, "tanh", kernel_initializer=big))
    assert "weights-too-large" in row_of(compiled(large), d.x, d.y)
    dead = dense(1, layers.Dense(16, "relu", bias_initializer=keras.initializers.Constant(-9.0)))
    assert row_of(compiled(dead), d.x, d.y)[0] == "dead-units"


def test_slopes_that_fade_through_many_sigmoids(d: Digits) -> None:
    deep = [layers.Dense(32, "sigmoid") for _ in range(10)]
    assert "slopes-vanish" in row_of(compiled(dense(1, *deep)), d.x, d.y)
    shallow = [layers.Dense(32, "sigmoid") for _ in range(2)]
    assert row_of(compiled(dense(1, *shallow)), d.x, d.y) == []


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "RMSprop"])
def test_rates_far_off(d: Digits, optimizer: str) -> None:
    make = getattr(keras.optimizers, optimizer)
    rates = {"SGD": (30.0, 0.1, 1e-6), "Adam": (30.0, 0.003, 1e-9), "RMSprop": (30.0, 0.003, 1e-9)}
    for rate, code in zip(
        rates[optimizer], (["rate-too-large"], [], ["rate-too-small"]), strict=True
    ):
        model = dense(1)
        model.compile(make(rate), SPARSE)
        assert row_of(model, d.x, d.y) == code, rate


def test_scales_of_input_and_target(d: Digits) -> None:
    assert row_of(compiled(dense(1)), 255 * d.x, d.y)[0] == "scale-of-input"
    assert row_of(compiled(dense(1)), d.x / 255, d.y) == ["scale-of-input"]
    inside = compiled(dense(1, layers.Rescaling(1 / 255), layers.Dense(32, "relu")))
    assert row_of(inside, 255 * d.x, d.y) == []
    twice = compiled(dense(1, layers.Rescaling(1 / 255), layers.Dense(32, "relu")))
    assert row_of(twice, d.x, d.y) == ["scale-of-input"]
    x, _ = points()
    prices = 200_000 + 50_000 * x.sum(axis=1)
    assert "scale-of-target" in row_of(line(layers.Dense(8, "relu"), layers.Dense(1)), x, prices)


def test_answers_in_another_order_or_of_one_column(d: Digits) -> None:
    model = compiled(dense(1))
    model.fit(d.x, d.y, epochs=10, verbose=0)
    own = model.predict(d.x, verbose=0).argmax(axis=1)
    assert glance("your answers", model, d.x, d.y, answers=own).alarms == ()
    mixed = np.random.default_rng(1).permutation(own)
    assert alarms(glance("your answers", model, d.x, d.y, answers=mixed)) == [
        "answers-in-other-order"
    ]
    assert alarms(glance("your answers", model, d.x, d.y, answers=(own + 1) % 10)) != []
    assert alarms(glance("your answers", model, d.x, d.y, answers=own[:-1])) == ["lengths-differ"]


def test_unbalanced_classes_are_a_note_until_the_network_gives_up() -> None:
    x, _ = points(400)
    y = (x.sum(axis=1) > 3.6).astype(int)
    model = line(layers.Dense(1, "sigmoid"), loss="binary_crossentropy", rate=0.05)
    report = examine(model, x, y)
    assert (report.alarms, report.codes) == ((), ("classes-unbalanced",))
    model.fit(x, y, epochs=2, verbose=0)
    if (model.predict(x, verbose=0) < 0.5).all():
        assert "classes-unbalanced" in alarms(examine(model, x, y))


# while it trains


def test_the_watch_says_where_the_loss_left_the_numbers(d: Digits) -> None:
    keras.utils.set_random_seed(1)
    model = line(layers.Dense(32), layers.Dense(1), shape=(64,), rate=0.5)
    watch = Watch(quiet=True)
    model.fit(d.x.reshape(-1, 64), d.y, epochs=1, verbose=0, callbacks=[watch])
    by_code = {finding.code: finding for finding in watch.report}
    assert {"loss-not-finite", "rate-too-large"} <= set(by_code)
    assert 2 <= by_code["loss-not-finite"].number <= 25
    assert "arrays of weights hold NaN" in by_code["loss-not-finite"].sentence


def test_a_watch_without_rows_looks_at_losses_and_weights(d: Digits) -> None:
    watch = Watch(quiet=True)
    compiled(dense(1)).fit(d.x, d.y, epochs=2, verbose=0, callbacks=[watch])
    assert not watch.report.alarms
    assert "how far kernels moved" in watch.report.looked
    assert "it needs x and y as arrays" in dict(watch.report.unseen)["dead units"]
    small = Watch(quiet=True)
    compiled(dense(1), rate=1e-6).fit(d.x, d.y, epochs=2, verbose=0, callbacks=[small])
    assert alarms(small.report) == ["rate-too-small"]


def test_a_watch_that_looks_at_a_second_fit_says_that_it_goes_on(d: Digits) -> None:
    model, watch = compiled(dense(1)), Watch(d.x, d.y, quiet=True)
    for told in (False, True):
        model.fit(d.x, d.y, epochs=1, verbose=0, callbacks=[watch])
        notes = [note.code for note in watch.report.notes]
        assert ("fit-continues" in notes) == told
        assert not watch.report.alarms


def test_few_steps_are_an_alarm_unless_it_is_one_epoch_to_try(d: Digits) -> None:
    for epochs, alarm in ((1, False), (3, True)):
        watch = Watch(quiet=True)
        model = compiled(dense(1), rate=1e-4)
        model.fit(d.x, d.y, epochs=epochs, batch_size=800, verbose=0, callbacks=[watch])
        assert ("too-few-steps" in alarms(watch.report)) == alarm
        assert "too-few-steps" in watch.report.codes


def test_folds_with_a_new_network_each_are_sound(d: Digits) -> None:
    for part in (slice(0, 200), slice(200, 400)):
        held = np.zeros(len(d.x), dtype=bool)
        held[part] = True
        model = compiled(dense(1))
        report = examine(model, d.x[~held], d.y[~held], validation=(d.x[held], d.y[held]))
        model.fit(d.x[~held], d.y[~held], epochs=1, verbose=0)
        assert report.codes == ()


def test_a_watch_prints_what_alarms_and_nothing_else(
    d: Digits, capsys: pytest.CaptureFixture[str]
) -> None:
    compiled(dense(1)).fit(d.x, d.y, verbose=0, callbacks=[Watch(d.x, d.y)])
    assert capsys.readouterr().out == ""
    compiled(dense(1), rate=1e-6).fit(d.x, d.y, verbose=0, callbacks=[Watch(d.x, d.y)])
    assert capsys.readouterr().out.startswith("One alarm")


def test_a_network_that_is_built_by_fit_is_watched_from_its_first_step(d: Digits) -> None:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([layers.Flatten(), layers.Dense(10)])
    model.compile("sgd", SPARSE)
    watch = Watch(d.x, d.y, quiet=True)
    model.fit(d.x, d.y, verbose=0, callbacks=[watch])
    assert alarms(watch.report)[0] == "softmax-missing"


# what it cannot look at, it says


def rows_one_by_one() -> Iterator[tuple[Array, Array]]:
    raise AssertionError("a generator must not be used up")
    yield


@pytest.mark.parametrize(
    ("x", "word"),
    [
        (rows_one_by_one(), "generator"),
        (tf.data.Dataset.from_tensor_slices(np.zeros((4, 4))), "TensorSliceDataset"),
        ({"a": np.zeros((9, 4))}, "several arrays"),
        ([np.zeros((9, 4)), np.zeros((9, 2))], "several arrays"),
        (3.0, "float"),
        ("words", "str"),
    ],
)
def test_inputs_that_cannot_be_looked_at(x: Any, word: str) -> None:
    report = examine(line(layers.Dense(1)), x, np.zeros(4) if word == "float" else None)
    assert word in dict(report.unseen)["x"]
    assert "activations" in report.looked
    assert Watch(x, quiet=True).report.findings == ()


def test_networks_that_cannot_be_looked_at_fully(d: Digits) -> None:
    empty = keras.Sequential([layers.Dense(10)])
    told = dict(examine(empty, d.x, d.y).unseen)
    assert "not built" in told["axes"]
    assert "not compiled" in told["labels, loss and last layer"]
    assert not empty.built
    bare = dense(1)
    assert "not compiled" in dict(examine(bare, d.x, d.y).unseen)["step size beside weight size"]
    nothing = examine(None, d.x, d.y)
    assert "no Keras model" in dict(nothing.unseen)["activations"]
    assert "rows on both sides of the split" in dict(nothing.unseen)


class Own(keras.Model):  # type: ignore[misc]
    """A network of its own class, with a step of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.last = layers.Dense(10, activation="softmax")

    def call(self, x: Any) -> Any:
        return self.last(keras.ops.reshape(x, (-1, 64)))

    def train_step(self, data: Any) -> Any:
        return super().train_step(data)


def test_a_network_with_a_step_of_its_own(d: Digits) -> None:
    model = compiled(Own())
    model(d.x[:1])
    report = examine(model, d.x, d.y)
    told = dict(report.unseen)
    assert "train_step" in told["step size beside weight size"]
    assert "its own" in told["dead units"]
    assert not report.alarms
    assert "labels-out-of-range" in alarms(examine(model, d.x, d.y + 1))


def test_several_inputs_outputs_and_losses(d: Digits) -> None:
    a, b = keras.Input((4,)), keras.Input((4,))
    joined = layers.Concatenate()([a, b])
    model = keras.Model([a, b], [layers.Dense(1)(joined), layers.Dense(2)(joined)])
    model.compile("sgd", ["mse", "mse"])
    x = np.zeros((20, 4))
    report = examine(model, [x, x], [x[:, :1], x[:, :2]])
    told = dict(report.unseen)
    assert "several arrays" in told["x"]
    assert "several arrays" in told["y"]
    assert not report.alarms
    watch = Watch([x, x], [x[:, :1], x[:, :2]], quiet=True)
    model.fit([x, x], [x[:, :1], x[:, :2]], verbose=0, callbacks=[watch])
    assert "how far kernels moved" in watch.report.looked


def test_a_graph_with_a_shortcut_is_looked_at(d: Digits) -> None:
    entry = keras.Input((8, 8))
    flat = layers.Flatten()(entry)
    hidden = layers.Dense(64, activation="relu")(flat)
    last = layers.Dense(10, activation="softmax")(layers.Add()([flat, hidden]))
    report = examine(compiled(keras.Model(entry, last)), d.x, d.y)
    assert not report.alarms
    assert {"dead units", "probabilities", "step size beside weight size"} <= set(report.looked)


def test_another_backend_is_named(d: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keras.backend.backend", lambda: "jax")
    told = dict(examine(compiled(dense(1)), d.x, d.y).unseen)
    assert "not jax" in told["step size beside weight size"]


@pytest.mark.parametrize("validation", [0.0, 1.0, -0.1, 2, (1, 2, 3, 4), np.zeros((4, 4))])
def test_a_validation_that_is_none_is_refused(validation: Any) -> None:
    with pytest.raises(ValueError, match="validation"):
        examine(None, [[1.0]], [1], validation=validation)
    with pytest.raises(ValueError, match="validation"):
        Watch([[1.0]], [1], validation=validation)


def test_lists_tensors_and_tables_are_taken(d: Digits) -> None:
    import pandas as pd

    x, y = points()
    model = line(layers.Dense(2, "softmax"), loss=SPARSE)
    for rows, labels in (
        (x.tolist(), y.tolist()),
        (tf.constant(x), tf.constant(y)),
        (pd.DataFrame(x), pd.Series(y)),
    ):
        report = examine(model, rows, labels)
        assert "dead units" in report.looked
        assert not report.alarms


# how long it takes


def test_sixty_thousand_digits_take_two_seconds_and_a_sample_is_named() -> None:
    rng = np.random.default_rng(1)
    x = rng.random((60_000, 784), dtype=np.float32)
    y = (10 * x[:, 0]).astype(int)
    model = line(layers.Dense(64, "relu"), layers.Dense(10, "softmax"), shape=(784,), loss=SPARSE)
    examine(model, x[:100], y[:100])  # what is loaded once
    began = time.process_time()
    report = examine(model, x, y, validation=0.1)
    assert time.process_time() - began < 2 * slowness()
    assert "labels beside neighbors" in report.looked
    many = np.broadcast_to(np.zeros((1, 784), np.float32), (2_000_000, 784))
    told = dict(examine(model, many, np.zeros(2_000_000)).unseen)
    assert "one in" in told["all rows of x"]


@pytest.mark.parametrize("low", [0, -1])
def test_rows_of_bits_have_no_neighbors_that_could_tell(low: int) -> None:
    bits = (np.arange(1000)[:, None] >> np.arange(10)) & 1
    x, y = np.where(bits == 1, 1.0, float(low)), bits.sum(axis=1) % 2
    model = line(layers.Dense(32, "relu"), layers.Dense(2, "softmax"), shape=(10,), loss=SPARSE)
    report = examine(model, x, y)
    assert "labels-shuffled" not in {found.code for found in report}
    assert "labels beside neighbors" in dict(report.unseen)
