#!/bin/sh
# Makes each service's database with its two roles, and lets clients in under TLS only. The image of
# PostgreSQL runs this once, when its data folder is new.
set -eu
rules=$(psql --tuples-only --no-align --username "$POSTGRES_USER" --dbname postgres -c 'show hba_file')
sed -i 's/^host all all all /hostssl all all all /' "$rules"
for service in registry events funding notifier; do
    psql --quiet --username "$POSTGRES_USER" --dbname postgres \
        -v service="$service" \
        -v owner_password="$(cat "/run/secrets/${service}_owner_password")" \
        -v runtime_password="$(cat "/run/secrets/${service}_runtime_password")" \
        -f /deploy/postgres/roles.sql
    psql --quiet --username "$POSTGRES_USER" --dbname postgres \
        -v service="$service" -v database="$service" -f /deploy/postgres/database.sql
done
