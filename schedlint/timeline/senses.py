"""What a value that is called by a name measures: a score, which is to rise, an error, which is to fall, or neither.

Names are all that there is to go by, so that a name with words of both kinds (`loss_score`) says nothing.
"""

from __future__ import annotations

import re
from enum import Enum

from schedlint.timeline.arithmetic import number
from schedlint.timeline.model import Bound
from schedlint.timeline.names import identifier, pieces
from schedlint.timeline.quantity import Arithmetic, Length, Literal, Quantity, Symbol, symbols


class Sense(str, Enum):
    """Which way a metric goes while training does well."""

    RISES = "rises"  # a score
    FALLS = "falls"  # an error

    @property
    def opposite(self) -> Sense:
        """That of the negated metric."""
        return Sense.FALLS if self is Sense.RISES else Sense.RISES


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SCORES = _set(
    "acc accs accuracy accuracies acc1 acc5 top1 top5 prec1 prec5 f1 fscore f1score auc aucs auroc auprc map miou iou "
    "dice bleu psnr ssim r2 kappa score scores precision recall ndcg mrr mcc rouge jaccard sensitivity specificity"
)
_ERRORS = _set(
    "loss losses error errors err mse mae rmse nll bce ppl perplexity wer cer fid lpips mape smape rmsle epe brier eer"
)
_METRICS = _set("metric metrics monitor monitored criterion fitness")
_EVALUATIONS = _set("evaluate validate validation evaluation eval")
_PLACES = _set(
    "avg average mean value val item global all total overall sum train valid test eval dev validation epoch running "
    "best result results logs log current cur self last"
)
_COUNTERS = _set("step steps iter iters iteration iterations idx index count batch batches num size accumulation grad")
_POSITIONS = _set("epoch epochs ep step steps iter iters iteration iterations it itr update updates batch idx")
_COUNTING = frozenset({"index", "counter", "step"})
_KEEPING = frozenset({"int", "float", "round", "ceil", "floor", "mean", "sum", "sqrt"})

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*(?:\(\))?")
_NAMED = re.compile(r"[A-Za-z_][\w.]*(?:\[[^\[\]()+*=<>]*\]|\(\)|\.\w+)*")
_GLUED = re.compile(
    r"(?:val|valid|train|test|dev|eval|avg|mean|best|epoch|total|running)(loss|acc|accuracy|score|error|auc)s?"
)


def sense_given(argument: Bound) -> Sense | None:
    """Which way what a step is given goes, by all that it is called; None where names say nothing, or contradict each
    other.
    """
    found = {sense(value) for value in argument.values}
    written = None if argument.spelling is None else sense(argument.spelling)
    if written is None:
        return found.pop() if len(found) == 1 else None
    return written if found <= {None, written} else None


def sense(quantity: Quantity) -> Sense | None:
    """Which way a quantity goes while training does well."""
    match quantity:
        case Symbol(name=name):
            return _of_name(name)
        case Arithmetic(op="neg", operands=(operand,)):
            return _turned(sense(operand))
        case Arithmetic(op="-", operands=(Literal(), operand)):
            return _turned(sense(operand))
        case Arithmetic(op="-", operands=(operand, Literal())):
            return sense(operand)
        case Arithmetic(op="*" | "/" as op, operands=(left, right)):
            return _scaled(op, left, right)
        case Arithmetic(op="+" | "max" | "min" | "choose" as op, operands=operands):
            parts = operands[1:] if op == "choose" else operands
            return _common([sense(part) for part in parts if not isinstance(part, Literal)])
        case Arithmetic(op=op, operands=(operand, *_)) if op in _KEEPING:
            return sense(operand)
        case _:
            return None


def negated(quantity: Quantity) -> bool:
    """Whether a quantity is visibly below 0: a metric with its sign turned, `-accuracy`."""
    match quantity:
        case Arithmetic(op="neg", operands=(operand,)):
            return sense(operand) is not None
        case Arithmetic(op="*", operands=(left, right)):
            return any((number(a) or 0) < 0 and sense(b) is not None for a, b in ((left, right), (right, left)))
        case Arithmetic(op=op, operands=(operand, *_)) if op in _KEEPING:
            return negated(operand)
        case _:
            return False


def is_metric(argument: Bound) -> bool:
    """Whether what a step is given is a metric by all that it is called, and no count of epochs or steps."""
    if not argument.values or any(map(_counts, argument.values)):
        return False
    if argument.spelling is not None and _measures(argument.spelling):
        return True
    return all(map(_measures, argument.values))


def is_count(argument: Bound) -> bool:
    """Whether what a step is given is a number of epochs or steps, by what it is or how it is called."""
    written = () if argument.spelling is None else (argument.spelling,)
    if any(isinstance(value, Literal) or _counts(value) for value in argument.values):
        return True
    found = [symbol for part in (*written, *argument.values) for symbol in symbols(part)]
    return any(_POSITIONS & set(_words(identifier(symbol.name))) for symbol in found)


def _counts(value: Quantity) -> bool:
    """Whether a value is a counter, as it is or shifted."""
    match value:
        case Symbol(role=role):
            return role in _COUNTING
        case Arithmetic(op="+" | "-", operands=(operand, Literal())):
            return _counts(operand)
        case Arithmetic(op=op, operands=(operand, *_)) if op in _KEEPING:
            return _counts(operand)
        case _:
            return False


def _measures(quantity: Quantity) -> bool:
    """Whether a quantity is made of a metric."""
    match quantity:
        case Symbol(name=name, role=role):
            return role not in _COUNTING and _is_named_metric(name)
        case Arithmetic(op="+" | "-" | "*", operands=operands):
            found = [symbol for operand in operands for symbol in symbols(operand)]
            return any(map(_measures, operands)) and not any(symbol.role in _COUNTING for symbol in found)
        case Arithmetic(op="choose" | "max" | "min" as op, operands=operands):
            return all(map(_measures, operands[1:] if op == "choose" else operands))
        case Arithmetic(op=op, operands=(operand, *_)) if op in _KEEPING or op in ("neg", "/", "abs"):
            return _measures(operand)
        case _:
            return False


def _turned(found: Sense | None) -> Sense | None:
    return None if found is None else found.opposite


def _common(found: list[Sense | None]) -> Sense | None:
    """What all of several say."""
    return found[0] if found and len(set(found)) == 1 else None


def _scaled(op: str, left: Quantity, right: Quantity) -> Sense | None:
    """The sense of a product or quotient, where one side is no metric and its sign is known."""
    found, factor = sense(left), right
    if found is None:
        found, factor = sense(right), left
        found = _turned(found) if op == "/" else found
    elif sense(right) is not None:
        return None
    amount = number(factor)
    if amount is not None:
        return _turned(found) if amount < 0 else found
    return found if isinstance(factor, Length) or (op == "/" and factor is right) else None


def _of_name(name: str) -> Sense | None:
    """What a name says: `val_acc`, `metrics['loss']`, `top1.avg`, `accuracy_score()`."""
    words = _telling(name)
    rises, falls = bool(words & _SCORES), bool(words & _ERRORS)
    if rises == falls:
        return None
    return Sense.RISES if rises else Sense.FALLS


def _is_named_metric(name: str) -> bool:
    """Whether a name is that of a metric, or of a function that evaluates."""
    words = _telling(name)
    if name.endswith("()") and words & _EVALUATIONS:
        return True
    return bool(words & (_SCORES | _ERRORS | _METRICS)) and not words & _COUNTERS


def _telling(name: str) -> frozenset[str]:
    """The words of the last identifier in a name that says more than where the value stands: `loss` of `loss.avg`."""
    if _NAMED.fullmatch(name) is None:
        return frozenset()
    for found in reversed(_IDENTIFIER.findall(name)):
        words = frozenset(_words(found))
        if not words <= _PLACES or (found.endswith("()") and words & _EVALUATIONS):
            return words
    return frozenset()


def _words(identifier: str) -> tuple[str, ...]:
    """The words that an identifier is written in, with and without the numbers in them: `val`, `f1` for `val_f1`."""
    parts = [part.lower() for part in re.split(r"[_\W]+", identifier) if part]
    glued = [match[1] for part in parts if (match := _GLUED.fullmatch(part))]
    return (*pieces(identifier), *parts, *glued)
