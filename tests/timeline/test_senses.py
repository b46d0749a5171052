"""What names say of a metric."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import Bound
from schedlint.timeline.quantity import Length, Quantity, Symbol
from schedlint.timeline.senses import Sense, is_count, is_metric, negated, sense, sense_given
from tests.timeline.build import index, named, op, quantity

ACC, LOSS = named("val_acc"), named("val_loss")


@pytest.mark.parametrize(
    "name",
    [
        "acc", "val_acc", "best_acc", "valAcc", "testacc", "accuracy", "metrics['val_acc']", "results['val/f1']",
        "self.mIoU", "val_mIoU", "mAP", "AUC", "val_auc.item()", "accuracy_score()", "r2", "val_f1", "acc_meter.avg",
        "top1.avg",
        "stats['acc']['val']", "accs[-1]", "psnr",
    ],
)  # fmt: skip
def test_a_score_is_to_rise(name: str) -> None:
    assert sense(named(name)) is Sense.RISES


@pytest.mark.parametrize(
    "name",
    [
        "loss", "val_loss", "epoch_loss", "valloss", "losses.avg", "history['loss'][-1]", "loss.item()", "val_error",
        "self.test_perplexity", "WER", "log['val/loss']", "train_loss_epoch", "loss_fn()", "rmse",
    ],
)  # fmt: skip
def test_an_error_is_to_fall(name: str) -> None:
    assert sense(named(name)) is Sense.FALLS


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "score_loss",
        "loss_score",
        "metric",
        "logs[monitor]",
        "evaluate()",
        "epoch",
        "result",
        "logs[args.metric]",
        "a + acc",
    ],
)
def test_a_name_that_says_both_or_nothing_says_nothing(name: str) -> None:
    assert sense(named(name)) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(op("neg", ACC), Sense.FALLS, id="-acc"),
        pytest.param(op("-", 1, ACC), Sense.FALLS, id="1 - acc"),
        pytest.param(op("-", ACC, 1), Sense.RISES, id="acc - 1"),
        pytest.param(op("*", -1, LOSS), Sense.RISES, id="-1 * loss"),
        pytest.param(op("*", 100, ACC), Sense.RISES, id="100 * acc"),
        pytest.param(op("*", named("sign"), ACC), None, id="a factor of unknown sign"),
        pytest.param(op("/", LOSS, Length("loader", "loader")), Sense.FALLS, id="a mean"),
        pytest.param(op("/", LOSS, named("count")), Sense.FALLS, id="by a count"),
        pytest.param(op("/", 1, LOSS), Sense.RISES, id="1 / loss"),
        pytest.param(op("/", LOSS, ACC), None, id="a quotient of two metrics"),
        pytest.param(op("+", LOSS, named("aux_loss")), Sense.FALLS, id="a sum of losses"),
        pytest.param(op("+", LOSS, ACC), None, id="a sum of both"),
        pytest.param(op("round", op("float", ACC), 3), Sense.RISES, id="rounded"),
        pytest.param(op("choose", named("flag"), ACC, LOSS), None, id="one or the other"),
        pytest.param(quantity(0.5), None, id="a number"),
    ],
)
def test_arithmetic_keeps_or_turns_it(value: Quantity, expected: Sense | None) -> None:
    assert sense(value) is expected


@pytest.mark.parametrize(
    ("written", "values", "expected"),
    [
        pytest.param(ACC, (named("x"),), Sense.RISES, id="what is written says it"),
        pytest.param(named("metric"), (op("neg", ACC),), Sense.FALLS, id="the value says it"),
        pytest.param(ACC, (op("neg", ACC),), None, id="they contradict each other"),
        pytest.param(named("metric"), (ACC, LOSS), None, id="it may be one or the other"),
        pytest.param(ACC, (named("x"), named("y")), Sense.RISES, id="several values that say nothing"),
        pytest.param(None, (LOSS,), Sense.FALLS, id="nothing is written"),
    ],
)
def test_what_is_written_and_what_it_is_must_agree(
    written: Symbol | None, values: tuple[Quantity, ...], expected: Sense | None
) -> None:
    assert sense_given(Bound("0", values, spelling=written)) is expected


@pytest.mark.parametrize(
    "value",
    [
        LOSS,
        named("metric"),
        named("evaluate()"),
        op("/", named("running_loss"), index(1)),
        op("neg", ACC),
        named("self.validate()"),
    ],
)
def test_a_metric_is_one(value: Quantity) -> None:
    assert is_metric(Bound("0", (value,)))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param(None, named("epoch"), id="an epoch"),
        pytest.param(None, named("global_step"), id="a step"),
        pytest.param(named("metric"), index(1), id="a counter under another name"),
        pytest.param(named("metric"), op("+", index(1), 1), id="one that is shifted"),
        pytest.param(None, op("+", index(1), op("/", named("i"), Length("loader", "loader"))), id="a part of an epoch"),
        pytest.param(None, named("acc_steps"), id="a number of steps"),
        pytest.param(None, named("x"), id="anything"),
        pytest.param(None, quantity(3), id="a number"),
    ],
)
def test_what_is_no_metric(written: Symbol | None, value: Quantity) -> None:
    assert not is_metric(Bound("0", (value,), spelling=written))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(named("epoch"), True, id="an epoch"),
        pytest.param(named("self.global_step"), True, id="a step"),
        pytest.param(index(1), True, id="a counter"),
        pytest.param(op("+", named("epoch"), 1), True, id="the next epoch"),
        pytest.param(quantity(3), True, id="a number"),
        pytest.param(LOSS, False, id="a metric"),
        pytest.param(named("x"), False, id="anything"),
    ],
)
def test_a_count_is_one(value: Quantity, expected: bool) -> None:
    assert is_count(Bound("0", (value,))) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(op("neg", ACC), True, id="-acc"),
        pytest.param(op("*", -1, LOSS), True, id="-1 * loss"),
        pytest.param(op("float", op("neg", LOSS)), True, id="float(-loss)"),
        pytest.param(op("-", 1, ACC), False, id="1 - acc"),
        pytest.param(op("neg", named("x")), False, id="-x"),
        pytest.param(LOSS, False, id="loss"),
    ],
)
def test_a_metric_with_its_sign_turned_is_below_zero(value: Quantity, expected: bool) -> None:
    assert negated(value) is expected
