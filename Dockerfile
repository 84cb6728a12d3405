# The bot as an image: no secrets inside, nothing written outside /data and /tmp.
#   docker build -t abibot .
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app

# First what changes seldom: the packages stay in their layer while only our code changes.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE .env.example ./
COPY bot ./bot
COPY handlers ./handlers
COPY locales ./locales
COPY lorawan ./lorawan
COPY migrations ./migrations
COPY nlu ./nlu
COPY regions ./regions
COPY services ./services
COPY simulator ./simulator
RUN pip install --no-deps --no-build-isolation --editable . \
    && useradd --system --uid 10001 --home-dir /data --create-home abibot

ENV ABIBOT_DATABASE_URL=sqlite:////data/abibot.db ABIBOT_NLU_VECTORS=/data/vectors MPLCONFIGDIR=/data/matplotlib ABIBOT_WEB_HOST=0.0.0.0 \
    ABIBOT_LOG_FORMAT=json
USER 10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=3)"]

ENTRYPOINT ["abibot"]
CMD ["run"]
