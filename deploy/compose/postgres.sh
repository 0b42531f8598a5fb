#!/bin/sh
# Starts PostgreSQL under TLS. It insists on a key that nobody else can read, so it gets a copy.
set -eu
folder=/tmp/tls
umask 077
rm -rf "$folder"
mkdir "$folder"
cp /run/secrets/postgres_certificate "$folder/server.crt"
cp /run/secrets/postgres_key "$folder/server.key"
exec docker-entrypoint.sh postgres -c ssl=on \
    -c ssl_cert_file="$folder/server.crt" -c ssl_key_file="$folder/server.key"
