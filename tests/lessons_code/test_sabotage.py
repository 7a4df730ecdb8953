"""Sabotages: each must break what it says, and leave the rest as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from lessons_code.sabotage import shuffle_rows

# trains one network of each kind on an easy task, and tells how well it and the data fare
LESSON = """
import json
import keras
import numpy as np
from sklearn.neural_network import MLPClassifier
from lessons_code import autodiff as ad, data, networks, set_seed

rng = set_seed(7)
x = rng.normal(size=(400, 4)).astype("float32")
y = (x[:, 0] > 0).astype(int)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
model.compile(optimizer=keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
before = model.get_weights()[0]
history = model.fit(x, y, epochs=5, batch_size=20, verbose=0)
found = {
    "moved": float(np.abs(model.get_weights()[0] - before).max()),
    "loss": history.history["loss"][-1],
    "predicts": float(np.mean(model.predict(x, verbose=0).argmax(axis=1) == y)),
    "evaluates": float(model.evaluate(x, y, verbose=0)[1]),
    "really": float(np.mean(np.array(model(x)).argmax(axis=1) == y)),
}
for solver in ("lbfgs", "adam"):
    net = MLPClassifier((4,), solver=solver, max_iter=60, learning_rate_init=0.05, random_state=1,
                        tol=0)
    found[solver] = float(np.mean(net.fit(x, y).predict(x) == y))
ours = networks.Sequential(networks.Dense(4, 2, rng=rng))
networks.fit(ours, networks.softmax_cross_entropy, networks.SGD(ours.parameters, 0.5), x, y,
             epochs=5, batch_size=20, rng=rng)
found["ours"] = float(np.mean(ours(x).value.argmax(axis=1) == y))
digits = data.small_digits()
flat = digits.x.reshape(len(digits.x), -1)
nearest = [np.argsort(((flat - flat[i]) ** 2).sum(axis=1))[1] for i in range(100)]
found["neighbors"] = float(np.mean(digits.y[nearest] == digits.y[:100]))
print(json.dumps(found))
"""


def lesson(sabotage: str = "") -> dict[str, float]:
    """Run the lesson in a process of its own, with a sabotage before it."""
    code = f"from lessons_code import sabotage; sabotage.{sabotage}()\n" if sabotage else ""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + LESSON],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


NETWORKS = ("predicts", "evaluates", "really", "lbfgs", "adam", "ours")


@pytest.fixture(scope="module")
def sound() -> dict[str, float]:
    return lesson()


def test_without_sabotage_everything_is_learned(sound: dict[str, float]) -> None:
    assert all(sound[name] > 0.9 for name in NETWORKS), sound
    assert sound["neighbors"] > 0.9


def test_untrained_changes_no_weight(sound: dict[str, float]) -> None:
    found = lesson("untrained")
    assert found["moved"] == 0
    assert found["loss"] > 2 * sound["loss"]
    assert all(found[name] < 0.9 for name in NETWORKS), found
    assert found["neighbors"] == sound["neighbors"]


def test_shuffled_labels_teach_nothing(sound: dict[str, float]) -> None:
    found = lesson("shuffled_labels")
    assert found["moved"] > 0
    assert all(found[name] < 0.75 for name in NETWORKS), found
    assert found["neighbors"] == sound["neighbors"]


def test_shuffled_predictions_spoil_answers_and_not_the_network(sound: dict[str, float]) -> None:
    found = lesson("shuffled_predictions")
    assert found["really"] == sound["really"]
    assert all(found[name] < 0.75 for name in ("predicts", "evaluates", "lbfgs", "adam")), found


def test_the_wrong_helper_gives_labels_of_other_examples(sound: dict[str, float]) -> None:
    found = lesson("wrong_helper")
    assert found["neighbors"] < 0.4
    assert {name: found[name] for name in NETWORKS} == {name: sound[name] for name in NETWORKS}


def rows(of: Any) -> Any:
    return shuffle_rows(of, np.random.default_rng(1))


def test_all_parts_of_the_labels_are_shuffled_alike() -> None:
    first, second = np.arange(20), np.arange(20) * 10
    pair = rows([first, second])
    assert not np.array_equal(pair[0], first)
    assert np.array_equal(pair[0] * 10, pair[1])
    named = rows({"a": first, "b": second})
    assert np.array_equal(named["a"] * 10, named["b"])
    assert sorted(rows(list(range(20)))) == list(range(20))


def test_what_has_no_rows_stays() -> None:
    nothing = object()
    assert rows(None) is None
    assert rows(nothing) is nothing
