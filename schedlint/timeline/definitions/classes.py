"""Reading the scheduler classes of a module: which there are, and what is noteworthy of them."""

from __future__ import annotations

from schedlint import facts
from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.symbols import Class, Function, Module
from schedlint.program.walk import nodes
from schedlint.timeline.definitions.answers import answers
from schedlint.timeline.definitions.compounding import compounding
from schedlint.timeline.definitions.family import Family, Outside, placed
from schedlint.timeline.definitions.model import Answer, Compounding, LateAttribute, LateAttributes, SchedulerClass
from schedlint.timeline.definitions.walk import CONSTRUCTOR, COUNTER, LEADS_TO, Walk

LAST = "_last_lr"
HOOKS = ("_initial_step", "_update_lr")


def scheduler_classes(program: Program, module: Module, knowledge: Knowledge) -> tuple[SchedulerClass, ...]:
    """The classes of a module that derive from a scheduler class of a library and are noteworthy.

    A class that others derive from is not judged by itself: these may add what it lacks. They are judged with it,
    wherever they stand, since what is wrong with them may stand in it. Nobody looks for them where it lacks nothing.
    """
    found: dict[Class, SchedulerClass] = {}
    for cls in program.all_classes(module):
        family = Family(program, knowledge, cls)
        if not family.is_understood or (family.own("get_lr") and not read_class(family).is_noteworthy):
            continue
        for each in (cls, *program.subclasses(cls)):
            if each not in found and not program.subclasses(each):
                found[each] = read_class(Family(program, knowledge, each))
    return tuple(each for each in found.values() if each.is_noteworthy)


def read_class(family: Family) -> SchedulerClass:
    """What the text of one class says; nothing where it is more than its text."""
    cls = family.cls
    if not family.is_understood:
        return SchedulerClass(cls.node.name, placed(cls.module, cls.at))
    walk = built(family)
    return SchedulerClass(
        cls.node.name,
        placed(cls.module, cls.at),
        late=late(walk) if family.has_no_other_schedule else None,
        unbuilt=unbuilt(family, walk),
        answers=answered(family),
        compounding=compounded(family),
        untold=untold(family),
    )


def built(family: Family) -> Walk:
    """A walk through the construction of an object."""
    walk = Walk(family)
    walk.invoke(CONSTRUCTOR)
    return walk


def late(walk: Walk) -> LateAttributes | None:
    """The attributes that come too late for the step inside the base's constructor."""
    if walk.call is None or walk.is_lost or not walk.late:
        return None
    missing = sorted(walk.missing.items(), key=lambda item: item[1])
    return LateAttributes(
        walk.call, tuple(LateAttribute(name, read, walk.late[name]) for name, read in missing if name in walk.late)
    )


def unbuilt(family: Family, walk: Walk) -> Place | None:
    """The constructor, where it never calls the base's, and the library's `step()` needs what that one stores."""
    constructor = family.method(CONSTRUCTOR)
    if not isinstance(constructor, Function) or walk.call or walk.is_lost or CONSTRUCTOR in walk.reached:
        return None
    if constructor.node.decorators or CONSTRUCTOR in named_in(constructor) or family.own(COUNTER):
        return None
    if not isinstance(family.method("get_lr"), Function) or is_refusing(constructor):
        return None
    step = Walk(family, stored=family.stores)
    lacks = COUNTER in step.invoke("step") and not step.is_lost
    return placed(constructor.module, constructor.at) if lacks else None


def is_refusing(method: Function) -> bool:
    """Whether a method always ends in an exception."""
    return any(isinstance(statement, facts.Raise) for statement in method.node.body)


def named_in(method: Function) -> set[str]:
    """Every attribute that a method names."""
    return {each.attr for each in nodes(method.node) if isinstance(each, facts.Attribute)}


def asks(family: Family) -> bool:
    """Whether the library's own `step()` is what asks `get_lr()`."""
    if family.stores.keys() & {"step", "get_lr", *HOOKS}:
        return False
    return family.method("step") == Outside("step") and all(family.method(name) == Outside(name) for name in HOOKS)


def answered(family: Family) -> tuple[Answer, ...]:
    """What is wrong with the answers of `get_lr()`."""
    method = family.method("get_lr")
    if not isinstance(method, Function) or not asks(family) or takes_more(method):
        return ()
    return answers(family, method)


def compounded(family: Family) -> Compounding | None:
    """What `get_lr()` multiplies too often."""
    method = family.method("get_lr")
    return compounding(family, method) if isinstance(method, Function) and asks(family) else None


def takes_more(method: Function) -> bool:
    """Whether a method has parameters beside the object that must be given."""
    return any(each.default is None and each.kind in ("normal", "positional") for each in method.node.parameters[1:])


def untold(family: Family) -> Place | None:
    """A `step()` of the project that never stores what `get_last_lr()` gives, nor calls what does."""
    step = family.method("step")
    if (
        not isinstance(step, Function)
        or LAST in family.stores
        or family.own(LAST)
        or family.own("get_last_lr")
        or "step" in family.stores
    ):
        return None
    walk = Walk(family)
    walk.invoke("step")
    leads = walk.is_lost or walk.reached & {*LEADS_TO, "load_state_dict"}
    return None if leads or step.node.decorators else placed(step.module, step.at)
