from __future__ import annotations

import pytest

from schedlint.sources.bodies import does_something

ONLY_DEFINES = {
    "nothing": "",
    "imports": "import os\nfrom torch.optim import (\n    SGD,  # (the only one)\n)\n",
    "definitions": "def f(x=g()):\n    run()\n\nclass A(make()):\n    x = run()\n",
    "a header over several rows": "async def f(\n    x=g(),\n) -> None:\n    run()\n",
    "decorators": "@app.command()\ndef f():\n    run()\n",
    "constants": "__all__ = ['a', 'b']\nRATE: float = 0.1\nSIZES = (\n    1,\n    2,\n)\n",
    "a logger and a type variable": "import logging\nlog = logging.getLogger(__name__)\nT = TypeVar('T')\n",
    "an import that may fail": "try:\n    import apex\nexcept (ImportError, OSError):\n    apex = None\n",
    "imports for types": "if TYPE_CHECKING:\n    from torch import (\n        nn,\n    )\n",
    "comments": "# run()\nx = 1\n",
    "old rows": "import os\r\nx = 1\rdef f():\r\n    run()\r\n",
}
DOES_SOMETHING = {
    "a call": "main()\n",
    "a main block": "if __name__ == '__main__':\n    main()\n",
    "an object": "opt = SGD([])\n",
    "a call among the arguments of a logger's row": "log = getLogger()\nmain()\n",
    "a call after an import": "import os; main()\n",
    "a call after a definition": "def f():\n    pass\n\nf()\n",
    "a call inside brackets": "x = [\n    f(),\n]\n",
    "a call of what a call gives": "x = [f][0](1)\n",
    "a call in a loop": "for x in y:\n    run (x)\n",
    "a call behind old rows": "x = 1\rmain()\r",
    "a name in another script": "übung()\n",
    "rows that a string fills": "text = '''\nrun()\n'''\n",
}


@pytest.mark.parametrize("text", ONLY_DEFINES.values(), ids=ONLY_DEFINES)
def test_a_body_that_only_defines(text: str) -> None:
    assert not does_something(text.encode())


@pytest.mark.parametrize("text", DOES_SOMETHING.values(), ids=DOES_SOMETHING)
def test_a_body_that_does_something(text: str) -> None:
    assert does_something(text.encode())
