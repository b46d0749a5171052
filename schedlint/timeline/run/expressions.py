"""Arguments as they are written, for what names say: quantities in which every name and entry is a symbol so called."""

from __future__ import annotations

from schedlint import facts
from schedlint.timeline.quantity import Arithmetic, Literal, Quantity, Symbol
from schedlint.timeline.run.spelling import source

SAME = frozenset("item detach clone cpu cuda numpy tolist mean sum float double squeeze to reshape view".split())
"""Methods of a number or tensor that give what it says in another form, or one number for all of it."""

OF_ALL = {
    **dict.fromkeys("mean nanmean fmean average median".split(), "mean"),
    **dict.fromkeys("sum nansum fsum".split(), "sum"),
    **dict.fromkeys("float tensor as_tensor array asarray stack FloatTensor Tensor".split(), "float"),
    **{name: name for name in "int round ceil floor abs max min".split()},
}
"""Functions whose result says of its first argument, or arguments, what these operations say."""

READING = frozenset({"get", "pop"})
"""Methods that read an entry."""

DEEPEST = 8


def as_written(expr: facts.Expr, deep: int = 0) -> Quantity:
    """The quantity that an expression is written as; a part that is no arithmetic is a symbol called by its text."""
    if deep > DEEPEST:
        return _symbol(source(expr))
    inner = deep + 1
    match expr:
        case facts.Constant(value=bool() | int() | float() | str() | None as value):
            return Literal(value)
        case facts.Unary(op="-", operand=operand):
            return Arithmetic("neg", (as_written(operand, inner),))
        case facts.Binary(op=op, left=left, right=right):
            return Arithmetic(op, (as_written(left, inner), as_written(right, inner)))
        case facts.Call():
            return _call(expr, inner)
        case facts.Subscript(value=facts.Call() as call, index=index):
            return _symbol(f"{source(call.func)}()[{source(index)}]")
        case facts.Attribute(value=facts.Call() as call, attr=attr):
            return _symbol(f"{source(call.func)}().{attr}")
        case _:
            return _symbol(source(expr))


def _call(call: facts.Call, deep: int) -> Quantity:
    """What a call is written as: `loss.item()` is `loss`, `logs.get("loss")` an entry, another one `evaluate()`."""
    plain = [argument.value for argument in call.arguments if not argument.star and argument.keyword is None]
    match call.func:
        case facts.Attribute(value=receiver, attr=name) if name in SAME and not _is_module(receiver, plain):
            return as_written(receiver, deep)
        case facts.Attribute(value=receiver, attr=name) if name in READING and plain:
            return _symbol(f"{source(receiver)}[{source(plain[0])}]")
        case facts.Name(id=name) | facts.Attribute(attr=name) if name in OF_ALL and plain:
            several = plain if OF_ALL[name] in ("max", "min") else plain[:1]
            return Arithmetic(OF_ALL[name], tuple(as_written(each, deep) for each in several))
        case _:
            return _symbol(f"{source(call.func)}()")


def _is_module(receiver: facts.Expr, plain: list[facts.Expr]) -> bool:
    """Whether `receiver.mean(x)` is a function of a module: `np.mean(losses)`, `torch.mean(losses)`."""
    return (
        isinstance(receiver, facts.Name)
        and receiver.id in ("np", "numpy", "torch", "math", "statistics", "F")
        and bool(plain)
    )


def _symbol(text: str) -> Symbol:
    return Symbol(key=text, name=text)
