"""The tables against their own schema, and the questions that can be asked of them."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest

from schedlint.knowledge.schema import Function, Library, Parameter, Scheduler, StepArgument, Style
from schedlint.knowledge.tables import Knowledge, TableError, entries, functions_in, library, load

STEP_LR = "torch.optim.lr_scheduler.StepLR"
OPERATIONS = {"int", "float", "round", "ceil", "floor", "abs", "max", "min"} | {
    "sum",
    "cos",
    "sin",
    "exp",
    "sqrt",
    "log",
    "pow",
}


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return load()


def every_scheduler() -> list[Scheduler]:
    return [scheduler for table in load().libraries for scheduler in table.schedulers]


def every_function() -> list[Function]:
    return [function for table in load().libraries for function in functions_in(table)]


def names(parameters: tuple[Parameter, ...]) -> set[str]:
    return {parameter.name for parameter in parameters}


# --- the schema ---


def table_of(**sections: Any) -> dict[str, Any]:
    return {"library": "x", "source": "", **sections}


def table_with_scheduler(**keys: Any) -> dict[str, Any]:
    return table_of(schedulers=[{"name": "a", "parameters": "optimizer", **keys}])


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(table_of(scheduler=[]), id="an unknown section"),
        pytest.param({"library": "x"}, id="no source"),
        pytest.param(table_with_scheduler(horizn=[]), id="a misspelt key"),
        pytest.param(table_of(schedulers=[{"name": "a"}]), id="a scheduler without parameters"),
        pytest.param(table_with_scheduler(parameters="optimizer="), id="a broken signature"),
        pytest.param(table_with_scheduler(style="odd"), id="a style that is none"),
        pytest.param(table_with_scheduler(former={"1": 2}), id="a former signature that is none"),
        pytest.param(table_of(schedulers=["a"]), id="an entry that is no table"),
        pytest.param(table_of(schedulers="a"), id="a section that is no list"),
        pytest.param(table_of(loaders=[{"name": "a", "kind": "laoder"}]), id="a kind that is none"),
        pytest.param(table_of(optimizers=[{"name": "a", "closure": 1}]), id="a number for a truth value"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_by_name(raw: dict[str, Any]) -> None:
    with pytest.raises(TableError, match="mine"):
        library(raw, "mine")


def test_a_table_that_fits_is_read() -> None:
    read = library(table_with_scheduler(parameters="optimizer, n=3"), "mine")
    assert read.schedulers[0].parameters == (Parameter("optimizer", required=True), Parameter("n", default=3))


# --- what is shipped ---


def test_no_name_is_given_twice() -> None:
    counts: Counter[str] = Counter()
    for table in load().libraries:
        functions = {function.name for function in table.functions}
        counts.update(entry.name for entry in entries(table) if entry.name not in functions)
        counts.update(function.name for function in functions_in(table))
    assert [name for name, count in counts.items() if count > 1] == []


def test_no_alias_means_two_things_or_is_a_name_itself(known: Knowledge) -> None:
    meant: dict[str, set[str]] = {}
    for table in known.libraries:
        for entry in entries(table):
            for alias in entry.aliases:
                meant.setdefault(alias, set()).add(entry.name)
    taken = {entry.name for table in known.libraries for entry in entries(table)}
    assert [alias for alias, targets in meant.items() if len(targets) > 1 or alias in taken] == []


def test_every_name_is_canonical_and_every_alias_leads_to_it(known: Knowledge) -> None:
    wrong = [
        spelled
        for table in known.libraries
        for entry in entries(table)
        for spelled in (entry.name, *entry.aliases)
        if known.canonical(spelled) != entry.name
    ]
    assert wrong == []


@pytest.mark.parametrize("scheduler", every_scheduler(), ids=lambda scheduler: scheduler.name)
def test_what_a_scheduler_says_of_its_parameters_names_parameters(scheduler: Scheduler) -> None:
    mentioned = {
        *scheduler.horizon,
        *scheduler.integral,
        *filter(None, (scheduler.hasty, scheduler.summit, scheduler.mirrored)),
        *scheduler.product,
        *scheduler.warm_up,
        *scheduler.function_parameters,
        scheduler.units,
        scheduler.children,
        scheduler.rate,
        scheduler.drop,
        scheduler.patience,
        scheduler.optimizer,
        scheduler.construction.parameter,
        scheduler.construction.divisor,
        *(scheduler.ramp.factors if scheduler.ramp else ()),
    } - {""}
    assert mentioned <= names(scheduler.parameters)


@pytest.mark.parametrize("scheduler", every_scheduler(), ids=lambda scheduler: scheduler.name)
def test_a_scheduler_agrees_with_itself(scheduler: Scheduler) -> None:
    assert set(scheduler.recurring) <= set(scheduler.horizon)
    assert (scheduler.style is Style.COMPOSITE) <= bool(scheduler.children)
    assert (scheduler.step is StepArgument.METRIC_REQUIRED) <= (scheduler.style is Style.MEASURED)
    assert (scheduler.construction.effect.value == "warm-up") == (scheduler.construction.value is not None)
    assert not (scheduler.in_tuple and not scheduler.function)
    assert len(scheduler.horizon) == 1 or not scheduler.ramp


def test_every_base_leads_to_a_known_class(known: Knowledge) -> None:
    taken = {entry.name for table in known.libraries for entry in entries(table)}
    assert sorted(set(known.bases.values()) - taken) == []


@pytest.mark.parametrize("function", every_function(), ids=lambda function: function.name)
def test_what_a_function_says_of_its_parameters_names_parameters(function: Function) -> None:
    assert {*function.results, function.steps} - {""} <= names(function.parameters)
    assert function.argument >= -1


def test_every_function_that_returns_a_known_object_names_a_class(known: Knowledge) -> None:
    returned = {function.returns for function in every_function()} - {""}
    assert [name for name in returned if known.klass(name) is None] == []


def test_every_operation_is_one_that_quantities_have(known: Knowledge) -> None:
    assert {operation.op for operation in known.operations.values()} <= OPERATIONS


# --- questions ---


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("torch.optim.sgd.SGD", "torch.optim.SGD"),
        ("torch.cuda.amp.GradScaler.step", "torch.amp.GradScaler.step"),
        ("pytorch_lightning.LightningModule", "lightning.pytorch.LightningModule"),
        ("pytorch_lightning.core.lightning.LightningModule", "lightning.pytorch.LightningModule"),
        ("tqdm.auto.trange", "tqdm.trange"),
        ("numpy.ceil", "math.ceil"),
        ("somewhere.else.Thing", "somewhere.else.Thing"),
        ("", ""),
    ],
)
def test_canonical_gives_the_one_name_of_what_has_several(known: Knowledge, spelled: str, canonical: str) -> None:
    assert known.canonical(spelled) == canonical


def test_the_private_base_is_not_the_public_one(known: Knowledge) -> None:
    private = "torch.optim.lr_scheduler._LRScheduler"
    assert known.canonical(private) == private
    assert known.is_scheduler_base(private)


def test_a_scheduler_is_found_under_each_of_its_names(known: Knowledge) -> None:
    found = known.scheduler("transformers.optimization.get_scheduler")
    assert found is not None
    assert found.function
    assert found.horizon == ("num_training_steps",)


def test_a_function_that_makes_schedulers_is_no_base(known: Knowledge) -> None:
    assert not known.is_scheduler_base("transformers.get_scheduler")
    assert known.is_scheduler_base("torch.optim.lr_scheduler.StepLR")
    assert not known.is_optimizer_base("timm.optim.create_optimizer_v2")


def test_the_ancestors_of_a_function_are_those_of_its_result(known: Knowledge) -> None:
    assert known.ancestors("transformers.get_linear_schedule_with_warmup") == (
        "torch.optim.lr_scheduler.LambdaLR",
        "torch.optim.lr_scheduler.LRScheduler",
    )


def test_a_class_in_a_module_of_optimizers_is_an_optimizer_and_its_functions_are_not(known: Knowledge) -> None:
    found = known.optimizer("torch_optimizer.RAdam")
    assert found is not None
    assert found.parameters == ()
    assert known.is_optimizer_base("torch_optimizer.RAdam")
    assert known.optimizer("torch_optimizer.get") is None
    assert known.optimizer("torch_optimizers.RAdam") is None
    assert known.optimizer("torch.optim.lr_scheduler.StepLR") is None


def test_loaders_and_datasets_are_told_apart(known: Knowledge) -> None:
    kinds = {name: found.kind for name in NAMES if (found := known.loader(name)) is not None}
    assert kinds == dict(zip(NAMES, ("loader", "dataset", "dataset", "loader", "dataset", "sampler"), strict=True))
    assert known.is_loader_base("torch.utils.data.DataLoader")
    assert not known.is_loader_base("torch.utils.data.Dataset")
    assert known.is_dataset_base("torch.utils.data.Dataset")
    assert known.is_dataset_base("torchvision.datasets.ImageFolder")
    assert not known.is_dataset_base("torch.utils.data.random_split")


NAMES = (
    "torch.utils.data.dataloader.DataLoader",
    "torch.utils.data.random_split",
    "torchvision.datasets.CIFAR10",
    "torch_geometric.loader.NeighborLoader",
    "torch_geometric.loader.ClusterData",
    "torch.utils.data.distributed.DistributedSampler",
)


def test_a_method_is_found_on_the_class_that_inherits_it(known: Knowledge) -> None:
    inherited = known.function("torch.optim.AdamW.zero_grad")
    assert inherited is not None
    assert inherited.name == "torch.optim.Optimizer.zero_grad"
    assert known.function("torch.optim.AdamW.unheard_of") is None


def test_a_method_known_by_name_is_no_function(known: Knowledge) -> None:
    assert known.view("log_every") is None
    found = known.method_view("log_every")
    assert found is not None
    assert found.argument == 0
    assert known.method_view("enumerate") is None


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("enumerate", "counted"),
        ("zip", "zipped"),
        ("tqdm.auto.tqdm", "same"),
        ("range", "range"),
        ("tqdm.notebook.trange", "range"),
    ],
)
def test_views_say_what_one_item_is(known: Knowledge, name: str, item: str) -> None:
    found = known.view(name)
    assert found is not None
    assert found.item == item


def test_a_noise_scheduler_is_no_scheduler_but_its_neighbour_for_training_is(known: Knowledge) -> None:
    assert known.is_not_scheduler("diffusers.DDPMScheduler")
    assert known.is_not_scheduler("diffusers.schedulers.scheduling_ddpm.DDPMScheduler")
    assert not known.is_not_scheduler("diffusers.optimization.get_scheduler")
    assert not known.is_not_scheduler("diffusersx.Thing")


def test_interesting_words_name_schedulers_and_optimizers_and_nothing_common(known: Knowledge) -> None:
    assert {"StepLR", "_LRScheduler", "SGD", "get_scheduler", "lr_scheduler", "optim"} <= known.interesting
    assert not {"DataLoader", "Dataset", "Module", "step", "print", "torch", "Trainer"} & known.interesting


def test_a_very_long_name_is_answered(known: Knowledge) -> None:
    name = ".".join("a" * 20_000)
    assert known.canonical(name) == name
    assert not known.is_not_scheduler(name)


def test_a_merged_table_wins_and_leaves_the_first_as_it_was(known: Knowledge) -> None:
    changed = {"name": STEP_LR, "parameters": "optimizer, n", "horizon": ["n"], "aliases": ["mine.Step"]}
    added = {"name": "mine.Poly", "parameters": "optimizer, total", "horizon": ["total"]}
    mine = library(table_of(schedulers=[changed, added]), "mine")
    both = known.merged(mine)
    merged, before = both.scheduler("mine.Step"), known.scheduler(STEP_LR)
    assert merged is not None
    assert before is not None
    assert (merged.horizon, before.horizon) == (("n",), ("step_size",))
    assert "Poly" in both.interesting
    assert known.scheduler("mine.Poly") is None


def test_a_table_whose_names_go_round_in_circles_is_answered(known: Knowledge) -> None:
    circle = Library(
        library="circle",
        source="",
        modules={"a": "b", "b": "a"},
        schedulers=(Scheduler("c.A", (), base="c.B"), Scheduler("c.B", (), base="c.A")),
    )
    both = known.merged(circle)
    assert both.canonical("a.x") in {"a.x", "b.x"}
    assert both.ancestors("c.A") == ("c.B", "c.A")
    assert both.function("c.A.step") is None


def test_a_number_is_known_by_its_name(known: Knowledge) -> None:
    assert known.constant("math.pi") == math.pi
    assert known.constant("numpy.pi") == math.pi
    assert known.constant("math.floor") is None


@pytest.mark.parametrize(
    ("name", "parameters", "meant"),
    [
        ("PolyLRScheduler", "optimizer t_initial power warmup_t", "timm.scheduler.PolyLRScheduler"),
        (
            "PolyLRScheduler",
            "optimizer initial_lr max_steps exponent",
            "nnunetv2.training.lr_scheduler.polylr.PolyLRScheduler",
        ),
        ("PolyLRScheduler", "optimizer max_iter", None),
        ("OneCycleLR", "optimizer max_lr total_steps epochs steps_per_epoch", "torch.optim.lr_scheduler.OneCycleLR"),
        ("OneCycleLR", "optimizer num_steps lr_range", None),
        ("Scheduler", "optimizer param_group_field initialize", "timm.scheduler.scheduler.Scheduler"),
        ("Scheduler", "optimizer", None),
        ("StepLR", "optimizer step_size", None),
    ],
)
def test_a_copy_is_told_by_its_parameters(known: Knowledge, name: str, parameters: str, meant: str | None) -> None:
    entry = known.resembling(name, parameters.split())
    assert (entry and entry.name) == meant


@pytest.mark.parametrize("scheduler", every_scheduler(), ids=lambda scheduler: scheduler.name)
def test_every_copy_is_told_by_the_parameters_of_the_original(known: Knowledge, scheduler: Scheduler) -> None:
    found = known.resembling(scheduler.name.rpartition(".")[2], [each.name for each in scheduler.parameters])
    assert not scheduler.vendored or found == scheduler
