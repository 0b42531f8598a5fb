#!/bin/sh
# Hands the data folder to the broker's user and serves as that user. Debian's own wrapper would
# write what the broker says into a file.
set -eu
chown -R rabbitmq:rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
export HOME=/var/lib/rabbitmq RABBITMQ_LOGS=- PATH="/usr/lib/rabbitmq/bin:$PATH"
exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$@"
