#!/bin/sh
# Starts RabbitMQ with the definitions file, to which it adds the users' passwords. The broker
# loads the result at every boot: a wiped one comes back whole.
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
printf 'load_definitions = %s\n' "$target" >"$settings"
exec docker-entrypoint.sh rabbitmq-server
