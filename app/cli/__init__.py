"""The command line `open-impact`: one module a command, loaded when it is called."""
