"""Sample content: ideas of our own writing, invented people, and the votes they would cast.

`read_sample` reads the ideas and their authors, `sample_votes` makes the votes. All of it is invented. Whoever writes
it into the log marks it: the source of every idea is `SOURCE_SYSTEM`, and no supporter has a name.
"""

from app.importing.sample.content import (
    SOURCE_COLLECTION,
    SOURCE_SYSTEM,
    SampleAuthor,
    SampleContent,
    SampleContentError,
    SampleIdea,
    SampleRevision,
    SampleTurn,
    Shape,
    read_sample,
)
from app.importing.sample.votes import SampleVote, sample_votes

__all__ = [
    "SOURCE_COLLECTION",
    "SOURCE_SYSTEM",
    "SampleAuthor",
    "SampleContent",
    "SampleContentError",
    "SampleIdea",
    "SampleRevision",
    "SampleTurn",
    "SampleVote",
    "Shape",
    "read_sample",
    "sample_votes",
]
