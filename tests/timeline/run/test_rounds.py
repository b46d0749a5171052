"""How many times programs as people write them step a scheduler: what loops and tests say of it, from the text on."""

from __future__ import annotations

import textwrap

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.quantity import Quantity, spelled
from schedlint.timeline.readings import read
from tests.timeline.run.programs import script


def steps_taken(text: str) -> str:
    """The number of steps of the scheduler of a program, or its limits."""
    timeline = script("sched = StepLR(opt, 2)\n" + textwrap.dedent(text))
    (scheduler,) = timeline.schedulers()
    return " or ".join(
        said(count.least) if count.exact is not None else f"{said(count.least)}..{said(count.most)}"
        for count in read(timeline, load()).counts_of(scheduler.id)
    )


def said(limit: Quantity | None) -> str:
    return "" if limit is None else spelled(limit)


def test_a_loop_that_may_go_on_from_a_checkpoint_has_all_rounds_in_a_run_that_does_not() -> None:
    resumed = "begin = 0\nif path:\n    begin = torch.load(path)['epoch']\n"
    assert steps_taken(f"{resumed}for i in range(begin, 10):\n    sched.step()") == "10"
    assert steps_taken(f"{resumed}for i in range(begin + 1, 10):\n    sched.step()") == "9"
    assert steps_taken(f"{resumed}for i in range(max(0, begin), 10):\n    sched.step()") == "10"
    assert steps_taken(f"{resumed}for i in range(torch.load(path)['epoch'], 10):\n    sched.step()") == "..10"


@pytest.mark.parametrize(
    ("head", "steps"),
    [
        pytest.param("for i in range(10)", "10", id="a range"),
        pytest.param("for i in range(1, 11)", "10", id="a range with a start"),
        pytest.param("for i in range(10, 5)", "0", id="a range that is empty"),
        pytest.param("for i in range(start, 10)", "..10", id="a start that is not known"),
        pytest.param("for i in range(0, 10, 2)", "..", id="a range with a stride"),
        pytest.param("for i in range(0, 10, 1)", "10", id="a stride of one"),
        pytest.param("for i in tqdm(range(10))", "10", id="behind a progress bar"),
        pytest.param("for x in loader", "len(loader)", id="a loader"),
        pytest.param("for i, x in enumerate(tqdm(loader), 1)", "len(loader)", id="through two views"),
        pytest.param("for x in itertools.islice(loader, 9)", "..", id="a part of a loader"),
        pytest.param("for x in itertools.cycle(loader)", "..", id="a loader over and over"),
        pytest.param("for i, x in zip(range(9), loader)", "..", id="as long as the shorter one"),
        pytest.param("for x in (x for x in loader if ok(x))", "..", id="a generator that leaves some out"),
        pytest.param("for x in (x for x in loader)", "len(loader)", id="a generator that leaves none out"),
        pytest.param("for x in loader if ok else tqdm(loader)", "len(loader)", id="a loader or a view of it"),
        pytest.param("for x in loader if ok else other", "..", id="one of two loaders"),
        pytest.param("for x in loader if ok else itertools.islice(loader, 9)", "..", id="a loader or a part of it"),
        pytest.param("for x in loader if ok else range(9)", "..", id="a loader or a range"),
        pytest.param("for i in range(10) if ok else range(9)", "..", id="one of two ranges"),
        pytest.param("for i in range(10) if ok else tqdm(range(10))", "10", id="a range or a view of it"),
        pytest.param("for i in range(start, start + 10)", "10", id="so many from a start that is not known"),
        pytest.param("for i in range(start, start + start)", "..2 * start", id="as many as the start"),
        pytest.param("for x in data", "len(data)", id="something unknown"),
        pytest.param("while it < 100", "..", id="a while loop"),
    ],
)
def test_the_rounds_of_a_loop(head: str, steps: str) -> None:
    assert steps_taken(f"it = 0\n{head}:\n    it += 1\n    sched.step()") == steps


def test_so_many_rounds_from_where_another_run_ended() -> None:
    resumed = "begin = 0\nif path:\n    begin = torch.load(path)['epoch']\n"
    assert steps_taken(f"{resumed}for i in range(begin, begin + 10):\n    sched.step()") == "10"


def test_a_loader_that_is_wrapped_in_one_of_the_processes_has_as_many_batches() -> None:
    text = """
        def train(data):
            if is_main():
                data = tqdm(data)
            for i, x in enumerate(data):
                sched.step()
        for epoch in range(10):
            train(loader)
        """
    assert steps_taken(text) == "10 * len(loader)"


LOG_EVERY = """
    class Logger:
        def log_every(self, batches, n):
            print(n)
            i = 0
            for x in batches:
                {body}
                i += 1
            print(i)
    for x in Logger().log_every(loader, 10):
        sched.step()
    """


@pytest.mark.parametrize(
    ("body", "steps"),
    [
        pytest.param("yield x", "len(loader)", id="each item"),
        pytest.param("got = yield x, i", "len(loader)", id="each item with its number"),
        pytest.param("with torch.no_grad(): yield x.cuda()", "len(loader)", id="in a block that is always run"),
        pytest.param("if ok(x): yield x", "..", id="some items"),
        pytest.param("yield x; yield x", "..", id="each item twice"),
        pytest.param("yield from x", "..", id="what is in each item"),
        pytest.param("for y in x: yield y", "..", id="what is in each item, one by one"),
        pytest.param("yield x\n                if i == n: break", "..", id="so many items"),
        pytest.param("yield x\n                if i == n: return", "..", id="so many items, and then no more"),
        pytest.param("if not ok(x): continue\n                yield x", "..", id="all but some items"),
        pytest.param("lambda: (yield x)", "..", id="a function that yields"),
    ],
)
def test_a_generator_of_the_program_has_the_rounds_of_its_loop(body: str, steps: str) -> None:
    assert steps_taken(LOG_EVERY.format(body=body)) == steps


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("if ok:\n        for x in l:\n            yield x", id="where it is run at all"),
        pytest.param("while True:\n        for x in l:\n            yield x", id="over and over"),
        pytest.param("if ok:\n        return\n    for x in l:\n        yield x", id="left before"),
    ],
)
def test_a_generator_whose_loop_may_run_more_or_less_often(text: str) -> None:
    assert steps_taken(f"def batches(l):\n    {text}\nfor x in batches(loader):\n    sched.step()") == ".."


ABOUT = "5 * len(loader) / 2 - 10..5 * len(loader) / 2 + 10"


@pytest.mark.parametrize(
    ("test", "steps"),
    [
        pytest.param("(i + 1) % 4 == 0", "10 * (len(loader) // 4)", id="every fourth batch"),
        pytest.param("i % 4 == 0", "10 * ceil(len(loader) / 4)", id="every fourth batch from the first on"),
        pytest.param("i % 4 == 3", "10 * (len(loader) // 4)", id="every fourth batch by another rest"),
        pytest.param("not (i + 1) % k", "10 * (len(loader) // k)", id="no remainder"),
        pytest.param("j % 4 == 0", "10 * (len(loader) // 4)", id="counted from one"),
        pytest.param("(i + 1) % 4 == 0 or i + 1 == len(loader)", ABOUT, id="and the rest"),
        pytest.param("i % -4 == 0", "..10 * len(loader)", id="a number that nobody means"),
        pytest.param("epoch == 0", "len(loader)", id="the first epoch"),
        pytest.param("epoch != 0", "9 * len(loader)", id="all epochs but the first"),
        pytest.param("epoch < 3", "3 * len(loader)", id="the first epochs"),
        pytest.param("epoch <= 3", "4 * len(loader)", id="the first epochs, the last one included"),
        pytest.param("epoch + 1 < 3", "2 * len(loader)", id="the first epochs, counted from one"),
        pytest.param("epoch - 1 < 3", "4 * len(loader)", id="the first epochs, counted from one below"),
        pytest.param("epoch > 3", "6 * len(loader)", id="the later epochs"),
        pytest.param("epoch >= warmup", "..10 * len(loader)", id="epochs after a warm-up of unknown length"),
        pytest.param("total % 4 == 0", ABOUT, id="a counter of steps"),
        pytest.param("total < 100", "..10 * len(loader)", id="the first steps of a counter"),
        pytest.param("ok(x)", "..10 * len(loader)", id="an unknown test"),
        pytest.param("cfg.train", "10 * len(loader)", id="a flag"),
    ],
)  # fmt: skip
def test_the_rounds_that_a_test_lets_through(test: str, steps: str) -> None:
    text = f"""
    total = 0
    for epoch in range(10):
        for i, x in enumerate(loader):
            j = i + 1
            total += 1
            if {test}:
                sched.step()
    """
    assert steps_taken(text) == steps


def test_the_rounds_behind_continue() -> None:
    text = "for i, x in enumerate(loader):\n    if (i + 1) % 4 != 0:\n        continue\n    sched.step()"
    assert steps_taken(text) == "len(loader) // 4"


@pytest.mark.parametrize(
    "leave", ["break", "return", "sys.exit()", "sys.exit(0)", "raise StopIteration", "sys.exit(1)"]
)
def test_a_loop_that_may_be_left(leave: str) -> None:
    text = f"""
    import sys
    def train():
        for e in range(9):
            sched.step()
            if bad():
                {leave}
    train()
    """
    assert steps_taken(text) == ("9" if leave in ("raise StopIteration", "sys.exit(1)") else "..9")


def test_only_the_loop_that_a_break_leaves_is_shortened() -> None:
    inner = "for e in range(9):\n    for x in loader:\n        if bad(x):\n            break\n    sched.step()"
    assert steps_taken(inner) == "9"


def test_a_break_out_of_an_unrolled_loop_leaves_no_other() -> None:
    text = "for e in range(9):\n    for name in ('a', 'b'):\n        if bad(name):\n            break\n    sched.step()"
    assert steps_taken(text) == "9"


def test_a_return_from_a_called_function_leaves_no_loop_around_the_call() -> None:
    text = "def f(x):\n    if x:\n        return 1\n    return 2\nfor e in range(9):\n    f(e)\n    sched.step()"
    assert steps_taken(text) == "9"


def test_a_scheduler_that_a_library_wraps() -> None:
    text = (
        "from accelerate import Accelerator\nsched = Accelerator().prepare(sched)\nfor e in range(9):\n    sched.step()"
    )
    assert steps_taken(text) == ".."


def test_settings_choose_between_two_counts() -> None:
    text = """
    for e in range(9):
        for x in loader:
            if cfg.per_batch:
                sched.step()
        if not cfg.per_batch:
            sched.step()
    """
    assert steps_taken(text) == "9 * len(loader) or 9"


def test_one_of_several_periods_is_not_the_first_of_them() -> None:
    text = """
    k = 4 if cfg.big else 2
    for i, x in enumerate(loader):
        if (i + 1) % k == 0:
            sched.step()
    """
    assert steps_taken(text) != "len(loader) // 4"


@pytest.mark.parametrize(
    ("made", "length"),
    [
        pytest.param("DataLoader(data, 10)", "ceil(len(data) / 10)", id="the last batch is kept"),
        pytest.param("DataLoader(data, 10, drop_last=True)", "floor(len(data) / 10)", id="the last batch is dropped"),
        pytest.param("DataLoader(data)", "ceil(len(data) / 1)", id="batches of one by default"),
        pytest.param("DataLoader(data, 10, sampler=None)", "ceil(len(data) / 10)", id="no sampler"),
        pytest.param("DataLoader(data, 10, sampler=s)", "", id="a sampler"),
        pytest.param("DataLoader(data, batch_sampler=s)", "", id="batches made elsewhere"),
        pytest.param("DataLoader(data, 10, drop_last=d)", "", id="kept or dropped, who knows"),
        pytest.param("DataLoader(make(), 10)", "ceil(len(make()) / 10)", id="a dataset that is made on the way"),
        pytest.param("DataLoader(data, **more)", "", id="arguments that are not seen"),
    ],
)
def test_what_the_length_of_a_loader_is_made_of(made: str, length: str) -> None:
    timeline = script(f"train = {made}\nfor x in train:\n    opt.step()")
    loader = next(each for each in timeline.objects if each.name == "train")
    assert said(read(timeline, load()).lengths.get(loader.id)) == length
