"""Pipelines as text, their refusals, the menu and the code."""

import json

import pytest
from torchvision.transforms import v2

from visualizer.errors import UnknownNameError, VisualizerError
from visualizer.runtime.augmentation import TRANSFORMS
from visualizer.runtime.augmentation.code import python_code
from visualizer.runtime.augmentation.menu import cautions, menu, notes
from visualizer.runtime.augmentation.pipeline import Step, format_pipeline, parse
from visualizer.runtime.augmentation.presets import PRESETS


@pytest.mark.parametrize(
    "text",
    [preset.pipeline for preset in PRESETS]
    + ["", "-hflip", "resized_crop(size=96,scale=0.5..0.9);-erase(value=noise,p=0.25)",
       "rotate(expand=yes,fill=white);augmix(chain_depth=2)"],
)  # fmt: skip
def test_text_and_steps_are_the_same_thing(text: str) -> None:
    steps = parse(text)
    assert parse(format_pipeline(steps)) == steps


def test_a_text_is_read_as_written() -> None:
    mirror, turn = parse("hflip ; -rotate( degrees = 30 , fill=black, p=0.25 )")
    assert mirror == Step("hflip", {}, 0.5)
    assert (turn.on, turn.probability, turn.parameters["degrees"]) == (False, 0.25, 30)
    assert format_pipeline((mirror, turn)) == "hflip;-rotate(degrees=30,fill=black,p=0.25)"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rotat", r"There is no transform 'rotat'; choose one of rotate\."),
        ("rotate(degrees=500)", r"degrees of rotate is 500; choose 0 to 180\."),
        ("rotate(degrees=nan)", "degrees of rotate is nan; it needs a number"),
        ("rotate(degrees=far)", "degrees of rotate is 'far'; it needs one number|needs a number"),
        ("rotate(degrees=1..2)", "it needs one number"),
        ("rotate(speed=3)", r"rotate has no setting 'speed'. It has: degrees, .*, p\."),
        ("rotate(fill=red)", "fill of rotate is 'red'; choose one of mean, black, grey, white"),
        ("rotate(expand=maybe)", "expand of rotate is 'maybe'; choose yes or no"),
        ("rotate(degrees=1,degrees=2)", "rotate sets degrees twice"),
        ("rotate(degrees)", "'degrees' in rotate sets nothing. Write name=value"),
        ("rotate(degrees=1", "is no step. Write a transform with its settings"),
        ("hflip(p=1.5)", r"p of hflip is 1.5; choose 0 to 1\."),
        ("hflip(p=-0.1)", r"p of hflip is -0.1; choose 0 to 1\."),
        ("resized_crop(scale=0.9..0.1)", "runs from 0.9 down to 0.1; swap them"),
        ("resized_crop(size=64.5)", "size of resized_crop is 64.5; it needs a whole number"),
        ("blur(kernel_size=4)", "kernel_size of blur is 4; .* choose 3 or 5"),
        (";".join(["hflip"] * 17), "The pipeline has 17 steps; at most 16 are run"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(VisualizerError, match=sentence):
        parse(text)


def test_an_unknown_transform_has_its_own_error() -> None:
    with pytest.raises(UnknownNameError):
        parse("nothing_like_it")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_the_code_builds_the_same_transforms(preset: object) -> None:
    steps = parse(preset.pipeline)  # type: ignore[attr-defined]
    names: dict[str, object] = {}
    exec(python_code(steps), names)
    built = names["transform"]
    assert isinstance(built, v2.Compose)
    singles = [step for step in steps if not step.transform.pair]
    assert len(built.transforms) == len(singles) + 2  # ToImage and ToDtype around them
    for made, step in zip(built.transforms[1:-1], singles, strict=True):
        plain = made.transforms[0] if isinstance(made, v2.RandomApply) else made
        assert type(plain).__name__ == step.transform.torchvision
        if hasattr(made, "p"):
            assert made.p == step.probability
    assert ("mix" in names) == any(step.transform.pair for step in steps)


def test_defaults_are_torchvisions_or_named_otherwise() -> None:
    """Where the menu's default differs from the class's own, the official one is told."""
    import inspect

    for record in TRANSFORMS:
        signature = inspect.signature(getattr(v2, record.torchvision)).parameters
        for parameter in record.parameters:
            own = signature.get(parameter.name)
            if own is None or own.default in (inspect.Parameter.empty, None):
                continue
            given = dict(parameter.choices).get(str(parameter.default), parameter.default)
            if given != own.default and str(getattr(given, "value", given)) != str(own.default):
                assert parameter.official is not None, (record.id, parameter.name)


def test_the_menu_is_plain_data() -> None:
    told = json.loads(json.dumps(menu()))
    assert [one["id"] for one in told["transforms"]] == [one.id for one in TRANSFORMS]
    assert told["default"] in [preset["name"] for preset in told["presets"]]
    assert all(one["chance"] > 0 and one["sentence"] for one in told["transforms"])


def test_cautions_go_by_what_the_picture_shows() -> None:
    steps = parse("hflip;rotate(degrees=90)")
    assert len(cautions(steps, "mnist")) == 2
    assert cautions(steps, "imagenet") == []
    assert cautions(parse("-hflip;rotate(degrees=30)"), "mnist") == []
    assert cautions(parse("hflip(p=0)"), "mnist") == []
    digits = next(preset for preset in PRESETS if preset.name == "digits")
    assert cautions(parse(digits.pipeline), "mnist") == []


def test_an_empty_pipeline_says_so() -> None:
    assert notes((), "imagenet") == ["The pipeline has no steps: the untouched picture is shown."]
    (off,) = notes(parse("-hflip"), "imagenet")
    assert "all steps switched off" in off
