"""The torch table against the real torch: every signature, every default, what construction and `.step()` do."""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from schedlint.knowledge.schema import (
    ConstructionEffect,
    InTurn,
    LateGroup,
    Loader,
    Optimizer,
    Overrun,
    Parameter,
    Scheduler,
    StepArgument,
    Style,
)
from schedlint.knowledge.tables import load

torch = pytest.importorskip("torch", reason="the oracle is the real torch")
pytestmark = pytest.mark.torch

KNOWN = load()
TABLE = next(table for table in KNOWN.libraries if table.library == "torch")
SECTIONS = (TABLE.schedulers, TABLE.optimizers, TABLE.loaders, TABLE.functions, TABLE.classes, TABLE.arithmetic)
NAMES = sorted({entry.name for section in SECTIONS for entry in section} | set(TABLE.inert))
OPTIMIZERS = [optimizer for optimizer in TABLE.optimizers if "distributed" not in optimizer.name]
CONCRETE = [scheduler for scheduler in TABLE.schedulers if not scheduler.abstract]
LR = 0.1

BUILD: dict[str, dict[str, Any]] = {  # the required arguments
    "LambdaLR": {"lr_lambda": lambda step: 0.5 ** (step + 1)},
    "MultiplicativeLR": {"lr_lambda": lambda step: 0.5},
    "StepLR": {"step_size": 2},
    "MultiStepLR": {"milestones": [2, 4]},
    "ExponentialLR": {"gamma": 0.9},
    "CosineAnnealingLR": {"T_max": 8},
    "CyclicLR": {"base_lr": 0.01, "max_lr": 0.2},
    "CosineAnnealingWarmRestarts": {"T_0": 4},
    "OneCycleLR": {"max_lr": 0.2, "total_steps": 20},
    "SWALR": {"swa_lr": 0.05},
}


def resolve(qualified: str) -> Any:
    module, _, name = qualified.rpartition(".")
    try:
        return getattr(imported(module), name)
    except ModuleNotFoundError:  # a method
        return getattr(resolve(module), name)


def imported(module: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # some modules of torch.distributed use what torch deprecates
        return importlib.import_module(module)


def last(qualified: str) -> str:
    return qualified.rpartition(".")[2]


def sgd() -> Any:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR, momentum=0.5)


def build(scheduler: Scheduler, optimizer: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return construct(scheduler, optimizer)


def construct(scheduler: Scheduler, optimizer: Any) -> Any:
    name = last(scheduler.name)
    schedulers = torch.optim.lr_scheduler
    if name == "SequentialLR":
        children = [schedulers.ConstantLR(optimizer, factor=0.5), schedulers.StepLR(optimizer, 2)]
        return schedulers.SequentialLR(optimizer, children, milestones=[3])
    if name == "ChainedScheduler":
        children = [schedulers.StepLR(optimizer, 2), schedulers.ConstantLR(optimizer, factor=0.5)]
        return schedulers.ChainedScheduler(children)
    return resolve(scheduler.name)(optimizer, **BUILD.get(name, {}))


def literal(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def expected(parameter: inspect.Parameter) -> Parameter:
    required = parameter.default is parameter.empty
    return Parameter(
        name=parameter.name,
        required=required,
        default=parameter.default if not required and literal(parameter.default) else None,
        opaque=not required and not literal(parameter.default),
        keyword_only=parameter.kind is parameter.KEYWORD_ONLY,
    )


def in_force(parameters: tuple[Parameter, ...]) -> list[Parameter]:
    return [parameter for parameter in parameters if not parameter.until or version(parameter.until) > VERSION]


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("+")[0].split("."))


VERSION = version(torch.__version__)


def entries() -> Iterator[Scheduler | Optimizer | Loader]:
    yield from TABLE.schedulers
    yield from (entry for entry in TABLE.optimizers if entry.parameters)
    yield from (entry for entry in TABLE.loaders if entry.parameters)


def by_name(entry: Any) -> str:
    return last(entry.name)


@pytest.mark.parametrize("entry", list(entries()), ids=by_name)
def test_every_signature_and_default_is_torchs_own(entry: Scheduler | Optimizer | Loader) -> None:
    real = inspect.signature(resolve(entry.name)).parameters.values()
    own = in_force(entry.parameters)
    assert own == [expected(parameter) for parameter in real]
    assert [type(parameter.default) for parameter in own] == [type(expected(parameter).default) for parameter in real]


def test_every_scheduler_of_torch_is_known_and_no_other() -> None:
    public = {f"torch.optim.lr_scheduler.{name}" for name in torch.optim.lr_scheduler.__all__}
    others = {"torch.optim.swa_utils.SWALR", "torch.optim.lr_scheduler._LRScheduler"}
    assert {scheduler.name for scheduler in TABLE.schedulers} == public | others


def test_every_optimizer_of_torch_is_known_and_no_other() -> None:
    public = {f"torch.optim.{name}" for name in dir(torch.optim) if inspect.isclass(getattr(torch.optim, name))}
    assert {entry.name for entry in OPTIMIZERS} == public


@pytest.mark.parametrize("qualified", NAMES)
def test_everything_named_exists(qualified: str) -> None:
    if ".distributed." in qualified and not torch.distributed.is_available():
        pytest.skip("this torch is built without torch.distributed")
    assert resolve(qualified) is not None


@pytest.mark.parametrize("alias", sorted(set(TABLE.modules) - {"torch.optim._multi_tensor"}))  # gone since 2.1
def test_what_a_renamed_module_has_is_what_its_canonical_name_has(alias: str) -> None:
    module, canonical = imported(alias), TABLE.modules[alias]
    known = [name for name in NAMES if name.rpartition(".")[0] == canonical and hasattr(module, last(name))]
    assert known
    assert [name for name in known if getattr(module, last(name)) is not resolve(name)] == []


@pytest.mark.parametrize("entry", [*TABLE.schedulers, *OPTIMIZERS], ids=by_name)
def test_the_base_is_the_one_torch_has(entry: Scheduler | Optimizer) -> None:
    assert resolve(entry.name).__bases__ == ((resolve(entry.base) if entry.base else object),)


@pytest.mark.parametrize("scheduler", CONCRETE, ids=by_name)
def test_closed_form_says_whether_torch_has_one(scheduler: Scheduler) -> None:
    assert scheduler.closed_form == hasattr(resolve(scheduler.name), "_get_closed_form_lr")


@pytest.mark.parametrize("scheduler", CONCRETE, ids=by_name)
def test_what_construction_does_to_the_learning_rate(scheduler: Scheduler) -> None:
    optimizer = sgd()
    built = build(scheduler, optimizer)
    group, effect = optimizer.param_groups[0], scheduler.construction.effect
    defaults = {parameter.name: parameter.default for parameter in scheduler.parameters}
    factors: dict[ConstructionEffect, Callable[[], float]] = {
        ConstructionEffect.NONE: lambda: 1.0,
        ConstructionEffect.FACTOR: lambda: float(defaults[scheduler.construction.parameter] or 0),
        ConstructionEffect.FUNCTION: lambda: built.lr_lambdas[0](0),
        ConstructionEffect.CHILDREN: lambda: 0.5,
        ConstructionEffect.FIRST_CHILD: lambda: 0.5,
        ConstructionEffect.SET: lambda: built.get_last_lr()[0] / LR,
    }
    assert group["lr"] == pytest.approx(LR * factors[effect]())
    assert (effect is ConstructionEffect.NONE) == (group["lr"] == pytest.approx(LR))
    assert (group["momentum"] != 0.5) == bool(scheduler.construction.momentum)


@pytest.mark.parametrize("scheduler", CONCRETE, ids=by_name)
def test_the_style_says_whether_a_rate_written_by_hand_survives(scheduler: Scheduler) -> None:
    if scheduler.style is Style.COMPOSITE:
        assert scheduler.children
        return
    optimizer = sgd()
    built = build(scheduler, optimizer)
    optimizer.step()
    step(built, scheduler)
    optimizer.param_groups[0]["lr"] *= 1000
    step(built, scheduler)
    assert (optimizer.param_groups[0]["lr"] > 1) == (scheduler.style is not Style.ABSOLUTE)


@pytest.mark.parametrize("scheduler", CONCRETE, ids=by_name)
def test_what_becomes_of_a_parameter_group_that_is_added_later(scheduler: Scheduler) -> None:
    optimizer = sgd()
    built = build(scheduler, optimizer)
    optimizer.add_param_group({"params": [torch.zeros(1, requires_grad=True)], "lr": LR})
    raised: type[Exception] | None = None
    try:
        for _ in range(8):
            optimizer.step()
            step(built, scheduler)
    except (ValueError, KeyError) as error:
        raised = type(error)
    assert raised is {LateGroup.LEFT_OUT: ValueError, LateGroup.LACKS: KeyError}.get(scheduler.late_group)
    if raised is None and not scheduler.children:
        assert (optimizer.param_groups[1]["lr"] > LR) == (scheduler.late_group is LateGroup.OVERSHOOTS)


@pytest.mark.parametrize("scheduler", [each for each in CONCRETE if each.style is not Style.MEASURED], ids=by_name)
def test_what_it_does_when_its_turn_in_a_sequence_comes(scheduler: Scheduler) -> None:
    optimizer, alone = sgd(), sgd()
    build(scheduler, alone)
    before = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.2, total_iters=8)
    sequence = torch.optim.lr_scheduler.SequentialLR(optimizer, [before, build(scheduler, optimizer)], milestones=[2])
    base, rates = optimizer.param_groups[0]["initial_lr"], []
    try:
        for _ in range(2):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            sequence.step()
    except NotImplementedError:
        assert scheduler.in_turn is InTurn.FAILS
        return
    now, own = optimizer.param_groups[0]["lr"], alone.param_groups[0]["lr"]
    assert rates == [pytest.approx(base * 0.2), pytest.approx(base * 0.3)]
    assert (base == LR) == (scheduler.in_turn is not InTurn.REBASES)
    begun = {InTurn.ONWARD: rates[-1] * (0.5 if scheduler.function_parameters else 1)}
    assert now == pytest.approx(begun.get(scheduler.in_turn, own))
    sets = scheduler.construction.effect is ConstructionEffect.SET
    assert sets == (scheduler.in_turn in (InTurn.OWN, InTurn.REBASES))


@pytest.mark.parametrize("scheduler", [each for each in CONCRETE if each.ramp is not None], ids=by_name)
def test_a_ramp_goes_from_one_factor_to_the_other(scheduler: Scheduler) -> None:
    assert scheduler.ramp is not None
    given = {scheduler.ramp.start: 0.2, scheduler.horizon[0]: 8} | (
        {scheduler.ramp.end: 0.6} if scheduler.ramp.end else {}
    )
    optimizer = sgd()
    built, found = resolve(scheduler.name)(optimizer, **given), []
    for _ in range(10):
        found.append(optimizer.param_groups[0]["lr"] / LR)
        optimizer.step()
        built.step()
    end = given.get(scheduler.ramp.end, 1.0)
    way = [0.2 if scheduler.ramp.holds else 0.2 + (end - 0.2) * step / 8 for step in range(8)]
    assert found == [pytest.approx(factor) for factor in (*way, end, end)]


def step(built: Any, scheduler: Scheduler) -> None:
    built.step(1.0) if scheduler.step is StepArgument.METRIC_REQUIRED else built.step()


def accepts(scheduler: Scheduler, *arguments: float) -> tuple[bool, bool]:
    """Whether `.step(*arguments)` works, and whether it warns of the epoch argument."""
    optimizer = sgd()
    built = build(scheduler, optimizer)
    optimizer.step()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            built.step(*arguments)
        except TypeError:
            return False, False
    return True, any("epoch parameter" in str(warning.message) for warning in caught)


@pytest.mark.parametrize("scheduler", CONCRETE, ids=by_name)
def test_what_step_accepts(scheduler: Scheduler) -> None:
    bare, _ = accepts(scheduler)
    works, warns = accepts(scheduler, 1)
    told = {
        (True, False, False): StepArgument.NONE,
        (True, True, True): StepArgument.EPOCH,
        (True, True, False): StepArgument.POSITION,
        (False, True, False): StepArgument.METRIC_REQUIRED,
    }
    assert told[bare, works, warns] is scheduler.step


@pytest.mark.parametrize("scheduler", CONCRETE, ids=by_name)
def test_whether_torch_warns_of_a_step_before_the_optimizers(scheduler: Scheduler) -> None:
    built = build(scheduler, sgd())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        step(built, scheduler)
        step(built, scheduler)
    assert any("before `optimizer.step()`" in str(warning.message) for warning in caught) == scheduler.warns_on_order


@pytest.mark.parametrize("entry", [entry for entry in OPTIMIZERS if not entry.abstract], ids=by_name)
def test_which_optimizers_need_a_closure(entry: Optimizer) -> None:
    closure = inspect.signature(resolve(entry.name).step).parameters["closure"]
    assert (closure.default is closure.empty) == entry.closure


@pytest.mark.parametrize(
    "scheduler", [each for each in CONCRETE if each.overrun is not Overrun.OPEN], ids=lambda each: last(each.name)
)
def test_what_happens_beyond_the_horizon(scheduler: Scheduler) -> None:
    optimizer = sgd()
    made = build(scheduler, optimizer)
    length = {"OneCycleLR": 20, "CosineAnnealingLR": 8, "PolynomialLR": 5}[last(scheduler.name)]
    seen = []
    for _ in range(length):
        optimizer.step()
        made.step()
        seen.append(optimizer.param_groups[0]["lr"])
    if scheduler.overrun is Overrun.ERROR:
        with pytest.raises(ValueError, match=f"Tried to step {length + 1} times"):
            made.step()
        return
    for _ in range(length):
        made.step()
    after = optimizer.param_groups[0]["lr"]
    assert after == pytest.approx(LR if scheduler.overrun is Overrun.CLIMBS else seen[-1], abs=1e-9)


def test_the_length_of_a_loader_is_what_the_table_says_it_is_made_of() -> None:
    loader = next(each for each in TABLE.loaders if each.name == "torch.utils.data.DataLoader")
    data = list(range(1003))
    made = {drop: len(resolve(loader.name)(data, 10, **{loader.drop_last: drop})) for drop in (False, True)}
    assert made == {False: 101, True: 100}
    sampler = torch.utils.data.SubsetRandomSampler(range(7))
    assert len(resolve(loader.name)(data, **{loader.resized_by[0]: sampler})) == 7
    batches = torch.utils.data.BatchSampler(sampler, 2, drop_last=False)
    assert len(resolve(loader.name)(data, **{loader.resized_by[1]: batches})) == 4


def asking(cls: Any) -> tuple[type, list[str]]:
    """A class that derives from a scheduler class and notes when its `get_lr()` is asked."""
    asked: list[str] = []

    class Noting(cls):  # type: ignore[misc]
        def get_lr(self) -> list[float]:
            asked.append("get_lr")
            return [group["lr"] for group in self.optimizer.param_groups]

    return Noting, asked


@pytest.mark.parametrize("name", sorted({s.name for s in TABLE.schedulers} & load().roots["template"]))
def test_a_template_asks_get_lr_of_what_derives_from_it_when_it_is_built_and_stepped(name: str) -> None:
    made, asked = asking(resolve(name))
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR, momentum=0.9)
    scheduler = made(optimizer, **BUILD.get(name.rpartition(".")[2], {}))
    assert len(asked) == 1
    optimizer.step()
    scheduler.step()
    assert len(asked) == 2


def test_every_other_scheduler_class_asks_nothing_when_it_is_built() -> None:
    made, asked = asking(torch.optim.lr_scheduler.ReduceLROnPlateau)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    made(optimizer)
    assert not asked
    assert set(TABLE.template_bases) == load().roots["template"]
