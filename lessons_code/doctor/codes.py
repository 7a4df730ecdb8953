"""Every finding of the doctor: its code, how surely it explains trouble, and what to do.

:data:`ENTRIES` says which entry of the page ``what-went-wrong`` tells more.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """What is known of a finding before anything is looked at.

    Attributes:
        sure: How surely it explains trouble, 0 to 100: findings are shown in this order.
        remedy: What to do.
        symptom: Whether it is what other findings cause. Where one of those is an alarm, a
            symptom is a note.
    """

    sure: int
    remedy: str
    symptom: bool = False


CODES = {
    # what fit refuses, or cannot mean
    "empty": Code(100, "Look at what the loader or the filter before it returned."),
    "lengths-differ": Code(
        99, "Let axis 0 of both count the same examples; cut or shuffle both alike."
    ),
    "not-numbers": Code(
        99,
        "Turn words into numbers first: class names into 0 to k - 1, texts and columns of words "
        "into numbers or one-hot rows; rows of unequal length are padded.",
    ),
    "not-finite": Code(
        98, "Find these rows with np.isnan(x), then fill them in or leave them out, before scaling."
    ),
    "axes-do-not-fit": Code(
        97, "Print x.shape beside model.input_shape: axis 0 counts examples, the rest must agree."
    ),
    "channels-first": Code(
        96, "Move the channels to the end: np.moveaxis(x, 1, -1), and change keras.Input with it."
    ),
    "output-does-not-fit": Code(
        96,
        "Print y.shape beside model.output_shape. Flatten or pool before the last layer, or let "
        "it have as many units as there are answers.",
    ),
    "labels-out-of-range": Code(
        95, "Number the classes from 0 to k - 1 and give the last layer k units."
    ),
    "index-out-of-range": Code(
        95,
        "Give keras.layers.Embedding whole numbers from 0 to input_dim - 1, neither scaled nor "
        "negative, and one row more than the largest number.",
    ),
    "one-softmax": Code(
        95,
        'Use Dense(1, activation="sigmoid") with binary_crossentropy, or as many softmax units as '
        "classes.",
    ),
    "softmax-missing": Code(
        94,
        'Give the last layer activation="softmax" ("sigmoid" for yes or no), or compile with the '
        "loss object and from_logits=True.",
    ),
    "labels-and-loss": Code(
        94,
        "Class numbers go with sparse_categorical_crossentropy, one-hot rows with "
        "categorical_crossentropy, 0 and 1 with binary_crossentropy, amounts with "
        "mean_squared_error.",
    ),
    "one-class": Code(93, "Look at how the rows were chosen: there is nothing to tell apart."),
    "answers-cut-off": Code(
        93, 'Leave the last layer without an activation where the answer is an amount: "linear".'
    ),
    "softmax-twice": Code(92, "Take one of the two away; the loss wants probabilities once."),
    "nothing-to-train": Code(
        92, "Set trainable = True for the layers that should learn, then compile again."
    ),
    "compile-again": Code(
        91, "Call compile after every change of trainable: the optimizer keeps the list it had."
    ),
    "weights-all-alike": Code(
        91, "Start kernels at random (leave out kernel_initializer); zeros are for biases."
    ),
    "inputs-all-alike": Code(
        91,
        "Plot one row. Dividing whole numbers by //, or turning scaled numbers into integers, "
        "leaves only zeros.",
    ),
    # what is wrong and silent
    "rows-in-both": Code(
        90, "Split before anything is copied, and drop duplicates before the split."
    ),
    "rows-sorted": Code(
        89,
        "Shuffle before you split: order = np.random.permutation(len(x)); x, y = x[order], "
        "y[order]. validation_split takes the last rows as they stand.",
    ),
    "frozen-layers": Code(
        88,
        "Set trainable = True and compile again, unless you froze these layers on purpose and "
        "they were trained before.",
    ),
    "preprocessing-differs": Code(
        87,
        "Put the preprocessing into one function, or into the network (Rescaling, Normalization), "
        "and use it for training and for everything that comes later.",
    ),
    "dead-units": Code(
        86,
        "Start again with the usual initializers and a smaller learning rate; a unit that gives 0 "
        "for every row has no slope to come back by.",
    ),
    "missing-activation": Code(
        85, 'Give hidden layers an activation, such as "relu": lines after lines are one line.'
    ),
    "dropout-too-high": Code(84, "Try 0.2 to 0.5, and never after the last layer."),
    "penalty-rules": Code(84, "Make the regularizer 10 to 100 times smaller."),
    "scale-of-input": Code(
        83,
        "Scale what goes in: pixels / 255, columns to mean 0 and standard deviation 1, by the "
        "training rows alone, once, or use a Rescaling or Normalization layer.",
    ),
    "scale-of-target": Code(
        82,
        "Scale the targets to mean 0 and standard deviation 1 by the training rows, and scale "
        "answers back.",
    ),
    "weights-too-large": Code(81, "Leave out kernel_initializer, or make its numbers smaller."),
    "slopes-vanish": Code(
        80, 'Use "relu" and fewer layers, or BatchNormalization between them, or add shortcuts.'
    ),
    "rate-too-large": Code(79, "Divide the learning rate by 10, and again if that does not help."),
    "rate-too-small": Code(
        78, "Multiply the learning rate by 10 until the loss falls in the first epoch."
    ),
    "answers-of-one-column": Code(
        90,
        "A single sigmoid column is decoded by (p[:, 0] > 0.5); argmax is for several columns.",
    ),
    "answers-in-other-order": Code(
        86,
        "Predict and compare rows in one order: no shuffle between x and y, or take the labels "
        "out of the same pass that gives the answers.",
    ),
    "answers-decoded-wrongly": Code(
        80, "Compare your answers with the largest output of each row, one row by hand."
    ),
    "batchnorm-lags": Code(
        77,
        "Train for more steps, or give BatchNormalization a smaller momentum, such as 0.9: its "
        "running averages still hold their start.",
    ),
    "labels-shuffled": Code(
        76,
        "Show nine rows with their labels. Shuffle x and y with the same order; sort both or none.",
    ),
    "one-time-step": Code(
        75, "A sequence goes in as (rows, steps, features): swap the last two axes."
    ),
    "narrow-layer": Code(
        74, "Give hidden layers at least as many units as there are classes to tell apart."
    ),
    "metric-does-not-fit": Code(
        73,
        '"accuracy" for one class of several or for 0 and 1, "binary_accuracy" where several can '
        'be right, "mean_absolute_error" for amounts.',
    ),
    "too-few-steps": Code(72, "Use a smaller batch_size, or more epochs."),
    "scaler-saw-both": Code(
        60, "Fit the scaler on the training rows alone, then transform all parts with it."
    ),
    "classes-differ": Code(58, "Shuffle before you split, or split with stratify=y."),
    "classes-unbalanced": Code(
        57,
        "Report balanced accuracy or recall for each class beside accuracy; try class_weight in "
        "fit.",
    ),
    "no-better-than-copying": Code(
        56, "Always compare a forecast with the last known value; predict the change instead."
    ),
    "fit-continues": Code(
        55,
        "Build the network anew for each fold or seed, or load its starting weights; a second fit "
        "goes on where the first ended.",
    ),
    # what those bring about
    "loss-not-finite": Code(
        71, "Make the learning rate smaller, scale the input, and look for NaN in the data."
    ),
    "loss-at-start": Code(
        50, "Before training, the loss should be near that of guessing.", symptom=True
    ),
    "units-at-zero": Code(
        48,
        "A smaller learning rate or scaled inputs keep units alive; start again, since these do "
        "not come back.",
        symptom=True,
    ),
    "constant-answers": Code(
        46, "Let it learn ten rows by heart: if it cannot, something above is wrong.", symptom=True
    ),
    "loss-stands-still": Code(
        44,
        "Let it learn ten rows by heart; then try rates of 10 times less and more.",
        symptom=True,
    ),
    # worth knowing
    "gap-opens": Code(
        30,
        "More rows, a smaller network, dropout, or EarlyStopping with restore_best_weights=True.",
    ),
    "label-in-input": Code(
        28, "Ask whether this column is known when the network is used; if not, take it out."
    ),
    "same-row-other-label": Code(26, "Look at these rows: no network can be right on all."),
    "saturated-units": Code(25, 'Scale the input, or use "relu" in hidden layers.', symptom=True),
    "logits-and-softmax": Code(
        20, "Keras takes the logits, with a warning; leave out one of the two all the same."
    ),
    "not-compiled": Code(
        40, "Call model.compile with an optimizer and a loss, and again after loading weights."
    ),
    "small-validation": Code(15, "Use more validation rows, or cross-validation."),
}

# the entry of the page that tells more, by its anchor; of other findings the page has none
ENTRIES = {
    "answers-of-one-column": "argmax-of-one-column",
    "axes-do-not-fit": "features-do-not-match",
    "batchnorm-lags": "batchnorm-few-steps",
    "dead-units": "units-dead",
    "fit-continues": "fit-goes-on",
    "frozen-layers": "layer-frozen",
    "index-out-of-range": "index-out-of-range",
    "labels-and-loss": "labels-one-hot",
    "labels-out-of-range": "labels-from-one",
    "labels-shuffled": "labels-shuffled",
    "lengths-differ": "rows-do-not-match",
    "loss-not-finite": "loss-is-nan",
    "missing-activation": "activation-missing",
    "not-numbers": "data-not-numbers",
    "one-softmax": "softmax-on-one",
    "preprocessing-differs": "inputs-differ-at-predict",
    "rate-too-large": "rate-too-large",
    "rate-too-small": "rate-too-small",
    "rows-in-both": "test-rows-in-training",
    "rows-sorted": "rows-sorted",
    "scale-of-input": "inputs-not-scaled",
    "scale-of-target": "target-not-scaled",
    "softmax-missing": "softmax-missing",
    "weights-all-alike": "weights-all-zero",
}
