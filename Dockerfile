FROM python:3.11-slim AS assets
WORKDIR /app
COPY requirements-node.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements-node.txt
COPY gateway/web gateway/web
RUN NPM_CONFIG_OMIT=dev python -m gateway.web.packages

FROM python:3.11-slim
WORKDIR /app
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1
COPY requirements-image.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements-image.txt \
 && useradd --create-home julelys && mkdir /data && chown julelys /data
COPY aggregates aggregates
COPY commands commands
COPY events events
COPY gateway gateway
COPY organisations organisations
COPY projections projections
COPY services services
COPY --from=assets /app/.assets .assets
USER julelys
VOLUME /data
ENV JULELYS_DATA=/data JULELYS_HOST=0.0.0.0
ENTRYPOINT ["python", "-m", "gateway"]
CMD ["serve"]
