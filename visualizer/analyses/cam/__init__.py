"""Class activation maps: where in a layer the evidence for a class lies."""

import difflib

from visualizer.analyses.cam import (
    ablation_cam,
    class_weights,
    eigen_cam,
    grad_cam,
    grad_cam_plus_plus,
    hires_cam,
    layer_cam,
    score_cam,
    shapley_cam,
    xgrad_cam,
)
from visualizer.analyses.cam.method import CamMethod as CamMethod
from visualizer.errors import UnknownNameError

METHODS: tuple[CamMethod, ...] = (
    grad_cam.METHOD,
    class_weights.METHOD,
    grad_cam_plus_plus.METHOD,
    xgrad_cam.METHOD,
    hires_cam.METHOD,
    layer_cam.METHOD,
    shapley_cam.METHOD,
    eigen_cam.METHOD,
    ablation_cam.METHOD,
    score_cam.METHOD,
)


def find(name: str) -> CamMethod:
    """Find a method by its id.

    Raises:
        UnknownNameError: there is none; the nearest and all names are listed.
    """
    by_name = {method.id: method for method in METHODS}
    if name in by_name:
        return by_name[name]
    wanted = name.lower().replace("_", "-").replace(" ", "-").replace("++", "-plus-plus")
    nearest = difflib.get_close_matches(wanted, by_name, cutoff=0.5)
    hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
    raise UnknownNameError(f"There is no method {name[:40]!r}.{hint} All: {', '.join(by_name)}.")
