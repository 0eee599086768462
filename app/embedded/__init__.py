"""PostgreSQL and Valkey from wheels, run on a data folder by `open-impact up`, tests and benchmarks.

`postgres.embedded_postgres(folder)` and `valkey.embedded_valkey(folder)` run one server while a context lasts;
`installation.Installation` runs everything.
"""
