"""Random training programs with known structure, and what the timeline makes of them.

`plans` draws every choice of a program from a seed; `settings`, `schedulers`, `steps`, `loops` and `writer` turn a plan
into source text in which every loop, construction and step is marked with what it is; `truth` collects the marks, so
what is true of a program is known by construction. `judge` holds what the analyzer says against it.

    python -m tests.timeline.random_programs 300        how much is known of 300 programs, and why the rest is not
    python -m tests.timeline.random_programs --show 7   the program of seed 7
"""
