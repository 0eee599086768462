"""Reactors: from what happened to what follows from it, each with a checkpoint of its own."""
