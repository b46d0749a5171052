"""Which findings comments silence: `# noqa`, `# noqa: LRS101`, `# schedlint: ignore[LRS101] reason`.

A comment silences what is found in the logical line that it stands on, or, if it speaks to schedlint, stands above. One
at any essential place of a finding is enough, in whichever file that is. What could not be read or analysed (LRS900,
LRS901, LRS903) is said of a file or of a whole run and not of a line: no comment silences that, `--ignore` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from schedlint.diagnostics import Finding
from schedlint.directives import Silence, directives
from schedlint.facts import Comment
from schedlint.place import Place, by_row
from schedlint.selection import means


@dataclass(frozen=True, slots=True)
class Suppressions:
    """Everything that comments silence, by file and row."""

    by_path: Mapping[str, Mapping[int, tuple[Silence, ...]]] = field(default_factory=dict)

    def silences(self, finding: Finding) -> bool:
        """Whether a finding is not to be reported."""
        return any(_means(silence, finding) for place in _essential(finding) for silence in self._at(place))

    def _at(self, place: Place) -> tuple[Silence, ...]:
        return self.by_path.get(place.path, {}).get(place.row, ())


NONE = Suppressions()
"""No comment silences anything."""


def suppressions(comments: Mapping[str, Iterable[Comment]]) -> Suppressions:
    """What the comments of some files silence."""
    return Suppressions({path: by_row(_silenced(some)) for path, some in comments.items()})


def _silenced(comments: Iterable[Comment]) -> Iterator[tuple[range, Silence]]:
    for comment in comments:
        for said in directives(comment.text):
            if isinstance(said, Silence):
                yield from ((rows, said) for rows in _rows(comment, said))


def _rows(comment: Comment, silence: Silence) -> Iterator[range]:
    """The rows that a comment silences, its own among them: it may be reported itself."""
    if comment.stands_there or not silence.noqa:
        yield range(comment.first, comment.last + 1)
    if not comment.stands_there:
        yield range(comment.row, comment.row + 1)


def _essential(finding: Finding) -> Iterator[Place]:
    """The places that a finding cannot do without."""
    yield finding.place
    yield from (related.place for related in finding.related if related.essential)


def _means(silence: Silence, finding: Finding) -> bool:
    """Whether a finding is of a rule that is silenced."""
    return not silence.rules or any(means(rule, finding.code, finding.name) for rule in silence.rules)
