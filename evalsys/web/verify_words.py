"""The words of the browser's verifier, in the page's language; its script gets them as JSON.

Keys are what `static/verify/*.mjs` refuse or find; `{name}` is filled in by the page.
"""

from flask_babel import gettext as _


def verify_words() -> dict[str, str]:
    """Return every word of the page."""
    return {
        **_page(),
        **_steps(),
        **_found(),
        **_spelling(),
        **_contents(),
        **_course(),
        **_beacon(),
        **_calls(),
        **_number(),
        **_assembly(),
    }


def _page() -> dict[str, str]:
    return {
        "fetching": _("正在取得核验包…"),
        "fetching_from": _("来自会议 {live} 的公开页"),
        "server_away": _("没有连上服务器，取不到核验包"),
        "server_refused": _("服务器没有给出核验包（状态 {status}）"),
        "no_files": _("还没有可核验的文件"),
        "no_files_says": _("取得文件后会自动开始核验。"),
        "files_unknown": _("这些不是核验包里的文件"),
        "zip_unreadable": _("这个压缩包打不开，可能已损坏"),
        "unreadable": _("这一项无法读取：{why}"),
        "bytes": _("{n} 字节"),
        "file_optional": _("可以没有"),
        "file_not_chosen": _("未选择"),
        "running": _("正在重新计算…"),
        "rehearsal": _("彩排"),
        "finding_good": _("全部核对无误"),
        "finding_bad": _("核对不通过"),
        "finding_incomplete": _("尚不完整，到此无误"),
        "good_says": _("{slots} 次抽取、{tickets} 个签号，刚刚在这台设备上用 {s} 秒重算了一遍。"),
        "good_says_assembly": _(
            "{n} 个议题的次序，刚刚在这台设备上用 {s} 秒重算了一遍，与公布的相同。"
        ),
        "bad_says": _("{n} 项不通过。{what}"),
        "remedy_choose": _("请选择 manifest.json、roster.jsonl、transcript.jsonl，或整个压缩包。"),
        "remedy_later": _("会议收场后请再核验一次。"),
        "remedy_download": _(
            "请从会议公开页重新下载这个文件；仍不通过时，请保存文件并通知审计人员。"
        ),
        "remedy_report": _("请保存这些文件和本页的截图，通知纪检监察和审计人员。"),
        "head_malformed": _("校验值应是 8 至 64 位十六进制，现在有 {n} 位"),
    }


def _steps() -> dict[str, str]:
    return {
        "step_sums": _("文件校验值"),
        "step_manifest": _("抽签清单"),
        "step_roster": _("名册"),
        "step_transcript": _("实录的散列链"),
        "step_order": _("会议的先后次序"),
        "step_witnesses": _("见证人的签名"),
        "step_beacon": _("信标：第 {j} 次抽取"),
        "step_beacon_0": _("信标：总种子与点名"),
        "step_slot": _("第 {j} 次抽取"),
        "step_households": _("第 {j} 次联系户"),
        "step_named": _("第 {j} 个点名的联系户"),
        "step_named_0": _("点名"),
        "step_quiz": _("第 {j} 次民情问答"),
        "step_quiz_0": _("点名的民情问答"),
        "step_close": _("收场"),
        "step_agenda": _("议程"),
        "step_issues": _("议题的次序"),
        "step_called": _("上台的议题"),
        "step_head": _("末行散列"),
    }


def _found() -> dict[str, str]:
    return {
        "ok_sums": _("各文件与 SHA256SUMS 一致"),
        "ok_manifest": _("抽取 {slots} 次，排除 {excluded} 人，SHA-256："),
        "ok_roster": _("{cadres} 名干部，{households} 户，{strata} 层"),
        "ok_transcript": _("{lines} 行连成一链，末行散列："),
        "ok_order": _("正式直播，清单在开场前 {minutes} 分钟公布；掷骰、抽取、访问的先后合乎规程"),
        "ok_order_short": _(
            "正式直播，清单在开场前 {minutes} 分钟公布，不足 24 小时；"
            "掷骰、抽取、访问的先后合乎规程"
        ),
        "ok_order_rehearsal": _(
            "彩排，清单在开场前 {minutes} 分钟公布；掷骰、抽取、访问的先后合乎规程"
        ),
        "ok_order_not_open": _("尚未开场"),
        "ok_witnesses": _(
            "{witnesses} 名见证人，{signed} 行共 {signatures} 个签名；"
            "{needed} 行骰子与绑定均有过半见证人签名"
        ),
        "witnesses_wait": _("最后一行（第 {line} 行）还在等待见证人签名"),
        "ok_beacon": _("信标链 {chain} 的签名无误，轮次 {rounds}"),
        "ok_slot": _("{stratum} 层 {n} 人中抽出 {cadre}，签号："),
        "ok_households": _("{n} 户中按次序开启 {opened} 户，完成 {completed} 户，目标 {target} 户"),
        "ok_households_insufficient": _(
            "{n} 户中按次序开启 {opened} 户，完成 {completed} 户，目标 {target} 户，"
            "数据不足，不作为依据"
        ),
        "ok_households_not_called": _("没有访问联系户"),
        "ok_named": _("点名 {n} 人，不计入抽取"),
        "ok_naming": _(
            "点名 {cadre}：{n} 户中按次序开启 {opened} 户，完成 {completed} 户，目标 {target} 户"
        ),
        "ok_naming_insufficient": _(
            "点名 {cadre}：{n} 户中按次序开启 {opened} 户，完成 {completed} 户，目标 {target} 户，"
            "数据不足，不作为依据"
        ),
        "ok_naming_not_called": _("点名 {cadre}：没有访问联系户"),
        "ok_quiz": _("封存 {items} 题，其后撤回 {withdrawn} 题，按种子抽出 {asked} 题"),
        "ok_close": _("收场，抽取 {n} 次，清单约定 {planned} 次"),
        "ok_aborted": _("第 {attempt} 次中止：{reason}"),
        "abort_power_failure": _("停电"),
        "abort_broadcast_failure": _("播出故障"),
        "abort_system_failure": _("系统故障"),
        "abort_invalid_dice": _("掷骰无效"),
        "abort_safety": _("安全原因"),
        "abort_court_order": _("法院裁定"),
        "file_missing": _("缺少这个文件"),
        "no_manifest": _("没有可用的清单，无法核对实录"),
        "not_closed": _("会议尚未收场"),
    }


def _assembly() -> dict[str, str]:
    return {
        "ok_agenda": _("{n} 个议题，SHA-256："),
        "ok_issues_drawn": _("{n} 个议题的次序由议程的散列和骰子决定，重新计算相同"),
        "ok_issues_fixed": _("{n} 个议题的次序同议程"),
        "ok_called": _("{n} 个议题按次序上台，议程共 {planned} 个；收场"),
        "ok_called_aborted": _("{n} 个议题按次序上台，议程共 {planned} 个；会议中止"),
        "called_so_far": _("{n} 个议题按次序上台，议程共 {planned} 个；会议尚未收场"),
        "order_not_made": _("次序还没有定"),
        "no_agenda": _("没有可用的议程，无法核对次序"),
        "no_order": _("没有可用的次序，末行散列无从核对"),
        "not_sealed_yet": _("会议还没有封存，末行散列还没有定"),
        "ok_head": _("封存时的末行散列 {head}，与所给的一致"),
        "issues_misnumbered": _("议题没有从 1 起连续编号"),
        "issues_twice": _("两个议题同名"),
        "order_of_another": _("次序属于另一份议程"),
        "seed_otherwise": _("种子与议程和骰子重新计算的不同"),
        "dice_of_none": _("按议程的次序不掷骰，却有点数或种子"),
        "issue_order_otherwise": _("议题次序与重新计算的不同"),
        "called_otherwise": _("上台的议题与次序不符"),
        "closed_early": _("还有 {n} 个议题没有上台就闭会了"),
    }


def _spelling() -> dict[str, str]:
    return {
        "not_utf8": _("不是 UTF-8 文本"),
        "json_not_canonical": _("第 {at} 个字符处不是规范写法"),
        "json_too_deep": _("第 {at} 个字符处嵌套过深"),
        "json_key_not_ascii": _("第 {at} 个字符前的键含有 ASCII 以外的字符"),
        "json_key_order": _("第 {at} 个字符前的键重复或未按顺序"),
        "json_escape": _("第 {at} 个字符处的转义不是规范写法"),
        "json_integer": _("第 {at} 个字符处不是规范的整数：不得有小数、前导零，也不得过大"),
        "last_line_without_lf": _("最后一行没有以换行符 LF 结束"),
        "not_an_object": _("应为 JSON 对象"),
        "fields_missing_or_unknown": _("缺少或多出字段：{fields}"),
        "field_out_of_shape": _("字段的类型、字符或范围不合规定"),
        "sum_differs": _("文件与 SHA256SUMS 所列的散列不符"),
    }


def _contents() -> dict[str, str]:
    return {
        "strata_wrong": _("各层不得重复，人数之和须等于名册人数"),
        "excluded_twice": _("排除名单中的干部不得重复"),
        "quota_too_large": _("某层名额超过该层可抽取的干部人数，或该层不存在"),
        "slots_not_quota": _("抽取次序与各层名额不符"),
        "rollers_twice": _("掷骰人不得重复"),
        "final_codes_wrong": _("终结代码不得重复，且须含 completed"),
        "witnesses_wrong": _("见证人须按编号排序，编号与公钥均不得重复"),
        "quota_unfair": _("各层名额不是按最大余额法分配的"),
        "nobody_to_draw": _("没有可抽取的干部"),
        "cadre_twice_or_unsorted": _("干部编号 {cadre} 重复或未按顺序"),
        "roster_is_another": _("名册与清单公布的校验值或人数不符"),
        "excluded_unknown": _("排除的干部 {cadre} 不在名册中"),
        "strata_miscounted": _("各层人数与名册不符"),
        "named_unknown": _("点名的干部 {cadre} 不在名册中"),
        "chain_broken": _("链条在此断开：序号或上一行的散列不符"),
        "type_unknown": _("协议中没有这一类型"),
        "no_such_time": _("没有这样的日期或时刻"),
        "back_in_time": _("时间早于上一行"),
        "head_differs": _("末行散列与现场公布的不符：实录被改写或截断"),
        "pot_empty": _("{stratum} 层中已没有可抽取的干部"),
        "drawn_otherwise": _("与重新计算的结果不同，应抽出 {cadre}"),
        "household_order_otherwise": _("联系户次序与重新计算的不同"),
        "quiz_not_frozen": _("名册没有封存可问的题目"),
        "quiz_opened_otherwise": _("可问的题目与名册封存的散列不符"),
        "quiz_items_wrong": _("封存的题目重复、未按顺序，或户数不对"),
        "quiz_withdrawn_wrong": _("撤回的题目不在封存的题目中，或未按顺序"),
        "quiz_asked_otherwise": _("所问的题目与重新计算的不同"),
    }


def _course() -> dict[str, str]:
    return {
        "after_the_end": _("会议已经结束，其后不得再有记录"),
        "bad_beginning": _("实录须以 manifest、open 两行开头，且各只有一次"),
        "unknown_witness": _("清单没有登记见证人，不得有签名"),
        "witness_unknown": _("清单没有登记见证人 {id}"),
        "witness_not_signed": _("见证人 {id} 的签名不是对这一行的"),
        "witnesses_too_few": _("骰子与绑定须有过半见证人签名，至少 {needed} 个，只有 {n} 个"),
        "published_another_manifest": _("公布的清单散列与 manifest.json 不符"),
        "rehearsal_dice_on_air": _("正式直播不得使用彩排骰子"),
        "master_dice_twice": _("主骰子只能掷一次，不得重掷"),
        "no_master_dice": _("尚未掷主骰子"),
        "dice_out_of_turn": _("应为第 {j} 次抽取的骰子，不得跳过或重掷"),
        "more_slots_than_planned": _("超出清单约定的抽取次数"),
        "dice_not_drawn_with": _("第 {j} 次抽取的骰子已掷出，却没有抽出干部"),
        "drawn_without_dice_or_twice": _("这次抽取没有骰子，或者已经抽过，不得重抽"),
        "order_out_of_turn": _("联系户次序须在抽出干部之后公布，且只能公布一次"),
        "order_of_another": _("联系户次序不是本次抽出的干部的"),
        "not_being_called": _("这名干部的联系户此刻不在访问之中"),
        "never_called": _("这名干部的联系户没有被访问"),
        "quiz_out_of_turn": _("这名干部此刻不在台上，不得抽题"),
        "quiz_twice": _("题目已经抽定，不得重抽"),
        "abort_of_another_attempt": _("中止的场次号与清单不符"),
        "close_miscounted": _("收场记录的抽取次数不是 {n}"),
        "named_twice": _("干部 {cadre} 已经点名过，不得再次点名"),
        "named_after_drawn": _("干部 {cadre} 已被抽中，不得再点名"),
        "naming_order_out_of_turn": _("点名的联系户次序须在点名之后公布，且只能公布一次"),
        "too_short_on_air": _("正式直播中每户至少拨打 2 次、间隔至少 90 秒"),
    }


def _beacon() -> dict[str, str]:
    return {
        "no_beacon_declared": _("清单没有约定随机信标"),
        "slot_dice_with_beacon": _("清单约定了随机信标，各次抽取不得再掷骰子"),
        "bound_and_waiting": _("第 {round} 轮已经绑定、尚未揭晓，不得再绑定"),
        "master_bound_twice": _("主骰子只能绑定一次，序号为 0"),
        "slot_bound_twice": _("第 {j} 次抽取的轮次已经绑定，不得再次绑定"),
        "round_out_of_turn": _("应为第 {j} 次抽取的轮次，不得跳过"),
        "households_bound_too_early": _("联系户次序的轮次须在抽出干部之后绑定"),
        "households_bound_twice": _("联系户次序的轮次已经绑定，不得再次绑定"),
        "households_not_ordered": _("第 {j} 次抽取的联系户轮次已绑定，却没有公布次序"),
        "naming_bound_twice": _("上一个点名的联系户轮次还没有用，不得再绑定"),
        "naming_not_ordered": _("点名的联系户轮次已绑定，却没有公布次序"),
        "nobody_named_waits": _("没有点名的干部等待联系户次序"),
        "named_after_bound": _("这名干部点名于轮次绑定之后"),
        "nothing_bound_yet": _("清单约定了随机信标，却没有绑定轮次"),
        "not_revealed": _("绑定的第 {round} 轮尚未揭晓"),
        "no_such_round": _("信标链 {chain} 没有第 {round} 轮"),
        "another_chain": _("第 {round} 轮在清单约定的信标链上应产生于 {time}，不得改用另一条链"),
        "bound_too_late": _("绑定太晚：须在该轮产生之前至少 {s} 秒"),
        "dice_name_another_round": _("主骰子只能绑定第 {round} 轮：骰子记录 {s} 秒之后的第一轮"),
        "nothing_bound": _("没有绑定过轮次，不得采用信标"),
        "another_round": _("已绑定第 {round} 轮，不得采用另一轮或另一用途的签名"),
        "before_its_time": _("信标早于该轮产生的时刻：服务器的时钟慢了"),
        "signature_not_canonical": _("签名不是信标链 {chain} 的规范编码"),
        "previous_not_wanted": _("这条信标链的签名不含上一轮签名"),
        "previous_missing": _("缺少上一轮签名，或其编码不规范"),
        "randomness_wrong": _("随机数不是签名的 SHA-256"),
        "round_not_signed": _("这不是信标链 {chain} 第 {round} 轮的签名"),
        "bound_too_short_on_air": _("正式直播中信标轮次须在骰子之后至少 60 秒、绑定之后至少 10 秒"),
    }


def _calls() -> dict[str, str]:
    return {
        "target_reached": _("完成数已达目标，不得再开启新户"),
        "opened_out_of_order": _("没有按公布的次序开启"),
        "too_many_open": _("同时进行的户数超过 {n}"),
        "not_opened": _("这一户尚未开启"),
        "already_final": _("这一户已有终结代码"),
        "too_many_attempts": _("拨打次数超过清单约定"),
        "attempt_miscounted": _("应为第 {n} 次拨打"),
        "called_too_soon": _("两次拨打间隔不足 {s} 秒"),
        "talk_without_answer": _("未接通的通话不可能有通话时长"),
        "call_twice": _("同一通电话被记录了两次"),
        "score_twice": _("一户只能打分一次"),
        "same_score_twice": _("同一份打分被记录了两次"),
        "code_not_agreed": _("清单没有约定这一终结代码"),
        "scored_call_discarded": _("已经打分的访问不得丢弃"),
        "code_not_borne_out": _("通话记录不能得出“{code}”这一结果"),
        "code_completed": _("已完成"),
        "code_refused": _("拒访"),
        "code_no_answer": _("无人接听"),
        "code_invalid_number": _("号码无效"),
        "code_not_linked": _("不是本户"),
        "code_broken_off": _("中途挂断"),
    }


def _number() -> dict[str, str]:
    return {
        "number_malformed": _("干部编号是 8 位数字"),
        "number_unknown": _("名册中没有编号 {number}，请核对编号"),
        "number_about": _("{stratum} 层 · 联系户 {households} 户 · 签数 {weight}"),
        "rank_drawn": _("第 1 位，抽中"),
        "rank": _("第 {rank} 位"),
        "rank_of": _("{n} 人的签号由小到大排"),
        "not_in_pot_stratum": _("不从这名干部所在的层抽取"),
        "not_in_pot_drawn": _("第 {j} 次已被抽中，不再参加"),
        "not_in_pot_excluded": _("不参加抽取：{reason}"),
        "reason_on_leave": _("休假"),
        "reason_drawn_within_180d": _("180 天内已被抽中"),
        "reason_left_post": _("已离任"),
        "reason_court_order": _("法院裁定"),
        "ticket": _("签号"),
        "ticket_yourself": _("在任何一台电脑上都能重算这个签号："),
    }
