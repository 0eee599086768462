"""What can be asked: read models, each a pure function of the events, each in a folder of its own."""
