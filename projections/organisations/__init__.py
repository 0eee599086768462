"""Which organisations are here, and who acts for them?"""

from projections.organisations.evolve import Organisations

__all__ = ["Organisations"]
