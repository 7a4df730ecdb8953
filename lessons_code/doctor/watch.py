"""A callback that watches a training."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from lessons_code.doctor.case import Array, Case, UnseenError, kernel
from lessons_code.doctor.examination import gather, look_at, remember, untouched
from lessons_code.doctor.report import PAGE, Finding, Report, assemble, found
from lessons_code.doctor.trial import learning_rate_of

# what is told of a network that is not trained yet, and is no news after a training
BEFORE = frozenset({"earlier training", "your answers"})


class Watch(keras.callbacks.Callback):
    """A Keras callback that looks at a training and only reads.

    Give it what ``fit`` gets; without rows it looks at losses and weights alone. When the
    training ends, it shows its report, if there is an alarm.

    Args:
        x: Training inputs, as for :func:`lessons_code.doctor.examine`.
        y: Their labels.
        validation: Rows that are held back, ``(x_val, y_val)``, or the share of the last rows.
        page: Where the links of the findings lead.
        quiet: Show nothing; the report stands in ``report``.

    Attributes:
        report: What was found, also when the training broke off.

    Example:
        >>> import keras, numpy as np
        >>> from lessons_code import doctor
        >>> x = np.linspace(-1, 1, 64)[:, None]
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile(keras.optimizers.SGD(0.1), "mse")
        >>> watch = doctor.Watch(x, 2 * x, quiet=True)
        >>> _ = model.fit(x, 2 * x, epochs=20, verbose=0, callbacks=[watch])
        >>> watch.report.alarms
        ()
    """

    def __init__(
        self,
        x: Any = None,
        y: Any = None,
        *,
        validation: Any = None,
        page: str = PAGE,
        quiet: bool = False,
    ) -> None:
        super().__init__()
        self._given = (x, y, validation, None, None)
        gather(None, *self._given, [])  # what is wrong with them is said before training
        self._page, self._quiet = page, quiet
        self.report = Report((), ())
        self._findings: list[Finding] = []
        self._unseen: list[tuple[str, str]] = []
        self._looked: list[str] = []
        self._logs: list[dict[str, float]] = []
        self._losses: list[float] = []
        self._broken = self._waits = False
        self._kernels: dict[str, Array] = {}
        self._began = 0

    def on_train_begin(self, logs: Any = None) -> None:
        """Look at everything before the first step."""
        del logs
        self._logs, self._losses, self._broken = [], [], False
        self._look()

    def _look(self) -> None:
        with untouched():
            self._findings, self._unseen = [], []
            case = gather(self.model, *self._given, self._unseen)
            self._began = case.steps
            findings, self._looked = look_at(case, self._unseen)
            self._unseen = [(what, why) for what, why in self._unseen if what not in BEFORE]
            self._findings += findings
            self._kernels = self._weights()
            self._waits = not getattr(self.model, "built", False)
            remember(case)
        self._tell()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Note the loss, and where it stops being a number."""
        del batch
        loss = float((logs or {}).get("loss", 0.0))
        self._losses.append(loss)
        if self._waits:  # fit builds a network without keras.Input in its first step
            self._look()
        if np.isfinite(loss) or self._broken:
            return
        self._broken = True
        with untouched():
            self._findings.append(self._not_finite(len(self._losses)))
        self._tell()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Keep what the epoch came to."""
        del epoch
        self._logs.append({name: float(value) for name, value in (logs or {}).items()})

    def on_train_end(self, logs: Any = None) -> None:
        """Look at what training changed, and show the report if there is an alarm."""
        del logs
        with untouched():
            unseen: list[tuple[str, str]] = []
            case = gather(self.model, *self._given, unseen)
            after = frozenset(
                {
                    "dead units",
                    "weights",
                    "BatchNormalization in training and in use",
                    "constant answers",
                    "loss after training",
                    "the gap to validation",
                }
            )
            findings, looked = look_at(case, unseen, only=after)
            told = {what for what, _ in unseen}
            kept = [(what, why) for what, why in self._unseen if what not in after | told]
            self._unseen = kept + unseen
            self._findings += findings + self._moves(case) + self._course()
            self._looked += [*looked, "how far kernels moved", "the course of the loss"]
        self._tell()
        if self.report.alarms and not self._quiet:
            show(self.report)

    def _tell(self) -> None:
        self.report = assemble(self._findings, self._looked, self._unseen, self._page)

    def _weights(self) -> dict[str, Array]:
        try:
            layers = Case(self.model).layers
        except UnseenError:
            return {}
        return {
            one.name: np.array(keras.ops.convert_to_numpy(kernel(one)))
            for one in layers
            if kernel(one) is not None and one.trainable_variables
        }

    def _not_finite(self, step: int) -> Finding:
        """Say where the loss stopped being a number, and what it was before."""
        before = [loss for loss in self._losses[:-1] if np.isfinite(loss)]
        words = f"The loss is no number any more since step {step}"
        if before:
            words += f"; before, it went from {before[0]:.3g} to {before[-1]:.3g}"
        arrays = [
            one.path
            for one in self.model.weights
            if not np.isfinite(np.asarray(keras.ops.convert_to_numpy(one))).all()
        ]
        words += f". {len(arrays)} of {len(self.model.weights)} arrays of weights hold NaN"
        words += f", the first is {arrays[0]}." if arrays else "."
        if before and before[-1] > 10 * before[0]:
            self._findings.append(
                found(
                    "rate-too-large",
                    learning_rate_of(self.model),
                    f"The loss grew from {before[0]:.3g} to {before[-1]:.3g} in {len(before)} "
                    f"steps and then left the numbers, with learning rate "
                    f"{learning_rate_of(self.model):g}.",
                )
            )
        return found("loss-not-finite", step, words)

    def _moves(self, case: Case) -> list[Finding]:
        """Compare each kernel with what it was before."""
        if not self._kernels or self._broken:
            return []
        now = self._weights()
        moved = {
            name: float(np.linalg.norm(now[name] - old) / (np.linalg.norm(old) or 1))
            for name, old in self._kernels.items()
            if name in now and now[name].shape == old.shape
        }
        if not moved:
            return []
        steps = max(1, case.steps - self._began)
        first, last = self._losses[:1], self._losses[-1:]
        stands = bool(first) and last[0] > 0.97 * first[0]
        still = [name for name, change in moved.items() if change == 0]
        findings = []
        if still and len(still) < len(moved):
            findings.append(
                found(
                    "units-at-zero",
                    len(still),
                    f"In {steps:,} steps {', '.join(still[:3])} did not change at all: no slope "
                    "reaches it.",
                )
            )
        most = max(moved.values())
        if 0 < most < 0.01 and stands and steps >= 20:
            findings.append(
                found(
                    "rate-too-small",
                    learning_rate_of(self.model),
                    f"In {steps:,} steps with learning rate {learning_rate_of(self.model):g} no "
                    f"kernel changed by more than {most:.1g} of its size, and the loss is where "
                    "it was.",
                )
            )
        elif steps < 20 and stands:
            findings.append(
                found(
                    "too-few-steps",
                    steps,
                    f"The whole training had {steps} steps, and the loss is where it was.",
                    note=(self.params or {}).get("epochs", 1) < 2,  # a try whether it runs
                )
            )
        return findings

    def _course(self) -> list[Finding]:
        """Look at the losses of the epochs."""
        findings = []
        losses = [one["loss"] for one in self._logs if "loss" in one]
        finite = [loss for loss in losses if np.isfinite(loss)]
        if len(finite) == len(losses) >= 2 and self._losses:
            top, start = max(self._losses), self._losses[0]
            if top > 5 * start and losses[-1] > 0.9 * start:
                findings.append(
                    found(
                        "rate-too-large",
                        learning_rate_of(self.model),
                        f"The loss began at {start:.3g}, went up to {top:.3g} and ended at "
                        f"{losses[-1]:.3g}, with learning rate {learning_rate_of(self.model):g}.",
                    )
                )
        held = [one["val_loss"] for one in self._logs if "val_loss" in one]
        if len(held) >= 4 and np.isfinite(held).all():
            best = int(np.argmin(held))
            if held[-1] > 1.2 * held[best] and losses[-1] < losses[best]:
                findings.append(
                    found(
                        "gap-opens",
                        held[-1] / held[best],
                        f"The validation loss was lowest after epoch {best + 1} ({held[best]:.3g}) "
                        f"and is {held[-1]:.3g} now, while the training loss went on falling.",
                        note=True,
                    )
                )
        return findings


def show(report: Report) -> None:
    """Show a report in a notebook, or print it elsewhere."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:  # Keras and NumPy alone
        print(report)
        return
    if get_ipython() is None:
        print(report)
    else:
        display(report)
