"""The questions about households as everybody may see them: what was asked, and how it went."""

from evalsys.domain.live.codec import Json
from evalsys.domain.live.state import Round


def quiz_view(one: Round) -> list[Json]:
    """List questions by their number: title and mark, never a household or an answer."""
    if one.quiz is None:
        return []
    titles = {offer.field: (offer.title, offer.english) for offer in one.quiz.offered}
    return [
        {
            "n": n,
            "title": titles[question.field][0],
            "english": titles[question.field][1],
            "mark": mark.value if (mark := one.marks.get(n)) else "",
        }
        for n, question in enumerate(one.quiz.asked, start=1)
    ]
