"""`evalsys deploy`: configuration of the programs around us, for this installation's settings."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import click

from evalsys.assets import assets_root
from evalsys.cli.nginx import NginxSite, nginx_config, stand_alone
from evalsys.cli.services import compose_file, services, systemd_units
from evalsys.settings import read_settings


@click.group()
def command() -> None:
    """部署配置 · configuration of the programs around evalsys."""


@command.command("nginx")
@click.option(
    "--app",
    default="127.0.0.1:8000",
    show_default=True,
    help="evalsys serve 监听的地址 · where `evalsys serve` listens.",
)
@click.option(
    "--standby",
    default="",
    help="备用 evalsys serve --standby 的地址 · where the standby would listen.",
)
@click.option("--web", default="", help="evalsys web 的地址 · where `evalsys web` listens.")
@click.option(
    "--listen",
    default="",
    help="监听地址，缺省 443 或 80 · address to listen on; default: 443 or 80.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    default=Path("/etc/ssl/evalsys.pem"),
    show_default=True,
    help="证书文件 · certificate file.",
)
@click.option(
    "--certificate-key",
    type=click.Path(path_type=Path),
    default=Path("/etc/ssl/evalsys.key"),
    show_default=True,
    help="证书的私钥文件 · its private key.",
)
@click.option(
    "--alone",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    help="打印完整配置，运行文件都在此文件夹 · "
    "print a whole configuration for `nginx -c` that keeps its files in this folder.",
)
@click.option(
    "--user",
    default="",
    help="--alone：由 root 启动时的工作进程用户 · with --alone: whose the worker process is.",
)
def nginx_command(  # noqa: PLR0913 - click hands over one argument an option
    *,
    app: str,
    standby: str,
    web: str,
    listen: str,
    certificate: Path,
    certificate_key: Path,
    alone: Path | None,
    user: str,
) -> None:
    """打印 nginx 站点配置 · print a site for nginx: /etc/nginx/sites-available/evalsys.

    The watch pages and the static files are handed out by nginx alone and stay when evalsys is
    dead; everything else is passed on. Set EVALSYS_PROXIES=1 behind it.

    With --alone the machine's own nginx is not touched: to try a site, or in a container,
    `nginx -c FILE` is all it needs.
    """
    settings = read_settings(os.environ)
    public = urlsplit(settings.public_url)
    site = NginxSite(
        name=public.hostname or "_",
        listen=listen or ("443 ssl" if settings.secure_cookies else str(public.port or 80)),
        app=app,
        standby=standby,
        web=web,
        static=assets_root() / "static",
        watch=settings.watch_dir,
        certificate=certificate if settings.secure_cookies else None,
        certificate_key=certificate_key,
    )
    text = nginx_config(site)
    click.echo(text if alone is None else stand_alone(text, alone, user), nl=False)


@command.command("systemd")
@click.option(
    "--program",
    default="/srv/evalsys/venv/bin/evalsys",
    show_default=True,
    help="已安装的 evalsys · where `evalsys` is installed.",
)
@click.option("--standby", is_flag=True, help="两台互备中的一台 · one machine of two.")
@click.option("--sip", is_flag=True, help="经县里的 SIP 中继呼叫 · call over the SIP trunk.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="写入此文件夹，缺省为打印 · write the files there instead of printing them.",
)
def systemd_command(*, program: str, standby: bool, sip: bool, into: Path | None) -> None:
    """打印 systemd 单元 · print the units of all programs: live, web, dialler, tally, exchange."""
    for name, text in systemd_units(program, services(standby=standby, sip=sip)):
        if into is None:
            click.echo(text)
        else:
            into.mkdir(parents=True, exist_ok=True)
            (into / name).write_text(text, encoding="utf-8")
            click.echo(into / name)


@command.command("compose")
def compose_command() -> None:
    """打印 compose 文件 · print a file for `docker compose`: the same, PostgreSQL and nginx."""
    click.echo(compose_file(services(standby=False, sip=False)), nl=False)
