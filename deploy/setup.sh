#!/bin/sh
# Makes sure that this machine has what the stage needs: a Rust toolchain, a C compiler,
# PostgreSQL, RabbitMQ, nginx, age. All but the first come from the distribution where they are missing,
# and no server is started or enabled system-wide. Changes nothing when all is there.
# `deploy/setup.sh bench` sees to the tools as well beside which `make bench` measures,
# `deploy/setup.sh faults` to the library by which `make faults` bends a process's clock.
set -eu

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

say "Checking the machine: Rust, a C compiler, PostgreSQL, RabbitMQ, nginx, age ..."

has() { command -v "$1" >/dev/null 2>&1; }

has_postgres() {
    for initdb in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
        [ -x "$initdb" ] && [ -x "$(dirname "$(readlink -f "$initdb")")/postgres" ] && return 0
    done
    return 1
}

has_rabbitmq() {
    has erl || return 1
    for server in /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server; do
        [ -x "$server" ] && return 0
    done
    return 1
}

# Daemons' programs are in no ordinary user's path.
has_daemon() { has "$1" || [ -x "/usr/sbin/$1" ]; }

has_front() { has_daemon nginx && has openssl; }

has_backup() { has age && has age-keygen && has pg_dump; }

has_ceilings() { has_daemon smtp-source && has_daemon smtp-sink && has h2load; }

has_faketime() {
    for library in /usr/lib/*/faketime/libfaketimeMT.so.1; do [ -e "$library" ] && return 0; done
    return 1
}

if ! has cargo && [ -x "$HOME/.cargo/bin/cargo" ]; then
    PATH="$HOME/.cargo/bin:$PATH"
fi
has cargo && has rustc ||
    fail "Rust is missing: install a toolchain (rustup, or your distribution's cargo and rustc) and run this again."

missing=
what=
need() { missing="$missing $1"; what="$what${what:+, }$2"; }
has cc || need "gcc libc6-dev" "a C compiler"
has_postgres || need postgresql "PostgreSQL"
has_rabbitmq || need rabbitmq-server "RabbitMQ"
has_front || need "nginx openssl" "nginx"
has_backup || need "age postgresql-client" "age"
if [ "${1:-}" = bench ]; then
    has_daemon smtp-source && has_daemon smtp-sink || need postfix "smtp-source and smtp-sink"
    has h2load || need nghttp2-client "h2load"
fi
if [ "${1:-}" = faults ]; then
    has_faketime || need libfaketime "libfaketime"
fi
erlang_is_new=
has erl || erlang_is_new=yes

if [ -z "$missing" ]; then
    say "  all there: $(rustc --version | cut -d' ' -f1-2)"
    exit 0
fi

# Another mail server on this machine would have to make way for Postfix: that is not ours to decide.
command="apt-get install --no-install-recommends --no-remove$missing"
has apt-get ||
    fail "Missing: $what. This machine has no apt-get; install the equivalent of:$missing"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif has sudo && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    fail "Missing: $what. Please run this once, then try again:  sudo $command"
fi

say "  missing: $what. Installing from the distribution:$missing"

work=$(mktemp -d)
policy=/usr/sbin/policy-rc.d
cluster_conf=/etc/postgresql-common/createcluster.conf
we_set_policy=
we_changed_cluster_conf=

restore() {
    [ -z "$we_set_policy" ] || $as_root rm -f "$policy"
    [ -z "$we_changed_cluster_conf" ] || $as_root cp "$work/createcluster.conf" "$cluster_conf"
    rm -rf "$work"
}
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Runs a long command quietly, tells every few seconds what it is at, shows all if it fails.
run() {
    : >"$work/log"
    "$@" </dev/null >"$work/log" 2>&1 &
    pid=$!
    seconds=0
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        if [ $((seconds % 5)) -eq 0 ]; then
            say "    ${seconds} s: $(tail -n 1 "$work/log" | cut -c 1-70)"
        fi
    done
    if ! wait "$pid"; then
        cat "$work/log" >&2
        return 1
    fi
}

apt() {
    run $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get -y -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

install_packages() {
    apt install --no-install-recommends --no-remove "$@" 2>"$work/first" && return 0
    if [ -z "${updated:-}" ]; then
        say "  refreshing the package lists"
        apt update && updated=yes && apt install --no-install-recommends --no-remove "$@" && return 0
    fi
    cat "$work/first" >&2
    fail "The installation did not succeed. Please run this by hand, then try again:  $command"
}

# While this file says no, the packages' scripts do not start what they install.
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$work/policy"
    $as_root install -m 755 "$work/policy" "$policy"
    we_set_policy=yes
fi

case "$missing" in
*postgresql*)
    # The distribution would make a cluster of its own and run it at boot; ours is private.
    [ -e "$cluster_conf" ] || install_packages postgresql-common
    if ! grep -q '^create_main_cluster *= *false' "$cluster_conf" 2>/dev/null; then
        cp "$cluster_conf" "$work/createcluster.conf"
        we_changed_cluster_conf=yes
        printf 'create_main_cluster = false\n' | cat "$cluster_conf" - >"$work/changed.conf"
        $as_root cp "$work/changed.conf" "$cluster_conf"
    fi
    ;;
esac

# shellcheck disable=SC2086 # a list of packages
install_packages $missing

# What we have brought in does not start with the machine either.
disable() {
    if has systemctl; then $as_root systemctl disable --quiet "$1" >/dev/null 2>&1 || true; fi
}

case "$missing" in
*rabbitmq-server*)
    disable rabbitmq-server.service
    $as_root update-rc.d rabbitmq-server disable >/dev/null 2>&1 || true
    if [ -n "$erlang_is_new" ]; then
        disable epmd.service
        disable epmd.socket
    fi
    say "  RabbitMQ is installed but does not start with the machine (systemctl enable rabbitmq-server changes that)."
    ;;
esac

for daemon in postfix nginx; do
    case " $missing " in
    *" $daemon "*) disable "$daemon.service" ;;
    esac
done

has cc && has_postgres && has_rabbitmq && has_front && has_backup && { [ "${1:-}" != bench ] || has_ceilings; } ||
    fail "Something is still missing after the installation. Please look at:  $command"
say "  installed: $what"
