#!/bin/sh
# Makes the secrets that docker-compose.yml hands to the containers as files: passwords of the
# database roles and broker users, the URLs that carry them, and an authority with certificates
# for database and broker. Leaves alone what exists; certificates with less than a year to live
# it renews (then: docker compose restart postgres rabbitmq).
#   sh deploy/compose/secrets.sh
set -eu
folder=$(dirname "$0")/secrets
umask 077
mkdir -p "$folder"

# The authority's key stays here; no container gets it.
sh "$(dirname "$0")/certificates.sh" "$folder" postgres=DNS:postgres rabbitmq=DNS:rabbitmq

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
            "postgres://${service}_${role}:$(cat "$folder/${service}_${role}_password")@postgres:5432/$service?sslmode=require"
    done
    keep "${service}_broker_password" "$(password)"
    keep "${service}_broker_url" \
        "amqps://$service:$(cat "$folder/${service}_broker_password")@rabbitmq:5671/lienminh"
done

# The SMS gateway's own: put the real ones here before setting LIENMINH_SMS_URL.
keep sms_api_key replace-me
keep sms_secret_key replace-me

# The front's certificate chain and key, PEM, where they are given and not fetched.
keep front_certificate replace-me
keep front_key replace-me

# Compose takes no notice of a name in .env that is misspelt.
root=$(dirname "$0")/../..
if [ -f "$root/.env" ]; then
    sed -n 's/^ *\(export \)\{0,1\}\(LIENMINH_[A-Za-z0-9_]*\) *=.*/\2/p' "$root/.env" | while read -r name; do
        grep -q "\${$name[:}]" "$root/docker-compose.yml" ||
            echo ".env: docker-compose.yml knows no $name" >&2
    done
fi

# Where SELinux watches, containers may read only what is labelled for them; compose labels the
# folders it binds (:z), but no secrets.
if command -v selinuxenabled >/dev/null && selinuxenabled; then
    chcon -R -t container_file_t "$folder"
fi
