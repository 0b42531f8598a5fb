#!/bin/sh
# Serves nginx.conf with the best certificate at hand: one that was given (secrets front_certificate
# and front_key), else one that fetch.sh has fetched, else one that it signs itself, to try things
# out. Looks every hour whether there is a newer one. All places can be set, for the tests.
set -eu
here=$(dirname "$0")
state=${FRONT_STATE:-/tmp/front}
given=${FRONT_GIVEN:-/run/secrets}
fetched=${FRONT_FETCHED:-/var/lib/front/account/live/front}
challenges=${FRONT_CHALLENGES:-/var/lib/front/challenges}
pause=${FRONT_PAUSE:-3600}
umask 077
mkdir -p "$state"
# Those who answer are not who keeps the key.
chmod 0711 "$state"

# The servers of names, as nginx writes them: an IPv6 address in brackets.
resolver=$(awk '/^nameserver/ { print ($2 ~ /:/ ? "[" $2 "]" : $2) }' /etc/resolv.conf | tr '\n' ' ')
sed -e "s#@STATE@#$state#" \
    -e "s#@HTTPS@#${FRONT_HTTPS:-8443}#" -e "s#@HTTP@#${FRONT_HTTP:-8080}#" \
    -e "s#@EVENTS@#${FRONT_EVENTS:-events:7302}#" -e "s#@NOTIFIER@#${FRONT_NOTIFIER:-notifier:7304}#" \
    -e "s#@CHALLENGES@#$challenges#" -e "s#@RESOLVER@#${resolver:-127.0.0.1}#" \
    "$here/nginx.conf" >"$state/nginx.conf"

is_pem() { grep -q -e '-----BEGIN' "$1" 2>/dev/null; }

sign() {
    [ -s "$state/own.pem" ] && return
    echo "front: no certificate is given or fetched yet; signing one that no browser trusts" >&2
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj /CN=lienminh -keyout "$state/own.key" -out "$state/own.pem" 2>/dev/null
}

# Puts the best certificate in place; fails when it is the one that is there already.
choose() {
    if is_pem "$given/front_certificate" && is_pem "$given/front_key"; then
        certificate=$given/front_certificate key=$given/front_key
    elif is_pem "$fetched/fullchain.pem" && is_pem "$fetched/privkey.pem"; then
        certificate=$fetched/fullchain.pem key=$fetched/privkey.pem
    else
        sign
        certificate=$state/own.pem key=$state/own.key
    fi
    cmp -s "$certificate" "$state/certificate.pem" && cmp -s "$key" "$state/key.pem" && return 1
    cp "$certificate" "$state/certificate.pem"
    cp "$key" "$state/key.pem"
}

PATH=$PATH:/usr/sbin
choose || true
nginx -e stderr -p "$state" -c "$state/nginx.conf" &
server=$!

while sleep "$pause"; do
    if choose; then
        echo "front: another certificate is in place" >&2
        kill -HUP "$server"
    fi
done &
watcher=$!

# nginx ends what it is answering, then itself; a signal cuts the first wait short.
trap 'kill -QUIT "$server"' TERM INT
status=0
wait "$server" || status=$?
wait "$server" 2>/dev/null || true
kill "$watcher"
exit "$status"
