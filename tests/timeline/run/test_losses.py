"""What gradients are computed from, what a step is told, and that one value read twice is one value."""

from __future__ import annotations

import pytest

from schedlint.timeline.measured import is_batch_loss
from schedlint.timeline.model import Event, EventKind, Timeline
from schedlint.timeline.positions import starts_again
from schedlint.timeline.quantity import spelled
from tests.timeline.run.programs import script

BATCHES = """
scaler, plateau = torch.cuda.amp.GradScaler(), lr_scheduler.ReduceLROnPlateau(opt)
total, seen, losses = 0, 0, []
for epoch in range(24):
    for i, (x, y) in enumerate(loader{start}):
        {body}
"""


def in_batch(*lines: str, start: str = "") -> Timeline:
    return script(BATCHES.format(body="\n        ".join(lines), start=start))


def of_kind(timeline: Timeline, kind: EventKind) -> list[Event]:
    return [event for event in timeline.events if event.kind is kind]


def computed_from(*lines: str) -> list[str]:
    """What gradients are computed from."""
    backward = of_kind(in_batch(*lines), EventKind.BACKWARD)
    return [spelled(value) for event in backward for bound in event.arguments for value in bound.values]


@pytest.mark.parametrize(
    ("lines", "loss"),
    [
        pytest.param(["loss = f(x)", "loss.backward()"], ["loss"], id="a value"),
        pytest.param(["(f(x) + 0.1 * g(x)).backward()"], ["f() + 0.1 * g()"], id="a sum"),
        pytest.param(["loss = f(x) / args.n", "loss.backward(retain_graph=True)"], ["f() / args.n"], id="a share"),
        pytest.param(["loss = f(x)", "scaler.scale(loss).backward()"], ["loss"], id="scaled by AMP"),
        pytest.param(["loss = f(x)", "torch.autograd.backward(loss)"], ["loss"], id="given to a function"),
        pytest.param(["loss = f(x)", "engine.backward(loss)"], ["engine", "loss"], id="given to something unknown"),
    ],
)
def test_what_gradients_are_computed_from(lines: list[str], loss: list[str]) -> None:
    assert computed_from(*lines) == loss


def given_batch_loss(metric: str, *before: str) -> bool:
    timeline = in_batch("loss = f(x) + g(x)", "loss.backward()", "opt.step()", *before, f"plateau.step({metric})")
    (step,) = of_kind(timeline, EventKind.STEPPED)
    return is_batch_loss(timeline, step, step.loops[-1])


@pytest.mark.parametrize(
    "metric",
    ["loss", "loss.item()", "loss.detach().cpu().item()", "float(loss)", "metrics=loss", "loss * args.n"],
)
def test_the_loss_in_all_its_forms(metric: str) -> None:
    assert given_batch_loss(metric)


@pytest.mark.parametrize(
    ("metric", "before"),
    [
        pytest.param("total", ["total += loss.item()"], id="a sum over the batches"),
        pytest.param("total / (i + 1)", ["total += loss.item()"], id="a mean so far"),
        pytest.param("total", ["total = 0.9 * total + 0.1 * loss.item()"], id="a moving average"),
        pytest.param("sum(losses) / len(losses)", ["losses.append(loss.item())"], id="a mean of a list"),
        pytest.param("meter.avg", ["meter.update(loss.item())"], id="what something unknown makes of it"),
        pytest.param("evaluate(model)", [], id="another loss"),
        pytest.param("min(total, loss)", [], id="the lowest so far"),
    ],
)
def test_what_is_made_of_losses_is_another_value(metric: str, before: list[str]) -> None:
    assert not given_batch_loss(metric, *before)


@pytest.mark.parametrize(("size", "noisy"), [("len(data)", False), ("8", True), ("args.batch_size", True)])
def test_the_loss_of_all_data_is_no_loss_of_one_batch(size: str, noisy: bool) -> None:
    text = f"""
        plateau = lr_scheduler.ReduceLROnPlateau(opt)
        for epoch in range(24):
            for x in DataLoader(data, batch_size={size}):
                loss = f(x)
                loss.backward()
                opt.step()
                plateau.step(loss)
        """
    timeline = script(text)
    (step,) = of_kind(timeline, EventKind.STEPPED)
    assert is_batch_loss(timeline, step, step.loops[-1]) is noisy


def test_the_loss_that_a_function_returns() -> None:
    text = """
        def train(x):
            loss = f(x)
            loss.backward()
            opt.step()
            return loss.item()
        plateau = lr_scheduler.ReduceLROnPlateau(opt)
        for epoch in range(24):
            for x in loader:
                plateau.step(train(x))
        """
    timeline = script(text)
    (step,) = of_kind(timeline, EventKind.STEPPED)
    assert is_batch_loss(timeline, step, step.loops[-1])


@pytest.mark.parametrize(
    ("start", "again"),
    [
        ("", True),
        (", 1", True),
        (", start=1", True),
        (", start=epoch * len(loader)", False),
        (", begin", False),
    ],
)
def test_a_count_that_does_not_begin_at_a_number_goes_on(start: str, again: bool) -> None:
    timeline = in_batch("opt.step()", "plateau.step(i)", start=start)
    (step,) = of_kind(timeline, EventKind.STEPPED)
    assert starts_again(timeline, step, step.loops[-1]) is again
