#!/bin/sh
# Serves as the broker's user. Debian's own wrapper would write what the broker says into a file.
set -eu
export HOME=/var/lib/rabbitmq RABBITMQ_LOGS=- PATH="/usr/lib/rabbitmq/bin:$PATH"
exec "$@"
