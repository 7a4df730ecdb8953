"""The doctor: why does this network not learn?

:func:`examine` looks at a network and its rows before or after training, :class:`Watch` while
it trains. Both only read: a training is the same to the last bit with and without them. They
need Keras and NumPy alone.
"""

from lessons_code.doctor.codes import CODES
from lessons_code.doctor.examination import examine
from lessons_code.doctor.report import Finding, Report
from lessons_code.doctor.watch import Watch

__all__ = ["CODES", "Finding", "Report", "Watch", "examine"]
