"""Tables of the user's own, from the settings to what is reported: by the command, the functions and the plugin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import schedlint
from schedlint.cli import carried_out
from schedlint.config import Config
from schedlint.diagnostics import UsageError
from schedlint.glance import quiet_files
from schedlint.one_by_one import OneByOne
from schedlint.sources.reach import Reach
from tests.flake8.running import flake8, needs_flake8

TABLE = """\
[[tool.schedlint.schedulers]]
name = "{name}"
horizon = "total"
"""

POLY = """\
class Poly:
    def __init__(self, opt, warm, total):
        self.opt = opt

    def step(self):
        for group in self.opt.param_groups:
            group["lr"] *= 0.9
"""

TRAIN = """\
import torch
from torch.utils.data import DataLoader
{imported}
loader = DataLoader(data)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
poly = {made}
for epoch in range(24):
    for x in loader:
        optimizer.step()
        poly.step()
"""

FILES = {"package": "", "optim": POLY}
PATHS = {"package": "mylib/__init__.py", "optim": "mylib/optim.py"}

FOUND = [("LRS101", "train.py", 10)]


def project(
    folder: Path,
    table: str = TABLE.format(name="mylib.optim.Poly"),
    imported: str = "from mylib.optim import Poly",
    made: str = "Poly(optimizer, 0, 24)",
    **files: str,
) -> Path:
    """A project whose scheduler is known by a table alone: nothing in it holds the word, and its class has no base."""
    texts = {"pyproject.toml": table, "train.py": TRAIN.format(imported=imported, made=made)}
    texts |= {PATHS.get(name, f"{name}.py"): text for name, text in {**FILES, **files}.items()}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(folder: Path, *paths: str) -> list[tuple[str, str, int]]:
    config = schedlint.load_config(folder)
    report = schedlint.check_paths(paths or ["."], config=config, cwd=folder)
    return [(each.code, each.at.path, each.at.row) for each in report.diagnostics]


def test_without_the_table_nothing_is_known(tmp_path: Path) -> None:
    assert found(project(tmp_path, table="")) == []


@pytest.mark.parametrize(
    ("name", "imported", "made"),
    [
        pytest.param("mylib.optim.Poly", "from mylib.optim import Poly", "Poly(optimizer, 0, 24)", id="imported"),
        pytest.param(
            "mylib.optim.Poly", "import mylib.optim", "mylib.optim.Poly(optimizer, 0, 24)", id="by its module"
        ),
        pytest.param("Poly", "from mylib.optim import Poly as P", "P(optimizer, 0, 24)", id="a name without a dot"),
        pytest.param(
            "mylib.optim.Poly", "from mylib.optim import Poly", "Poly(optimizer, total=24, warm=0)", id="named"
        ),
    ],
)
def test_a_class_of_the_project_is_what_the_table_says(tmp_path: Path, name: str, imported: str, made: str) -> None:
    assert found(project(tmp_path, TABLE.format(name=name), imported, made)) == FOUND


def test_a_class_may_be_named_by_where_it_is_exported_again(tmp_path: Path) -> None:
    package = "from .optim import Poly\n"
    assert found(project(tmp_path, TABLE.format(name="mylib.Poly"), package=package)) == FOUND


def test_another_class_of_that_name_is_not_meant(tmp_path: Path) -> None:
    assert found(project(tmp_path, TABLE.format(name="mylib.other.Poly"))) == []


def test_a_class_that_derives_from_it_is_a_scheduler_too(tmp_path: Path) -> None:
    text = f"{POLY}\nclass Own(Poly):\n    pass\n"
    folder = project(tmp_path, imported="from mylib.optim import Own", made="Own(optimizer, 0, 24)", optim=text)
    assert found(folder) == FOUND


def test_the_table_wins_over_the_names_of_parameters(tmp_path: Path) -> None:
    text = POLY.replace("warm, total", "total_epochs, total").replace("class Poly", "class Poly(LRScheduler)")
    text = f"from torch.optim.lr_scheduler import LRScheduler\n{text}"
    folder = project(tmp_path, made="Poly(optimizer, 24, 24 * len(loader))", optim=text)
    assert found(folder) == []
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    assert found(folder) == FOUND


def test_a_class_outside_of_the_project_needs_its_parameters_for_positions(tmp_path: Path) -> None:
    made, imported = "otherlib.Poly(optimizer, 0, 24)", "import otherlib"
    table = TABLE.format(name="otherlib.Poly")
    assert found(project(tmp_path, table, imported, made)) == []
    table += 'parameters = "optimizer, warm, total, power=0.9"\n'
    assert found(project(tmp_path, table, imported, made)) == FOUND
    assert found(project(tmp_path, TABLE.format(name="otherlib.Poly"), imported, "otherlib.Poly(optimizer, total=24)"))


def test_a_name_alone_makes_a_scheduler_whose_parameters_speak_for_themselves(tmp_path: Path) -> None:
    table = '[[tool.schedlint.schedulers]]\nname = "mylib.optim.Poly"\n'
    folder = project(tmp_path, table, optim=POLY.replace("total", "total_epochs"))
    assert found(folder) == FOUND


def test_a_function_of_the_project_may_be_said_to_return_a_scheduler(tmp_path: Path) -> None:
    text = "import registry\n\ndef make(opt, kind, total):\n    return registry.get(kind)(opt, total)\n"
    table = TABLE.format(name="mylib.optim.make") + "function = true\n"
    imported, made = "from mylib.optim import make", "make(optimizer, 'poly', 24)"
    assert found(project(tmp_path, table, imported, made, optim=text)) == FOUND


@pytest.mark.parametrize(
    ("name", "defined", "called"),
    [
        pytest.param(
            "engine.update", "def update(loss, opt):\n    ...\n", "engine.update(0, optimizer)", id="function"
        ),
        pytest.param(
            "engine.Engine.update",
            "class Engine:\n    def update(self, loss, opt):\n        ...\n",
            "engine.Engine().update(0, optimizer)",
            id="method",
        ),
        pytest.param("otherlib.update", "", "otherlib.update(0, optimizer)", id="of a library"),
    ],
)
def test_a_function_may_be_said_to_step_an_optimizer(tmp_path: Path, name: str, defined: str, called: str) -> None:
    table = f'[[tool.schedlint.functions]]\nname = "{name}"\neffect = "optimizer step"\nargument = 1\n'
    made = "torch.optim.lr_scheduler.StepLR(optimizer, 8)"
    folder = project(tmp_path, table, "import engine, otherlib", made, engine=defined)
    text = (folder / "train.py").read_text(encoding="utf-8")
    swapped = text.replace("optimizer.step()\n        poly.step()", f"poly.step()\n        {called}")
    (folder / "train.py").write_text(swapped, encoding="utf-8")
    assert ("LRS301", "train.py", 9) in found(folder)
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    assert ("LRS301", "train.py", 9) not in found(folder)


def test_an_optimizer_and_a_loader_may_be_named(tmp_path: Path) -> None:
    table = (
        '[tool.schedlint]\nmin-confidence = "certain"\n\n'
        '[[tool.schedlint.optimizers]]\nname = "otherlib.Opt"\n\n[[tool.schedlint.loaders]]\nname = "otherlib.load"\n'
        'dataset = "data"\nparameters = "data"\n'
    )
    folder = project(tmp_path, table, "import otherlib", "torch.optim.lr_scheduler.StepLR(optimizer, 8)")
    text = (folder / "train.py").read_text(encoding="utf-8")
    text = text.replace("DataLoader(data)", "otherlib.load(data)").replace("torch.optim.SGD", "otherlib.Opt")
    (folder / "train.py").write_text(text, encoding="utf-8")
    assert found(folder) == FOUND
    (folder / "pyproject.toml").write_text('[tool.schedlint]\nmin-confidence = "certain"\n', encoding="utf-8")
    assert found(folder) == []


# --- files that hold no word but the name -----------------------------------------------------------------------------


def test_a_file_that_names_it_matters(tmp_path: Path) -> None:
    folder = project(tmp_path)
    config = schedlint.load_config(folder)
    assert config.names == (b"Poly",)
    assert quiet_files([str(folder)], config, str(folder)) is None
    assert quiet_files([str(folder)], Config(), str(folder)) == 3
    data = (folder / "train.py").read_bytes()
    assert Reach(str(folder), words=config.names).may_be_reported_on(str(folder / "train.py"), data)
    assert not Reach(str(folder)).may_be_reported_on(str(folder / "train.py"), data)


def test_files_that_come_one_by_one_are_judged_by_the_table(tmp_path: Path) -> None:
    folder = project(tmp_path)
    text = (folder / "train.py").read_text(encoding="utf-8")
    files = OneByOne(str(folder), 60)
    assert files.may_be_reported_on("train.py", text)
    assert [each.code for each in files.check("train.py", text)] == ["LRS101"]


@needs_flake8
def test_the_plugin_heeds_it(tmp_path: Path) -> None:
    lines = flake8("--select=LRS", ".", cwd=project(tmp_path))
    assert [(each.code, each.row) for each in lines] == [("LRS101", 10)]


# --- settings ---------------------------------------------------------------------------------------------------------


def test_a_table_that_is_wrong_ends_the_run_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project(tmp_path, TABLE.format(name="mylib.optim.Poly") + 'warmup = "warm"\n'))
    outcome = carried_out(["."])
    assert outcome.status == 2
    said = "`warmup` of `mylib.optim.Poly` is no key of `schedulers`; did you mean `warm_up`?"
    assert outcome.output == ""
    assert outcome.remarks == (f"pyproject.toml: {said}",)


def test_a_section_that_is_misspelt_is_named_like_any_setting(tmp_path: Path) -> None:
    folder = project(tmp_path, TABLE.replace("schedulers", "scheduler"))
    with pytest.raises(UsageError, match=r"`scheduler` is no setting; did you mean `schedulers`\?"):
        schedlint.load_config(folder)


def test_the_example_of_the_readme_is_reported_as_it_says(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = (root / "README.md").read_text(encoding="utf-8").partition("## Schedulers of your own")[2]
    texts = dict(re.findall(r"^```(toml|python|text)\n(.*?)^```$", section.partition("\n## ")[0], re.M | re.S))
    (tmp_path / "pyproject.toml").write_text(texts["toml"], encoding="utf-8")
    (tmp_path / "train.py").write_text(texts["python"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert carried_out([".", "--output-format", "concise"]).output == texts["text"]
