"""Signs for review in words: what each kind means, and what was seen."""

from collections.abc import Mapping

from flask_babel import gettext as _

from evalsys.domain.canonical import Json
from evalsys.domain.flags import Flag, FlagKind


def kind_names() -> Mapping[FlagKind, str]:
    """Name each kind."""
    return {
        FlagKind.SHARED_NUMBER: _("一个号码登记了几户"),
        FlagKind.OFFICIAL_NUMBER: _("住户号码是干部或单位的号码"),
        FlagKind.SAME_RHYTHM: _("几户按键节奏完全相同"),
        FlagKind.FASTER_THAN_PROMPT: _("没听完问题就已按键"),
        FlagKind.BURST: _("联系户几分钟内全部答完"),
        FlagKind.JUMP: _("评分与上次相差一分以上"),
    }


def kind_reasons() -> Mapping[FlagKind, str]:
    """Say of each kind what may lie behind it, guilty or not."""
    return {
        FlagKind.SHARED_NUMBER: _(
            "这些户不会被拨打，也不能打分。可能是一家人分户，也可能是有人用一个号码代答。"
        ),
        FlagKind.OFFICIAL_NUMBER: _(
            "这一户不会被拨打，也不能打分。可能是登记时填错，也可能是干部替群众接听。"
        ),
        FlagKind.SAME_RHYTHM: _(
            "每一问到按键的时间（不含打分）以半秒计完全一样，人很难做到。可能是机器代答；本地交换机加速排练时，时间不是人的时间，不能作数。"
        ),
        FlagKind.FASTER_THAN_PROMPT: _(
            "每一问都在念到三分之一之前就按了键。可能是事先有人教过，也可能是听过的人心急；本地交换机加速排练时，时间不是人的时间，不能作数。"
        ),
        FlagKind.BURST: _("可能是有人召集起来一起作答，也可能是恰好都在家。"),
        FlagKind.JUMP: _("可能是工作真的变了，也可能是有人施压或拉票。"),
    }


def evidence_words(flag: Flag) -> str:
    """Say what was seen; never a telephone number, never who scored what."""
    seen = flag.evidence
    match flag.kind:
        case FlagKind.SHARED_NUMBER:
            return _("共用一个号码的户：%(codes)s", codes=_listed(seen["households"]))
        case FlagKind.OFFICIAL_NUMBER:
            cadres, units = seen.get("cadres"), seen.get("units")
            return _("；").join(
                [
                    *(
                        [_("与干部 %(numbers)s 的号码相同", numbers=_listed(cadres))]
                        if cadres
                        else []
                    ),
                    *([_("与单位 %(codes)s 的电话相同", codes=_listed(units))] if units else []),
                ]
            )
        case FlagKind.SAME_RHYTHM:
            return _(
                "%(of)s 通电话中有 %(calls)s 通节奏相同：%(waits)s 秒",
                of=seen["of"],
                calls=seen["calls"],
                waits=_seconds(seen["half_seconds"]),
            )
        case FlagKind.FASTER_THAN_PROMPT:
            return _("%(of)s 通电话中有 %(calls)s 通", of=seen["of"], calls=seen["calls"])
        case FlagKind.BURST:
            return _(
                "联系 %(linked)s 户，%(answered)s 户在 %(minutes)s 分钟内答完",
                linked=seen["linked"],
                answered=seen["answered"],
                minutes=seen["minutes"],
            )
        case FlagKind.JUMP:
            return _(
                "从 %(before)s 到 %(after)s",
                before=_tenths(seen["from"]),
                after=_tenths(seen["to"]),
            )


def _listed(values: Json) -> str:
    return _("、").join(str(value) for value in values) if isinstance(values, list) else ""


def _seconds(halves: Json) -> str:
    numbers = [half for half in halves if isinstance(half, int)] if isinstance(halves, list) else []
    return _("、").join(f"{half / 2:.1f}" for half in numbers)


def _tenths(value: Json) -> str:
    return f"{value / 10:.1f}" if isinstance(value, int) else "–"
