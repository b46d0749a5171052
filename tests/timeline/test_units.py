from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from schedlint.knowledge.tables import Knowledge, load
from schedlint.timeline.loops import classify
from schedlint.timeline.model import Confidence, EntryKind
from schedlint.timeline.quantity import Curve, Items, Length, Literal, Quantity, Symbol, spelled
from schedlint.timeline.reading import HorizonReading, Unit
from schedlint.timeline.units import horizons
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, equals, named, op, option

EPOCHS = named("epochs")
"""The usual bound of the epoch loop."""
STEP = Symbol("step", "epoch", role="step")
DATASET = Length("dataset", "train_set")


@pytest.fixture(scope="module")
def tables() -> Knowledge:
    return load()


def horizon(
    tables: Knowledge,
    cls: str,
    arguments: Mapping[str, Argument],
    bound: Value = EPOCHS,
    entry: EntryKind = EntryKind.SCRIPT,
) -> HorizonReading:
    """The horizon of a scheduler that is stepped in the loop over epochs of a usual script."""
    story = Story(entry)
    story.optimizer()
    scheduler = story.schedule(cls, arguments)
    with story.range("epoch", bound):
        with story.loader():
            story.optimize()
        story.step(scheduler)
    return read_first(story, tables)


def read_first(story: Story, tables: Knowledge) -> HorizonReading:
    timeline = story.timeline()
    return horizons(timeline, classify(timeline), tables)[0]


def curve(*results: Quantity) -> Curve:
    return Curve(STEP, results)


# --- measured arguments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        pytest.param(EPOCHS, Unit.EPOCHS, id="the bound of the epoch loop"),
        pytest.param(op("-", EPOCHS, named("warm")), Unit.EPOCHS, id="the bound less something"),
        pytest.param(op("int", op("*", 0.5, EPOCHS)), Unit.EPOCHS, id="half of the epochs"),
        pytest.param(op("//", EPOCHS, 3), Unit.EPOCHS, id="a third of the epochs"),
        pytest.param(op("*", EPOCHS, LOADER_LENGTH), Unit.BATCHES, id="epochs times batches per epoch"),
        pytest.param(LOADER_LENGTH, Unit.BATCHES, id="one epoch of batches"),
        pytest.param(op("*", 5, LOADER_LENGTH), Unit.BATCHES, id="five epochs of batches"),
        pytest.param(op("*", named("k"), LOADER_LENGTH), Unit.BATCHES, id="anything times batches per epoch"),
        pytest.param(
            op("*", op("//", DATASET, named("batch_size")), EPOCHS), Unit.BATCHES, id="dataset over batch size"
        ),
        pytest.param(
            op("*", op("//", named("n"), named("batch_size")), EPOCHS), Unit.BATCHES, id="something over batch size"
        ),
        pytest.param(
            op("*", op("//", 50000, named("batch_size")), EPOCHS), Unit.BATCHES, id="a number over batch size"
        ),
        pytest.param(op("//", 90000, LOADER_LENGTH), Unit.EPOCHS, id="a number of iterations over batches per epoch"),
        pytest.param(
            op("*", op("//", LOADER_LENGTH, named("accum_steps")), EPOCHS), Unit.UPDATES, id="over accumulation"
        ),
        pytest.param(op("//", LOADER_LENGTH, named("k")), Unit.ITERATIONS, id="batches per epoch over something"),
        pytest.param(op("*", named("steps_per_epoch"), EPOCHS), Unit.ITERATIONS, id="steps per epoch, by name"),
        pytest.param(op("*", EPOCHS, DATASET), Unit.SAMPLES, id="epochs times samples per epoch"),
        pytest.param(named("total_steps"), Unit.ITERATIONS, id="a name"),
        pytest.param(option("args.niter", help="number of epochs"), Unit.EPOCHS, id="a help text"),
        pytest.param(
            op("or", named("args.t"), op("*", EPOCHS, LOADER_LENGTH)), Unit.BATCHES, id="a fallback that is known"
        ),
        pytest.param(op("max", 1, EPOCHS), Unit.EPOCHS, id="at least one"),
        pytest.param(op("/", LOADER_LENGTH, named("world_size")), Unit.BATCHES, id="shared between processes"),
        pytest.param(
            Symbol("t", "t", default=op("*", EPOCHS, LOADER_LENGTH)), Unit.BATCHES, id="a default that is known"
        ),
    ],
)
def test_what_an_argument_counts(tables: Knowledge, value: Value, unit: Unit) -> None:
    reading = horizon(tables, "CosineAnnealingLR", {"T_max": value})
    assert reading.unit is unit
    assert reading.parameter == "T_max"
    assert reading.evidence
    assert not reading.reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(op("+", EPOCHS, LOADER_LENGTH), "mixes epochs and batches per epoch", id="a sum of two units"),
        pytest.param(named("args.niter"), "nothing says what `args.niter` counts", id="a name for two things"),
        pytest.param(op("/", LOADER_LENGTH, EPOCHS), "which is no length of time", id="a nonsensical quotient"),
        pytest.param(op("*", EPOCHS, 1000), "may be batches per epoch", id="epochs times a large number"),
        pytest.param(named("batch_size"), "which is no length of time", id="a batch size"),
        pytest.param(
            Symbol("q", "q", reason="made by `load_config`"), "made by `load_config`", id="a value not followed"
        ),
        pytest.param("ten", "is not a number", id="a string"),
    ],
)
def test_why_an_argument_counts_nothing_known(tables: Knowledge, value: Value, reason: str) -> None:
    reading = horizon(tables, "CosineAnnealingLR", {"T_max": value})
    assert reading.unit is Unit.UNKNOWN
    assert reason in reading.reason


def test_the_bound_of_the_epoch_loop_is_certain_and_says_where(tables: Knowledge) -> None:
    reading = horizon(tables, "CosineAnnealingLR", {"T_max": EPOCHS})
    assert reading.confidence is Confidence.CERTAIN
    assert [one.text for one in reading.evidence] == ["`epochs` is the bound of the epoch loop"]
    assert reading.evidence[0].place is not None


def test_the_bound_outranks_the_name(tables: Knowledge) -> None:
    niter, decay = named("opt.niter"), named("opt.niter_decay")
    reading = horizon(tables, "StepLR", {"step_size": niter}, bound=op("+", op("+", niter, decay), 1))
    assert reading.unit is Unit.EPOCHS


def test_the_whole_bound_is_in_epochs_too(tables: Knowledge) -> None:
    bound = op("//", named("a"), named("b"))
    assert horizon(tables, "CosineAnnealingLR", {"T_max": bound}, bound=bound).unit is Unit.EPOCHS


def test_all_possible_values_must_agree(tables: Knowledge) -> None:
    agreeing = horizon(tables, "CosineAnnealingLR", {"T_max": (EPOCHS, op("-", EPOCHS, 5))})
    assert agreeing.unit is Unit.EPOCHS
    mixed = horizon(tables, "CosineAnnealingLR", {"T_max": (EPOCHS, LOADER_LENGTH)})
    assert mixed.unit is Unit.UNKNOWN
    partly = horizon(tables, "CosineAnnealingLR", {"T_max": (EPOCHS, named("x"))})
    assert partly.unit is Unit.UNKNOWN


def test_of_several_possible_values_none_is_the_number(tables: Knowledge) -> None:
    numbers = horizon(tables, "CosineAnnealingLR", {"T_max": (8, 5)}, bound=10)
    assert numbers.unit is Unit.EPOCHS
    assert numbers.amount is None
    assert numbers.quantity is not None
    assert spelled(numbers.quantity) == "8 or 5"


def test_a_zero_for_none_is_no_length(tables: Knowledge) -> None:
    reading = horizon(tables, "ConstantLR", {"total_iters": (named("warmup_steps"), 0)})
    assert reading.unit is Unit.ITERATIONS
    assert reading.quantity == named("warmup_steps")
    assert horizon(tables, "ConstantLR", {"total_iters": 0}).unit is Unit.UNKNOWN


@pytest.mark.parametrize("known", [(), (Literal(3),)], ids=["no item known", "one item known"])
def test_a_list_that_is_not_wholly_known_has_no_greatest_and_is_not_empty(
    tables: Knowledge, known: tuple[Quantity, ...]
) -> None:
    reading = horizon(tables, "MultiStepLR", {"milestones": Items(known, whole=False)}, bound=24)
    assert reading.unit is Unit.UNKNOWN
    assert reading.amount is None
    assert "not all known" in reading.reason
    assert "is empty" in horizon(tables, "MultiStepLR", {"milestones": Items(())}).reason


def test_milestones_that_are_known_must_agree(tables: Knowledge) -> None:
    halves = Items((op("int", op("*", 0.5, EPOCHS)), op("int", op("*", 0.75, EPOCHS))))
    assert horizon(tables, "MultiStepLR", {"milestones": halves}).unit is Unit.EPOCHS
    mixed = Items((EPOCHS, LOADER_LENGTH))
    assert horizon(tables, "MultiStepLR", {"milestones": mixed}).unit is Unit.UNKNOWN


def test_a_name_for_epochs_that_bounds_a_loop_over_batches_is_a_contradiction(tables: Knowledge) -> None:
    story = Story(EntryKind.FUNCTION)
    story.optimizer()
    scheduler = story.scheduler("CosineAnnealingLR", T_max=named("max_epochs"))
    with story.while_("step", "step < max_epochs", op("*", named("max_epochs"), 1)):
        story.optimize()
        story.step(scheduler)
    assert read_first(story, tables).unit is Unit.EPOCHS  # no term of the bound: the name alone
    story = Story(EntryKind.FUNCTION)
    story.optimizer()
    scheduler = story.scheduler("CosineAnnealingLR", T_max=named("max_epochs"))
    with story.while_("step", "step < max_steps", op("min", named("max_epochs"), named("max_steps"))):
        story.optimize()
        story.step(scheduler)
    reading = read_first(story, tables)
    assert reading.unit is Unit.UNKNOWN


def test_the_bound_of_full_batch_training_counts_iterations(tables: Knowledge) -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("CosineAnnealingLR", T_max=EPOCHS)
    with story.range("epoch", EPOCHS):
        story.optimize()
        story.step(scheduler)
    reading = read_first(story, tables)
    assert reading.unit is Unit.ITERATIONS
    assert "without epochs" in reading.evidence[0].text


# --- bare numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cls", "arguments", "bound", "unit", "confidence"),
    [
        pytest.param("MultiStepLR", {"milestones": [16, 22]}, 24, Unit.EPOCHS, Confidence.CERTAIN, id="milestones"),
        pytest.param("CosineAnnealingLR", {"T_max": 24}, 24, Unit.EPOCHS, Confidence.CERTAIN, id="all epochs"),
        pytest.param(
            "StepLR", {"step_size": 7}, option("epochs", 90), Unit.EPOCHS, Confidence.LIKELY, id="epochs by default"
        ),
        pytest.param(
            "StepLR", {"step_size": option("args.lr_step", 30)}, 90, Unit.EPOCHS, Confidence.LIKELY, id="a default"
        ),
        pytest.param(
            "StepLR", {"step_size": 10, "gamma": 0.99}, 90, Unit.EPOCHS, Confidence.LIKELY, id="a gentle decay"
        ),
        pytest.param(
            "CosineAnnealingWarmRestarts",
            {"T_0": 10},
            90,
            Unit.EPOCHS,
            Confidence.LIKELY,
            id="a cycle within the epochs",
        ),
        pytest.param(
            "MultiStepLR", {"milestones": [20000, 40000]}, 24, Unit.ITERATIONS, Confidence.LIKELY, id="far more"
        ),
        pytest.param(
            "LinearLR",
            {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 20},
            24,
            Unit.EPOCHS,
            Confidence.CERTAIN,
            id="a linear decay",
        ),
        pytest.param("LinearLR", {"total_iters": 24}, 24, Unit.EPOCHS, Confidence.LIKELY, id="a ramp over all epochs"),
        pytest.param("ReduceLROnPlateau", {"patience": 5}, 24, Unit.EPOCHS, Confidence.LIKELY, id="a short patience"),
        pytest.param("ReduceLROnPlateau", {"mode": "max"}, 24, Unit.EPOCHS, Confidence.LIKELY, id="the usual patience"),
        pytest.param("StepLR", {"step_size": 1}, 24, Unit.NONE, Confidence.CERTAIN, id="a decay at every step"),
    ],
)
def test_numbers_against_the_epochs(
    tables: Knowledge, cls: str, arguments: Mapping[str, Argument], bound: Value, unit: Unit, confidence: Confidence
) -> None:
    reading = horizon(tables, cls, arguments, bound=bound)
    assert (reading.unit, reading.confidence) == (unit, confidence)


@pytest.mark.parametrize(
    ("cls", "arguments", "bound", "reason"),
    [
        pytest.param("LinearLR", {"total_iters": 5}, 24, "a warm-up of 5 may be epochs", id="a warm-up"),
        pytest.param("StepLR", {"step_size": 30}, EPOCHS, "the number of epochs is not known", id="unknown epochs"),
        pytest.param("StepLR", {"step_size": 30}, 10, "30 is more than the 10 epochs", id="a recipe for a longer run"),
        pytest.param("CosineAnnealingLR", {"T_max": 2000}, 300, "not clearly a number of batches", id="not far enough"),
        pytest.param("CosineAnnealingLR", {"T_max": 1}, 10, "shortest horizon", id="one is one of anything"),
        pytest.param("ReduceLROnPlateau", {"patience": 500}, 24, "counts calls of .step()", id="a long patience"),
        pytest.param("PolynomialLR", {"power": 0.9}, 24, "left at its default, 5", id="a default"),
    ],
)
def test_numbers_that_say_nothing(
    tables: Knowledge, cls: str, arguments: Mapping[str, Argument], bound: Value, reason: str
) -> None:
    reading = horizon(tables, cls, arguments, bound=bound)
    assert reading.unit is Unit.UNKNOWN
    assert reason in reading.reason


def test_a_recipe_for_many_epochs_is_not_taken_for_batches(tables: Knowledge) -> None:
    reading = horizon(tables, "CosineAnnealingLR", {"T_max": 200}, bound=10)
    assert reading.unit is Unit.UNKNOWN


def test_the_last_of_several_parameters_is_the_one_shown(tables: Knowledge) -> None:
    arguments = {"step_size_up": named("warmup_steps"), "step_size_down": named("total_steps")}
    assert horizon(tables, "CyclicLR", arguments).parameter == "step_size_down"


def test_the_greatest_literal_is_the_amount(tables: Knowledge) -> None:
    assert horizon(tables, "MultiStepLR", {"milestones": [16, 22]}, bound=24).amount == 22
    assert horizon(tables, "CosineAnnealingLR", {"T_max": EPOCHS}).amount is None


def test_a_range_from_one_has_one_epoch_less(tables: Knowledge) -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("CosineAnnealingLR", T_max=24)
    with story.range("epoch", 24, start=1):
        with story.loader():
            story.optimize()
        story.step(scheduler)
    assert read_first(story, tables).unit is Unit.UNKNOWN


def test_a_number_without_epochs_counts_iterations(tables: Knowledge) -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("StepLR", step_size=1000)
    with story.range("i", 10000):
        story.optimize()
        story.step(scheduler)
    assert read_first(story, tables).unit is Unit.ITERATIONS


# --- classes of their own kind ----------------------------------------------------------------------------------------


def test_a_rate_has_no_horizon(tables: Knowledge) -> None:
    reading = horizon(tables, "ExponentialLR", {"gamma": 0.95})
    assert (reading.unit, reading.parameter, reading.quantity) == (Unit.NONE, "gamma", Literal(0.95))


@pytest.mark.parametrize(
    ("arguments", "unit"),
    [
        pytest.param({"total_steps": op("*", EPOCHS, LOADER_LENGTH)}, Unit.BATCHES, id="total steps"),
        pytest.param({"epochs": EPOCHS, "steps_per_epoch": LOADER_LENGTH}, Unit.BATCHES, id="epochs of batches"),
        pytest.param({"epochs": 10, "steps_per_epoch": LOADER_LENGTH}, Unit.BATCHES, id="ten epochs of batches"),
        pytest.param({"epochs": EPOCHS, "steps_per_epoch": 1}, Unit.EPOCHS, id="one step per epoch"),
        pytest.param({"epochs": EPOCHS, "steps_per_epoch": 1000}, Unit.ITERATIONS, id="a number of steps per epoch"),
        pytest.param({"epochs": EPOCHS, "steps_per_epoch": DATASET}, Unit.SAMPLES, id="the length of the dataset"),
        pytest.param(
            {"total_steps": None, "epochs": 9, "steps_per_epoch": named("n")}, Unit.ITERATIONS, id="None is not given"
        ),
        pytest.param({"epochs": 9}, Unit.UNKNOWN, id="half of it"),
    ],
)
def test_one_cycle(tables: Knowledge, arguments: Mapping[str, Argument], unit: Unit) -> None:
    assert horizon(tables, "OneCycleLR", arguments).unit is unit


def test_one_cycle_has_all_the_lengths_that_it_may_be_given(tables: Knowledge) -> None:
    begun, resumed = op("+", 0, EPOCHS), op("+", named("epoch_read"), EPOCHS)
    reading = horizon(tables, "OneCycleLR", {"epochs": (begun, resumed), "steps_per_epoch": LOADER_LENGTH})
    assert reading.quantity == op("*", op("or", begun, resumed), LOADER_LENGTH)


def test_cyclic_at_its_default_is_documented_to_count_batches(tables: Knowledge) -> None:
    reading = horizon(tables, "CyclicLR", {"base_lr": 0.001, "max_lr": 0.1})
    assert (reading.unit, reading.amount, reading.confidence) == (Unit.ITERATIONS, 2000, Confidence.LIKELY)


@pytest.mark.parametrize(
    ("size", "epochs", "known"),
    [
        pytest.param(500, 24, True, id="clearly more than the epochs"),
        pytest.param(200, 24, False, id="some more, which may be a copied recipe"),
        pytest.param(500, EPOCHS, False, id="an unknown number of epochs"),
    ],
)
def test_a_length_in_batches_by_the_documentation_that_no_epochs_can_be(
    size: int, epochs: Value, known: bool, tables: Knowledge
) -> None:
    reading = horizon(tables, "CyclicLR", {"step_size_up": size}, bound=epochs)
    assert (reading.unit, reading.confidence is Confidence.LIKELY) == (Unit.ITERATIONS, known)


@pytest.mark.parametrize("pi", [3.14159, 3.14, math.pi], ids=str)
def test_half_a_wave_over_a_bare_number_of_epochs(pi: float, tables: Knowledge) -> None:
    wave = curve(op("cos", op("/", op("*", STEP, pi), 24)))
    reading = horizon(tables, "LambdaLR", {"lr_lambda": wave}, bound=24)
    assert (reading.unit, reading.amount) == (Unit.EPOCHS, 24)


def test_a_composite_takes_its_milestones_then_its_children(tables: Knowledge) -> None:
    def sequential(milestones: Value, t_max: Value, total: Value = 5) -> HorizonReading:
        story = Story()
        story.optimizer()
        warm_up = story.scheduler("LinearLR", total_iters=total)
        cosine = story.scheduler("CosineAnnealingLR", T_max=t_max)
        both = story.scheduler("SequentialLR", children=(warm_up, cosine), milestones=milestones)
        with story.range("epoch", 90):
            with story.loader():
                story.optimize()
            story.step(both)
        timeline = story.timeline()
        return horizons(timeline, classify(timeline), tables)[-1]

    assert sequential(Items((op("*", 5, LOADER_LENGTH),)), 85).unit is Unit.BATCHES
    assert sequential([5], 85).unit is Unit.EPOCHS
    assert sequential([5], LOADER_LENGTH).unit is Unit.BATCHES
    mixed = sequential([5], 85, LOADER_LENGTH)
    assert mixed.unit is Unit.UNKNOWN
    assert "batches and epochs" in mixed.reason


def test_a_composite_of_rates_has_no_horizon(tables: Knowledge) -> None:
    story = Story()
    story.optimizer()
    rate = story.scheduler("ExponentialLR", gamma=0.9)
    story.scheduler("ChainedScheduler", children=(rate,))
    timeline = story.timeline()
    assert horizons(timeline, classify(timeline), tables)[-1].unit is Unit.NONE


@pytest.mark.parametrize(
    ("arguments", "unit"),
    [
        pytest.param({"total_epochs": 90}, Unit.EPOCHS, id="a parameter named for epochs"),
        pytest.param({"max_iters": named("x")}, Unit.ITERATIONS, id="a parameter named for iterations"),
        pytest.param({"milestones": Items((EPOCHS,))}, Unit.EPOCHS, id="milestones that are measured"),
        pytest.param({"max_steps": EPOCHS}, Unit.EPOCHS, id="steps of its own, as many as there are epochs"),
        pytest.param({"max_iters": EPOCHS}, Unit.UNKNOWN, id="iterations, as many as there are epochs"),
        pytest.param({"warmup_epochs": op("*", 10, LOADER_LENGTH)}, Unit.UNKNOWN, id="a name against its value"),
        pytest.param({"power": 0.9}, Unit.UNKNOWN, id="nothing of a length"),
        pytest.param({"cur_iter": named("iteration")}, Unit.UNKNOWN, id="where the schedule stands is no length"),
    ],
)
def test_a_class_of_the_project(tables: Knowledge, arguments: Mapping[str, Argument], unit: Unit) -> None:
    reading = horizon(tables, "project.sched.Warm", arguments)
    assert reading.unit is unit
    assert reading.confidence is not Confidence.CERTAIN
    assert bool(reading.reason) is (unit is Unit.UNKNOWN)


def test_the_condition_of_a_scheduler_is_that_of_its_horizon(tables: Knowledge) -> None:
    story = Story()
    story.optimizer()
    story.scheduler("ExponentialLR", gamma=0.9, condition=(equals("sched", "exp"),))
    assert read_first(story, tables).condition == (equals("sched", "exp"),)


# --- schedule functions -----------------------------------------------------------------------------------------------

TOTAL = op("*", LOADER_LENGTH, EPOCHS)
WARM, ALL = named("warmup_steps"), named("total_steps")


@pytest.mark.parametrize(
    ("function", "unit"),
    [
        pytest.param(
            curve(op("**", op("-", 1, op("/", STEP, TOTAL)), 0.9)), Unit.BATCHES, id="polynomial over all batches"
        ),
        pytest.param(curve(op("-", 1, op("/", STEP, EPOCHS))), Unit.EPOCHS, id="linear over the epochs"),
        pytest.param(
            curve(op("/", STEP, WARM), op("/", op("-", ALL, STEP), op("-", ALL, WARM))),
            Unit.ITERATIONS,
            id="warm-up, decay",
        ),
        pytest.param(
            curve(op("choose", op("compare", STEP, WARM), 0.1, 1.0)),
            Unit.ITERATIONS,
            id="compared with a number of steps",
        ),
        pytest.param(curve(op("cos", op("/", op("*", STEP, 3.14159), EPOCHS))), Unit.EPOCHS, id="half a cosine"),
        pytest.param(
            curve(op("-", 1, op("/", op("/", STEP, LOADER_LENGTH), EPOCHS))),
            Unit.BATCHES,
            id="batches turned into epochs",
        ),
        pytest.param(curve(op("/", op("*", STEP, LOADER_LENGTH), TOTAL)), Unit.EPOCHS, id="epochs turned into batches"),
        pytest.param(
            curve(
                op("-", 1, op("/", op("max", 0, op("-", op("+", STEP, 1), EPOCHS)), op("float", op("+", EPOCHS, 1))))
            ),
            Unit.EPOCHS,
            id="constant, then linear",
        ),
        pytest.param(curve(op("**", 0.1, op("//", STEP, 30))), Unit.EPOCHS, id="every thirty of ninety"),
        pytest.param(curve(op("**", 0.95, STEP)), Unit.NONE, id="a rate"),
        pytest.param(curve(op("/", 1, op("+", 1, op("*", 0.1, STEP)))), Unit.NONE, id="inverse time"),
        pytest.param(curve(op("**", named("gamma"), STEP)), Unit.NONE, id="a named rate"),
        pytest.param(curve(op("-", 100, op("*", 0.5, STEP))), Unit.NONE, id="a slope"),
        pytest.param(curve(Literal(0.95)), Unit.NONE, id="a constant"),
        pytest.param(curve(Literal(1.0), Literal(0.1)), Unit.UNKNOWN, id="stairs whose tests were lost"),
        pytest.param(curve(op("choose", op("<", STEP, EPOCHS), 1.0, 0.1)), Unit.EPOCHS, id="a stair"),
        pytest.param(
            curve(op("choose", op("and", named("flag"), op(">=", STEP, WARM)), 0.1, 1.0)),
            Unit.ITERATIONS,
            id="two tests",
        ),
        pytest.param(curve(op("min", 1.0, op("/", STEP, 5))), Unit.UNKNOWN, id="a ramp over a few"),
        pytest.param(curve(op("/", STEP, named("x"))), Unit.UNKNOWN, id="over something unknown"),
        pytest.param(
            curve(op("min", op("**", STEP, -0.5), op("*", STEP, op("**", named("w"), -1.5)))),
            Unit.UNKNOWN,
            id="not understood",
        ),
        pytest.param(
            curve(Symbol("f", "f(epoch)", reason="`f` was not followed")), Unit.UNKNOWN, id="a call not followed"
        ),
        pytest.param(named("fn", reason="made by `partial`"), Unit.UNKNOWN, id="a function not known"),
    ],
)
def test_schedule_functions(tables: Knowledge, function: Quantity, unit: Unit) -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("LambdaLR", lr_lambda=function)
    with story.range("epoch", option("epochs", 90)):
        with story.loader():
            story.optimize()
        story.step(scheduler)
    reading = read_first(story, tables)
    assert reading.unit is unit, reading
    assert bool(reading.reason) is (unit is Unit.UNKNOWN)


def test_several_functions_must_agree(tables: Knowledge) -> None:
    functions = Items((curve(op("/", STEP, EPOCHS)), curve(op("/", STEP, LOADER_LENGTH))))
    assert horizon(tables, "LambdaLR", {"lr_lambda": functions}).unit is Unit.UNKNOWN


# --- where a schedule ends --------------------------------------------------------------------------------------------

RISE, END, FALL = option("warm_epochs"), option("total_epochs"), option("decay_epochs")


@pytest.mark.parametrize(
    ("results", "end"),
    [
        pytest.param((op("/", STEP, END),), "total_epochs", id="a ramp"),
        pytest.param((op("/", op("-", END, STEP), op("-", END, RISE)),), "total_epochs", id="down to zero"),
        pytest.param(
            (op("/", op("-", STEP, RISE), op("float", op("max", 1, op("-", END, RISE)))),), "total_epochs",
            id="an offset that the divisor takes back",
        ),
        pytest.param(
            (op("/", op("max", 0, op("-", op("+", STEP, 1), RISE)), op("+", FALL, 1)),), "warm_epochs + decay_epochs",
            id="constant, then down to zero",
        ),
        pytest.param(
            (op("/", STEP, RISE), op("/", op("-", STEP, RISE), op("-", END, RISE))), "total_epochs",
            id="a warm-up before the decay",
        ),
        pytest.param((op("cos", op("/", op("*", math.pi, STEP), END)),), "total_epochs", id="a cosine"),
        pytest.param((op("min", 1.0, op("/", STEP, RISE)),), "warm_epochs", id="a ramp that stops at one"),
        pytest.param((op("/", STEP, RISE), op("/", STEP, END)), None, id="two ends that nothing orders"),
        pytest.param((op("//", STEP, END),), None, id="stairs go on"),
        pytest.param((op("/", op("*", 2, STEP), END),), None, id="a scaled step"),
    ],
)  # fmt: skip
def test_the_horizon_of_a_function_is_its_end(
    tables: Knowledge, results: tuple[Quantity, ...], end: str | None
) -> None:
    reading = horizon(tables, "LambdaLR", {"lr_lambda": curve(*results)})
    assert reading.unit is Unit.EPOCHS
    assert reading.parameter == ""
    assert (None if reading.quantity is None else spelled(reading.quantity)) == end


def test_a_function_of_numbers_ends_behind_its_offset(tables: Knowledge) -> None:
    function = curve(op("/", op("-", STEP, 10), 80))
    assert horizon(tables, "LambdaLR", {"lr_lambda": function}, bound=100).amount == 90


def test_a_wrapper_has_no_known_length(tables: Knowledge) -> None:
    story = Story()
    story.optimizer()
    after = story.scheduler("StepLR", step_size=30)
    story.scheduler("SequentialLR", children=(after,), milestones=[5])
    story.scheduler("ChainedScheduler", children=(after,))
    with story.range("epoch", 90):
        with story.loader():
            story.optimize()
        for scheduler in (after, 3, 4):
            story.step(scheduler)
    timeline = story.timeline()
    assert [each.amount for each in horizons(timeline, classify(timeline), tables)] == [30, None, 30]


# --- names against loops ----------------------------------------------------------------------------------------------


def test_the_bound_of_a_loop_around_several_updates_counts_none(tables: Knowledge) -> None:
    updates = Symbol("n", "NUM_UPDATES", role="constant", default=Literal(6))
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("LinearLR", total_iters=updates)
    with story.range("update", updates):
        with story.range("epoch", 2), story.range("start", named("size")):
            story.optimize()
        story.step(scheduler)
    reading = read_first(story, tables)
    assert reading.unit is Unit.UNKNOWN
    assert "several updates" in reading.reason


def test_a_factor_that_repeats_each_batch_has_a_unit_of_its_own(tables: Knowledge) -> None:
    story = Story()
    story.optimizer()
    story.scheduler("LinearLR", total_iters=op("*", EPOCHS, LOADER_LENGTH, named("replays")))
    with story.range("epoch", EPOCHS), story.loader(), story.range("_", named("replays")):
        story.optimize()
        story.step(2)
    reading = read_first(story, tables)
    assert reading.unit is Unit.UNKNOWN
    assert "`replays`" in reading.reason


def test_a_default_within_the_epochs_contradicts_a_name_for_iterations(tables: Knowledge) -> None:
    told = "multiply by gamma every so many iterations"
    few, many = option("lr_decay_iters", 50, told), option("lr_decay_iters", 50000, told)
    assert horizon(tables, "StepLR", {"step_size": few}, bound=200).unit is Unit.UNKNOWN
    assert horizon(tables, "StepLR", {"step_size": option("lr_decay_iters")}, bound=200).unit is Unit.UNKNOWN
    assert horizon(tables, "StepLR", {"step_size": many}, bound=200).unit is Unit.ITERATIONS


# --- copies of a library's classes ------------------------------------------------------------------------------------


def copied(
    tables: Knowledge, library: str, arguments: Mapping[str, Argument], bound: Value = 90, *, wraps: bool = False
) -> HorizonReading:
    """The horizon of a project class that looks like a copy of a library's, stepped in the loop over epochs."""
    story = Story()
    story.optimizer()
    children = (story.scheduler("StepLR", step_size=30),) if wraps else ()
    scheduler = story.schedule(f"mine.{library.rpartition('.')[2]}", arguments, children=children)
    story.amend(scheduler, resembles=library)
    with story.range("epoch", bound):
        with story.loader():
            story.optimize()
        story.step(scheduler)
    timeline = story.timeline()
    return horizons(timeline, classify(timeline), tables)[-1]


MULTI_STEP = "detectron2.solver.WarmupMultiStepLR"
RESTARTS = "cosine_annealing_warmup.CosineAnnealingWarmupRestarts"
LINEAR_WARM_UP = "pl_bolts.optimizers.LinearWarmupCosineAnnealingLR"
GRADUAL = "warmup_scheduler.GradualWarmupScheduler"


@pytest.mark.parametrize(
    ("library", "arguments", "unit"),
    [
        pytest.param(
            MULTI_STEP, {"milestones": Items((Literal(30), Literal(60)))}, Unit.EPOCHS, id="within the epochs"
        ),
        pytest.param(
            MULTI_STEP,
            {"milestones": Items((Literal(60000), Literal(80000))), "warmup_iters": 500},
            Unit.ITERATIONS,
            id="far above the epochs",
        ),
        pytest.param(
            MULTI_STEP,
            {"milestones": Items((Literal(100), Literal(200)))},
            Unit.UNKNOWN,
            id="the cadence is no evidence",
        ),
        pytest.param(
            RESTARTS,
            {"first_cycle_steps": op("*", 5, LOADER_LENGTH), "warmup_steps": LOADER_LENGTH},
            Unit.BATCHES,
            id="the quantity that it is given",
        ),
        pytest.param(
            RESTARTS,
            {"first_cycle_steps": op("*", 5, LOADER_LENGTH), "warmup_steps": EPOCHS},
            Unit.UNKNOWN,
            id="a warm-up in another unit",
        ),
        pytest.param(
            LINEAR_WARM_UP,
            {"warmup_epochs": LOADER_LENGTH, "max_epochs": op("*", 90, LOADER_LENGTH)},
            Unit.BATCHES,
            id="lengths that are called after another unit",
        ),
        pytest.param(
            LINEAR_WARM_UP, {"max_epochs": named("cfg.n")}, Unit.UNKNOWN, id="a name that says nothing of the unit"
        ),
        pytest.param(GRADUAL, {"total_epoch": 5}, Unit.EPOCHS, id="a name where the number says nothing"),
    ],
)
def test_a_copy_is_read_as_the_class_of_the_library(
    tables: Knowledge, library: str, arguments: Mapping[str, Argument], unit: Unit
) -> None:
    assert copied(tables, library, arguments).unit is unit


def test_a_copy_is_likely_and_says_what_it_is_taken_for(tables: Knowledge) -> None:
    reading = copied(tables, RESTARTS, {"first_cycle_steps": op("*", 5, LOADER_LENGTH)})
    assert reading.confidence is Confidence.LIKELY
    assert reading.recurs
    assert reading.evidence[-1].text == f"`CosineAnnealingWarmupRestarts` has the parameters of {RESTARTS}"


def test_a_copy_that_wraps_another_ends_where_nobody_knows(tables: Knowledge) -> None:
    reading = copied(tables, GRADUAL, {"total_epoch": 5, "after_scheduler": named("after")}, wraps=True)
    assert (reading.unit, reading.amount) == (Unit.EPOCHS, None)


def test_a_name_for_iterations_of_a_number_within_the_epochs_is_a_contradiction(tables: Knowledge) -> None:
    assert horizon(tables, "mine.Poly", {"total_iters": 90}, bound=90).unit is Unit.UNKNOWN
    assert horizon(tables, "mine.Poly", {"total_iters": 9000}, bound=90).unit is Unit.ITERATIONS
    assert horizon(tables, "mine.Poly", {"total_iters": named("n")}, bound=90).unit is Unit.ITERATIONS


# --- classes that derive from a library's -----------------------------------------------------------------------------


def derived(tables: Knowledge, base: str, given: Mapping[str, Argument], own_methods: tuple[str, ...] = ()) -> Unit:
    """The unit of a project class whose constructor gives these arguments to that of its base."""
    story = Story()
    story.optimizer()
    handed_up = story.schedule(base, given)
    scheduler = story.schedule("mine.Schedule", {"n": named("n")})
    (name, arguments) = story.objects[handed_up - 1].classes[0], story.objects[handed_up - 1].arguments
    story.amend(scheduler, classes=("mine.Schedule", name), handed_up=arguments, own_methods=own_methods)
    with story.range("epoch", 90):
        with story.loader():
            story.optimize()
        story.step(scheduler)
    timeline = story.timeline()
    return horizons(timeline, classify(timeline), tables)[-1].unit


@pytest.mark.parametrize(
    ("base", "given", "unit"),
    [
        pytest.param("CosineAnnealingLR", {"T_max": 90}, Unit.EPOCHS, id="a number"),
        pytest.param(
            "LambdaLR",
            {"lr_lambda": curve(op("/", STEP, op("*", 5, LOADER_LENGTH)))},
            Unit.BATCHES,
            id="a method of its own",
        ),
        pytest.param("LambdaLR", {"lr_lambda": curve(op("**", 0.9, STEP))}, Unit.NONE, id="a method without an end"),
        pytest.param("LRScheduler", {"last_epoch": -1}, Unit.UNKNOWN, id="nothing that is a length"),
    ],
)
def test_what_is_given_to_the_base_is_its_horizon(
    tables: Knowledge, base: str, given: Mapping[str, Argument], unit: Unit
) -> None:
    assert derived(tables, base, given) is unit


def test_what_is_given_to_the_base_says_nothing_of_a_schedule_that_is_computed_anew(tables: Knowledge) -> None:
    assert derived(tables, "CosineAnnealingLR", {"T_max": 90}, own_methods=("get_lr",)) is Unit.UNKNOWN
