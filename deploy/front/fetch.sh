#!/bin/sh
# Fetches a certificate for the host of LIENMINH_PUBLIC_URL from an authority that speaks ACME and
# keeps it fresh. The front answers the authority's questions and takes the result up by itself.
#   docker compose --profile acme up --detach
set -eu
home=/var/lib/front
host=${LIENMINH_PUBLIC_URL#https://}
host=${host%%[:/]*}
# Authorities ask for two looks a day, and refuse for hours whoever fails five times in one.
fresh=43200
failed=3600

fetch() {
    certbot certonly --non-interactive --agree-tos --keep-until-expiring \
        --webroot --webroot-path "$home/challenges" --domain "$host" --cert-name front \
        --server "$LIENMINH_ACME_URL" \
        --config-dir "$home/account" --work-dir /tmp/work --logs-dir /tmp/logs "$@"
}

trap 'exit 0' TERM INT
while :; do
    pause=$fresh
    if [ -n "${LIENMINH_ACME_EMAIL:-}" ]; then
        fetch --email "$LIENMINH_ACME_EMAIL" || pause=$failed
    else
        fetch --register-unsafely-without-email || pause=$failed
    fi
    sleep "$pause" &
    wait $!
done
