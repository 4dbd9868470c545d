"""Activation maximisation: the pattern that drives a channel, a cell, a layer or a class most."""
