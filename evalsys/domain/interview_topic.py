"""What a question of an interview is about."""

from enum import StrEnum


class Topic(StrEnum):
    """What a question is about, in the order in which a script asks."""

    CONSENT = "consent"
    IDENTITY = "identity"
    PIN = "pin"
    """The household's number from its sealed letter; three tries."""
    PLEDGE = "pledge"
    """Whether a promise made in public was kept."""
    VISITED = "visited"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    """Whether a programme served the household well: an opinion, never a claim."""
    CHOOSE = "choose"
    """Of a project poll: which project first; the number of an option (G05)."""
    SUPERVISE = "supervise"
    """Whether a project is being built as promised."""
    APPRAISE = "appraise"
    """How well it was built, from 1 to 5."""
    MAINTAIN = "maintain"
    """Whether the household takes part in keeping it up."""
    SCORE = "score"
    COMMENT = "comment"
    REVIEW = "review"
    """Whether the spoken comment, played back, is kept, spoken anew or dropped."""

    @property
    def is_claim(self) -> bool:
        """Whether a "no" contradicts what somebody recorded."""
        return self in {Topic.PLEDGE, Topic.VISITED, Topic.SOLVED}

    @property
    def is_vote(self) -> bool:
        """Whether the answer is a household's voice in a project poll."""
        return self in {Topic.CHOOSE, Topic.SUPERVISE, Topic.APPRAISE, Topic.MAINTAIN}
