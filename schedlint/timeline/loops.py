"""What one iteration of each loop is: an epoch, a batch, an update without epochs, a training run of its own.

Evidence in order of strength: what is iterated, what the body does, what the bound counts, names. The loops over
loaders are found first, because every other kind is known by them. What proves nothing is UNKNOWN, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable

from schedlint.timeline import dimensions, names
from schedlint.timeline.arithmetic import terms
from schedlint.timeline.dimensions import Dimension
from schedlint.timeline.model import Confidence, EventKind, Iterated, LoopKind, ObjectKind, Timeline
from schedlint.timeline.nests import Nest, nests
from schedlint.timeline.quantity import Arithmetic, Length, Quantity
from schedlint.timeline.reading import Evidence, LoopReading, weakest

Found = dict[int, LoopReading]

WORDS = {
    LoopKind.EPOCH: "epoch loop",
    LoopKind.BATCH: "batch loop",
    LoopKind.FLAT: "loop of updates",
    LoopKind.OUTER: "outer loop",
    LoopKind.UNKNOWN: "loop",
}
"""What a loop of each kind is called in evidence and reasons."""


class Survey:
    """The loops of a timeline while they are being classified: what surrounds each, and what is already known."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.nests = nests(timeline)
        self.found: Found = {}

    def nest(self, id: int) -> Nest:
        """The surroundings of a loop."""
        return self.nests[id - 1]

    def kind(self, id: int) -> LoopKind | None:
        """What a loop was found to be; None if nothing was found yet."""
        reading = self.found.get(id)
        return reading.kind if reading else None

    def runs_around(self, nest: Nest) -> tuple[int, ...]:
        """The loops around a loop that belong to the same training run, innermost first."""
        return tuple(id for id in nest.around if self.kind(id) is not LoopKind.OUTER)

    def is_alone(self, nest: Nest) -> bool:
        """Whether no loop of the same training run is around a loop, as far as can be seen."""
        return not self.runs_around(nest)

    def has_no_epochs(self, nest: Nest) -> bool:
        """Whether a loop of updates is known to be the outermost of its training run."""
        return self.is_alone(nest) and (self.timeline.entry.caller_known or self.makes_what_it_trains(nest))

    def makes_what_it_trains(self, nest: Nest) -> bool:
        """Whether every optimizer that a loop steps was made in this run: whoever calls it makes no epochs of it."""
        steps = [event for event in nest.inside if event.kind is EventKind.OPTIMIZED]
        stepped = [subject.object for event in steps for subject in event.subjects]
        return bool(steps) and all(event.subjects for event in steps) and all(map(self.timeline.lasts, stepped))

    def batches_below(self, nest: Nest, *, training: bool) -> list[LoopReading]:
        """The batch loops inside a loop that train, or those that do not."""
        below = (self.found[id] for id in nest.below if self.kind(id) is LoopKind.BATCH)
        return [reading for reading in below if self.nest(reading.loop).trains is training]


Stage = Callable[[Survey, Nest], LoopReading | None]


def classify(timeline: Timeline) -> tuple[LoopReading, ...]:
    """What each loop of a timeline is, in the order of the loops."""
    survey = Survey(timeline)
    for stage in STAGES:
        for nest in survey.nests:
            reading = stage(survey, nest) if nest.id not in survey.found else None
            if reading is not None:
                survey.found[nest.id] = reading
    return tuple(survey.found[nest.id] for nest in survey.nests)


def _is(nest: Nest, kind: LoopKind, confidence: Confidence, text: str) -> LoopReading:
    return LoopReading(nest.id, kind, confidence, (Evidence(text, nest.loop.place),))


def _unknown(nest: Nest, reason: str, *, visits: bool = False) -> LoopReading:
    return LoopReading(nest.id, LoopKind.UNKNOWN, Confidence.POSSIBLE, (), reason, visits)


def _said_by_bound(bound: Quantity | None) -> Dimension | None:
    """The dimension that the names in a bound agree on."""
    if isinstance(bound, Length):
        per_epoch = bound.kind == "loader" or names.is_loader(bound.name)
        return dimensions.BATCHES_PER_EPOCH if per_epoch else None
    if isinstance(bound, Arithmetic) and bound.op in ("//", "/"):
        shared = _said_by_bound(bound.operands[0])
        return shared if shared == dimensions.BATCHES_PER_EPOCH else None
    said = {dimension for symbol in terms(bound) if (dimension := names.dimension_said(symbol)[0]) is not None}
    return said.pop() if len(said) == 1 else None


def _named_epoch(nest: Nest) -> bool:
    by_bound = _said_by_bound(nest.loop.bound) == dimensions.EPOCHS
    return nest.loop.iterates is not Iterated.LOADER and (names.is_epoch(nest.loop.variable) or by_bound)


def _named_iteration(nest: Nest) -> bool:
    said = _said_by_bound(nest.loop.bound)
    by_bound = said is not None and dimensions.total(said) in (
        dimensions.ITERATIONS,
        dimensions.UPDATES,
        dimensions.BATCHES,
    )
    return not _named_epoch(nest) and (by_bound or names.is_iteration(nest.loop.variable))


# --- the stages, in the order in which they are asked -----------------------------------------------------------------


def visiting(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop over optimizers, schedulers or phases."""
    del survey
    return (
        _unknown(nest, f"`{nest.loop.head}` only goes over a few things side by side", visits=True)
        if nest.visits
        else None
    )


def separate_run(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop in which each iteration trains anew: it makes the optimizer and trains, or is named for folds and seeds,
    around other loops. To make one is nothing if it goes on with another from outside (an attack has its own).
    """
    part_of_run = any(survey.nest(id).updates or _named_epoch(survey.nest(id)) for id in nest.around)
    if nest.loop.iterates is Iterated.LOADER or not nest.below or _named_epoch(nest) or part_of_run:
        return None
    trains = nest.trains or any(_is_for_training(survey.nest(id)) for id in nest.below)
    if nest.makes(ObjectKind.OPTIMIZER) and trains and not _goes_on(survey.timeline, nest):
        return _is(nest, LoopKind.OUTER, Confidence.CERTAIN, "makes the optimizer anew in each iteration")
    if names.is_outer(nest.loop.variable):
        return _is(nest, LoopKind.OUTER, Confidence.LIKELY, f"`{nest.loop.variable}` is named like one of several runs")
    return None


def _goes_on(timeline: Timeline, nest: Nest) -> bool:
    """Whether an optimizer that was made outside a loop is stepped anywhere in it."""
    known = {thing.id: thing for thing in timeline.objects}
    for event in nest.inside:
        made = [known[subject.object].loops for subject in event.subjects if subject.object in known]
        if event.kind is EventKind.OPTIMIZED and made and all(nest.id not in loops for loops in made):
            return True
    return False


def _is_for_training(nest: Nest) -> bool:
    """Whether a loop goes over data or epochs, so that what it calls without being followed may train."""
    return nest.loop.iterates is Iterated.LOADER or _named_epoch(nest) or names.is_loader(nest.loop.source)


def over_batches(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop over a data loader, or over something named like one."""
    evidence = _batch_evidence(nest)
    if evidence is None:
        return None
    confidence, text = evidence
    training = nest.trains or nest.hands_on
    if training and survey.has_no_epochs(nest):
        return _is(nest, LoopKind.FLAT, confidence, f"{text}, and no loop around it makes epochs")
    return _is(nest, LoopKind.BATCH, confidence, text)


def _batch_evidence(nest: Nest) -> tuple[Confidence, str] | None:
    loop = nest.loop
    if loop.iterates is Iterated.LOADER:
        return Confidence.CERTAIN, "runs over a data loader"
    bound = _said_by_bound(loop.bound)
    if bound is not None and bound.epoch == -1 and bound != dimensions.SAMPLES_PER_EPOCH:
        certain = isinstance(loop.bound, Length) and loop.bound.kind == "loader"
        return (Confidence.CERTAIN if certain else Confidence.LIKELY), f"its bound is {dimensions.spelled(bound)}"
    if nest.collection and names.is_loader(loop.source) and not names.is_epoch(loop.variable):
        return Confidence.LIKELY, f"`{loop.source}` is named like a data loader"
    trained = nest.has(EventKind.BACKWARD) and nest.updates
    if nest.collection and trained and (names.is_batch(loop.variable) or names.is_dataset(loop.source)):
        return Confidence.LIKELY, f"`{loop.variable}` is named like a batch, and the body trains on it"
    return None


def inside_batches(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop inside a batch loop: no epoch, whatever it is called."""
    for id in nest.around:
        if survey.kind(id) in (LoopKind.BATCH, LoopKind.FLAT):
            return _unknown(
                nest, f"`{nest.loop.head}` is inside the {WORDS[survey.found[id].kind]} `{survey.nest(id).loop.head}`"
            )
    return None


def one_update(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop that steps the optimizer itself, and not around a batch loop that trains."""
    if not nest.updates or survey.batches_below(nest, training=True):
        return None
    around = survey.runs_around(nest)
    if any(survey.nest(id).updates for id in around):
        return _unknown(nest, f"`{nest.loop.head}` is inside another loop that steps an optimizer")
    if not around:
        return _outermost_update(survey, nest)
    return _inner_update(survey, nest, survey.nest(around[0]))


def _outermost_update(survey: Survey, nest: Nest) -> LoopReading:
    if survey.has_no_epochs(nest):
        return _is(
            nest, LoopKind.FLAT, Confidence.CERTAIN, "steps the optimizer itself, once per iteration: no epoch exists"
        )
    if _named_epoch(nest):
        return _is(
            nest, LoopKind.FLAT, Confidence.LIKELY, "is named for epochs and steps the optimizer itself, once in each"
        )
    if _named_iteration(nest):
        return _is(nest, LoopKind.BATCH, Confidence.LIKELY, "counts iterations and steps the optimizer in each")
    caller = survey.timeline.entry.name
    return _unknown(nest, f"`{nest.loop.head}` steps the optimizer itself, and the caller of `{caller}` is not known")


def _inner_update(survey: Survey, nest: Nest, outer: Nest) -> LoopReading:
    if _named_epoch(nest):
        return _unknown(
            nest, f"`{nest.loop.head}` is named for epochs but steps the optimizer itself, inside another loop"
        )
    if _named_epoch(outer):
        return _is(nest, LoopKind.BATCH, Confidence.LIKELY, "steps the optimizer, inside a loop named for epochs")
    if nest.collection and nest.has(EventKind.BACKWARD):
        return _is(nest, LoopKind.BATCH, Confidence.LIKELY, "trains on the items of a collection, inside another loop")
    return _unknown(nest, f"neither `{nest.loop.head}` nor the loop around it says what it counts")


def around_batches(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop around a batch loop that trains."""
    batches = survey.batches_below(nest, training=True)
    return _around(survey, nest, batches, Confidence.CERTAIN) if batches else None


def around_validation(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop around a batch loop in which nothing was seen to train."""
    batches = survey.batches_below(nest, training=False)
    named = _named_epoch(nest) or nest.hands_on
    return _around(survey, nest, batches, Confidence.LIKELY if named else Confidence.POSSIBLE) if batches else None


def _around(survey: Survey, nest: Nest, batches: list[LoopReading], most: Confidence) -> LoopReading:
    """The epoch loop is the innermost one named for epochs around a batch loop, or else the innermost one."""
    for batch in batches:
        if _epoch_loop(survey, survey.nest(batch.loop)) == nest.id:
            if nest.collection and not _named_epoch(nest):
                return _unknown(nest, f"nothing says what the items of `{nest.loop.head}` are")
            sure = _named_epoch(nest) or nest.loop.iterates is Iterated.RANGE
            confidence = weakest(batch.confidence, most, Confidence.CERTAIN if sure else Confidence.LIKELY)
            return _epoch(nest, confidence, survey.nest(batch.loop))
    in_epoch = any(_named_epoch(survey.nest(id)) for id in nest.around)
    anew = nest.makes(ObjectKind.OPTIMIZER, ObjectKind.SCHEDULER, ObjectKind.MODULE)
    if anew and not in_epoch and not _goes_on(survey.timeline, nest):
        return _is(
            nest, LoopKind.OUTER, Confidence.LIKELY, "makes what is trained anew in each iteration, around the epochs"
        )
    return _unknown(nest, f"`{nest.loop.head}` is around a batch loop, but another loop is the epoch loop")


def _epoch(nest: Nest, confidence: Confidence, batches: Nest) -> LoopReading:
    contains = Evidence("contains the batch loop", batches.loop.place)
    named = (Evidence("is named for epochs", nest.loop.place),) if _named_epoch(nest) else ()
    return LoopReading(nest.id, LoopKind.EPOCH, confidence, (contains, *named))


def _epoch_loop(survey: Survey, batch: Nest) -> int:
    """The loop around a batch loop whose iterations are its epochs (0: none)."""
    around = survey.runs_around(batch)
    named = (id for id in around if _named_epoch(survey.nest(id)))
    return next(named, around[0] if around else 0)


def named_epoch(survey: Survey, nest: Nest) -> LoopReading | None:
    """A loop named for epochs in which nothing contradicts it."""
    kinds = {survey.kind(id) for id in (*nest.around, *nest.below)}
    if not _named_epoch(nest) or LoopKind.EPOCH in kinds:
        return None
    if _fast_forward(survey, nest):
        return _unknown(nest, f"`{nest.loop.head}` only steps schedulers, which another loop steps as it trains")
    if nest.hands_on or nest.trains:
        return _is(
            nest, LoopKind.EPOCH, Confidence.LIKELY, "is named for epochs, and trains by calls that were not followed"
        )
    return _is(nest, LoopKind.EPOCH, Confidence.POSSIBLE, "is named for epochs, though nothing in it was seen to train")


def _fast_forward(survey: Survey, nest: Nest) -> bool:
    """Whether a loop only moves schedulers on that a loop beside it steps in training."""
    if nest.trains or nest.hands_on:
        return False
    others = (other for other in survey.nests if other.id not in (nest.id, *nest.around, *nest.below))
    trained = {id for other in others if other.trains or other.hands_on for id in _stepped(other)}
    return bool(_stepped(nest) & trained)


def _stepped(nest: Nest) -> set[int]:
    """The schedulers that are stepped anywhere in a loop."""
    steps = (event for event in nest.inside if event.kind is EventKind.STEPPED)
    return {subject.object for event in steps for subject in event.subjects}


def unclear(survey: Survey, nest: Nest) -> LoopReading | None:
    """Any other loop."""
    del survey
    return _unknown(nest, f"nothing says what one iteration of `{nest.loop.head}` is")


STAGES: tuple[Stage, ...] = (
    visiting,
    separate_run,
    over_batches,
    inside_batches,
    one_update,
    around_batches,
    around_validation,
    named_epoch,
    unclear,
)
"""The order in which loops are explained; each stage sees what the ones before it found."""
