"""Which funders are open to what, how much of their budget is left, and what each said in every revision?"""

from projections.mandates.evolve import Mandates

__all__ = ["Mandates"]
