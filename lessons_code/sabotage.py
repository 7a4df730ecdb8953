"""Sabotages: ways to break a lesson, so that its claims are seen to notice.

``make evidence`` calls one of them before a chapter's first cell (``_config.yml`` names them).
A claim that none of them breaks says nothing about training.
"""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from lessons_code import networks
from lessons_code.data.dataset import Dataset

_SEED = 20
_TRAINING = [
    (keras.Model, "fit"),
    (keras.Model, "train_on_batch"),
    (MLPClassifier, "fit"),
    (MLPClassifier, "partial_fit"),
    (MLPRegressor, "fit"),
    (MLPRegressor, "partial_fit"),
    (networks, "fit"),
]


def untrained() -> None:
    """Let training change no weight: ``fit`` runs, and nothing is learned."""
    from keras.src.optimizers.base_optimizer import BaseOptimizer
    from sklearn.neural_network import _multilayer_perceptron, _stochastic_optimizers

    def build_only(self: Any, _grads: Any, trainable_variables: Any = None) -> Any:
        if not self.built:
            self.build(trainable_variables)
        return self.iterations.assign_add(1)

    def do_nothing(*_: Any) -> None:
        pass

    def optimize_nothing(self: Any, *_: Any) -> None:
        self.loss_, self.n_iter_ = np.inf, 0

    BaseOptimizer.apply = build_only
    networks.SGD.step = do_nothing  # type: ignore[method-assign,assignment]
    _stochastic_optimizers.BaseOptimizer.update_params = do_nothing
    _multilayer_perceptron.BaseMultilayerPerceptron._fit_lbfgs = optimize_nothing


def shuffled_labels() -> None:
    """Let networks learn labels that belong to other examples."""
    rng = np.random.default_rng(_SEED)

    def mislead(owner: Any, name: str, labels: int) -> None:
        """Shuffle the argument of a function, given by name (``y``) or by its place."""
        original = getattr(owner, name)

        @functools.wraps(original)
        def misled(*args: Any, **options: Any) -> Any:
            given = list(args)
            if len(given) > labels:
                given[labels] = shuffle_rows(given[labels], rng)
            elif "y" in options:
                options["y"] = shuffle_rows(options["y"], rng)
            return original(*given, **options)

        setattr(owner, name, misled)

    for owner, name in _TRAINING:
        mislead(owner, name, labels=4 if owner is networks else 2)


def shuffled_predictions() -> None:
    """Let networks answer for other examples than they were asked, and score those answers."""
    rng = np.random.default_rng(_SEED)

    def mix_up(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def mixed_up(*args: Any, **options: Any) -> Any:
            return shuffle_rows(original(*args, **options), rng)

        setattr(owner, name, mixed_up)

    evaluate = keras.Model.evaluate

    @functools.wraps(evaluate)
    def evaluate_others(self: Any, x: Any = None, y: Any = None, *args: Any, **options: Any) -> Any:
        return evaluate(self, x, shuffle_rows(y, rng), *args, **options)

    mix_up(keras.Model, "predict")
    mix_up(MLPClassifier, "predict")
    mix_up(MLPClassifier, "predict_proba")
    mix_up(MLPRegressor, "predict")
    keras.Model.evaluate = evaluate_others


def wrong_helper() -> None:
    """Let the labels of every data set belong to other examples."""
    init = Dataset.__init__

    @functools.wraps(init)
    def init_wrongly(self: Dataset, *args: Any, **options: Any) -> None:
        init(self, *args, **options)
        object.__setattr__(self, "y", np.random.default_rng(_SEED).permutation(self.y))

    Dataset.__init__ = init_wrongly  # type: ignore[method-assign]


def shuffle_rows(y: Any, rng: np.random.Generator) -> Any:
    """Return arrays with their rows in another order, the same for all of them.

    Args:
        y: An array, or a list or dictionary of arrays, of one length. Anything else, such as
            ``None`` where the labels come with the examples, is returned as it is.
        rng: Where the order comes from.
    """
    if isinstance(y, dict):
        shuffled = shuffle_rows(list(y.values()), rng)
        return dict(zip(y, shuffled, strict=True))
    if isinstance(y, list) and y and all(np.ndim(one) > 0 for one in y):
        order = rng.permutation(len(y[0]))
        return [np.asarray(one)[order] for one in y]
    if hasattr(y, "shape") or isinstance(y, list | tuple):
        array = np.asarray(y)
        return array[rng.permutation(len(array))]
    return y
