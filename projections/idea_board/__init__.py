"""Which ideas are there, what are they about, and who gets support right now?"""

from projections.idea_board.evolve import IdeaBoard

__all__ = ["IdeaBoard"]
