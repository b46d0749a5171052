"""Whether a step is given the loss of the batch at hand."""

from __future__ import annotations

import pytest

from schedlint.timeline.measured import is_batch_loss
from schedlint.timeline.quantity import Quantity, Symbol
from tests.timeline.build import Story, op, option

LOSS = Symbol("f:9:loss()", "loss", loop=2)
OTHER = Symbol("f:10:other()", "other", loop=2)


def read_from(loss: Symbol, suffix: str) -> Symbol:
    return Symbol(loss.key + suffix, loss.name + suffix, loop=2)


def given_batch_loss(metric: Quantity, loss: Quantity = LOSS) -> bool:
    story = Story()
    story.optimizer()
    story.scheduler("ReduceLROnPlateau")
    with story.range("epoch", 24), story.loader():
        story.optimize(loss=loss)
        step = story.step_with(2, metric)
    return is_batch_loss(story.timeline(), step, 2)


@pytest.mark.parametrize(
    "metric",
    [
        pytest.param(LOSS, id="the loss"),
        pytest.param(read_from(LOSS, ".item()"), id="the loss as a number"),
        pytest.param(read_from(LOSS, ".data[0]"), id="the loss as people once read it"),
        pytest.param(op("float", LOSS), id="the loss converted"),
        pytest.param(op("*", LOSS, option("args.accumulation")), id="the loss scaled"),
        pytest.param(op("+", LOSS, 1), id="the loss and a constant"),
        pytest.param(op("exp", LOSS), id="the perplexity of the batch"),
    ],
)
def test_the_loss_of_the_batch_in_all_its_forms(metric: Quantity) -> None:
    assert given_batch_loss(metric)


@pytest.mark.parametrize(
    "metric",
    [
        pytest.param(OTHER, id="another value of the same batch"),
        pytest.param(op("/", op("+", Symbol("loop2:total", "total", loop=2), LOSS), 8), id="a sum over batches"),
        pytest.param(op("+", op("*", 0.9, Symbol("s", "smooth")), op("*", 0.1, LOSS)), id="a moving average"),
        pytest.param(op("/", LOSS, Symbol("loop2:n", "n", role="counter", loop=2)), id="divided by a running count"),
        pytest.param(op("min", LOSS, Symbol("best", "best")), id="the best so far"),
        pytest.param(option("args.loss"), id="a value that has nothing to do with the batch"),
        pytest.param(Symbol("f:9:loss()2", "loss", loop=2), id="a value whose identity only begins alike"),
    ],
)
def test_everything_else_is_no_loss_of_a_batch(metric: Quantity) -> None:
    assert not given_batch_loss(metric)


def test_a_part_of_the_loss_is_as_noisy_as_the_whole() -> None:
    assert given_batch_loss(LOSS, op("+", LOSS, op("*", 0.1, OTHER)))


def test_the_form_in_which_gradients_were_computed_does_not_matter() -> None:
    assert given_batch_loss(read_from(LOSS, ".item()"), read_from(LOSS, ".mean()"))


def test_a_loss_of_which_no_gradients_were_computed_in_this_loop_is_another_one() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("ReduceLROnPlateau")
    with story.range("epoch", 24):
        with story.loader():
            story.optimize(loss=LOSS)
        with story.loader("val_loader") as validation:
            step = story.step_with(2, LOSS)
    assert not is_batch_loss(story.timeline(), step, validation)
