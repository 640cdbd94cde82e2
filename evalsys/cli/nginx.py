"""The site that nginx serves: files for everybody by itself, the rest from evalsys."""

from dataclasses import dataclass
from pathlib import Path
from string import Template


@dataclass(frozen=True, slots=True)
class NginxSite:
    """One site; `certificate` None means plain http, for a proxy in front or a test."""

    name: str
    listen: str
    app: str
    """Host and port of `evalsys serve`."""
    standby: str
    """Host and port of the `evalsys serve --standby` beside it; empty for none."""
    web: str
    """Host and port of `evalsys web`; empty when the live process answers everything."""
    static: Path
    watch: Path
    certificate: Path | None
    certificate_key: Path


HEAVY = (
    "account",
    "audit",
    "campaigns",
    "comments",
    "draw",
    "flags",
    "i",
    "login",
    "logout",
    "personnel",
    "roster",
    "verify",
    "voice",
)
"""First parts of the addresses that `evalsys web` answers; screens and consoles stay live."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: tuple[tuple[str, str], ...] = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
"""What nginx says of the files that it hands out itself; evalsys says it of its own answers."""
_ONLY_HTTPS = ("Strict-Transport-Security", "max-age=31536000")

# One worker process a core serves about a hundred thousand of these answers a second.
_SITE = Template("""\
# Made by `evalsys deploy nginx`: make it again rather than editing it.
map $$http_upgrade $$evalsys_connection { default upgrade; "" close; }

# In which language a watch page opens: as asked by ?lang=, else as chosen before, else Chinese.
map "$$arg_lang $$cookie_lang" $$evalsys_page {
  default index.html;
  "~^en " en.html;
  "~^(?!zh |en ).* en$$" en.html;
}
map $$request_uri $$evalsys_vary { default ""; "~/([?]|$$)" Cookie; }

# Only the process that leads listens: a refused connection leads to the other one.
upstream evalsys_live {
  server $app max_fails=0;
$standby}

server {
  listen $listen;
  server_name $name;
$tls
  server_tokens off;
  client_max_body_size 16m;
  keepalive_timeout 30s;
  sendfile on;
  tcp_nopush on;
  etag on;
  gzip on;
  gzip_static on;
  gzip_types application/json application/x-ndjson text/css text/javascript image/svg+xml;

  types {
    text/html html; text/css css; text/javascript mjs js; image/svg+xml svg; font/woff2 woff2;
    application/json json; application/x-ndjson jsonl;
  }
  default_type text/plain;

  # The watch pages: no evalsys in the way. Files are replaced whole; phones ask every two seconds.
  location ~ "^/watch/[0-9a-f]{32}/([A-Za-z0-9][A-Za-z0-9._-]*)?$$" {
    root $watch;
    # By name: choosing the page is a match of its own, which forgets what $$1 was.
    rewrite ^/watch/(?<evalsys_live>[0-9a-f]+)/$$ /$$evalsys_live/$$evalsys_page break;
    rewrite ^/watch/(.*)$$ /$$1 break;
    expires 1s;
$headers
    add_header Vary $$evalsys_vary;
    access_log off;
    open_file_cache max=1000 inactive=10s;
    open_file_cache_valid 1s;
  }

  location /static/ {
    alias $static/;
    expires 1m;
$headers
    access_log off;
  }

  location = /evalsys-offline.html {
    internal;
$headers
    alias $watch/offline.html;
  }

$web
  location / {
    proxy_pass http://evalsys_live;
    proxy_http_version 1.1;
    proxy_set_header Host $$host;
    proxy_set_header X-Forwarded-For $$proxy_add_x_forwarded_for;
    proxy_set_header Upgrade $$http_upgrade;
    proxy_set_header Connection $$evalsys_connection;
    proxy_read_timeout 1h;
    proxy_connect_timeout 3s;
    error_page 502 503 504 /evalsys-offline.html;
  }
}
""")

# Calls on stage are steered from the live process: their webhooks stay there.
_WEB = Template("""\
  location ~ "^/($heavy)(/|$$)" {
    location ~ "^/voice/[0-9a-f]+/air/" {
      proxy_pass http://evalsys_live;
      proxy_set_header Host $$host;
      proxy_set_header X-Forwarded-For $$proxy_add_x_forwarded_for;
    }
    proxy_pass http://$web;
    proxy_set_header Host $$host;
    proxy_set_header X-Forwarded-For $$proxy_add_x_forwarded_for;
    proxy_read_timeout 10m;
    proxy_connect_timeout 3s;
    error_page 502 504 /evalsys-offline.html;
  }
""")

_TLS = Template("""\
  ssl_certificate $certificate;
  ssl_certificate_key $key;
  ssl_protocols TLSv1.2 TLSv1.3;
""")


# `nginx -c` needs nothing else: no folder of the machine's own nginx is read or written.
_ALONE = Template("""\
daemon off;
${user}worker_processes 1;
worker_rlimit_nofile 8192;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;

$site
}
""")


def stand_alone(site: str, folder: Path, user: str = "") -> str:
    """Write a whole configuration around `site` for an nginx that keeps to `folder`.

    `user` is whose the worker process is when nginx is started by root; empty for nginx's own.
    """
    return _ALONE.substitute(site=site, folder=folder, user=f"user {user};\n" if user else "")


def nginx_config(site: NginxSite) -> str:
    """Write the site; paths with spaces or quotes are put in quotes."""
    tls, headers = "", _HEADERS
    if site.certificate is not None:
        tls = _TLS.substitute(
            certificate=_quoted(site.certificate), key=_quoted(site.certificate_key)
        )
        headers = (*_HEADERS, _ONLY_HTTPS)
    return _SITE.substitute(
        name=site.name,
        listen=site.listen,
        tls=tls,
        headers="\n".join(f'    add_header {name} "{value}" always;' for name, value in headers),
        app=site.app,
        standby=f"  server {site.standby} max_fails=0;\n" if site.standby else "",
        web=_WEB.substitute(heavy="|".join(HEAVY), web=site.web) if site.web else "",
        static=site.static,
        watch=site.watch,
    )


def _quoted(path: Path) -> str:
    return f'"{path}"'
