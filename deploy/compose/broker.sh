#!/bin/sh
# Starts RabbitMQ, for clients under TLS only, with the definitions file, to which it adds the
# users' passwords. The broker loads the result at every boot: a wiped one comes back whole.
set -eu
target=/var/lib/rabbitmq/definitions.json
umask 077
cp /deploy/rabbitmq/definitions.json "$target"
for user in registry events funding notifier; do
    password=$(cat "/run/secrets/${user}_broker_password")
    sed -i "/\"name\": \"$user\", \"password_hash\"/ s/\"password_hash\": \"\", \"hashing_algorithm\": \"[a-z0-9_]*\"/\"password\": \"$password\"/" "$target"
done
if [ "$(grep -c '"password": "[0-9a-f]' "$target")" -ne 4 ]; then
    echo "broker.sh: definitions.json does not name the four users as expected" >&2
    exit 1
fi
settings=/etc/rabbitmq/conf.d/20-lienminh.conf
# The largest message of the services has 64 KiB; far larger ones need not even be received.
cat >"$settings" <<END
load_definitions = $target
max_message_size = 2097152
listeners.tcp = none
listeners.ssl.default = 5671
ssl_options.certfile = /run/secrets/rabbitmq_certificate
ssl_options.keyfile = /run/secrets/rabbitmq_key
ssl_options.versions.1 = tlsv1.3
ssl_options.versions.2 = tlsv1.2
END
exec docker-entrypoint.sh rabbitmq-server
