"""Configuration files that a program loads: which file, which value, and how sure it is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from schedlint.knowledge.tables import load
from schedlint.program.program import Program
from schedlint.sources.configurations import Configurations
from schedlint.timeline.model import Confidence, Timeline
from schedlint.timeline.quantity import Items, Quantity, Symbol, spelled
from schedlint.timeline.run.entries import Runs
from schedlint.timeline.run.machine import Budget
from tests.timeline.run.programs import SCRIPT, quantities, steps, texts

FILES = {
    "c.yaml": "epochs: 90\nlr: 0.1\nname: MultiStepLR\ntrain:\n  epochs: 24\n  steps: [16, 22]\n  rates: [{at: 3}]\n",
    "c.json": '{"epochs": 90, "train": {"epochs": 24, "steps": [16, 22]}}',
    "c.toml": "epochs = 90\n[train]\nepochs = 24\nsteps = [16, 22]\n",
    "conf/d.yaml": "epochs: 7\n",
}
YAML = "import yaml, json, os\nfrom pathlib import Path\n"
LOADED = YAML + "cfg = yaml.safe_load(open('c.yaml'))\n"

Files = Mapping[str, str]


def timeline(folder: Path, text: str, files: Files | None = None, modules: Files | None = None) -> Timeline:
    """The timeline of a script beside these files."""
    for name, content in (FILES | dict(files or {})).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(content), encoding="utf-8")

    def data(path: str) -> bytes | None:
        return Path(path).read_bytes() if Path(path).is_file() else None

    knowledge = load()
    program = Program(texts(text, modules), knowledge.canonical)
    real = folder.resolve()
    found = Runs(program, knowledge, Budget(), set(), Configurations(real, real, data)).script(SCRIPT)
    assert found is not None
    assert not found.spent
    return found


def held(folder: Path, text: str, files: Files | None = None, modules: Files | None = None) -> list[str]:
    """What each `StepLR(opt, value)` is given: `90` for what is certain, `90?` for a default, `-` if it is unknown."""
    return [" or ".join(map(_said, values)) for values in quantities(timeline(folder, text, files, modules))]


def _said(value: Quantity) -> str:
    if isinstance(value, Items):
        return "[" + ", ".join(map(_said, value.items)) + "]"
    if not isinstance(value, Symbol):
        return spelled(value)
    if value.default is None:
        return "-"
    return _said(value.default) + ("" if value.role in ("setting", "constant") else "?")


@pytest.mark.parametrize(
    "loading",
    [
        "cfg = yaml.safe_load(open('c.yaml'))",
        "cfg = yaml.safe_load(open('./c.yaml', 'r'))",
        "cfg = yaml.load(open('c.yaml'), Loader=yaml.FullLoader)",
        "cfg = yaml.load(open('c.yaml'), yaml.SafeLoader)",
        "cfg = yaml.load(open('c.yaml'))",
        "with open('c.yaml') as f:\n    cfg = yaml.load(f, Loader=yaml.Loader)",
        "with open('c.yaml', encoding='utf-8') as f:\n    cfg = yaml.safe_load(f.read())",
        "cfg = yaml.safe_load(Path('c.yaml').read_text())",
        "with Path('c.yaml').open() as f:\n    cfg = yaml.safe_load(stream=f)",
        "with open(os.path.join(os.path.dirname(__file__), 'c.yaml')) as f:\n    cfg = yaml.safe_load(f)",
        "HERE = os.path.dirname(os.path.abspath(__file__))\ncfg = yaml.safe_load(open(HERE + '/c.yaml'))",
        "HERE = Path(__file__).resolve().parent\ncfg = yaml.safe_load((HERE / 'c.yaml').read_text())",
        "cfg = yaml.safe_load(Path(__file__).parent.joinpath('c.yaml').open('r'))",
        "CONFIG = 'c.yaml'\ncfg = yaml.safe_load(open(CONFIG))",
        "def load(path):\n    with open(path) as f:\n        return yaml.safe_load(f)\ncfg = load('c.yaml')",
        "from ruamel.yaml import YAML\nreader = YAML(typ='safe')\ncfg = reader.load(open('c.yaml'))",
        "from ruamel.yaml import YAML\ncfg = YAML().load(Path('c.yaml'))",
        "cfg = json.load(open('c.json'))",
        "with open('c.json') as f:\n    cfg = json.load(f)",
        "cfg = json.loads(Path('c.json').read_text())",
        "import toml\ncfg = toml.load('c.toml')",
        "import tomllib\nwith open('c.toml', 'rb') as f:\n    cfg = tomllib.load(f)",
        "import tomllib\ncfg = tomllib.loads(Path('c.toml').read_text())",
        "from omegaconf import OmegaConf\ncfg = OmegaConf.load('c.yaml')",
        "from omegaconf import OmegaConf\ncfg = OmegaConf.create(yaml.safe_load(open('c.yaml')))",
        "from omegaconf import OmegaConf as O\ncfg = O.merge(O.load('conf/d.yaml'), O.load('c.yaml'))",
    ],
)
def test_a_file_is_read(tmp_path: Path, loading: str) -> None:
    text = f"{YAML}{loading}\nStepLR(opt, cfg['epochs'])\nStepLR(opt, cfg['train']['epochs'])\n"
    assert held(tmp_path, text) == ["90", "24"]


@pytest.mark.parametrize(
    ("loading", "read"),
    [
        ("from easydict import EasyDict\na = EasyDict(cfg)", "a.epochs"),
        ("from easydict import EasyDict\na = EasyDict(cfg)", "a.train.epochs + 66"),
        ("from munch import Munch\na = Munch(cfg)", "a.epochs"),
        ("from munch import munchify\na = munchify(cfg)", "a['epochs']"),
        ("from types import SimpleNamespace\na = SimpleNamespace(**cfg)", "a.epochs"),
        ("a = argparse.Namespace(**cfg)", "a.epochs"),
        ("a = argparse.Namespace(**cfg)", "vars(a)['epochs']"),
        ("a = cfg", "a.get('epochs')"),
        ("a = cfg", "a.get('patience', 90)"),
        ("a = cfg.copy()", "a['epochs']"),
        ("a = dict(cfg)", "a['epochs']"),
        ("a = cfg", "len(a['train']['steps']) + 88"),
        ("a = cfg", "a['train']['rates'][0]['at'] * 30"),
        ("a = cfg\na['epochs'] = 80", "a['epochs'] + 10"),
        ("a = cfg['train']", "a['steps'][1] + 68"),
        ("a = cfg", "min(90, *a['train']['steps']) + 74"),
        ("a = cfg", "90 if 'train' in a else 1"),
    ],
)
def test_what_is_read_is_used_as(tmp_path: Path, loading: str, read: str) -> None:
    from schedlint.timeline.arithmetic import number

    ((value,),) = quantities(timeline(tmp_path, f"{LOADED}{loading}\nStepLR(opt, {read})\n"))
    assert number(value) == 90


def test_a_list_is_a_list_of_numbers(tmp_path: Path) -> None:
    assert held(tmp_path, LOADED + "StepLR(opt, cfg['train']['steps'])\n") == ["[16, 22]"]
    assert held(tmp_path, LOADED + "StepLR(opt, [2 * s for s in cfg['train']['steps']])\n") == ["[32, 44]"]


def test_a_value_says_where_it_stands(tmp_path: Path) -> None:
    ((value,),) = quantities(timeline(tmp_path, LOADED + "StepLR(opt, cfg['train']['epochs'])\n"))
    assert isinstance(value, Symbol)
    assert value.place is not None
    assert (value.name, Path(value.place.path).name, value.place.row) == ("train.epochs", "c.yaml", 5)


@pytest.mark.parametrize(
    "loading",
    [
        "p = argparse.ArgumentParser()\np.add_argument('--config', default='c.yaml')\nargs = p.parse_args()\n"
        "cfg = yaml.safe_load(open(args.config))",
        "from omegaconf import OmegaConf\ncfg = OmegaConf.merge(OmegaConf.load('c.yaml'), OmegaConf.from_cli())",
        "cfg = yaml.safe_load(open('c.yaml'))\ndef change(c, a):\n    c['epochs'] = a\nchange(cfg, input())",
        "cfg = yaml.safe_load(open('c.yaml'))\ndef change(c):\n    c.update(other())\nchange(cfg)",
    ],
)
def test_a_value_that_may_be_overridden_is_a_default(tmp_path: Path, loading: str) -> None:
    assert held(tmp_path, f"{YAML}{loading}\nStepLR(opt, cfg['epochs'])\n") == ["90?"]


def test_the_default_of_an_option_may_come_from_a_file(tmp_path: Path) -> None:
    text = "p = argparse.ArgumentParser()\np.add_argument('--epochs', type=int)\np.set_defaults(**cfg)\n"
    assert held(tmp_path, f"{LOADED}{text}StepLR(opt, p.parse_args().epochs)\n") == ["90?"]


@pytest.mark.parametrize(
    "loading",
    [
        pytest.param("cfg = yaml.safe_load(open(path))", id="a path that is not known"),
        pytest.param("cfg = yaml.safe_load(open('gone.yaml'))", id="a file that is not there"),
        pytest.param("cfg = yaml.safe_load(open('../c.yaml'))", id="a file outside the project"),
        pytest.param("cfg = yaml.safe_load(open('c.yaml', 'w'))", id="a file that is written"),
        pytest.param("cfg = yaml.safe_load('c.yaml')", id="a text that is YAML itself"),
        pytest.param("cfg = yaml.load(open('c.yaml'), Loader=yaml.BaseLoader)", id="a loader that gives texts"),
        pytest.param("cfg = yaml.load(open('c.yaml'), Loader=Own)", id="a loader of the project"),
        pytest.param("cfg = yaml.safe_load(open('code.yaml'))", id="a tag that asks for code"),
        pytest.param("cfg = json.load(open('c.yaml'))", id="the wrong parser"),
        pytest.param("cfg = yaml.safe_load(open('c.yaml'))\ncfg.update(other())", id="updated with something unknown"),
    ],
)
def test_a_value_is_unknown_for(tmp_path: Path, loading: str) -> None:
    files = {"code.yaml": "epochs: !!python/object/apply:os.system ['true']\n"}
    assert "90" not in held(tmp_path, f"{YAML}{loading}\nStepLR(opt, cfg['epochs'])\n", files)


def test_a_class_that_a_file_names_is_likely(tmp_path: Path) -> None:
    text = LOADED + "s = getattr(torch.optim.lr_scheduler, cfg['name'])(opt, milestones=[3])\n"
    (made,) = timeline(tmp_path, text).schedulers()
    assert made.classes == ("torch.optim.lr_scheduler.MultiStepLR",)
    assert made.confidence is Confidence.LIKELY


def test_a_value_decides_no_branch(tmp_path: Path) -> None:
    text = (
        LOADED + "s = StepLR(opt, 3)\nif cfg['name'] == 'other':\n    s.step()\nif cfg['epochs'] > 100:\n    s.step()\n"
    )
    assert steps(timeline(tmp_path, text)) == [
        "s.step() if name == 'other'",
        "s.step() if epochs > 100",
    ]


# --- Hydra ------------------------------------------------------------------------------------------------------------

HYDRA = "import hydra\n@hydra.main(config_path='conf', config_name='config', version_base=None)\n"
CONF = {
    "conf/config.yaml": """\
        defaults:
          - model: small
          - optional extra: none
          - override hydra/job_logging: disabled
          - _self_
        epochs: 90
        half: ${epochs}
        missing: ???
        model:
          depth: 8
        """,
    "conf/model/small.yaml": "depth: 4\nwidth: 16\n",
}


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("cfg.epochs", "90?"),
        ("cfg['epochs']", "90?"),
        ("cfg.half", "90?"),
        ("cfg.model.width", "16?"),
        ("cfg.model.depth", "8?"),
        ("cfg.missing", "-"),
        ("cfg.elsewhere", "-"),
    ],
)
def test_the_function_that_hydra_calls_is_given_the_composed_configuration(
    tmp_path: Path, read: str, expected: str
) -> None:
    text = f"{HYDRA}def main(cfg):\n    opt = SGD(p, lr=0.1)\n    StepLR(opt, {read})\nmain()\n"
    assert held(tmp_path, text, CONF) == [expected]


# --- yacs -------------------------------------------------------------------------------------------------------------

TREE = """\
from yacs.config import CfgNode as CN
_C = CN()
_C.EPOCHS = 90
_C.SOLVER = CN()
_C.SOLVER.STEPS = (30, 60)
_C.SOLVER.MAX_EPOCH = 24
"""
MERGED = {"exp.yaml": "EPOCHS: 12\nSOLVER:\n  STEPS: (3, 6)\n"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("", ["90", "24", "[30, 60]"]),
        ("cfg.merge_from_file('exp.yaml')", ["12", "24", "[3, 6]"]),
        ("cfg.merge_from_file(path)", ["90?", "24?", "[30, 60]?"]),
        ("cfg.merge_from_list(options)", ["90?", "24?", "[30, 60]?"]),
        ("cfg.freeze()", ["90", "24", "[30, 60]"]),
        ("cfg.merge_from_file('exp.yaml')\ncfg.merge_from_list(options)", ["12?", "24?", "[3, 6]?"]),
    ],
)
def test_a_tree_of_yacs_in_the_same_file(tmp_path: Path, changed: str, expected: list[str]) -> None:
    text = f"{TREE}cfg = _C\n{changed}\nStepLR(opt, cfg.EPOCHS)\nStepLR(opt, cfg.SOLVER.MAX_EPOCH)\n"
    assert held(tmp_path, f"{text}StepLR(opt, cfg.SOLVER.STEPS)\n", MERGED) == expected


@pytest.mark.parametrize(
    "imported",
    [
        "from config import cfg",
        "from config import _C as cfg",
        "from config import get_cfg_defaults\ncfg = get_cfg_defaults()",
        "import config\ncfg = config._C.clone()",
    ],
)
def test_a_tree_of_yacs_in_another_file_holds_defaults(tmp_path: Path, imported: str) -> None:
    module = f"{TREE}cfg = _C\ndef get_cfg_defaults():\n    return _C.clone()\n"
    text = f"{imported}\nStepLR(opt, cfg.EPOCHS)\nStepLR(opt, cfg.SOLVER.STEPS)\n"
    assert held(tmp_path, text, MERGED, {"config.py": module}) == ["90?", "[30, 60]?"]
    merged = text.replace("\nStepLR", "\ncfg.merge_from_file('exp.yaml')\nStepLR", 1)
    assert held(tmp_path, merged, MERGED, {"config.py": module}) == ["12", "[3, 6]"]


ATTRIBUTES = {
    "a loop of setattr": "for k, v in d.items():\n            setattr(self, k, v)",
    "a loop that looks": "for k, v in d.items():\n            setattr(self, k, C(v) if isinstance(v, dict) else v)",
    "the dictionary of an object": "self.__dict__.update(d)",
    "entries one by one": "self.epochs = d['epochs']",
}


@pytest.mark.parametrize("body", ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_a_class_of_the_project_holds_settings(tmp_path: Path, body: str) -> None:
    text = f"{LOADED}class C:\n    def __init__(self, d):\n        {body}\nStepLR(opt, C(cfg).epochs)\n"
    assert held(tmp_path, text) == ["90"]


@pytest.mark.parametrize("holder", ["vars(args).update(cfg)", "args.__dict__.update(cfg)"])
def test_parsed_options_are_filled_from_a_file(tmp_path: Path, holder: str) -> None:
    text = f"{LOADED}p = argparse.ArgumentParser()\np.add_argument('--epochs', default=3)\nargs = p.parse_args()\n"
    assert held(tmp_path, f"{text}{holder}\nStepLR(opt, args.epochs)\n") == ["90"]


def test_what_hydra_instantiates_is_of_the_class_that_the_file_names(tmp_path: Path) -> None:
    scheduler = (
        "scheduler:\n  _target_: torch.optim.lr_scheduler.CosineAnnealingLR\n  T_max: ${epochs}\n  _partial_: no\n"
    )
    files = CONF | {"conf/config.yaml": "epochs: 90\n" + scheduler}
    text = f"{HYDRA}def main(cfg):\n    s = hydra.utils.instantiate(cfg.scheduler, optimizer=opt)\nmain()\n"
    (made,) = timeline(tmp_path, text, files).schedulers()
    assert made.classes == ("torch.optim.lr_scheduler.CosineAnnealingLR",)
    assert [(bound.parameter, *map(_said, bound.values)) for bound in made.arguments if not bound.objects] == [
        ("T_max", "90?")
    ]


@pytest.mark.parametrize("holder", ["SimpleNamespace(s=s)", "argparse.Namespace(s=s)", "Munch(s=s)", "json.load(s)"])
def test_what_is_put_into_something_that_is_not_followed_escapes(tmp_path: Path, holder: str) -> None:
    text = f"{YAML}from types import SimpleNamespace\nfrom munch import Munch\ns = StepLR(opt, 3)\nx = {holder}\n"
    (made,) = timeline(tmp_path, text).schedulers()
    assert made.escapes
