"""Checking which questions about households were asked, from the bundle alone (Y24)."""

from collections.abc import Sequence

from evalsys.domain.draw import FrozenCadre
from evalsys.domain.quiz import Pair, QuizLeaf, quiz_questions
from evalsys.domain.transcript import Body
from evalsys.errors import InvalidInput

_PLACE = "transcript.jsonl"


def check_quiz(body: Body, seed: str, frozen: FrozenCadre) -> tuple[int, str]:
    """Open the roster's commitment and choose again; `seed` is what orders the households.

    Raises:
        InvalidInput: the roster commits to nothing or to something else, or others are due.
    """
    if not frozen.quiz:
        raise InvalidInput("名册没有封存可问的题目", place=_PLACE)
    items, withdrawn = _pairs(body["items"]), _pairs(body["withdrawn"])
    leaf = QuizLeaf(frozen.cadre, tuple(body["homes"]), items, body["salt"])
    if leaf.digest != frozen.quiz:
        raise InvalidInput("可问的题目与名册封存的散列不符", place=_PLACE)
    numbers = range(1, 1 + len(leaf.homes))
    is_list = _ascends(items) and all(n in numbers for n, _ in items)
    if not is_list or len(leaf.homes) > frozen.hh_n:
        raise InvalidInput("封存的题目重复、未按顺序，或户数不对", place=_PLACE)
    if not _ascends(withdrawn) or not set(withdrawn) <= set(items):
        raise InvalidInput("撤回的题目不在封存的题目中，或未按顺序", place=_PLACE)
    asked = _pairs(body["asked"])
    if asked != quiz_questions(seed, set(items) - set(withdrawn), len(asked)):
        raise InvalidInput("所问的题目与重新计算的不同", place=_PLACE)
    return len(asked), (
        f"封存 {len(items)} 题，其后撤回 {len(withdrawn)} 题，按种子抽出 {len(asked)} 题"
    )


def _pairs(listed: Sequence[Sequence[int | str]]) -> tuple[Pair, ...]:
    return tuple((int(n), str(field)) for n, field in listed)


def _ascends(pairs: tuple[Pair, ...]) -> bool:
    return list(pairs) == sorted(set(pairs))
