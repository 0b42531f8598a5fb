#!/bin/sh
# Makes an authority of the house and the certificates that it signs, by which the services know
# their database and their broker. Leaves alone what is good for another year and makes the rest
# anew, so that running it again renews.
#   sh deploy/compose/certificates.sh FOLDER postgres=DNS:postgres rabbitmq=DNS:rabbitmq
set -eu
folder=$1
shift
umask 077
mkdir -p "$folder"

day=86400
command -v openssl >/dev/null || {
    echo "certificates.sh: openssl is not installed" >&2
    exit 1
}

# Of our own, so that what the machine's configuration of openssl adds does not matter.
config=$folder/openssl.new
trap 'rm -f "$folder"/*.new' EXIT
configure() {
    printf '[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = %s\n[extensions]\n%s\n' \
        "$1" "$2" >"$config"
}

lasts() { openssl x509 -checkend "$((365 * day))" -noout -in "$folder/$1.pem" >/dev/null 2>&1; }
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$folder/$1.key.new"; }

# The container's user reads a key that is handed to it; the folder keeps everybody else out.
keep() {
    chmod "$2" "$folder/$1.key.new"
    chmod 0444 "$folder/$1.pem.new"
    # Broken off here, none is there, and the next run makes both: they never differ.
    rm -f "$folder/$1.pem"
    mv "$folder/$1.key.new" "$folder/$1.key"
    mv "$folder/$1.pem.new" "$folder/$1.pem"
    echo "made $folder/$1.pem"
}

if ! lasts authority; then
    # What another authority signed is worth nothing any more.
    for pair in "$@"; do rm -f "$folder/${pair%%=*}.pem"; done
    configure "Lienminh $(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')" \
        "$(printf 'basicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign')"
    key authority
    openssl req -new -x509 -sha384 -days 7300 -config "$config" -extensions extensions \
        -key "$folder/authority.key.new" -out "$folder/authority.pem.new"
    keep authority 0400
fi

for pair in "$@"; do
    name=${pair%%=*}
    lasts "$name" && continue
    configure "$name" "$(printf 'basicConstraints = CA:FALSE\nextendedKeyUsage = serverAuth\nsubjectAltName = %s' "${pair#*=}")"
    key "$name"
    openssl req -new -config "$config" -key "$folder/$name.key.new" -out "$folder/request.new"
    openssl x509 -req -sha384 -days 1825 -in "$folder/request.new" \
        -set_serial "0x$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" \
        -CA "$folder/authority.pem" -CAkey "$folder/authority.key" \
        -extfile "$config" -extensions extensions -out "$folder/$name.pem.new" 2>/dev/null
    keep "$name" 0444
done
