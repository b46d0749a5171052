"""The ways in which a statement can be left, as bits of a set."""

NORMAL = 1
BREAK = 2
CONTINUE = 4
RETURN = 8
RAISE = 16
