"""The text of a stack: read, written, and refused with a sentence."""

import random

import pytest

from visualizer.errors import StackError
from visualizer.zoo.stack import KINDS, Piece, format_stack, parse_stack
from visualizer.zoo.stack.record import CLASSES


def test_settings_stand_in_order_or_by_name_and_have_defaults() -> None:
    stack = parse_stack("conv(6, 5, padding=2); relu;maxpool\nlinear")
    assert [piece.kind for piece in stack] == ["conv", "relu", "maxpool", "linear"]
    assert stack[0].settings == {"channels": 6, "kernel": 5, "stride": 1, "padding": 2, "bias": 1}
    assert stack[2].settings == {"kernel": 2, "stride": 0}
    assert stack[3].settings == {"units": "classes", "bias": 1}
    assert format_stack(stack) == "conv(6,5,padding=2);relu;maxpool(2);linear(classes)"


def test_a_number_before_a_layer_repeats_it() -> None:
    assert format_stack(parse_stack("3*residual(16);2 * relu")) == (
        "residual(16);residual(16);residual(16);relu;relu"
    )


def test_flags_are_words_or_numbers() -> None:
    assert parse_stack("conv(8,3,bias=no)") == parse_stack("conv(8,3,bias=0)")
    assert format_stack(parse_stack("residual(8,norm=0);residual(8,norm=yes)")) == (
        "residual(8,norm=no);residual(8)"
    )


def test_random_stacks_are_read_as_they_were_written() -> None:
    draw = random.Random(0)
    for _ in range(300):
        stack = []
        for _ in range(draw.randint(1, 12)):
            kind = draw.choice(KINDS)
            settings: dict[str, int | float | str] = {}
            for one in kind.parameters:
                if draw.random() < 0.5:
                    steps = round((one.high - one.low) / one.step)
                    settings[one.name] = round(one.low + one.step * draw.randint(0, steps), 9)
                if one.counts_classes and draw.random() < 0.3:
                    settings[one.name] = CLASSES
            stack.append(Piece(kind.name, settings))
        text = format_stack(stack)
        assert parse_stack(text) == tuple(stack), text
        assert format_stack(parse_stack(text)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"The stack has no layers. Begin with flatten;linear\(classes\)\."),
        (" ; ;", "The stack has no layers"),
        ("relu;cnv(3)", r"Layer 2, cnv\(3\): There is no layer 'cnv'; choose one of conv\."),
        ("conv(3", r"Layer 1, 'conv\(3', cannot be read. Write a name with its numbers: conv\(16"),
        ("conv(1,2,3,4,1,6)", "6 numbers are too many. It has, in this order: channels, kernel"),
        ("relu(3)", "1 numbers are too many. It has none."),
        ("conv(channels=3,5)", "'5' stands behind named settings; name it, too"),
        ("conv(3,channels=3)", "channels is set twice. Take one out"),
        ("conv(3,width=3)", "conv has no setting 'width'. It has, in this order: channels"),
        ("conv(3,stride=)", "'stride=' sets nothing. Write name=number"),
        ("conv(0)", "channels of conv is 0; choose 1 to 512"),
        ("conv(8,3,stride=5)", "stride of conv is 5; choose 1 to 4"),
        ("conv(3.5)", "channels of conv is 3.5; it needs a whole number"),
        ("conv(nan)", "channels of conv is 'nan'; it needs a number or classes"),
        ("maxpool(classes)", r"kernel of maxpool is 'classes'; it needs a number, such as maxpool"),
        ("dropout(1)", "p of dropout is 1; choose 0 to 0.9"),
        ("41*relu", "The stack has more than 40 layers, the limit. Take some out, or use blocks"),
        (";".join(["relu"] * 41), "more than 40 layers"),
        ("relu;" * 2000, "The text has 10,000 characters; at most 4,000 are read"),
    ],
)
def test_a_text_that_cannot_be_read_says_where_and_how_to_go_on(text: str, words: str) -> None:
    with pytest.raises(StackError, match=words):
        parse_stack(text)
