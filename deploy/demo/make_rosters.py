#!/usr/bin/env python3
"""Writes the three rosters of the demonstration, the same bytes every time.

They are as imperfect as rosters are: some organisations without email, some
with one shared telephone, dead numbers, landlines only, names in NFD, the same
person in several organisations, and three lists that clash where they meet.
Every name, number and address is invented; mobile numbers stay within
059 000 0000-9999, email addresses within reserved example domains.

    python3 deploy/demo/make_rosters.py deploy/demo
"""

import csv
import random
import sys
import unicodedata
from pathlib import Path

COLUMNS = [
    "roster_code", "kind", "display_name", "tax_code", "address", "locality", "province_code",
    "cluster", "parent_code", "membership", "decision_number", "admit_date", "position",
    "person_name", "email", "phone", "advert_consent",
]
# Clusters with the localities the names are made from.
CLUSTERS = {
    "Gia Nghĩa": ["Nghĩa Tân", "Nghĩa Phú", "Quảng Thành", "Đắk Nia"],
    "Đắk R'lấp": ["Kiến Đức", "Nhân Cơ", "Quảng Tín", "Đắk Ru"],
    "Đắk Mil": ["Thuận An", "Đức Minh", "Đắk Lao", "Long Sơn"],
    "Cư Jút": ["Ea T'ling", "Nam Dong", "Cư Knia", "Tâm Thắng"],
    "Krông Nô": ["Đắk Mâm", "Nam Đà", "Quảng Phú", "Buôn Choáh"],
    "Đắk Song": ["Đức An", "Nam Bình", "Thuận Hạnh", "Trường Xuân"],
    "Đắk Glong": ["Quảng Khê", "Quảng Sơn", "Đắk Som", "Đắk Ha"],
    "Tuy Đức": ["Đắk Búk So", "Quảng Tâm", "Đắk R'tíh", "Quảng Trực"],
}
TRADES = [
    "Nông nghiệp", "Dịch vụ nông nghiệp", "Cà phê", "Hồ tiêu", "Sầu riêng", "Bơ sạch", "Mắc ca",
    "Lúa gạo", "Chăn nuôi", "Dược liệu", "Vận tải", "Thương mại dịch vụ", "Xây dựng", "Thổ cẩm",
]
WORDS = [
    "Thành Công", "Đoàn Kết", "Tiến Phát", "Hòa Bình", "Thắng Lợi", "Đồng Tâm", "Hưng Thịnh",
    "Bình Minh", "Tân Tiến", "Phước Lộc", "Thuý Sơn", "Trường Sơn", "Cao Nguyên", "Quyết Thắng",
    "Hữu Nghị", "Đại Thành", "Xuân Mới", "Khởi Nghĩa", "Ánh Dương", "Bền Vững",
]
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Y", "H'"]
MIDDLE = ["Văn", "Thị", "Đức", "Ngọc", "Minh", "Quang", "Hữu", "Thanh"]
GIVEN = ["An", "Bình", "Cường", "Dũng", "Hạnh", "Hòa", "Hương", "Khánh", "Lan", "Long", "Mai",
         "Nam", "Phúc", "Quân", "Sơn", "Thảo", "Thuỷ", "Trung", "Tuấn", "Vinh"]
DOMAINS = ["example.com", "example.net", "example.org"]


def tax_code(rng, used):
    """Ten digits whose last one is the check digit."""
    weights = [31, 29, 23, 19, 17, 13, 7, 5, 3]
    while True:
        digits = [6, 4, 0, 0] + [rng.randrange(10) for _ in range(5)]
        check = 10 - sum(w * d for w, d in zip(weights, digits)) % 11
        code = "".join(map(str, digits)) + str(check)
        if check != 10 and code not in used:
            used.add(code)
            return code


def ascii_slug(text):
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if c.isalnum() and c.isascii())


def written(rng, number):
    """A national number 059xxxxxxx in one of the ways people write it."""
    forms = [
        number, f"{number[:4]}.{number[4:7]}.{number[7:]}", f"{number[:4]} {number[4:7]} {number[7:]}",
        f"+84 {number[1:4]} {number[4:7]} {number[7:]}", f"84{number[1:]}", f"{number[:4]}-{number[4:]}",
    ]
    return rng.choice(forms)


def person(rng):
    return f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"


def row(**fields):
    return {column: fields.get(column, "") for column in COLUMNS}


def units():
    """The alliance, its units and the bodies above it."""
    rows = [
        row(roster_code="LM-VN", kind="LM", display_name="Liên minh Hợp tác xã Việt Nam",
            address="Hà Nội", province_code="01", position="Văn phòng", email="vanthu@lmhtx-vn.example",
            phone="024 3000 0001"),
        row(roster_code="LM-DNO", kind="LM", display_name="Liên minh Hợp tác xã tỉnh Đắk Nông",
            address="Thành phố Gia Nghĩa, tỉnh Đắk Nông", province_code="67", locality="Gia Nghĩa",
            parent_code="LM-VN", position="Văn phòng", email="vanphong@lmhtx-daknong.example",
            phone="0261 3000 001"),
        row(roster_code="LM-TTH", kind="LM", display_name="Liên minh Hợp tác xã tỉnh Thừa Thiên Huế",
            address="Thành phố Huế", province_code="46", parent_code="LM-VN", position="Văn phòng",
            email="vanphong@lmhtx-hue.example", phone="0234 3000 001"),
    ]
    staff = [
        ("VP-LM", "Văn phòng Liên minh HTX tỉnh Đắk Nông", "vanphong", "0261 3000 002", "0590 008 001"),
        ("P-KHHT", "Phòng Kế hoạch và Hỗ trợ", "khht", "0261 3000 003", "0590 008 002"),
        ("P-TCHC", "Phòng Tổ chức - Hành chính", "tchc", "0261 3000 004", "0590 008 003"),
        ("TT-TV", "Trung tâm Tư vấn và Hỗ trợ phát triển HTX", "trungtam", "0261 3000 005", "0590 008 004"),
        ("CD-LM", "Công đoàn cơ quan Liên minh HTX tỉnh", "congdoan", "0261 3000 006", "0590 008 005"),
    ]
    for code, name, mailbox, landline, mobile in staff:
        base = dict(roster_code=code, kind="Ban", display_name=name, province_code="67",
                    locality="Gia Nghĩa", address="Trụ sở Liên minh HTX tỉnh, thành phố Gia Nghĩa",
                    parent_code="LM-DNO")
        rows.append(row(**base, position="Văn phòng", email=f"{mailbox}@lmhtx-daknong.example",
                        phone=landline))
        rows.append(row(**base, position="Trưởng phòng", person_name="",
                        email=f"truong.{mailbox}@lmhtx-daknong.example", phone=mobile))
    return rows


def main_roster(rng, used):
    """The office's list: 230 organisations, the first 200 of them members."""
    rows, names = [], set()
    shared_phone = {"Krông Nô": "0590005001", "Đắk Glong": "0590005002"}
    many_hats = [(person(rng), f"nhieu.vai{i}@example.org", f"059000600{i}") for i in range(4)]
    clusters = list(CLUSTERS)
    for number in range(1, 231):
        cluster = clusters[(number - 1) % len(clusters)]
        locality = rng.choice(CLUSTERS[cluster])
        while True:
            kind = rng.choices(["HTX", "THT", "LHHTX", "QTDND", "DN"], [78, 14, 2, 3, 3])[0]
            long_kind = {"HTX": "Hợp tác xã", "THT": "Tổ hợp tác", "LHHTX": "Liên hiệp hợp tác xã",
                         "QTDND": "Quỹ tín dụng nhân dân", "DN": "Công ty TNHH"}[kind]
            trade = "" if kind == "QTDND" else rng.choice(TRADES) + " "
            name = f"{long_kind} {trade}{rng.choice(WORDS)} {locality}"
            if name not in names:
                names.add(name)
                break
        special = number in (1, 2, 5, 9, 10, 13, 21, 34, 47, 58, 60, 201, 202, 203, 204)
        draw = rng.random()
        email = f"{ascii_slug(name)[:28]}{number}@{rng.choice(DOMAINS)}" if special or draw < 0.60 else ""
        mobile = f"059{number:07d}" if special or draw < 0.88 else ""
        landline = f"0261 3{number:06d}"[:12] if not mobile and draw < 0.96 else ""
        if number == 47:
            email = ""  # reached by SMS alone, whose answer will stay away
        if number == 58:
            email = ""
        if not special:
            if cluster in shared_phone and not email and rng.random() < 0.4:
                mobile, landline = shared_phone[cluster], ""
            elif mobile and rng.random() < 0.04:
                mobile = f"0590009{number:03d}"  # given up by its owner long ago
        holder = person(rng)
        if not special and number % 29 == 0:
            holder, email, mobile = many_hats[(number // 29) % len(many_hats)]
        if number % 9 == 0:
            name = unicodedata.normalize("NFD", name)
        member = number <= 200
        base = dict(
            roster_code=f"DN-2023-{number:03d}", kind=kind, display_name=name,
            tax_code="" if kind == "THT" else tax_code(rng, used),
            address=f"{locality}, {'thành phố' if cluster == 'Gia Nghĩa' else 'huyện'} {cluster}, tỉnh Đắk Nông",
            locality=locality, province_code="67", cluster=cluster, parent_code="",
            membership=("liên kết" if kind in ("THT", "DN") else "chính thức") if member else "",
            decision_number=f"{rng.randrange(1, 90):02d}/QĐ-LMHTX" if member else "",
            admit_date=f"{rng.randrange(1, 28)}/{rng.randrange(1, 13)}/{rng.randrange(2009, 2024)}" if member else "",
        )
        phone = written(rng, mobile) if mobile else landline
        rows.append(row(**base, position="Giám đốc" if kind != "THT" else "Tổ trưởng",
                        person_name=holder, email=email, phone=phone,
                        advert_consent=rng.choice(["có", "có", "không", ""])))
        if number % 6 == 0:
            rows.append(row(**base, position="Kế toán", person_name=person(rng),
                            email=f"ketoan{number}@{rng.choice(DOMAINS)}" if rng.random() < 0.5 else "",
                            phone=written(rng, f"059000{7000 + number:04d}")))
    return rows


def fund_roster(rng, used, office):
    """The fund's list: 45 borrowers of its own and 15 that the office knows under other names."""
    rows = []
    for number in range(1, 46):
        cluster = rng.choice(list(CLUSTERS))
        locality = rng.choice(CLUSTERS[cluster])
        name = f"Hợp tác xã {rng.choice(TRADES)} {rng.choice(WORDS)} {number} {locality}"
        draw = rng.random()
        rows.append(row(
            roster_code=f"QUY-{number:03d}", kind="HTX", display_name=name, tax_code=tax_code(rng, used),
            address=f"{locality}, {cluster}", locality=locality, province_code="67", cluster=cluster,
            position="Chủ tịch HĐQT", person_name=person(rng),
            email=f"quy{number}@{rng.choice(DOMAINS)}" if draw < 0.55 else "",
            phone=written(rng, f"059000{4000 + number:04d}") if draw < 0.9 else ""))
    known = [r for r in office if r["tax_code"] and r["position"] == "Giám đốc"][40:55]
    for number, original in enumerate(known, 46):
        rows.append(row(
            roster_code=f"QUY-{number:03d}", kind=original["kind"],
            display_name=unicodedata.normalize("NFC", original["display_name"]).upper(),
            tax_code=original["tax_code"], address=original["address"], locality=original["locality"],
            province_code="67", cluster=original["cluster"], position="Kế toán",
            person_name=person(rng), phone=written(rng, f"059000{4000 + number:04d}")))
    return rows


def cluster_roster(rng, used, office):
    """The clusters' list: 25 groups of their own, 10 older entries of the office's."""
    rows = []
    for number in range(1, 26):
        cluster = rng.choice(list(CLUSTERS))
        locality = rng.choice(CLUSTERS[cluster])
        rows.append(row(
            roster_code=f"CUM-{number:03d}", kind="THT",
            display_name=f"Tổ hợp tác {rng.choice(TRADES)} {rng.choice(WORDS)} số {number} {locality}",
            address=f"{locality}, {cluster}", locality=locality, province_code="67", cluster=cluster,
            position="Tổ trưởng", person_name=person(rng),
            phone=written(rng, f"059000{3000 + number:04d}") if rng.random() < 0.85 else ""))
    for original in [r for r in office if r["position"] == "Giám đốc"][100:110]:
        rows.append(row(
            roster_code=original["roster_code"], kind=original["kind"],
            display_name=original["display_name"], tax_code=original["tax_code"],
            address=original["address"], locality=original["locality"], province_code="67",
            cluster=original["cluster"], membership=original["membership"],
            decision_number=original["decision_number"], admit_date=original["admit_date"],
            position="Kiểm soát viên", person_name=person(rng)))
    return rows


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    rng, used = random.Random(20240411), set()
    office = main_roster(rng, used)
    write(folder / "units.csv", units())
    write(folder / "roster-office.csv", office)
    write(folder / "roster-fund.csv", fund_roster(rng, used, office))
    write(folder / "roster-clusters.csv", cluster_roster(rng, used, office))


if __name__ == "__main__":
    main()
