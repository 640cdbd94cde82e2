"""`evalsys migrate`: create or update the database."""

import os

import click

from evalsys.settings import read_settings
from evalsys.store import migrate
from evalsys.store.database import Database


@click.command()
def command() -> None:
    """建立或升级数据库 · create the database or bring it up to date."""
    database = Database(read_settings(os.environ).database_url)
    migrate.upgrade(database)
    click.echo("数据库已是最新版本 · the database is up to date")
