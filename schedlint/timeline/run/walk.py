"""One abstract run, put together: the machine and the parts that say what code means, each knowing the others through
this.
"""

from __future__ import annotations

from schedlint.timeline.run.binding import Binding
from schedlint.timeline.run.branching import Branching
from schedlint.timeline.run.caller import Caller
from schedlint.timeline.run.containers import Containers
from schedlint.timeline.run.escapes import Escapes
from schedlint.timeline.run.evaluator import Evaluator
from schedlint.timeline.run.executor import Executor
from schedlint.timeline.run.idle import Idle
from schedlint.timeline.run.instances import Instances
from schedlint.timeline.run.library import Library
from schedlint.timeline.run.looping import Looping
from schedlint.timeline.run.machine import Machine
from schedlint.timeline.run.making import Making
from schedlint.timeline.run.members import Members
from schedlint.timeline.run.methods import Methods
from schedlint.timeline.run.names import Names
from schedlint.timeline.run.own import Own
from schedlint.timeline.run.rebinding import Rebinding
from schedlint.timeline.run.saving import Saving
from schedlint.timeline.run.schedules import Schedules
from schedlint.timeline.run.settings import Settings


class Walk:
    """The parts of one run."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.names = Names(self)
        self.members = Members(self)
        self.containers = Containers(self)
        self.evaluator = Evaluator(self)
        self.branching = Branching(self)
        self.executor = Executor(self)
        self.looping = Looping(self)
        self.binding = Binding(self)
        self.caller = Caller(self)
        self.instances = Instances(self)
        self.making = Making(self)
        self.escapes = Escapes(self)
        self.saving = Saving(self)
        self.library = Library(self)
        self.methods = Methods(self)
        self.schedules = Schedules(self)
        self.own = Own(self)
        self.settings = Settings(self)
        self.idle = Idle(self)
        self.rebinding = Rebinding(self)
