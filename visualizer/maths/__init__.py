"""Pure functions on numbers: NumPy only."""
