"""What runs cost, in steps: the same on every machine.

The programs here make a run that forks at branches, or that forgets what it entered, exponential or endless.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from schedlint.timeline.model import EventKind, Timeline
from schedlint.timeline.quantity import symbols
from schedlint.timeline.run.machine import STEPS_PER_ENTRY, STEPS_PER_RUN, Budget
from tests.timeline.run.programs import SCRIPT, runs, script, texts

MOST_FOR_A_TRAINER = 45_000
"""Steps that a run with joins stays under on a real trainer (design, section 4)."""


def cost(text: str) -> tuple[int, list[Timeline]]:
    """How many steps all entries of a script take together, and their timelines."""
    budget = Budget()
    program = runs(texts(text), budget)
    first = program.script(SCRIPT)
    assert first is not None
    found = [first, *program.unreached([SCRIPT])]
    return STEPS_PER_RUN - budget.run, found


def indented(text: str, depth: int) -> str:
    return textwrap.indent(text, depth * "    ")


def lines(*parts: str) -> str:
    return "\n".join(parts)


# --- programs that grow -----------------------------------------------------------------------------------------------

STEPPED = "for batch in loader:\n    s.step()"


def nested_ifs(count: int) -> str:
    """Each `if` rebinds the scheduler and holds the next one."""
    ifs = (indented(f"if args.a{depth}:\n    s = StepLR(opt, {depth + 1})", depth) for depth in range(count))
    return lines("s = StepLR(opt, 1)", *ifs, STEPPED)


def nested_choices(count: int) -> str:
    """The same with a second choice on the way out of each."""
    ifs = (indented(f"if args.a{depth}:\n    s = StepLR(opt, {depth + 1})", depth) for depth in range(count))
    elses = (indented(f"else:\n    s = StepLR(opt, {depth + 100})", depth) for depth in reversed(range(count)))
    return lines(*ifs, *elses, STEPPED)


def ifs_in_a_row(count: int) -> str:
    ifs = (f"if args.a{number}:\n    s = StepLR(opt, {number + 1})" for number in range(count))
    return lines("s = StepLR(opt, 1)", *ifs, STEPPED)


def early_returns(count: int) -> str:
    """Every `if` leaves the function that builds the scheduler."""
    ifs = (f"    if args.a{number}:\n        return StepLR(opt, {number + 1})" for number in range(count))
    return lines("def build():", *ifs, "    return StepLR(opt, 1)", "s = build()", STEPPED)


def cycle(count: int) -> str:
    """Functions that each call the next one, and the last one the first."""
    functions = (f"def f{number}(s):\n    s.step()\n    f{(number + 1) % count}(s)" for number in range(count))
    return lines(*functions, "f0(StepLR(opt, 3))")


def chain(count: int) -> str:
    functions = (f"def f{number}(s):\n    s.step()\n    f{number + 1}(s)" for number in range(count))
    return lines(*functions, f"def f{count}(s):\n    s.step()", "f0(StepLR(opt, 3))")


def functions_without_a_caller(count: int) -> str:
    body = "    s = StepLR(opt, 3)\n    for batch in loader:\n        s.step()"
    return lines(*(f"def f{number}():\n{body}" for number in range(count)))


def classes_without_a_user(count: int) -> str:
    body = "    def __init__(self):\n        self.s = StepLR(opt, 3)\n    def fit(self):\n        self.s.step()"
    return lines(*(f"class C{number}:\n{body}" for number in range(count)))


GROWING: dict[str, tuple[Callable[[int], str], int, int, int]] = {
    "nested ifs that each rebind the scheduler": (nested_ifs, 10, 20, 5),
    "nested ifs that rebind it on both sides": (nested_choices, 9, 18, 7),
    "ifs in a row that each rebind it": (ifs_in_a_row, 10, 20, 5),
    "a hundred ifs in a row": (ifs_in_a_row, 50, 100, 5),
    "returns from every if of a factory": (early_returns, 10, 20, 6),
    "functions that call each other in a circle": (cycle, 250, 1_000, 6),
    "functions that call each other in a row": (chain, 250, 1_000, 6),
    "functions that nobody calls": (functions_without_a_caller, 250, 2_000, 10),
    "classes that nobody uses": (classes_without_a_user, 50, 200, 8),
}
"""A program by its size, two sizes, and the most steps that one more may take."""


@pytest.mark.parametrize(("program", "small", "large", "each"), GROWING.values(), ids=GROWING)
def test_steps_grow_with_the_text(program: Callable[[int], str], small: int, large: int, each: int) -> None:
    few, _ = cost(program(small))
    many, timelines = cost(program(large))
    assert not any(timeline.spent for timeline in timelines)
    assert many * small <= few * large
    assert many - few <= each * (large - small)


# --- calls and loops --------------------------------------------------------------------------------------------------


def stepped(timelines: list[Timeline]) -> int:
    return sum(event.kind is EventKind.STEPPED for timeline in timelines for event in timeline.events)


def fan_out(depth: int) -> str:
    """Every function calls the next one three times, and the one at the end steps."""
    calls = (lines(f"def f{level}(s):", *(3 * [f"    f{level + 1}(s)"])) for level in range(1, depth))
    return lines(*calls, f"def f{depth}(s):\n    s.step()", "f1(StepLR(opt, 3))")


def test_every_call_of_a_function_is_walked_for_itself() -> None:
    steps, timelines = cost(fan_out(8))
    assert stepped(timelines) == 3**7
    assert steps < STEPS_PER_ENTRY / 4


def test_calls_deeper_than_eight_are_followed_from_an_entry_of_their_own() -> None:
    deepest, _ = cost(fan_out(9))
    deeper, timelines = cost(fan_out(30))
    assert deeper < 30 / 8 * 3 * deepest
    assert not any(timeline.spent for timeline in timelines)


RECURSION = {
    "a function that calls itself": "def fit(s, n):\n    s.step()\n    if n:\n        fit(s, n - 1)\n    fit(s, 0)",
    "two that call each other": """\
        def fit(s, n):
            s.step()
            test(s, n)
        def test(s, n):
            fit(s, n)
            fit(s, n)""",
    "a method that calls itself": """\
        class T:
            def fit(self, s):
                s.step()
                self.fit(s)
                self.fit(s)
        def fit(s, n):
            T().fit(s)""",
}


@pytest.mark.parametrize("definition", RECURSION.values(), ids=RECURSION)
def test_recursion_ends(definition: str) -> None:
    steps, timelines = cost(lines(textwrap.dedent(definition), "fit(StepLR(opt, 3), 9)"))
    assert stepped(timelines) == 1
    assert steps < 100


def nested_loops(depth: int) -> str:
    """Every loop rebinds the scheduler, so that its body is walked twice."""
    loops = (indented(f"for i{level} in range(3):\n    s = StepLR(opt, {level + 2})", level) for level in range(depth))
    return lines("s = StepLR(opt, 1)", *loops, indented("s.step()", depth))


def test_ten_loops_inside_each_other() -> None:
    steps, timelines = cost(nested_loops(10))
    assert not any(timeline.spent for timeline in timelines)
    assert steps < STEPS_PER_ENTRY / 4


def test_loops_that_rebind_nothing_are_walked_once() -> None:
    loops = (indented(f"for i{level} in range(3):", level) for level in range(18))
    steps, _ = cost(lines("s = StepLR(opt, 1)", *loops, indented("s.step()", 18)))
    assert steps < 200


# --- a whole trainer --------------------------------------------------------------------------------------------------

TRAINER = """\
parser = argparse.ArgumentParser()
{options}
def build_optimizer(args, model):
    groups = [p for n, p in model.named_parameters()]
{optimizers}
    raise ValueError(args.opt)
def build_scheduler(args, optimizer, batches):
    scheduler = None
{schedulers}
    if args.warmup > 0:
        first = LinearLR(optimizer, 0.1, total_iters=args.warmup)
        scheduler = lr_scheduler.SequentialLR(optimizer, [first, scheduler], [args.warmup])
    return scheduler
def train_one_epoch(args, model, train_loader, optimizer, scheduler, scaler, epoch):
    for i, (x, y) in enumerate(train_loader):
{per_batch}
        if args.amp:
            scaler.scale(loss).backward()
        else:
            loss.backward()
        if (i + 1) % args.accumulate == 0:
            if args.clip > 0:
                nn.utils.clip_grad_norm_(model.parameters(), args.clip)
            if args.amp:
                scaler.step(optimizer)
                scaler.update()
            else:
                optimizer.step()
            optimizer.zero_grad()
            if args.per_batch:
                scheduler.step()
def main():
    args = parser.parse_args()
    train_loader = DataLoader(args.data, batch_size=args.batch_size)
{models}
    optimizer = build_optimizer(args, model)
    scheduler = build_scheduler(args, optimizer, len(train_loader))
    scaler = torch.amp.GradScaler() if args.amp else None
    if args.resume:
        state = torch.load(args.resume)
        if "optimizer" in state:
            optimizer.load_state_dict(state["optimizer"])
        if "scheduler" in state and scheduler is not None:
            scheduler.load_state_dict(state["scheduler"])
    for epoch in range(args.start, args.epochs):
        if args.distributed:
            train_loader.sampler.set_epoch(epoch)
        train_one_epoch(args, model, train_loader, optimizer, scheduler, scaler, epoch)
        if scheduler is not None and not args.per_batch:
            if args.sched == "plateau":
                scheduler.step(validate(model))
            else:
                scheduler.step()
{per_epoch}
if __name__ == "__main__":
    main()
"""

OPTIMIZERS = tuple("SGD Adam AdamW NAdam RAdam Adamax Adagrad Adadelta RMSprop Rprop ASGD Adafactor".split())
SCHEDULERS = {
    "step": "StepLR(optimizer, args.step_size)",
    "multistep": "MultiStepLR(optimizer, [30, 60, 90])",
    "cosine": "CosineAnnealingLR(optimizer, args.epochs)",
    "cosine_batch": "CosineAnnealingLR(optimizer, args.epochs * batches)",
    "exponential": "ExponentialLR(optimizer, 0.9)",
    "onecycle": "lr_scheduler.OneCycleLR(optimizer, 0.1, epochs=args.epochs, steps_per_epoch=batches)",
    "cyclic": "lr_scheduler.CyclicLR(optimizer, 1e-4, 0.1)",
    "plateau": "lr_scheduler.ReduceLROnPlateau(optimizer, patience=5)",
    "poly": "LambdaLR(optimizer, lambda i: (1 - i / (args.epochs * batches)) ** 0.9)",
    "restarts": "lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 10)",
    "constant": "lr_scheduler.ConstantLR(optimizer, 1.0)",
    "linear": "LinearLR(optimizer, 1.0, 0.0, args.epochs)",
}


def flags(name: str, statement: str, depth: int, count: int = 24) -> str:
    """Ifs in a row, each about an option of its own and with one inside."""
    each = "if args.{0}{1}:\n    {2}\n    if args.{0}{1}_more:\n        {2}"
    return indented(lines(*(each.format(name, number, statement) for number in range(count))), depth)


def trainer() -> str:
    """A training script with more than 110 ifs, of our own but cut as the long ones are."""
    options = [f"parser.add_argument('--{name}', default={value})" for name, value in (("epochs", 90), ("warmup", 5))]
    optimizers = [f"if args.opt == '{name}':\n    return torch.optim.{name}(groups, args.lr)" for name in OPTIMIZERS]
    schedulers = [f"if args.sched == '{name}':\n    scheduler = {made}" for name, made in SCHEDULERS.items()]
    return TRAINER.format(
        options=lines(*options),
        optimizers=indented(lines(*optimizers), 1),
        schedulers=indented(lines(*schedulers), 1),
        models=indented(lines("model = Net()"), 1) + "\n" + flags("model", "model = wrapped(model)", 1, 14),
        per_batch=indented("loss = model(x, y)", 2) + "\n" + flags("loss", "loss = loss + extra(model)", 2, 14),
        per_epoch=flags("log", "print(optimizer.param_groups[0]['lr'], epoch)", 2, 14),
    )


def test_a_trainer_with_over_a_hundred_ifs() -> None:
    text = trainer()
    assert sum(row.lstrip().startswith("if ") for row in text.splitlines()) > 110
    steps, timelines = cost(text)
    assert not any(timeline.spent for timeline in timelines)
    assert stepped(timelines) >= 3
    assert steps < MOST_FOR_A_TRAINER


def test_values_made_of_values_of_before_keep_identities_of_a_bounded_length() -> None:
    pairs = "".join(f"    log.consume(a.name, b.s{n})\n    log.consume('k{n}', None)\n" for n in range(3))
    text = f"""\
class Log:
    def __init__(self, scheduler):
        self.scheduler, self.steps = scheduler, {{}}
    def consume(self, key, step):
        last = self.steps.get(key, -1)
        if step is None:
            step = last + 1
        self.steps[key] = max(last, step)
        return step
log = Log(StepLR(opt, 3))
while True:
{pairs}    log.scheduler.step(log.steps["k0"])
"""
    found = [event for event in script(text).events if event.kind is EventKind.STEPPED]
    keys = [
        symbol.key for event in found for bound in event.arguments for each in bound.values for symbol in symbols(each)
    ]
    assert max(map(len, keys)) < 50_000
