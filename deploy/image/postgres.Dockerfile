# PostgreSQL of Debian 12 in place of the official image: the same data folder, the same
# scripts of the first start, the same variables as docker-compose.yml uses, and an entry of the
# same name.
FROM debian:bookworm-slim
RUN apt-get update \
    && mkdir -p /etc/postgresql-common \
    && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o Dpkg::Options::=--force-confold postgresql \
    && rm -rf /var/lib/apt/lists/*
COPY postgres.sh /usr/local/bin/docker-entrypoint.sh
RUN chmod 0755 /usr/local/bin/docker-entrypoint.sh \
    && install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/data
USER postgres
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
