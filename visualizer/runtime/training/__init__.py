"""Train a small network and keep every moment of it; see :mod:`.training` for the engine."""
