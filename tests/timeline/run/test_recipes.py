"""Small training programs in the styles that people write, run as a whole."""

from __future__ import annotations

import pytest

from tests.timeline.run.programs import Files, happens

ENGINE = """
def train(o, s=None):
    for x in loader_of(o):
        o.step()
        if s is not None:
            s.step()
def loader_of(o):
    return DataLoader(o)
"""

RECIPES = [
    pytest.param(
        """
        from torch.optim.lr_scheduler import ReduceLROnPlateau
        if args.plateau:
            s = ReduceLROnPlateau(opt)
        else:
            s = StepLR(opt, 3)
        for e in range(3):
            opt.step()
            if isinstance(s, ReduceLROnPlateau):
                s.step(loss)
            else:
                s.step()
        """,
        {},
        ["e: opt.step()", "e: s.step(loss) if args.plateau", "e: s.step() if not args.plateau"],
        id="a plateau is stepped with the loss and anything else without",
    ),
    pytest.param(
        """
        use = args.use
        s = StepLR(opt, 3) if use else None
        for e in range(3):
            if use:
                s.step()
            if not use:
                opt.step()
        """,
        {},
        ["e: s.step() if args.use", "e: opt.step() if not args.use"],
        id="a flag decides what is made and what is stepped",
    ),
    pytest.param(
        """
        class T:
            def __init__(self, args, o):
                self.args = args
                if args.sched == 'a':
                    self.s = StepLR(o, 1)
                elif args.sched == 'b':
                    self.s = MultiStepLR(o, [1])
            def go(self):
                if self.args.sched == 'a':
                    self.s.step()
        T(args, opt).go()
        """,
        {},
        ["self.s.step() if args.sched == 'a'"],
        id="a configuration that a trainer keeps is the same configuration",
    ),
    pytest.param(
        """
        for fold in range(5):
            o = SGD(p)
            s = StepLR(o, 3)
            for e in range(3):
                o.step()
                s.step()
        """,
        {},
        ["fold/e: o.step()", "fold/e: s.step()"],
        id="everything is made anew in each fold",
    ),
    pytest.param(
        """
        opts = [SGD(p) for p in ps]
        many = [StepLR(o, 3) for o in opts]
        for e in range(3):
            for o in opts:
                o.step()
            for s in many:
                s.step()
        """,
        {},
        ["e/o: o.step()", "e/s: s.step()"],
        id="an unknown number of optimizers, each with its scheduler",
    ),
    pytest.param(
        """
        g, d = SGD(p), SGD(q)
        sg, sd = StepLR(g, 3), StepLR(d, 3)
        for e in range(3):
            for x in loader:
                d.step()
                g.step()
            for s in (sg, sd):
                s.step()
        """,
        {},
        ["e/x: d.step()", "e/x: g.step()", "e: sg.step()", "e: sd.step()"],
        id="a generator and a discriminator",
    ),
    pytest.param(
        """
        from engine import train
        s = StepLR(opt, 3)
        train(opt)
        train(opt, s)
        """,
        {"engine.py": ENGINE},
        ["x: opt.step()", "x: opt.step()", "x: s.step()"],
        id="a function that is given a scheduler only the second time",
    ),
    pytest.param(
        """
        def train(*args, **kw):
            return inner(*args, **kw)
        def inner(o, s, batches=None):
            for x in batches:
                o.step()
                s.step()
        s = StepLR(opt, 3)
        train(opt, s, batches=loader)
        """,
        {},
        ["x: opt.step()", "x: s.step()"],
        id="arguments handed through a wrapper",
    ),
    pytest.param(
        """
        class B:
            def using(self, o):
                self.o = o
                return self
            def build(self):
                return StepLR(self.o, 3)
        s = B().using(opt).build()
        s.step()
        """,
        {},
        ["s.step()"],
        id="a builder whose methods return itself",
    ),
    pytest.param(
        """
        def main():
            s = None
            def build():
                nonlocal s
                s = StepLR(opt, 3)
            build()
            s.step()
        main()
        """,
        {},
        ["s.step()"],
        id="a closure that fills a variable",
    ),
    pytest.param(
        """
        def batches():
            it = iter(loader)
            while True:
                try:
                    x = next(it)
                except StopIteration:
                    return
                opt.step()
        batches()
        """,
        {},
        ["while: opt.step()"],
        id="batches taken by hand until there are no more",
    ),
    pytest.param(
        """
        it = 0
        s = StepLR(opt, 1000)
        while it < 90000:
            for x in loader:
                opt.step()
                s.step()
                it += 1
                if it >= 90000:
                    break
        """,
        {},
        ["it/x: opt.step()", "it/x: s.step()"],
        id="so many iterations over a loader",
    ),
    pytest.param(
        """
        s = StepLR(opt, 3)
        for epoch in range(9):
            for phase in ['train', 'val']:
                for x in loader:
                    if phase == 'train':
                        opt.step()
                if phase == 'train':
                    s.step()
        """,
        {},
        ["epoch/x: opt.step()", "epoch: s.step()"],
        id="phases of an epoch",
    ),
    pytest.param(
        """
        warm = LinearLR(opt) if args.warm else None
        s = StepLR(opt, 3)
        for epoch in range(9):
            for i, x in enumerate(loader):
                opt.step()
                if warm is not None and epoch < 1:
                    warm.step()
            if epoch >= 1:
                s.step()
        """,
        {},
        ["epoch/i, x: opt.step()", "epoch/i, x: warm.step() if args.warm [first]", "epoch: s.step() [later]"],
        id="a warm-up in the first epoch and a schedule behind it",
    ),
    pytest.param(
        """
        from torch.cuda.amp import GradScaler
        scaler = GradScaler()
        s = StepLR(opt, 3)
        for x in loader:
            scaler.scale(loss).backward()
            scale = scaler.get_scale()
            scaler.step(opt)
            scaler.update()
            if scale <= scaler.get_scale():
                s.step()
        """,
        {},
        ["x: opt.step()", "x: s.step()"],
        id="mixed precision with a test of the scale",
    ),
]


@pytest.mark.parametrize(("text", "files", "expected"), RECIPES)
def test_a_recipe_is_told(text: str, files: Files, expected: list[str]) -> None:
    assert happens(text, files) == expected
