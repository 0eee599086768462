"""What may happen: pure deciders over the events, one file an aggregate.

Each file is in the same order: the life in one sentence, commands, states, errors, decide, evolve,
decider. Nothing here does I/O or knows the time; a command carries `now` and the facts about other
aggregates that its rules need.
"""
