"""The benchmarks behind `open-impact bench`: what is measured and aimed at (`catalogue`), and how (one module a bench).

Everything that is compared runs in one go on one embedded PostgreSQL of the bench's own, durable as
in a real installation, in rounds that go through all cases in turn (A B C, A B C, …), so that
a machine that slows down slows all of them; medians are taken over the rounds.
"""
