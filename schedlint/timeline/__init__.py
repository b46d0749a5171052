"""The timeline: what a training program does to its schedulers, in which loops, how often."""
