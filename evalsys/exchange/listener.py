"""Understanding a spoken question as a person does: what it is about, and which key means what.

Knows no script. It looks for the keys that a text offers (按 1, 按一号键, press 1), for the
words that stand with each key, and for the question before them. Changed wording, rotated
options and questions asked the other way round come out the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from unicodedata import normalize


class Topic(StrEnum):
    """What a question is about."""

    CONSENT = "consent"
    IDENTITY = "identity"
    PIN = "pin"
    VISITED = "visited"
    SOLVED = "solved"
    SCORE = "score"
    CHOICE = "choice"
    """Which of several things comes first; each key is one of them."""
    BUILT = "built"
    """Whether what was promised is being built so."""
    UPKEEP = "upkeep"
    """Whether the household helps to keep up what was built."""
    UNKNOWN = "unknown"


class Meaning(StrEnum):
    """What pressing a key says about the matter itself, not about the wording."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    NOT_FREE = "not free"
    """Cannot speak now: somebody listens, or there is no time."""
    NEVER = "never"
    """Never call again."""
    OTHER = "other"
    """Hear it again, speak to a person."""


@dataclass(frozen=True, slots=True)
class Option:
    """A key that is offered; `rank` 1 (worst) to 5 (best) when it stands for a grade."""

    key: str
    meaning: Meaning
    rank: int = 0
    words: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood."""

    topic: Topic
    options: tuple[Option, ...] = ()
    score_keys: str = ""
    """The keys of a scale offered as a range, from first to last."""
    best_is_first: bool = False
    """Whether the lowest number of the scale is the best grade."""
    text: str = field(default="", compare=False)

    def key_for(self, meaning: Meaning) -> str:
        """Return the key that says `meaning`; empty when none does."""
        return next((each.key for each in self.options if each.meaning is meaning), "")

    def key_for_score(self, score: int) -> str:
        """Return the key for a grade of 1 to 5; empty when there is no scale."""
        ranked = [each for each in self.options if each.rank]
        if ranked:
            return min(ranked, key=lambda each: abs(each.rank - score)).key
        if not self.score_keys:
            return ""
        # A scale of another length than five: the same share of the way to the best.
        steps = len(self.score_keys) - 1
        place = round((score - 1) * steps / 4)
        return self.score_keys[steps - place if self.best_is_first else place]

    @property
    def keys(self) -> str:
        """All keys that the text offers."""
        return self.score_keys + "".join(each.key for each in self.options)


_DIGITS = dict(zip("零一二三四五六七八九", "0123456789", strict=True)) | {
    "〇": "0",
    "两": "2",
    "星": "*",
    "米": "*",
    "井": "#",
}
_DIGIT = r"[0-9零〇一二两三四五六七八九]"
_KEY = re.compile(
    rf"(?:请|可以?)?(?:直接)?(?:按下?|摁下?|选择|输入|press|enter|dial)\s*(?:数字|key|the)?\s*"
    rf"(?P<key>{_DIGIT}|[*#]|星|米|井)(?:字|号)?\s*键?(?![0-9.分个位])",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"({_DIGIT})\s*分?\s*(?:到|至|-|~|—|through|to)\s*({_DIGIT})")
_CLAUSE = re.compile(r"([^，。！？；：、,.!?;:\n]*)([，。！？；：、,.!?;:\n]|$)")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]?")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|「[^」]*」")

_OTHER = re.compile(
    r"重听|再听|重复|再说一遍|退出|人工|听.{0,8}(?:(?<!电)话|方言)|repeat|again|dialect",
    re.IGNORECASE,
)
_NOT_FREE = re.compile(r"不方便|不便|没空|稍后|改天|later|not free", re.IGNORECASE)
_NEVER = re.compile(
    r"不想再|不愿再|不要再|别再|不再(?:接|打|来电)|never (?:call|ring)|no more calls", re.IGNORECASE
)
_UNSURE = re.compile(
    r"不确定|不清楚|不知道|不了解|不记得|记不|说不|没印象|没有印象|难说|不好说|拿不准"
    r"|没有?(?:提|反映|诉求|要求)|not sure|unsure|don'?t know|can'?t say",
    re.IGNORECASE,
)
_NO = re.compile(r"不|没|未|否|无|错|拒绝|\bno\b|\bnot\b|n't|never|wrong", re.IGNORECASE)
_BARE = re.compile(
    r"(?:回答|答案|选择?|如果|若|表示|代表|就是|为|for|if)*"
    r"(?:是的?|不是的?|对的?|不对|否|正确|不正确|属实|不属实|错误?|yes|no|true|false|correct|wrong)"
    r"(?:的话)?",
    re.IGNORECASE,
)
_TOPICS = {
    Topic.VISITED: re.compile(
        r"走访|来过|来了|没来|上过?门|到访|登过?门|入户|看望|到过|去过|visit|came", re.IGNORECASE
    ),
    Topic.SOLVED: re.compile(
        r"解决|办结|办好|办成|办妥|办完|办了|没办|落实|处理|答复|solved|resolved|fixed",
        re.IGNORECASE,
    ),
    Topic.IDENTITY: re.compile(
        r"联系干部是|联系户吗|户主|本户|本人|家人|一家人|姓.{1,2}(?:的|这)?(?:一)?(?:户|人?家)|household|family",
        re.IGNORECASE,
    ),
    Topic.PIN: re.compile(r"密码|\bPIN\b", re.IGNORECASE),
    Topic.CONSENT: re.compile(
        r"同意|继续|愿意|参加|接受|开始|方便|consent|agree|continue|accept|take part", re.IGNORECASE
    ),
    Topic.SCORE: re.compile(r"打分|评分|几分|多少分|分数|满意|score|rate|grade", re.IGNORECASE),
}
_OF_PROJECTS = {
    Topic.CHOICE: re.compile(
        r"(?:哪一?|什么)(?:件|项|个|样|种)|最想.{0,4}办|which (?:one|project)", re.IGNORECASE
    ),
    Topic.UPKEEP: re.compile(r"管护|养护|看护|keep.{0,20} up|upkeep", re.IGNORECASE),
    Topic.BUILT: re.compile(
        r"按(?:照)?(?:说好|商量好|约定|计划|图纸|合同).{0,3}(?:做|办|建|修|施工)|as promised",
        re.IGNORECASE,
    ),
}
"""Sought in the sentence that asks, before all else: a project's own name may say anything."""
_TWO_SIDED = re.compile(r"有没有|是不是|是否|能否|有无|对不对|(?:没有?|没)(?=[？?呢]|$)")
_RANKS = (
    (
        1,
        re.compile(
            r"(?:非常|很|极|十分|完全|最)不(?:满意|好)|最差|很差|very (?:bad|dissatisfied)",
            re.IGNORECASE,
        ),
    ),
    (2, re.compile(r"不(?:太|大|够|怎么)?(?:满意|好)|较差|差|bad|dissatisfied", re.IGNORECASE)),
    (3, re.compile(r"一般|还行|还可以|基本满意|中等|fair|neutral", re.IGNORECASE)),
    (
        5,
        re.compile(
            r"(?:非常|很|十分|特别|最|完全)(?:满意|好)|优秀|最高|very (?:good|satisfied)",
            re.IGNORECASE,
        ),
    ),
    (4, re.compile(r"满意|较好|好|good|satisfied", re.IGNORECASE)),
)
_POINTS = re.compile(rf"({_DIGIT})\s*分")
_SCALE_END = re.compile(
    rf"({_DIGIT})\s*分?\s*(?:是|为|表示|代表|最|就是|means|is|\s)*"
    r"(?P<bad>(?:非常|很|极|最)?不满意|最?差|最?低|worst)"
    rf"|({_DIGIT})\s*分?\s*(?:是|为|表示|代表|最|就是|means|is|\s)*"
    r"(?P<good>(?:非常|很|十分|最)?满意|最?好|最?高|优秀|best)"
)


_APART = {
    Meaning.NEVER: _NEVER,
    Meaning.NOT_FREE: _NOT_FREE,
    Meaning.UNSURE: _UNSURE,
    Meaning.OTHER: _OTHER,
}
"""What an option may say beside yes and no, in this order."""


_WAYS_OUT = {meaning: _APART[meaning] for meaning in (Meaning.NEVER, Meaning.NOT_FREE)}
"""What is no choice among things, whatever their names are."""


@lru_cache(maxsize=1024)
def understand(text: str) -> Question:
    """Return what a person makes of `text`, everything said since the last silence."""
    plain = _QUOTED.sub("", normalize("NFKC", text))
    scale = _RANGE.search(plain)
    # The ends of a scale are not two keys with meanings of their own.
    offered = list(_offers(_RANGE.sub("", plain)))
    before = _before_options(plain)
    topic, asked = _topic(before, [words for _, words in offered], has_scale=scale is not None)
    is_negated = bool(_NO.search(_TWO_SIDED.sub("", asked)))
    if topic is not Topic.SCORE:
        options = tuple(
            Option(key, _meaning(words, topic, is_negated=is_negated), words=words)
            for key, words in offered
        )
        return Question(topic, options, text=text)
    best_is_first = _best_is_first(plain)
    options = tuple(_graded(key, words, best_is_first=best_is_first) for key, words in offered)
    keys = "12345" if scale is None and not any(each.rank for each in options) else ""
    if scale is not None:
        first, last = (int(_digit(each)) for each in scale.groups())
        keys = "".join(map(str, range(first, last + 1)))
    return Question(topic, options, keys, best_is_first, text)


def surname_asked(text: str) -> str:
    """Return the first character of the family name that a text asks for (姓张的家)."""
    found = re.search(r"姓\s*([\u4e00-\u9fff])", _QUOTED.sub("", text))
    return found.group(1) if found else ""


def _digit(letter: str) -> str:
    return _DIGITS.get(letter, letter)


def _offers(text: str) -> Iterator[tuple[str, str]]:
    """Yield each key offered with the words that belong to it."""
    clauses = [(found[1], found[2]) for found in _CLAUSE.finditer(text) if found[0]]
    for index, (clause, end) in enumerate(clauses):
        found = list(_KEY.finditer(clause))
        if not found:
            continue
        edges = [0, *(each.end() for each in found)]
        starts = [*(each.start() for each in found), len(clause)]
        between = [clause[a:b].strip() for a, b in zip(edges, starts, strict=True)]
        key_first = bool(between[-1]) and (
            not between[0] or (len(found) > 1 and not _has_word(between[0]))
        )
        for place, each in enumerate(found):
            words = between[place + 1] if key_first else between[place]
            if not _has_word(words):
                words = _neighbour(clauses, index, end)
            yield _digit(each["key"]), words


def _has_word(words: str) -> bool:
    return bool(re.sub(r"请|您|的|就|可以|随时|若|如果|please|for|to|\s", "", words))


def _neighbour(clauses: list[tuple[str, str]], index: int, end: str) -> str:
    """Return the words of a key that stands alone: `走访过的，请按1` or `按1，表示走访过`."""
    if index:
        clause, mark = clauses[index - 1]
        if mark in "，,、" and _has_word(clause) and not _KEY.search(clause):
            return clause
    if index + 1 < len(clauses) and end in "，,、：:":
        clause, _ = clauses[index + 1]
        return "" if _KEY.search(clause) else clause
    return ""


def _before_options(text: str) -> list[str]:
    """Return the sentences up to the first key offered, that key's own sentence included."""
    first = _KEY.search(text) or _RANGE.search(text)
    end = len(text) if first is None else first.start()
    sentences = [each for each in _SENTENCE.findall(text[:end]) if each.strip()]
    return sentences or [text]


def _topic(sentences: list[str], words: list[str], *, has_scale: bool) -> tuple[Topic, str]:
    """Return the topic, and the sentence that asks: options speak first, then what is nearest."""
    asked = next((s for s in reversed(sentences) if "？" in s or "?" in s), sentences[-1])
    if has_scale:
        return Topic.SCORE, asked
    of_project = (topic for topic, pattern in _OF_PROJECTS.items() if pattern.search(asked))
    if topic := next(of_project, None):
        return topic, asked
    graded = sum(bool(_rank(each)) for each in words)
    if graded > 2:
        return Topic.SCORE, asked
    for each in words:
        topic = _last_topic(each)
        if topic is not Topic.UNKNOWN:
            return topic, asked
    for sentence in [asked, *reversed(sentences)]:
        topic = _last_topic(sentence)
        if topic is not Topic.UNKNOWN:
            return topic, sentence
    return Topic.UNKNOWN, asked


def _last_topic(text: str) -> Topic:
    """Return the topic that is mentioned last: in Chinese the point comes at the end."""
    places = {
        topic: max((found.end() for found in pattern.finditer(text)), default=-1)
        for topic, pattern in _TOPICS.items()
    }
    topic = max(places, key=lambda each: places[each])
    return topic if places[topic] >= 0 else Topic.UNKNOWN


def _meaning(words: str, topic: Topic, *, is_negated: bool) -> Meaning:
    """Return what an option says; a bare yes or no answers the wording, so it may turn round."""
    apart = _WAYS_OUT if topic is Topic.CHOICE else _APART
    for meaning, pattern in apart.items():
        if pattern.search(words):
            return meaning
    if topic is Topic.CHOICE:
        return Meaning.YES
    says_no = bool(_NO.search(words))
    claims = topic in {Topic.VISITED, Topic.SOLVED}
    if claims and is_negated and _BARE.fullmatch(words.strip()):
        says_no = not says_no
    return Meaning.NO if says_no else Meaning.YES


def _rank(words: str) -> int:
    return next((rank for rank, pattern in _RANKS if pattern.search(words)), 0)


def _graded(key: str, words: str, *, best_is_first: bool) -> Option:
    for meaning, pattern in _APART.items():
        if pattern.search(words):
            return Option(key, meaning)
    rank = _rank(words)
    points = _POINTS.search(words)
    if points and not rank:
        value = int(_digit(points.group(1)))
        rank = 6 - value if best_is_first else value
    return Option(key, Meaning.YES if rank else Meaning.OTHER, rank)


def _best_is_first(text: str) -> bool:
    for found in _SCALE_END.finditer(text):
        low_end = _digit(found.group(1) or found.group(3)) in "012"
        return low_end if found["good"] else not low_end
    return False
