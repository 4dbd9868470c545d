"""Experiments: trainings that differ in one thing, run side by side, and what came out."""
