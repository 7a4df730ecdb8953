"""Three small tables that ship with scikit-learn: wines, tumors, and the course of diabetes."""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_code.data.dataset import DataCard, Dataset

_TERMS = "Creative Commons Attribution 4.0; ships with scikit-learn"


def wine() -> Dataset:
    """Load 178 wines, described by 13 measurements.

    Returns:
        ``x`` of shape ``(178, 13)``, each column in its own unit; ``y`` 0 to 2, the cultivar.

    Source:
        UCI Machine Learning Repository, Wine (1991).
    """
    from sklearn.datasets import load_wine

    card = DataCard(
        "Wine",
        "Chemical analyses of wines from one region in Italy, collected by M. Forina and others "
        "(UCI Machine Learning Repository, 1991)",
        _TERMS,
        "178 wines of three cultivars, 13 measurements each",
        "One region, three cultivars, and no word on years, makers or how the bottles were chosen.",
    )
    return _dataset(load_wine(), ("cultivar 0", "cultivar 1", "cultivar 2"), card)


def tumors() -> Dataset:
    """Load 569 breast tumors, described by 30 measurements of cell nuclei.

    Returns:
        ``x`` of shape ``(569, 30)``, each column in its own unit; ``y`` 0 for malignant, 1 for
        benign.

    Source:
        UCI Machine Learning Repository, Breast Cancer Wisconsin (Diagnostic) (1995).
    """
    from sklearn.datasets import load_breast_cancer

    card = DataCard(
        "Breast tumors",
        "Fine needle aspirates of breast masses, outlined on a screen by W. H. Wolberg, "
        "W. N. Street and O. L. Mangasarian, University of Wisconsin "
        "(UCI Machine Learning Repository, 1995)",
        _TERMS,
        "569 tumors, 212 malignant and 357 benign, 30 measurements of cell nuclei each",
        "One clinic, one way to take and outline the cells. No age, no origin, no other finding "
        "of the patient, and no case that was too unclear to be labeled.",
    )
    return _dataset(load_breast_cancer(), ("malignant", "benign"), card)


def diabetes() -> Dataset:
    """Load 442 patients with diabetes, described by ten measurements.

    Returns:
        ``x`` of shape ``(442, 10)``, each column in its own unit; ``y`` is no class but a
        measure of how far the disease went in a year, whole numbers from 25 to 346. So
        ``class_names`` is empty, and :meth:`Dataset.split`, which keeps the mix of classes,
        is not for it.

    Source:
        Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, Annals of Statistics
        32(2), 2004.
    """
    from sklearn.datasets import load_diabetes

    card = DataCard(
        "Course of diabetes",
        "Patients with diabetes, measured, and judged again after a year (B. Efron, T. Hastie, "
        "I. Johnstone and R. Tibshirani, Least Angle Regression, Annals of Statistics, 2004)",
        "Its publishers state no terms; ships with scikit-learn (BSD)",
        "442 patients, ten measurements each: age, sex, body mass index, blood pressure, and "
        "six of the blood serum",
        "Where and when they lived, how they were chosen and treated, what the two values of the "
        "column `sex` stand for, and how exactly the course was judged.",
    )
    return _dataset(load_diabetes(scaled=False), (), card)


def _dataset(bunch: Any, class_names: tuple[str, ...], card: DataCard) -> Dataset:
    return Dataset(bunch.data, bunch.target.astype(np.int64), class_names, card)
