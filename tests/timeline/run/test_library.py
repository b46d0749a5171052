"""What libraries do: schedulers, optimizers and loaders being made, and events on them."""

from __future__ import annotations

import pytest

from schedlint.timeline.model import Confidence, EventKind, ObjectKind
from schedlint.timeline.quantity import spelled
from tests.timeline.run.programs import happens, name_of, only_scheduler, schedulers, script, steps

# --- schedulers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param("s = StepLR(opt, 3)", "s = StepLR(on opt, step_size=3)", id="by class"),
        pytest.param("s = lr_scheduler.StepLR(opt, 3)", "s = StepLR(on opt, step_size=3)", id="through its module"),
        pytest.param("s = torch.optim.lr_scheduler.StepLR(opt, 3)", "s = StepLR(on opt, step_size=3)", id="in full"),
        pytest.param("s = StepLR(optimizer=opt, step_size=3)", "s = StepLR(on opt, step_size=3)", id="by keyword"),
        pytest.param("s = StepLR(step_size=3, optimizer=opt)", "s = StepLR(on opt, step_size=3)", id="in any order"),
        pytest.param("s = StepLR(opt, **{'step_size': 3})", "s = StepLR(on opt, step_size=3)", id="from a known dict"),
        pytest.param("s = StepLR(opt, **cfg)", "s = StepLR(on opt, **=cfg)", id="from an unknown dict"),
        pytest.param("s = StepLR(unknown, 3)", "s = StepLR(on unknown, step_size=3)", id="on an unknown optimizer"),
        pytest.param("s = StepLR(self.opt, 3)", "s = StepLR(on self.opt, step_size=3)", id="on an unknown attribute"),
        pytest.param(
            "s = getattr(lr_scheduler, args.name)(opt, 3)", "s = ?(on opt, argument 2=3)", id="a class chosen by name"
        ),
        pytest.param(
            "s = getattr(torch.optim.lr_scheduler, args.name)(opt, **cfg)",
            "s = ?(on opt)",
            id="a class chosen by name, with an unknown dict",
        ),
        pytest.param(
            "s = getattr(lr_scheduler, 'StepLR')(opt, 3)",
            "s = StepLR(on opt, step_size=3)",
            id="a class by a constant name",
        ),
        pytest.param(
            "s = lr_scheduler.__dict__[args.name](opt)",
            "s = ?(on opt)",
            id="a class from the dict of a module",
            marks=pytest.mark.xfail(strict=True, reason="a module's __dict__ is not followed"),
        ),
        pytest.param(
            "s = build_scheduler(cfg, opt)",
            "s = ?(on opt, argument 1=cfg)",
            id="an unknown factory",
        ),
        pytest.param("cls = StepLR\ns = cls(opt, 3)", "s = StepLR(on opt, step_size=3)", id="a class in a variable"),
    ],
)
def test_a_scheduler_is_made(text: str, made: str) -> None:
    assert schedulers(text) == [made]


def test_one_of_two_classes_called_at_one_place_makes_two_objects() -> None:
    text = "cls = StepLR if fast else MultiStepLR\ns = cls(opt, 3)"
    assert schedulers(text) == [
        "s = StepLR(on opt, step_size=3) if fast",
        "s = MultiStepLR(on opt, milestones=3) if not fast",
    ]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        pytest.param("s = getattr(lr_scheduler, name)(opt)", Confidence.CERTAIN, id="a member of torch's module"),
        pytest.param("s = build_scheduler(cfg, opt)", Confidence.LIKELY, id="a factory by its name"),
    ],
)
def test_a_scheduler_of_unknown_class_says_why(text: str, confidence: Confidence) -> None:
    made = only_scheduler(text)
    assert made.classes == ()
    assert made.class_reason
    assert made.confidence is confidence


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("s = build_scheduler(cfg)", id="a factory without an optimizer"),
        pytest.param("s = build_model(opt)", id="a factory of something else"),
        pytest.param(
            "from diffusers import DDPMScheduler\ns = DDPMScheduler(opt)",
            id="a scheduler of noise",
        ),
        pytest.param("import sched\ns = sched.scheduler(opt)", id="a scheduler of events"),
    ],
)
def test_what_makes_no_learning_rate_scheduler(text: str) -> None:
    assert schedulers(text) == []


def test_a_sequence_has_children_and_milestones() -> None:
    text = "a = LinearLR(opt)\nb = CosineAnnealingLR(opt, 9)\ns = SequentialLR(opt, [a, b], milestones=[3])"
    timeline = script(text)
    outer = timeline.schedulers()[-1]
    assert [name_of(timeline.object(child)) for child in outer.children] == ["a", "b"]
    assert [name_of(timeline.object(id)) for id in outer.optimizers] == ["opt"]


def test_a_sequence_of_a_list_built_up() -> None:
    text = "many = []\nmany.append(LinearLR(opt))\nmany.append(StepLR(opt, 3))\ns = SequentialLR(opt, many, [3])"
    assert len(script(text).schedulers()[-1].children) == 2


def turns(text: str) -> list[list[str]]:
    """What may stand at each place of the list of the last scheduler, by class."""
    timeline = script(text)
    made = timeline.schedulers()[-1]
    return [[timeline.object(id).classes[0].rpartition(".")[2] for id in place] for place in made.turns]


CHOICE = "main = StepLR(opt, 3) if args.step else CosineAnnealingLR(opt, 9)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("s = ChainedScheduler([LinearLR(opt), StepLR(opt, 3)])", [["LinearLR"], ["StepLR"]], id="a list"),
        pytest.param(
            CHOICE + "s = SequentialLR(opt, [LinearLR(opt), main], [3])",
            [["LinearLR"], ["StepLR", "CosineAnnealingLR"]],
            id="alternatives share a place",
        ),
        pytest.param(
            "many = []\nmany.append(LinearLR(opt))\nmany.append(StepLR(opt, 3))\ns = SequentialLR(opt, many, [3])",
            [["LinearLR"], ["StepLR"]],
            id="a list built up",
        ),
        pytest.param("s = SequentialLR(opt, [LinearLR(opt), make(opt)], [3])", [], id="one that is not known"),
        pytest.param("s = SequentialLR(opt, [LinearLR(opt), *others], [3])", [], id="nobody knows how many"),
        pytest.param("s = SequentialLR(opt, others, [3])", [], id="a list that is not known"),
        pytest.param("s = StepLR(opt, 3)", [], id="no composite"),
    ],
)
def test_what_stands_at_each_place_of_a_composite(text: str, expected: list[list[str]]) -> None:
    assert turns(text) == expected


def test_a_chain_drives_what_its_children_drive() -> None:
    timeline = script("s = ChainedScheduler([LinearLR(opt), StepLR(opt, 3)])")
    outer = timeline.schedulers()[-1]
    assert len(outer.children) == 2
    assert [name_of(timeline.object(id)) for id in outer.optimizers] == ["opt"]


PROJECT = {
    "base.py": "class Base(LRScheduler):\n    def __init__(self, optimizer, last_epoch=-1):\n"
    "        super().__init__(optimizer, last_epoch)\n",
    "mine.py": "from base import Base\nclass Poly(Base):\n    def __init__(self, optimizer, max_iter):\n"
    "        self.max_iter = max_iter\n        self.inner = StepLR(optimizer, 7)\n        super().__init__(optimizer)\n"
    "    def get_lr(self):\n        return [0.1]\n    def advance(self):\n        self.step()\n",
}


def test_a_project_class_that_derives_from_a_scheduler_through_another_file_is_one() -> None:
    timeline = script("from mine import Poly\ns = Poly(opt, 90)\ns.step()", PROJECT)
    poly = next(made for made in timeline.schedulers() if made.name == "s")
    assert poly.classes[0] == "mine.Poly"
    assert poly.classes[-1].startswith("torch.optim.lr_scheduler.")
    assert [bound.parameter for bound in poly.arguments] == ["optimizer", "max_iter"]
    assert [name_of(timeline.object(id)) for id in poly.optimizers] == ["opt"]
    assert steps(timeline) == ["s.step()"]


def test_what_happens_inside_the_constructor_of_a_project_scheduler_is_not_told() -> None:
    text = """
        class Warm(LRScheduler):
            def __init__(self, o):
                super().__init__(o)
                self.step()
                o.param_groups[0]['lr'] = 0
        s = Warm(opt)
        """
    timeline = script(text)
    assert happens(timeline) == []
    assert [event.kind for event in timeline.events][-1] is EventKind.CREATED


def test_the_step_of_a_project_scheduler_is_a_step_and_is_not_entered() -> None:
    text = """
        class Mine(LRScheduler):
            def step(self, epoch=None):
                self.inner.step()
        s = Mine(opt)
        s.step()
        """
    assert happens(text) == ["s.step()"]


def test_a_method_that_a_project_scheduler_adds_is_entered() -> None:
    assert steps("from mine import Poly\ns = Poly(opt, 90)\ns.advance()", PROJECT) == ["s.step()"]


def test_a_wrapper_that_is_a_plain_class_is_looked_through() -> None:
    text = """
        class Wrapper:
            def __init__(self, o):
                self.inner = StepLR(o, 3)
                self.o = o
            def step(self):
                self.o.step()
                self.inner.step()
        w = Wrapper(opt)
        for x in loader:
            w.step()
        """
    assert happens(text) == ["x: opt.step()", "x: self.inner.step()"]


# --- optimizers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("o = SGD(p, lr=1)", id="by class"),
        pytest.param("o = torch.optim.AdamW(p)", id="in full"),
        pytest.param("o = getattr(torch.optim, args.name)(p)", id="a class chosen by name"),
        pytest.param("class Mine(torch.optim.Optimizer):\n    pass\no = Mine(p)", id="a project class"),
        pytest.param("class Mine(SGD):\n    pass\no = Mine(p)", id="a project class of a library class"),
    ],
)
def test_an_optimizer_is_made(text: str) -> None:
    timeline = script(f"{text}\no.step()")
    assert [made.kind for made in timeline.objects if made.name == "o"] == [ObjectKind.OPTIMIZER]
    assert happens(timeline) == ["o.step()"]


def test_a_class_chosen_by_name_from_a_module_that_has_all_of_the_library_s_optimizers_makes_one() -> None:
    files = {"optimizers.py": "from torch.optim import *"}
    timeline = script("import optimizers\no = getattr(optimizers, args.name)(p)\no.step()", files)
    assert [made.kind for made in timeline.objects if made.name == "o"] == [ObjectKind.OPTIMIZER]


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param("import horovod.torch as hvd\no = hvd.DistributedOptimizer(opt)", id="horovod"),
        pytest.param("m, o = accelerator.prepare(model, opt)", id="an unknown accelerator"),
        pytest.param(
            "from accelerate import Accelerator\nacc = Accelerator()\nm, o = acc.prepare(model, opt)", id="accelerate"
        ),
        pytest.param("from apex import amp\nm, o = amp.initialize(model, opt)", id="apex"),
    ],
)
def test_a_wrapped_optimizer_is_the_optimizer(wrap: str) -> None:
    assert happens(f"{wrap}\no.step()") == ["opt.step()"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("opt.step()", "opt.step()", id="plainly"),
        pytest.param("opt.step(closure)", "opt.step(closure)", id="with a closure"),
        pytest.param("step = opt.step\nstep()", "opt.step()", id="through a bound method"),
        pytest.param(
            "from torch.cuda.amp import GradScaler\nscaler = GradScaler()\nscaler.step(opt)",
            "opt.step()",
            id="by a scaler",
        ),
        pytest.param("scaler.step(opt)", "opt.step()", id="by an unknown scaler"),
        pytest.param("import torch_xla.core.xla_model as xm\nxm.optimizer_step(opt)", "opt.step()", id="on a TPU"),
        pytest.param("self.optimizer.step()", "?self.optimizer.step() ~", id="of an unknown optimizer"),
    ],
)
def test_an_optimizer_is_stepped(text: str, expected: str) -> None:
    assert happens(text) == [expected]


def test_the_engine_of_deepspeed_steps_its_optimizer_and_its_scheduler() -> None:
    text = """
        import deepspeed
        engine, o, _, s = deepspeed.initialize(model=model, optimizer=opt, lr_scheduler=StepLR(opt, 3))
        for x in loader:
            engine.backward(x)
            engine.step()
        """
    found = happens(text)
    assert any("stepped by a library" in line for line in found)
    assert any(line.startswith("x: ") and ".step()" in line for line in found)


def test_what_a_closure_does_is_known_when_it_is_handed_to_the_step() -> None:
    text = "o = LBFGS(p)\ndef closure():\n    loss.backward()\n    return loss\nfor x in loader:\n    o.step(closure)"
    timeline = script(text)
    assert happens(timeline) == ["x: o.step(...)"]
    assert [event.kind for event in timeline.events if event.loops] == [EventKind.BACKWARD, EventKind.OPTIMIZED]


def test_one_of_two_optimizers_is_stepped() -> None:
    text = "o = SGD(p) if fast else LBFGS(p)\no.step()"
    assert happens(text) == ["o (fast) or o (not fast).step()"]


# --- events -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("s.step()", "s.step()", id="a step"),
        pytest.param("s.step(epoch)", "s.step(epoch)", id="a step with an argument"),
        pytest.param("s.step(metrics=loss)", "s.step(loss)", id="a step with a keyword"),
        pytest.param("s.get_lr()", "s: learning rate read", id="get_lr"),
        pytest.param("print(s.get_last_lr()[0])", "s: learning rate read", id="get_last_lr in a call"),
        pytest.param("x = f'{s.get_last_lr()[0]:.3f}'", "s: learning rate read", id="get_last_lr in an f-string"),
        pytest.param("x = opt.param_groups[0]['lr']", "opt: learning rate read", id="the rate of a group"),
        pytest.param(
            "x = [g['lr'] for g in opt.param_groups]", "opt: learning rate read", id="the rates of all groups"
        ),
        pytest.param("opt.param_groups[0]['lr'] = 1", "opt: learning rate written", id="a rate written"),
        pytest.param(
            "for g in opt.param_groups:\n    g['lr'] = 1", "g: opt: learning rate written", id="all rates written"
        ),
        pytest.param("s.last_epoch = 3", "s: last_epoch written", id="last_epoch written"),
        pytest.param("opt.add_param_group({'params': p})", "opt: parameter group added", id="a group added"),
        pytest.param("d = s.state_dict()", "s: state saved", id="a scheduler's state saved"),
        pytest.param("d = opt.state_dict()", "opt: state saved", id="an optimizer's state saved"),
        pytest.param("s.load_state_dict(d)", "s: state loaded", id="a state loaded"),
        pytest.param("s.optimizer.step()", "opt.step()", id="the optimizer of a scheduler"),
        pytest.param("x = s.optimizer.param_groups[0]['lr']", "opt: learning rate read", id="its rate"),
    ],
)
def test_an_event(text: str, expected: str) -> None:
    assert happens(f"s = StepLR(opt, 3)\n{text}") == [expected]


def test_changing_a_rate_in_place_reads_and_writes_it() -> None:
    assert happens("for g in opt.param_groups:\n    g['lr'] *= 0.1") == [
        "g: opt: learning rate read",
        "g: opt: learning rate written",
    ]


def test_saving_a_checkpoint() -> None:
    text = "s = StepLR(opt, 3)\ntorch.save({'opt': opt.state_dict(), 's': s.state_dict()}, 'x.pt')"
    found = happens(text)
    assert found[:2] == ["opt: state saved", "s: state saved"]
    assert found[2].endswith("file saved")


def test_backward_is_an_event() -> None:
    timeline = script("for x in loader:\n    loss.backward()")
    assert [event.kind for event in timeline.events if event.loops] == [EventKind.BACKWARD]


def test_the_events_of_two_schedulers_stand_in_program_order() -> None:
    text = "a = StepLR(opt, 1)\nb = StepLR(opt, 2)\nfor x in loader:\n    b.step()\n    opt.step()\n    a.step()"
    assert happens(text) == ["x: b.step()", "x: opt.step()", "x: a.step()"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def f(o, s):\n    o.step()\n    s.step()\nf(unknown_optimizer, unknown_scheduler)",
            ["?o.step() ~", "?s.step() ~"],
            id="by the names they had outside",
        ),
        pytest.param(
            "def f(optimizer, scheduler):\n    s = StepLR(optimizer, 3)\n    optimizer.step()\nf(x, y)",
            ["x.step()"],
            id="an unknown value that a scheduler was built on",
        ),
    ],
)
def test_what_is_not_known_is_stepped(text: str, expected: list[str]) -> None:
    assert happens(text) == expected


@pytest.mark.parametrize(
    ("made", "size"),
    [
        pytest.param("DataLoader(data, batch_size=8)", "loader.batch_size", id="a number"),
        pytest.param("DataLoader(data, 8)", "loader.batch_size", id="by position"),
        pytest.param("DataLoader(data, batch_size=args.bs)", "loader.batch_size", id="an option"),
    ],
)
def test_a_loader_has_the_size_of_its_batches(made: str, size: str) -> None:
    text = f"loader = {made}\ns = StepLR(opt, len(loader.dataset) // loader.batch_size)"
    (bound,) = [each for each in only_scheduler(script(text)).arguments if each.parameter == "step_size"]
    assert [spelled(value) for value in bound.values] == [f"len(loader.dataset) // {size}"]


def test_an_annotation_says_the_base_of_what_is_made_elsewhere() -> None:
    text = (
        "from torch.optim.lr_scheduler import LRScheduler\n"
        "class Wrapper:\n    def __init__(self, inner: LRScheduler):\n        self.inner = inner\n"
        "s = get_scheduler(opt)\nw = Wrapper(s)"
    )
    made = only_scheduler(script(text))
    assert (made.classes, made.base) == ((), "torch.optim.lr_scheduler.LRScheduler")
