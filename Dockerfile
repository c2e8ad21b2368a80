# The two web apps.
FROM node:24-bookworm-slim AS web
WORKDIR /srv/ngomon/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

# The Python environment, without what only developers need, and the compiled translations.
FROM python:3.11-slim-bookworm AS python
WORKDIR /srv/ngomon
COPY requirements-runtime.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements-runtime.lock
COPY locale locale
RUN for source in locale/*/LC_MESSAGES/django.po; do \
      /opt/venv/bin/pybabel compile -i "$source" -o "${source%.po}.mo"; \
    done

FROM python:3.11-slim-bookworm
# GeoDjango talks to the libraries of GDAL and GEOS; PDF tickets are set with Pango and Noto.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgdal32 libgeos-c1v5 \
       libpangoft2-1.0-0 libharfbuzz-subset0 ffmpeg espeak-ng fontconfig fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /srv/ngomon --shell /usr/sbin/nologin ngomon \
    && install -d -o ngomon -g ngomon /srv/ngomon/files
WORKDIR /srv/ngomon
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NGOMON_ROOT=/srv/ngomon/files \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000
COPY --from=python /opt/venv /opt/venv
COPY manage.py pyproject.toml ./
COPY deploy deploy
COPY sites sites
COPY guides guides
COPY ticketing ticketing
COPY payments payments
COPY reporting reporting
COPY backend backend
COPY --from=python /srv/ngomon/locale locale
COPY --from=web /srv/ngomon/web/dist web/dist
USER 10001
VOLUME /srv/ngomon/files
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "deploy/web_answers.py"]
CMD ["granian", "backend.wsgi:application"]
