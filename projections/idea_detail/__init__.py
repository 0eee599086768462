"""What is this one idea, where does it stand, and how did its support grow?"""

from projections.idea_detail.evolve import IdeaDetails

__all__ = ["IdeaDetails"]
