from __future__ import annotations

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Confidence, LoopKind
from schedlint.timeline.reading import Cadence, Unit, weakest
from schedlint.timeline.readings import read
from tests.timeline.build import Story


def test_a_mistake_is_two_facts_that_do_not_fit() -> None:
    story = Story()
    story.optimizer()
    scheduler = story.scheduler("MultiStepLR", milestones=[16, 22])
    with story.range("epoch", 24) as epochs, story.loader() as batches:
        story.optimize()
        story.step(scheduler)
    reading = read(story.timeline(), load())
    assert reading.loop(epochs).kind is LoopKind.EPOCH
    assert reading.loop(batches).kind is LoopKind.BATCH
    horizon = reading.horizon(scheduler)
    assert horizon is not None
    assert horizon.unit is Unit.EPOCHS
    assert [one.cadence for one in reading.cadences_of(scheduler)] == [Cadence.BATCH]
    assert reading.horizon(1) is None
    assert reading.cadences_of(1) == ()


def test_a_conclusion_is_as_sure_as_its_weakest_premise() -> None:
    assert weakest(Confidence.CERTAIN, Confidence.POSSIBLE, Confidence.LIKELY) is Confidence.POSSIBLE
    assert weakest(Confidence.CERTAIN) is Confidence.CERTAIN
