"""What does an idea still need, who offers it, and how far is it covered?"""

from projections.coverage.evolve import Coverages

__all__ = ["Coverages"]
