"""What identifiers say: the dimension that a name suggests, and what a loop's names suggest about the loop.

A name is the weakest evidence there is, so everything here is about what people write and nothing is certain. Names
that are used for two things (`niter`, `steps`, `lr_step`) suggest nothing.
"""

from __future__ import annotations

import re

from schedlint.timeline import dimensions
from schedlint.timeline.dimensions import Dimension
from schedlint.timeline.quantity import Symbol


def _set(words: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(words.split())


_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_GLUED = re.compile(
    r"^(num|n|max|total|tot|nb|min|start|end|warmup)(epochs?|iters?|iterations?|steps?|batches|updates?)$"
)

_WORDS = {
    "epoch": "epoch",
    "iter": "iteration",
    "iteration": "iteration",
    "itr": "iteration",
    "step": "step",
    "batch": "batch",
    "batche": "batch",
    "minibatch": "batch",
    "minibatche": "batch",
    "update": "update",
    "sample": "sample",
    "example": "sample",
    "image": "sample",
}

_PER = {
    "epoch": dimensions.EPOCHS,
    "iteration": dimensions.ITERATIONS,
    "step": dimensions.ITERATIONS,
    "batch": dimensions.BATCHES,
    "update": dimensions.UPDATES,
    "sample": dimensions.SAMPLES,
}

_WHOLE = {
    "t_total": dimensions.ITERATIONS,
    "bs": dimensions.BATCH_SIZE,
    "bsz": dimensions.BATCH_SIZE,
    "batchsize": dimensions.BATCH_SIZE,
    "estimated_stepping_batches": dimensions.UPDATES,
    "last_epoch": None,
    "lr_decay_iters": None,  # epochs in the programs that took it over from CycleGAN
}

_NUMBERS = _set(
    "ratio fraction frac pct percent percentage proportion factor gamma lr world gpu gpus ngpu ngpus device devices "
    "nproc process processes replica replicas node nodes pi power"
)
_RATES = _set("lr learning rate base init initial max min peak start end final default")
_SWITCHES = _set("by is use every")
_SIZES = _set("size len length")
_TOTALS = _set("max maximum total tot warmup warm train training global current cur all end stop")
_COUNTS = _TOTALS | _set("num n nb number")
_POSITIONS = _set("cur current last start begin init initial resume global")

_LOADER = re.compile(
    r"(^|_)(loader|data_?loader|dl|batches|train_data|(data|batch|epoch)_iter(ator)?|prefetcher)(_[a-z]+)?$"
)
_LOADER_OF = re.compile(r"(loaders|dls)\[", re.IGNORECASE)
_DATASET = re.compile(r"(^|_)(data_?set|train_?set|ds|train_data)$")
_BATCH_TARGET = _set("batch batches minibatch inputs images imgs labels targets batch_idx")
_ITERATION_TARGET = _set("it iter iteration step steps itr batch update idx_iter global_step")
_OUTER = _set(
    "fold folds seed seeds run runs trial trials task tasks experiment experiments session sessions repeat repeats"
)
_SETTINGS = _set("args opt opts cfg config conf hparams hp params flags FLAGS settings options")
_PHASE = _set("phase split mode stage subset partition")
_STAGES = re.compile(r"""['"](train|training)['"]""")


def identifier(name: str) -> str:
    """The last identifier of a spelled expression, which says what the value is: `epochs` of `cfg['train'].epochs`."""
    found = _IDENTIFIER.findall(re.sub(r"(?<=\w)-(?=[A-Za-z])", "_", name))
    return found[-1] if found else ""


def words(name: str) -> tuple[str, ...]:
    """The words of an identifier, in lower case: `num`, `epochs` for `num_epochs`, `numEpochs`, `NUM_EPOCHS` and
    `nepochs`.
    """
    parts: list[str] = []
    for part in pieces(name):
        glued = _GLUED.match(part)
        parts.extend(glued.groups() if glued else (part,))
    return tuple(part for part in parts if not part.isdigit())


def pieces(name: str) -> tuple[str, ...]:
    """The words and numbers that an identifier is written in, in lower case: `lr`, `scheduler`, `2` for
    `lr_scheduler2`.
    """
    return tuple(part.lower() for part in _PART.findall(name))


def dimension_of_name(name: str) -> Dimension | None:
    """The dimension that the name of a value suggests; None if it suggests none, or more than one."""
    last = identifier(name)
    if last.lower() in _WHOLE:
        return _WHOLE[last.lower()]
    parts = words(last)
    kinds = [_WORDS[stem] for part in parts if (stem := part.removesuffix("s")) in _WORDS]
    if "per" in parts:
        return _quotient(kinds)
    if "accum" in last.lower() or {"grad", "acc"} <= set(parts):
        return dimensions.ACCUMULATION
    if parts and (parts[-1] in _NUMBERS or (_NUMBERS & set(parts) and not kinds)):
        return dimensions.PURE
    if _SIZES & set(parts):
        return _size(last.lower(), kinds)
    return None if _SWITCHES & set(parts) else _counted(parts, kinds)


def counts_steps(name: str) -> bool:
    """Whether a name says no more than steps, which a scheduler's own parameter may mean of itself: `max_steps`."""
    return {_WORDS[stem] for part in words(identifier(name)) if (stem := part.removesuffix("s")) in _WORDS} == {"step"}


def _quotient(kinds: list[str]) -> Dimension | None:
    """`steps_per_epoch`."""
    return _PER[kinds[0]] / _PER[kinds[1]] if len(kinds) == 2 and kinds[0] != kinds[1] else None


def _size(name: str, kinds: list[str]) -> Dimension | None:
    """`batch_size`, `len_epoch`, `dataset_size`; the size of an epoch may be anything."""
    if kinds == ["batch"]:
        return dimensions.BATCH_SIZE
    if kinds == ["epoch"] and "len" in name:
        return dimensions.ITERATIONS_PER_EPOCH
    return dimensions.SAMPLES_PER_EPOCH if re.search(r"data_?set|train_?set|^train_?size", name) else None


def _counted(parts: tuple[str, ...], kinds: list[str]) -> Dimension | None:
    """A number of epochs, iterations, batches, updates or samples."""
    if len(set(kinds)) != 1:
        in_epoch = kinds[:1] == ["epoch"] and len(kinds) == 2 and len(parts) == 2
        return _PER[kinds[1]] / dimensions.EPOCHS if in_epoch else None
    kind, counting = kinds[0], set(parts)
    if kind == "epoch":
        return dimensions.EPOCHS
    if kind == "iteration":
        return None if _ambiguous_iterations(parts) else dimensions.ITERATIONS
    if kind == "step":
        return dimensions.ITERATIONS if counting & _COUNTS and not counting & {"lr", "decay"} else None
    if kind == "batch":
        return _batches(parts)
    if kind == "update":
        return dimensions.UPDATES if counting & _COUNTS else None
    return dimensions.SAMPLES_PER_EPOCH if counting & {"num", "n", "nb", "train"} else None


def _ambiguous_iterations(parts: tuple[str, ...]) -> bool:
    """`niter`, `n_iter`, `num_iter` and their like count epochs in many programs."""
    singular = not any(part in ("iters", "iterations", "iteration") for part in parts)
    return singular and not set(parts) & _TOTALS


def _batches(parts: tuple[str, ...]) -> Dimension | None:
    """`num_batches` are those of one epoch, `total_batches` those of a run; `batch` alone may be a size."""
    if not any(part in ("batches", "minibatches") for part in parts):
        return None
    return dimensions.BATCHES if set(parts) & {"max", "total", "warmup"} else dimensions.BATCHES_PER_EPOCH


def dimension_of_help(text: str) -> Dimension | None:
    """The dimension that an option's help text names; None if it names none, or several."""
    text = re.sub(r"batch[- _]?size|step[- _]?size|learning rate|\w+ per \w+", " ", text.lower())
    epochs = re.search(r"\bepochs?\b", text) is not None
    batches = re.search(r"\b(mini-?)?batches\b", text) is not None
    iterations = re.search(r"\b(iterations?|iters|steps)\b", text) is not None
    updates = re.search(r"\bupdates\b", text) is not None
    if epochs + batches + (iterations or updates) != 1:
        return None
    if epochs or batches:
        return dimensions.EPOCHS if epochs else dimensions.BATCHES
    return dimensions.ITERATIONS if iterations else dimensions.UPDATES


def dimension_said(symbol: Symbol) -> tuple[Dimension | None, str]:
    """What help text and name of a symbol say, and how to say so; None with a reason if they contradict each other."""
    name, told = dimension_of_name(symbol.name), dimension_of_help(symbol.help)
    if told is None:
        return name, "its name" if name is not None else ""
    if name not in (None, dimensions.PURE) and dimensions.agreed(told, name) is None:
        return None, "its name and its help text contradict each other"
    return told, "its help text"


def is_position(name: str) -> bool:
    """Whether a value is named for where a count stands, and not for how far it goes (`cur_iter`, `last_epoch`)."""
    return any(word in _POSITIONS for word in words(identifier(name))[:1])


def is_rate(name: str) -> bool:
    """Whether a value is named for a learning rate, and not for a factor of one (`min_lr`; not `lr_decay`)."""
    parts = set(pieces(identifier(name)))
    return parts <= _RATES and ("lr" in parts or {"learning", "rate"} <= parts)


def is_setting(name: str) -> bool:
    """Whether a value is named like a part of a configuration: `args.warm`, `self.cfg.train.per_batch`."""
    return bool(_SETTINGS & set(_IDENTIFIER.findall(name)))


def is_loader(source: str) -> bool:
    """Whether something in a spelled expression is named like a data loader (`enumerate(train_loader)`)."""
    named = any(_LOADER.search(_snake(found)) for found in _IDENTIFIER.findall(source))
    return named or _LOADER_OF.search(source) is not None


def is_dataset(name: str) -> bool:
    """Whether a value is named like a dataset."""
    return _DATASET.search(_snake(identifier(name))) is not None


def is_dataset_of_loader(name: str) -> bool:
    """Whether a value is named like the dataset of a data loader: `train_loader.dataset`."""
    return is_dataset(name) and not is_loader(identifier(name))


def is_epoch(variable: str) -> bool:
    """Whether a loop's target is named like a number of an epoch."""
    return any("epoch" in words(found) or found in ("ep", "epo") for found in _IDENTIFIER.findall(variable))


def is_batch(variable: str) -> bool:
    """Whether a loop's target is named like a batch, or like what is in one."""
    return bool(_BATCH_TARGET & _all_words(variable))


def is_iteration(variable: str) -> bool:
    """Whether a loop's target is named like the number of an iteration."""
    return bool(_ITERATION_TARGET & _all_words(variable))


def is_outer(variable: str) -> bool:
    """Whether a loop's target is named like one of several training runs."""
    return bool(_OUTER & _all_words(variable)) and not is_epoch(variable)


def is_phase(variable: str, source: str) -> bool:
    """Whether a loop goes over the phases of an epoch (`for phase in ["train", "val"]`)."""
    return bool(_PHASE & set(_IDENTIFIER.findall(variable.lower()))) or _STAGES.search(source) is not None


def _all_words(text: str) -> set[str]:
    identifiers = _IDENTIFIER.findall(text)
    return {word for found in identifiers for word in words(found)} | {found.lower() for found in identifiers}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
