"""The home page: what this is, the sessions, and where a signed-in person goes next."""

from dataclasses import dataclass
from importlib.metadata import version

from flask import Blueprint, Flask, current_app, g, render_template, request, url_for
from flask_babel import gettext as _

from evalsys.web.grid_words import second_level
from evalsys.web.guards import door_of, public, visitor
from evalsys.web.live_words import live_words
from evalsys.web.rooms import rooms

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation, for those whom its door admits."""

    endpoint: str
    title: str
    says: str
    room: str = ""
    """Title of the room that several places share; the navigation shows the room once."""

    @property
    def is_here(self) -> bool:
        """Whether the page that is being shown belongs to this place."""
        if "present_place" not in g:
            g.present_place = _present()
        here: str = g.present_place
        return self.endpoint == here


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation."""

    endpoint: str
    title: str
    is_here: bool


@blueprint.get("/")
@public
def index() -> str:
    """Show what this is, the sessions, and the signed-in person's next places."""
    listed = rooms().live.sessions() if visitor() else rooms().aired.sessions()
    return render_template(
        "home/index.html",
        sessions=listed,
        words=live_words(),
        rooms=_by_room(),
        open_doors=_open_doors(),
    )


def places() -> tuple[Place, ...]:
    """Return the places of whoever is signed in; nobody has none."""
    person = visitor()
    if person is None:
        return ()
    views = current_app.view_functions
    doors = ((place, door_of(views[place.endpoint])) for place in _all_places())
    return tuple(place for place, door in doors if door and door.admits(person))


def _by_room() -> tuple[tuple[str, tuple[Place, ...]], ...]:
    """Return the visitor's places: those that stand alone first, then room by room."""
    found = {"": tuple(one for one in places() if not one.room)}
    for place in places():
        if place.room:
            found[place.room] = (*found.get(place.room, ()), place)
    return tuple((room, there) for room, there in found.items() if there)


def _open_doors() -> tuple[tuple[str, str, str], ...]:
    """Return endpoint, title and purpose of what needs no account."""
    return (
        (
            "household_page.index",
            _("我家的页面"),
            _("谁联系您家、您提的事办得怎样、这里存了您家什么。"),
        ),
        (
            "responsibility_map.directory",
            _("联系干部名录"),
            _("哪个网格由谁负责，有事找谁。"),
        ),
        (
            "published_rules.every",
            _("考核和任用的规则"),
            _("干部能不能提拔，看什么、依据什么。"),
        ),
        (
            "issues.for_all",
            _("群众反映的共性问题"),
            _("谁来答复，承诺了什么，做到了哪里。"),
        ),
        (
            "followups.every",
            _("承诺与调查台账"),
            _("会上当众作出的承诺、期限和责任人，兑现没有。"),
        ),
        (
            "polls.every",
            _("群众点菜"),
            _("办什么、办得怎样，由群众说；数字截止后公布。"),
        ),
        (
            "explained.page",
            _("抽取为什么可信"),
            _("一页说清，亲手算一次；核验整场也在这里。"),
        ),
    )


def rooms_in_sight() -> tuple[Entry, ...]:
    """Return the entries of the navigation: each place, or the first one of each room."""
    entries: dict[str, list[Place]] = {}
    for place in places():
        entries.setdefault(place.room or place.endpoint, []).append(place)
    return tuple(
        Entry(of[0].endpoint, of[0].room or of[0].title, any(one.is_here for one in of))
        for of in entries.values()
    )


def neighbours() -> tuple[Place, ...]:
    """Return the places of the room that the page belongs to; none where there is only one."""
    mine = places()
    room = next((one.room for one in mine if one.room and one.is_here), "")
    found = tuple(one for one in mine if room and one.room == room)
    return found if len(found) > 1 else ()


def _present() -> str:
    """Return the place of a page: its own, else its room's, else by the longest address."""
    found, closest = "", ""
    every = _all_places()
    if any(place.endpoint == request.endpoint for place in every):
        return str(request.endpoint)
    if request.blueprint == "outputs" and not str(request.endpoint).startswith("outputs.wall"):
        return "console.sessions"  # an output is a picture of its session, not of the wall
    if request.blueprint == "casework_outcomes":
        return "casework.desk"  # meetings and petitions are found there, not at what is denied
    for place in every:
        if request.blueprint == place.endpoint.partition(".")[0]:
            return place.endpoint
        address = url_for(place.endpoint)
        if request.path.startswith(address) and len(address) > len(closest):
            found, closest = place.endpoint, address
    return found


def set_up_shell(app: Flask) -> None:
    """Give every template what the page shell needs."""
    shell = {
        "places": places,
        "second_level": second_level,
        "rooms_in_sight": rooms_in_sight,
        "neighbours": neighbours,
        "visitor": visitor,
        "version": version("evalsys"),
    }
    app.context_processor(lambda: shell)


def _all_places() -> tuple[Place, ...]:
    return (
        Place(
            "console.sessions",
            _("控制台"),
            _("计划会议，按顺序推进：冻结名册、抽号、连线、投票、认定、闭会。"),
        ),
        Place(
            "outputs.walls",
            _("屏幕墙"),
            _("会场、播出和分会场的每一块屏幕：在不在、落后多少，辨认、重新载入、黑场。"),
        ),
        Place(
            "campaigns.every",
            _("电话评议"),
            _("年度评议、任前评议、承诺回访和部门抽查：计划、拨打、应答率、走访名单。"),
        ),
        Place(
            "panel.page",
            _("我的评议席"),
            _("什么时候开会，怎样凭席位卡入座，怎样投票。"),
        ),
        Place(
            "followups.sessions",
            _("记录台"),
            _("会务记录：评议团签到、纸质票；承诺、调查和移送。"),
        ),
        Place(
            "pledge_cases.every",
            _("承诺办理"),
            _("会上的承诺到期没有、有没有佐证、群众怎么说，由具名的人认定。"),
        ),
        Place(
            "comments.sessions",
            _("群众评语"),
            _("联系户对被抽中干部说的话，只供纪检监察查阅，每次查阅都有记录。"),
        ),
        Place(
            "personnel.county",
            _("组织部"),
            _("每名干部的晋升资格和理由，单位后果，会议结果，规则集，导出名单。"),
        ),
        Place(
            "roster.coverage",
            _("花名册"),
            _("每户有没有且只有一名联系干部，哪些户无法拨打，什么时候导入了什么。"),
            _("花名册"),
        ),
        Place(
            "grid.page",
            _("网格"),
            _("层级、类别和角色；更名、并入、拆分、改隶，按日生效，两人经手。"),
            _("花名册"),
        ),
        Place(
            "responsibility_map.cell",
            _("鱼鳞图"),
            _("谁对哪一片负责：逐级放大，颜色可选联系户数、走访或诉求。"),
            _("花名册"),
        ),
        Place(
            "roster_load.loads",
            _("联系户数"),
            _("每名干部联系多少户，偏多偏少的是谁，截至任何一天。"),
            _("花名册"),
        ),
        Place(
            "roster_load.heads",
            _("网格负责人核对"),
            _("哪些网格没有负责人、不足或职级不符。"),
            _("花名册"),
        ),
        Place(
            "grid_head.page",
            _("网格负责人任免"),
            _("任命和免去网格负责人，按日生效，两人经手，当时核对了什么一并存下。"),
            _("花名册"),
        ),
        Place(
            "link_term.page",
            _("联系期限"),
            _("哪些户的联系期满，续期或移交。"),
            _("花名册"),
        ),
        Place(
            "link_stage.report",
            _("联系阶段"),
            _("各单位、各网格的联系户到了哪一阶段：见面、解决问题、感情交流、形成制度。"),
            _("花名册"),
        ),
        Place(
            "station_day.page",
            _("驻点日"),
            _("每月驻点日谁该在哪里、到了没有、为什么没到。"),
            _("花名册"),
        ),
        Place(
            "link_stage.mine",
            _("联系阶段"),
            _("自己的联系户各到了哪一阶段，一步一步登记。"),
            _("诉求"),
        ),
        Place(
            "station_day.here",
            _("驻点签到"),
            _("驻点日当天，在手机上签到。"),
            _("诉求"),
        ),
        Place(
            "cadre_page.mine",
            _("我的工作"),
            _("我的联系户、诉求和亮灯、走访、承诺、群众评议的合计；登记走访。"),
        ),
        Place(
            "casework.desk",
            _("我的诉求"),
            _("我的台面：待接收、待核实、超期督办；登记、办理、答复、上报、分析研判会。"),
            _("诉求"),
        ),
        Place(
            "household_form.every",
            _("民情表"),
            _("联系户的家庭情况，逐项限定谁能看、谁能填；每次查看都有用途和记录。"),
            _("诉求"),
        ),
        Place(
            "household_page.wishes",
            _("联系户申请"),
            _("联系户在自己的页面上申请更正、删除和保护，由县联系办答复。"),
            _("诉求"),
        ),
        Place(
            "casework_board.board",
            _("诉求看板"),
            _("诉求收到多少、办到哪一步、是否就地解决、群众认不认可；逐级下钻，可导出。"),
            _("诉求"),
        ),
        Place(
            "issues.every",
            _("共性问题"),
            _("几万件诉求归成几十个共性问题：归类、牵头单位、公开承诺和进展。"),
            _("诉求"),
        ),
        Place(
            "polls.every",
            _("群众点菜"),
            _("项目办哪几件由网格的住户点，办得怎样由住户评；公布项目，寄密码信，截止后看结果。"),
            _("诉求"),
        ),
        Place(
            "casework_rules.page",
            _("日历、时限和分派"),
            _("节假日和调休上班日，各类时限，哪一类诉求交给哪个单位；按日生效。"),
            _("诉求"),
        ),
        Place(
            "casework_retention.page",
            _("文字保存期限"),
            _("办结多年的诉求，原话和办理文字到期清除：一人提出，另一人批准。"),
            _("诉求"),
        ),
        Place(
            "taxonomy.current",
            _("分类体系"),
            _("诉求按哪五大模块、四级分类归口，哪些事项可以下派网格；版本和导入。"),
            _("诉求"),
        ),
        Place(
            "casework_outcomes.mismatches",
            _("回访不一致"),
            _("承办方称已解决，群众说没有：由纪检监察和县联系办启动调查。"),
            _("诉求"),
        ),
        Place(
            "flags.review",
            _("异常提示"),
            _("号码、按键节奏和评分中的可疑之处，附依据；由人核查后作出结论。"),
        ),
        Place("audit.log", _("审计日志"), _("谁在何时做了什么；校验整条记录有没有被改动。")),
    )
