"""What the chapters of the book import: data, encodings, plots, claims, facts and seeds."""

from lessons_code.claims import claim, fact
from lessons_code.seeding import set_seed, shifted

__all__ = ["claim", "fact", "set_seed", "shifted"]
