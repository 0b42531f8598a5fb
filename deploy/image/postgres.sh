#!/bin/sh
# Makes the data folder at the first start, runs the scripts that fill it, then serves.
set -eu
data=/var/lib/postgresql/data
bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres)")
PATH=$bin:$PATH

if [ ! -s "$data/PG_VERSION" ]; then
    initdb --pgdata "$data" --username "$POSTGRES_USER" --pwfile "$POSTGRES_PASSWORD_FILE" \
        --encoding UTF8 --locale C.UTF-8 --data-checksums \
        --auth-local trust --auth-host scram-sha-256
    echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
    # Nobody but the scripts can connect while they run.
    pg_ctl --pgdata "$data" --wait -o "-c listen_addresses='' -c unix_socket_directories=/tmp" start
    for script in /docker-entrypoint-initdb.d/*.sh; do
        PGHOST=/tmp sh "$script"
    done
    pg_ctl --pgdata "$data" --wait stop
fi
exec "$@" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp
