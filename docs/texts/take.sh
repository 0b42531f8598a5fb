#!/bin/sh
# Takes the pictures of this folder from the mails of `make demo`, 360 px wide as on a telephone.
# Needs python3, chromium, ImageMagick and pngquant.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work" <<'PY'
import email, email.policy, pathlib, sys

# The first mail whose subject begins so, and whose words hold these.
WANTED = {
    "invitation": ("Mời dự: Lễ phát động", "chậm nhất"),
    "moved": ("Đổi sang ", "Lý do"),
    "cancelled": ("Thông báo hủy: ", "Lý do"),
    "chaser": ("Chưa nhận được Báo cáo", "Chúng tôi đã gửi"),
    "supplement": ("Đề nghị bổ sung hồ sơ: ", "Giấy tờ cần bổ sung"),
    "unfixed": ("Đề nghị ấn định ngày: ", "thời gian dự kiến"),
}
for path in sorted(pathlib.Path("target/demo/mail").glob("*.eml")):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    html = mail.get_body(("html",)).get_content()
    for name, (begins, holds) in list(WANTED.items()):
        if mail["Subject"].startswith(begins) and holds in html:
            pathlib.Path(sys.argv[1], name + ".html").write_text(html, encoding="utf-8")
            del WANTED[name]
sys.exit(f"no mail for {sorted(WANTED)}" if WANTED else 0)
PY
for page in "$work"/*.html; do
    name=$(basename "$page" .html)
    chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars \
        --user-data-dir="$work/profile" --window-size=360,2400 \
        --screenshot="$work/$name.png" "file://$page" >/dev/null 2>&1
    # Around the words there is nothing; a little of it is left above them.
    convert "$work/$name.png" -fuzz 1% -trim +repage \
        -background white -gravity north -splice 0x16 "$work/$name.png"
    pngquant --force --output "docs/texts/$name.png" "$work/$name.png"
done
