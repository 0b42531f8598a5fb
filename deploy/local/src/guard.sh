# Outlives its starter by some seconds: when the starter is gone, however it went, ends what it
# started and removes what it made. Lines on standard input, until it closes:
#   quit PID        a PostgreSQL server: an immediate shutdown lets it end its own children
#   forget PID      it has been ended in good order
#   unmount FOLDER  a file system of the stage; its folder goes with it
#   remove FOLDER   to be removed at the end; only a folder with the marker file in it
# All other processes of the stage carry the mark in their environment.
trap '' HUP INT QUIT TERM
mark=$1
servers=' '
folders=
volumes=
while read -r verb what; do
    case $verb in
    quit) servers="$servers$what " ;;
    forget) servers=$(printf '%s' "$servers" | sed "s/ $what / /") ;;
    unmount) volumes="$volumes$what
" ;;
    remove) folders="$folders$what
" ;;
    esac
done

marked() { grep -lszxF "LIENMINH_STAGE_MARK=$mark" /proc/[0-9]*/environ | cut -d / -f 3; }
serving() {
    for pid in $servers; do
        case $(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null) in
        '' | Z) ;;
        *) [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] && printf '%s ' "$pid" ;;
        esac
    done
}

tries=0
while :; do
    left=$(marked)
    [ -z "$left" ] || kill -KILL $left 2>/dev/null
    still=$(serving)
    [ -n "$left$still" ] || break
    if [ -n "$still" ]; then
        if [ "$tries" -lt 25 ]; then kill -QUIT $still; else kill -KILL $still; fi 2>/dev/null
    fi
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || break
    sleep 0.2
done

printf '%s' "$volumes" | while read -r volume; do
    umount -l "$volume"
    rmdir "$volume"
done
printf '%s' "$folders" | while read -r folder; do
    [ ! -e "$folder/.lienminh-stage" ] || rm -rf "$folder"
done
