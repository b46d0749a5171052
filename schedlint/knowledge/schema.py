"""The shape of the knowledge tables: what a library's classes and functions mean for training time.

One TOML file per library stands beside this module; `schedlint.knowledge.tables` reads them into these structs and
refuses a key that is not here. Names are fully qualified and canonical (`torch.optim.lr_scheduler.StepLR`); `aliases`
are other ways to import the same thing. In the files, `parameters` are written as a signature
(`"optimizer, step_size, gamma=0.1"`): `schedlint.knowledge.signature` reads it.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

from msgspec import Struct


class Parameter(Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter of a constructor or function, in positional order.

    `default` is the literal default, absent where the argument must be given (`required`) or where the default is no
    literal (`opaque`). `since` and `until` are the first version that has it and the first that has it no more ("" =
    always); `warns` is the first that warns of its use ("": none does).
    """

    name: str
    required: bool = False
    default: bool | int | float | str | None = None
    opaque: bool = False
    keyword_only: bool = False
    since: str = ""
    until: str = ""
    warns: str = ""


class Style(str, Enum):
    """How a scheduler computes the next learning rate (catalogue, section 0)."""

    RECURSIVE = "recursive"  # multiplies the current value
    ABSOLUTE = "absolute"  # overwrites it with base_lr * f(t)
    COMPOSITE = "composite"  # hands on to its children
    MEASURED = "measured"  # reacts to a metric: ReduceLROnPlateau


class Cadence(str, Enum):
    """How often the documentation says that `.step()` is called, where it says so without the horizon."""

    ANY = "any"  # the horizon's unit decides
    BATCH = "batch"
    EPOCH = "epoch"


class StepArgument(str, Enum):
    """What an argument of `.step()` means."""

    NONE = "none"  # not accepted: TypeError
    EPOCH = "epoch"  # deprecated absolute position
    POSITION = "position"  # absolute position, documented and not deprecated
    POSITION_REQUIRED = "position required"  # likewise, and `step()` is a TypeError: timm
    METRIC = "metric"
    METRIC_REQUIRED = "metric required"


class Shape(str, Enum):
    """Whether the schedule takes the learning rate away (a decay) or brings it up (a warm-up)."""

    DECAY = "decay"
    WARM_UP = "warm-up"
    CYCLE = "cycle"
    EITHER = "either"


class Overrun(str, Enum):
    """What calls of `.step()` beyond the horizon do, where that is the length of the whole schedule."""

    OPEN = "open"  # the horizon is not the length of the schedule, or nobody looked
    ERROR = "error"  # they raise ValueError
    HOLDS = "holds"  # the learning rate stays where the schedule ended
    CLIMBS = "climbs"  # the learning rate goes back to where it came from


class ConstructionEffect(str, Enum):
    """What building a scheduler does at once to the learning rate."""

    NONE = "none"
    FACTOR = "factor"  # times the parameter `parameter`
    SET = "set"  # to something of its own: OneCycleLR, CyclicLR
    FUNCTION = "function"  # times the schedule function at 0
    WARM_UP = "warm-up"  # times `value` when the parameter `parameter` is above 0, else nothing
    CHILDREN = "children"  # what building all of the children does
    FIRST_CHILD = "first child"  # what building the first child does: the others wait for their turn
    UNKNOWN = "unknown"  # something that nobody has looked into


class LateGroup(str, Enum):
    """What becomes of a parameter group that is added to the optimizer after the scheduler was built, from the least
    harm to the most (torch 2.13).
    """

    FINE = "fine"  # it is scheduled like the others from its own rate on
    OVERSHOOTS = "overshoots"  # the warm-up multiplies it, though it was not divided at the start
    LEFT_OUT = "left out"  # it keeps its own rate for ever; since torch 2.10 the next step raises a ValueError
    LACKS = "lacks"  # the next step looks for what the group does not have, and raises a KeyError


class Direction(Struct, frozen=True, forbid_unknown_fields=True):
    """The parameter that says in which direction a metric gets better, and its values for up and down."""

    parameter: str
    up: str
    down: str


class Accepts(Struct, frozen=True, forbid_unknown_fields=True):
    """What a constructor accepts for a parameter, where it raises for anything else.

    `kind` is "integer", "decimal" (a float, and no integer), "function" or "list" (of anything that can be iterated);
    "" says nothing of that. A number must be at `least` or `above`, at `most` or `below` these. `choices` are the only
    texts. Where one of the parameters in `unless` is given, nothing is looked at. None is not judged.
    """

    parameter: str
    kind: Literal["", "integer", "decimal", "function", "list"] = ""
    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class InTurn(str, Enum):
    """What a scheduler does to the learning rate when a sequence of schedulers comes to it, after others (torch
    2.13).
    """

    ANEW = "anew"  # it begins as it would alone, with the rate that the optimizer was given
    ONWARD = "onward"  # it goes on from the rate that the one before it left
    OWN = "own"  # it sets a rate of its own
    REBASES = "rebases"  # likewise, and building it makes that the rate which all others in the sequence begin with
    FAILS = "fails"  # it raises NotImplementedError


class Ramp(Struct, frozen=True, forbid_unknown_fields=True):
    """From which factor of the learning rate to which one a schedule goes while its horizon lasts: the parameters
    `start` and `end` (1 where that is ""), in a straight line or, with `holds`, all at once at the end.
    """

    start: str
    end: str = ""
    holds: bool = False

    @property
    def factors(self) -> tuple[str, ...]:
        """The parameters by which the learning rate that the optimizer was given is multiplied."""
        return tuple(filter(None, (self.start, self.end)))


class Construction(Struct, frozen=True, forbid_unknown_fields=True):
    """What building a scheduler does at once to the learning rate, and to the momentum (or beta1).

    `divisor` names a parameter by which the value of `parameter` is divided. `momentum` names the parameter to whose
    value the momentum is set ("" if it is left alone), `momentum_switch` the one that turns this off.
    """

    effect: ConstructionEffect = ConstructionEffect.NONE
    parameter: str = ""
    divisor: str = ""
    value: float | None = None
    momentum: str = ""
    momentum_switch: str = ""

    @staticmethod
    def unknown() -> Construction:
        """What is said where nobody has looked into it."""
        return Construction(ConstructionEffect.UNKNOWN)


class Scheduler(Struct, frozen=True, forbid_unknown_fields=True):
    """A scheduler class, or a function that returns a scheduler (`function = true`).

    `parameters` are today's, and at the end those that are gone (`until`); `former` holds the parameters before a
    version where their order was another ("1.7" -> what 1.6 had).

    `horizon` names the parameters that say how long the schedule is, in calls of `.step()`; a group in `product` is one
    horizon given by several parameters multiplied (`epochs` x `steps_per_epoch`), the steps of one epoch last;
    `horizon` wins where both are given.
    `warm_up` names those that give, in the same unit, the length of a warm-up that is a part of the schedule. `units`
    names the parameter that says whether these count epochs (true) or updates. `recurring` names those of `horizon`
    that are the length of a part which comes again (a cycle, the time between two decays): the schedule does not end
    there.

    `lists` names those of `horizon` that are lists of positions. `integral` names those that the number of steps is
    compared with for equality, or divided by: what is no whole number is never met. `hasty` names the one whose default
    is so small that nearly all training is left when the schedule is over; that is harmless where the `ramp` does not
    go down. `summit` names the part of all steps that the way up takes,
    `mirrored` the switch for a way down of the same length before the rest.

    `overrun` says what happens beyond the horizon, where that is the length of the whole schedule.

    `function_parameters` hold schedule functions. `children` names the parameter that holds wrapped schedulers. `rate`
    names a parameter applied at every step (gamma of ExponentialLR): a horizon in disguise; `drop` one applied at every
    decay (gamma of StepLR); `patience` one that says how many calls in a row without a better metric a measured
    scheduler lets pass before it decays; `direction` says in which direction that gets better, `relative` with which
    value of which parameter the difference that counts is a part of the metric. `floor` names one that
    is a learning rate to which the schedule goes down.

    `optimizer` is "" where only the children have one. `base` is the class it derives from, or the class of a
    function's result, for `isinstance`; `abstract` says that it has no schedule of its own. `update_method` is the
    method called after each update, next to `step` (timm). `in_tuple` says that a function returns a tuple whose first
    item is the scheduler. `own_get_lr` says that the class has a `get_lr()` that need neither warn nor be right outside
    a step. `late_group` is what happens to a parameter group that is added later, `in_turn` what happens where it is
    one of a sequence of schedulers and not the first. `ramp` is there where all of the schedule is a way from one
    factor to another.

    `successor` is the public name that took the place of one which is private, since the version `successor_since`; the
    library's own classes derive from that one then.

    `vendored` says that the class is copied into projects: one there with its name, its kind of base and the parameters
    that tell it (`Knowledge.resembling`) is read as it. `misnamed` says that its lengths are called after a unit that
    they need not be in, so that their names say nothing.

    `exact` says that the signature is complete, so that any other argument raises a TypeError; `accepts` what it raises
    for besides. `needs` are groups of parameters, all of one of which must be given. `cuts` names the parameter that
    has one number between each two of the wrapped schedulers.
    """

    name: str
    parameters: tuple[Parameter, ...]
    former: dict[str, tuple[Parameter, ...]] = {}
    aliases: tuple[str, ...] = ()
    function: bool = False
    in_tuple: bool = False
    abstract: bool = False
    base: str = "torch.optim.lr_scheduler.LRScheduler"
    optimizer: str = "optimizer"
    horizon: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    warm_up: tuple[str, ...] = ()
    recurring: tuple[str, ...] = ()
    integral: tuple[str, ...] = ()
    hasty: str = ""
    summit: str = ""
    mirrored: str = ""
    units: str = ""
    overrun: Overrun = Overrun.OPEN
    lists: tuple[str, ...] = ()
    function_parameters: tuple[str, ...] = ()
    children: str = ""
    rate: str = ""
    drop: str = ""
    patience: str = ""
    floor: str = ""
    direction: Direction | None = None
    relative: dict[str, str] = {}
    style: Style = Style.ABSOLUTE
    cadence: Cadence = Cadence.ANY
    step: StepArgument = StepArgument.EPOCH
    update_method: str = ""
    shape: Shape = Shape.DECAY
    closed_form: bool = False
    warns_on_order: bool = True
    own_get_lr: bool = False
    late_group: LateGroup = LateGroup.FINE
    in_turn: InTurn = InTurn.ANEW
    ramp: Ramp | None = None
    vendored: bool = False
    misnamed: bool = False
    construction: Construction = Construction()
    successor: str = ""
    successor_since: str = ""
    exact: bool = False
    accepts: tuple[Accepts, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    cuts: str = ""
    source: str = ""

    @property
    def library(self) -> str:
        """The library that it is in, by the package that is imported."""
        return self.name.partition(".")[0]

    @property
    def takes_metric(self) -> bool:
        """Whether what `.step()` is given is a metric, and no position."""
        return self.step in (StepArgument.METRIC, StepArgument.METRIC_REQUIRED)


class Optimizer(Struct, frozen=True, forbid_unknown_fields=True):
    """An optimizer class, or a function that returns an optimizer.

    `wraps` names the parameter that holds an optimizer inside it (the result counts as that optimizer). `closure` says
    that `.step()` cannot do without one. `abstract` and `base` are as in `Scheduler`.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    function: bool = False
    abstract: bool = False
    base: str = "torch.optim.Optimizer"
    closure: bool = False
    wraps: str = ""


class Loader(Struct, frozen=True, forbid_unknown_fields=True):
    """A class or function whose result is iterated batch by batch; `kind` is "loader", "dataset" or "sampler".

    `dataset`, `batch_size` and `drop_last` name its parameters, where it has them; `resized_by` those that may make its
    length another one than these say. `unsized` says that a dataset has no length of its own. `many` says that the
    result is a list of such objects.
    """

    name: str
    kind: Literal["loader", "dataset", "sampler"] = "loader"
    many: bool = False
    aliases: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    dataset: str = ""
    batch_size: str = ""
    drop_last: str = ""
    resized_by: tuple[str, ...] = ()
    unsized: bool = False


class View(Struct, frozen=True, forbid_unknown_fields=True):
    """A function whose result, iterated, gives what its argument gives (`tqdm`, `islice`), or that with a counter.

    `item` says what one item is: "same", "counted" (`enumerate`: counter and item), "zipped" (a tuple of one item of
    each argument), "paired" (`dict.items`), "mapped" (something made from the item), "range" (no view: a counter over
    `range`'s own arguments). `argument` is the position seen through, -1 the receiver; with `every`, all positions one
    after the other (`chain`). `keyword` is the parameter's name. `endless` is True for `itertools.cycle`, `partial` for
    what may leave items out (`islice`). `first` names the parameter that "counted" begins with, which stands behind the
    argument. A `method` is known by its name alone, whatever the receiver is (`log_every`). `calls` is the position of
    a function that is called with each item.
    """

    name: str
    item: Literal["same", "counted", "zipped", "paired", "mapped", "range"] = "same"
    aliases: tuple[str, ...] = ()
    argument: int = 0
    every: bool = False
    keyword: str = ""
    endless: bool = False
    partial: bool = False
    first: str = ""
    method: bool = False
    calls: int = -1


class Effect(str, Enum):
    """What calling a function, or a method of an object of a known class, does to tracked objects."""

    OPTIMIZER_STEP = "optimizer step"  # steps the optimizer in `argument` (or the receiver's own)
    BACKWARD = "backward"
    PASS_THROUGH = "pass through"  # returns its arguments, wrapped: prepare, DistributedOptimizer, amp.initialize
    SAVE = "save"  # writes `argument` to a file; without one, the states of what the receiver was given
    LOAD = "load"  # reads a file; without an `argument`, into what the receiver was given
    INERT = "inert"  # looks at its arguments and keeps none of them: print, len, isinstance
    CALLS = "calls"  # calls its argument: see `Function.leading` and `Function.passes`
    STEPS_SCHEDULER = "steps scheduler"  # a library steps it from here on
    READ = "read"  # reads a configuration file: see `Function.form`; as a method, into the receiver
    HOLD = "hold"  # holds the entries of a mapping, as attributes or items
    MERGE = "merge"  # lays mappings over each other, the last one above
    OVERRIDE = "override"  # any entry of the receiver may be another one from here on
    COMPOSE = "compose"  # a decorator: the first parameter is what Hydra composes
    INSTANTIATE = "instantiate"  # calls what a mapping names as its `_target_`, with the rest of the mapping
    OPEN = "open"  # opens a file, or reads it as a text
    PATH = "path"  # a path: its arguments joined, or (`form` "folder") the folder of it


class Function(Struct, frozen=True, forbid_unknown_fields=True):
    """What a call does. `name` is a function (`torch.save`) or a method of a class (`torch.amp.GradScaler.step`).

    `argument` is the position of the object in question (the receiver not counted), -1 the receiver itself; `keyword`
    is its parameter's name. `every` says that all positional arguments are meant: where it passes them through, one
    comes back alone, several as a tuple. `results` says instead that the result is a tuple, with one item for the
    argument of each parameter named. `returns` is a qualified class name where the result (or its first item) is an
    object of a known class. `steps` names the parameter that holds a scheduler which the library steps from here on.
    `parameters` are given where `results` or `steps` need them. A function that calls its argument gives it `leading`
    arguments of its own (a rank), and then what is in the tuple of its parameter `passes`. `may_skip` says that a step
    of an optimizer is left out where the gradients overflow. `states` says that it saves or loads the states of the
    objects that it is given, where others would save the objects themselves.

    `form` says in which form it reads: "json", "toml", "yaml" (1.1), "yaml 1.2", "omegaconf" or "yacs". Where an
    argument for the parameter `chosen_by` is given, this holds only if it is one of `choices`. `paths` says that it
    reads from a path as well as from an open file.
    """

    name: str
    effect: Effect
    aliases: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    argument: int = 0
    every: bool = False
    keyword: str = ""
    results: tuple[str, ...] = ()
    returns: str = ""
    steps: str = ""
    leading: int = 0
    passes: str = ""
    may_skip: bool = False
    states: bool = False
    form: str = ""
    chosen_by: str = ""
    choices: tuple[str, ...] = ()
    paths: bool = False


class Arithmetic(Struct, frozen=True, forbid_unknown_fields=True):
    """A pure function of numbers: `op` is its name in `schedlint.timeline.quantity.Arithmetic`."""

    name: str
    op: str
    aliases: tuple[str, ...] = ()


class Class(Struct, frozen=True, forbid_unknown_fields=True):
    """A library class whose objects matter by their methods (`torch.amp.GradScaler`, `accelerate.Accelerator`,
    `torch.nn.Module`).

    `kind` is "scaler", "accelerator", "engine", "module", "trainer", "settings" (a mapping whose keys are attributes
    too) or "other". For a trainer class, `steps_schedulers`
    says that the framework steps what it is given. `base` is the class it derives from, where its methods stand.
    """

    name: str
    kind: Literal["scaler", "accelerator", "engine", "module", "trainer", "settings", "other"]
    base: str = ""
    aliases: tuple[str, ...] = ()
    steps_schedulers: bool = False


class Library(Struct, frozen=True, forbid_unknown_fields=True):
    """One TOML file. `source` is the version its facts were read from or run on.

    `modules` are other names of whole modules, with the canonical one (`pytorch_lightning` -> `lightning.pytorch`).
    `schedule_bases` and `optimizer_bases` are the classes whose subclasses, in a project, are schedulers and
    optimizers, over and above the classes in `schedulers` and `optimizers`; `dataset_bases` and `module_bases`
    likewise. `optimizer_modules`, `loader_modules` and `dataset_modules` are modules in which every class is one of
    these, no more known. `template_bases` are the scheduler classes whose constructor steps once, and whose `step()`
    asks `get_lr()` of a class that derives from them for the learning rate of each group. `not_schedulers` are modules
    or classes called scheduler that have nothing to do with learning
    rates (`diffusers`). `inert` names functions that look at their arguments and keep none: the short form of
    `functions` with that effect. `words` are identifiers that make a function worth entering, over and above the names
    of classes; `entered_for` are those that make a function worth entering which returns something: what
    it returns may be settings. `constants` are numbers that have a name (`math.pi`).
    `deprecated` are parameters of schedulers that are gone today, with the version from which on they warned.
    """

    library: str
    source: str
    modules: dict[str, str] = {}
    schedule_bases: tuple[str, ...] = ()
    template_bases: tuple[str, ...] = ()
    optimizer_bases: tuple[str, ...] = ()
    dataset_bases: tuple[str, ...] = ()
    module_bases: tuple[str, ...] = ()
    optimizer_modules: tuple[str, ...] = ()
    loader_modules: tuple[str, ...] = ()
    dataset_modules: tuple[str, ...] = ()
    not_schedulers: tuple[str, ...] = ()
    inert: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    constants: dict[str, float] = {}
    deprecated: dict[str, str] = {}
    entered_for: tuple[str, ...] = ()
    schedulers: tuple[Scheduler, ...] = ()
    optimizers: tuple[Optimizer, ...] = ()
    loaders: tuple[Loader, ...] = ()
    views: tuple[View, ...] = ()
    functions: tuple[Function, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    classes: tuple[Class, ...] = ()
