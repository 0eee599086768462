"""The JSON API and the pages' doors: HTTP in, commands and queries out.

`envelope` surrounds everything; `problems` maps every error; `resources` is what a running process
holds open; one file a subject has the routes.
"""
