"""Seeded mistakes: right programs, each edited into one that is wrong, and whether that is reported.

The measure of recall where real labels are few. `candidates` finds the schedulers of a tree that are right and
understood. `moves`, `horizons` and `losses` edit a program, each edit with the conditions under which its result is a
mistake; beneath them, `source`, `names` and `ways` say what stands where, and `changes` puts lines in place. `kinds`
lists the edits with the codes that must be reported, `seeds` makes the programs, `judge` has them checked in a copy of
the tree, `report` says how many are caught and why the others are not.

    python -m tests.seeded TREE... --labels labels.jsonl
"""
