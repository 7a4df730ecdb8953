"""What the chapters of the book import: data, encodings, plots, claims and seeds."""

from lessons_code.claims import claim
from lessons_code.seeding import set_seed

__all__ = ["claim", "set_seed"]
