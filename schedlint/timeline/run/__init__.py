"""The abstract run: from an entry point, through calls, with objects, loops and guards, to a timeline.

The run walks facts in the order in which the interpreter would, without running anything. Branches are joined, never
forked; loop bodies are walked once or twice; calls into the project are entered when they can matter.

- `values`: what a variable can hold · `store`: variables and attributes, with undo · `recorder`: the tables being
  filled
- `machine`: the state of one run · `evaluator`, `executor`, `looping`, `branching`: expressions, statements, loops,
  tests
- `caller`, `binding`, `instances`: calls into the project, arguments, objects of its classes
- `saving`: states that are taken, written to files and loaded
- `library`, `builtin_calls`, `making`, `escapes`, `schedules`: calls out of it, what they make, keep and compute
- `names`, `members`, `methods`, `containers`: variables, attributes, methods of objects, lists and dicts
- `entries`: where runs begin · `loose_ends`: what no run reached
"""
