#!/bin/sh
# Makes the secrets that docker-compose.yml hands to the containers as files: passwords of the
# database roles and broker users, and the URLs that carry them. Leaves alone what exists.
#   sh deploy/compose/secrets.sh
set -eu
folder=$(dirname "$0")/secrets
umask 077
mkdir -p "$folder"

password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Readable by the containers' users, who see the file alone; the folder keeps everybody else out.
keep() {
    [ -s "$folder/$1" ] && return 0
    printf '%s\n' "$2" >"$folder/$1.new"
    chmod 0444 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    echo "made $folder/$1"
}

keep postgres_password "$(password)"
for service in registry events funding notifier; do
    for role in owner runtime; do
        keep "${service}_${role}_password" "$(password)"
        keep "${service}_${role}_url" \
            "postgres://${service}_${role}:$(cat "$folder/${service}_${role}_password")@postgres:5432/$service"
    done
    keep "${service}_broker_password" "$(password)"
    keep "${service}_broker_url" \
        "amqp://$service:$(cat "$folder/${service}_broker_password")@rabbitmq:5672/lienminh"
done

# The SMS gateway's own: put the real ones here before setting LIENMINH_SMS_URL.
keep sms_api_key replace-me
keep sms_secret_key replace-me

# The front's certificate chain and key, PEM, where they are given and not fetched.
keep front_certificate replace-me
keep front_key replace-me

# Where SELinux watches, containers may read only what is labelled for them; compose labels the
# folders it binds (:z), but no secrets.
if command -v selinuxenabled >/dev/null && selinuxenabled; then
    chcon -R -t container_file_t "$folder"
fi
