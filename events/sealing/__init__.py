"""Personal data in the log: sealed before an event is appended, opened when it is read.

Contracts mark the fields that hold what people wrote or are called (`TextOfPerson`, `TextOfIdea` and the like).
In the log these fields are empty, and one sealed value beside them holds their texts, encrypted with the key of
their subject. The keys live outside the log: who loses a key, or has it destroyed, has the history without the
texts. Nobody above the stores knows any of this: deciders and read models get and give plain strings.
"""
