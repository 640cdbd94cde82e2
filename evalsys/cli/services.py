"""The programs of an installation, as units of systemd and as a compose file.

One list says what runs; both forms are written from it, so neither can name a program that the
other does not know.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Service:
    """One program that runs as long as the installation does."""

    name: str
    says: str
    words: str
    """What follows `evalsys`."""
    port: int = 0
    """Where it listens; 0 for nowhere."""
    user: str = "evalsys"
    secrets: str = ""
    """A file of settings that it alone may read, beside those of all."""
    folder: str = ""
    """What it writes below /var/lib."""
    before: str = ""
    """What follows `evalsys` once before each start."""


def services(*, standby: bool, sip: bool) -> tuple[Service, ...]:
    """List what runs: with `standby` as one of two machines, with `sip` over a county's trunk.

    Without the trunk the exchange reaches nobody but handsets in a browser; a carrier of the
    county's needs no exchange.
    """
    lines = "sip" if sip else "handset"
    lead = " --standby" if standby else ""
    return (
        Service(
            "evalsys",
            "live screens",
            f"serve --port 8000{lead}",
            port=8000,
            folder="evalsys evalsys-watch",
            before="migrate",
        ),
        Service("evalsys-web", "uploads, exports, webhooks", "web --port 8010", port=8010),
        Service("evalsys-dialler", "calls of campaigns", "campaign dial"),
        Service(
            "evalsys-tally",
            "opens ballots",
            "tally --watch",
            user="evalsys-tally",
            secrets="evalsys-tally.env",
        ),
        Service(
            "evalsys-exchange",
            "telephone exchange",
            f"exchange --port 8001 --lines {lines} --data-dir /var/lib/evalsys-exchange",
            port=8001,
            secrets="evalsys-sip.env",
            folder="evalsys-exchange",
        ),
    )


_UNIT = Template("""\
# /etc/systemd/system/$name.service
[Unit]
Description=evalsys: $says
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
User=$user
EnvironmentFile=/etc/evalsys.env
${secrets}${before}ExecStart=$program $words
Restart=always
RestartSec=1
LimitNOFILE=65536
${folder}ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
NoNewPrivileges=true

[Install]
WantedBy=multi-user.target
""")


def systemd_units(program: str, every: tuple[Service, ...]) -> Iterator[tuple[str, str]]:
    """Give each unit's file name and text; `program` is where `evalsys` is installed."""
    for one in every:
        text = _UNIT.substitute(
            name=one.name,
            says=one.says,
            user=one.user,
            program=program,
            words=one.words,
            # The minus: an exchange without a trunk has no such file.
            secrets=f"EnvironmentFile=-/etc/{one.secrets}\n" if one.secrets else "",
            before=f"ExecStartPre={program} {one.before}\n" if one.before else "",
            folder=f"StateDirectory={one.folder}\nStateDirectoryMode=0755\n" if one.folder else "",
        )
        yield f"{one.name}.service", text


_COMPOSE = """\
# Made by `evalsys deploy compose`. Beside it: evalsys.env, evalsys-tally.env, nginx.conf
# (`docker compose run --rm evalsys evalsys deploy nginx --app evalsys:8000 \\
#   --web evalsys-web:8010 --certificate /etc/ssl/evalsys/evalsys.pem \\
#   --certificate-key /etc/ssl/evalsys/evalsys.key >nginx.conf`), the folder `certificates` with
# these two, requirements.lock and the wheel. There is no Redis, nor a use for one: see decision 19.
# A new wheel: `docker compose up --detach --build`. One recipe makes both images, so nginx hands
# out the pages' files of the very wheel that runs; no volume keeps those of an older one.
x-build: &build
  context: .
  dockerfile_inline: |
    FROM python:3.11-slim-bookworm AS app
    RUN useradd --system --uid 990 evalsys \\
      && install -d -o evalsys /var/lib/evalsys /var/lib/evalsys-watch /var/lib/evalsys-exchange
    COPY requirements.lock evalsys-*.whl /tmp/
    RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock \\
      && pip install --no-cache-dir --no-deps /tmp/evalsys-*.whl
    USER evalsys

    FROM nginx:1.22 AS door
    COPY --from=app $static $static
x-evalsys: &evalsys
  image: evalsys
  build: {<<: *build, target: app}
  env_file: [evalsys.env]
  # Where the volumes below lie, and the one proxy in front: evalsys.env need not know.
  environment:
    EVALSYS_DATA_DIR: /var/lib/evalsys
    EVALSYS_WATCH_DIR: /var/lib/evalsys-watch
    EVALSYS_PROXIES: "1"
  restart: always
  depends_on:
    postgresql: {condition: service_healthy}

services:
  postgresql:
    image: postgres:15-bookworm
    restart: always
    environment:
      POSTGRES_USER: evalsys
      POSTGRES_PASSWORD: ${EVALSYS_POSTGRES_PASSWORD:?set it, and the same in evalsys.env}
      POSTGRES_INITDB_ARGS: --encoding=UTF8 --locale=C.UTF-8
    volumes: [database:/var/lib/postgresql/data]
    healthcheck:
      test: [CMD, pg_isready, -U, evalsys]
      interval: 2s

  nginx:
    image: evalsys-nginx
    build: {<<: *build, target: door}
    restart: always
    ports: ["80:80", "443:443"]
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
      - ./certificates:/etc/ssl/evalsys:ro
      - watch:/var/lib/evalsys-watch:ro
    depends_on: [evalsys, evalsys-web]

"""
_VOLUMES = """\
volumes:
  database:
  watch:
  data:
  exchange:
"""


def compose_file(every: tuple[Service, ...]) -> str:
    """Write the same programs with PostgreSQL and nginx for `docker compose`."""
    return _COMPOSE.replace("$static", _STATIC) + "\n".join(map(_composed, every)) + "\n" + _VOLUMES


def _composed(one: Service) -> str:
    host = " --host 0.0.0.0" if one.port else ""
    start = f"evalsys {one.words}{host}"
    command = f"sh -c 'evalsys {one.before} && exec {start}'" if one.before else start
    lines = [f"  {one.name}:", "    <<: *evalsys", f"    command: {command}"]
    if one.secrets and one.name == "evalsys-tally":
        lines.append(f"    env_file: [evalsys.env, {one.secrets}]")
    volumes = [f"{_VOLUME_OF[folder]}:/var/lib/{folder}" for folder in one.folder.split()]
    if volumes:
        lines.append(f"    volumes: [{', '.join(volumes)}]")
    return "\n".join(lines) + "\n"


_STATIC = "/usr/local/lib/python3.11/site-packages/evalsys/_assets/static"
_VOLUME_OF = {"evalsys": "data", "evalsys-watch": "watch", "evalsys-exchange": "exchange"}
