"""A table sent as a file, in the form that its address names."""

import io
from dataclasses import replace

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.errors import NotFound
from evalsys.exports.csv import write_csv
from evalsys.exports.table import Explained, Table, at_level
from evalsys.exports.xlsx import write_xlsx
from evalsys.services.personnel_export import ListFormat
from evalsys.web.heading_words import heading
from evalsys.web.rooms import rooms
from evalsys.web.told import told
from evalsys.web.words import language


def list_format(form: str) -> ListFormat:
    """Read the ending of an address.

    Raises:
        NotFound: no list is written so.
    """
    try:
        return ListFormat(form)
    except ValueError as error:
        raise NotFound(_("没有这种导出。"), remedy=_("请用页面上的导出按钮。")) from error


def send_table(table: Table, form: ListFormat, name: str) -> Response:
    """Send a table as a file: what the county calls its second level, in the reader's words."""
    level = rooms().grid.presets.second_level()
    table = in_words(at_level(table, level))
    out, personnel = io.BytesIO(), rooms().personnel
    if form is ListFormat.CSV:
        write_csv(table, out)
    else:
        made_at = personnel.now().astimezone(personnel.zone)
        write_xlsx([table], out, made_at=made_at, words=in_words)
    out.seek(0)
    return send_file(
        out,
        mimetype=form.media_type,
        as_attachment=True,
        download_name=f"{name}.{form}",
        max_age=0,
    )


def in_words(table: Table) -> Table:
    """Head and explain a table in the reader's language; cells are data, but for fixed words."""
    if language() == "zh":
        return table
    rows = (
        tuple(heading(cell) if isinstance(cell, str) else cell for cell in row)
        for row in table.rows
    )
    return replace(
        table,
        title=told(table.title),
        lines=tuple(map(told, table.lines)),
        titles=tuple(map(told, table.titles)),
        rows=rows,
        explained=tuple(
            Explained(*map(told, (one.title, one.meaning, one.unit, one.source)))
            for one in table.explained
        ),
    )
