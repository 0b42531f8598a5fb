//! A roll of organisations as an alliance has them, written straight into the tables.

use std::ops::RangeInclusive;

use anyhow::Context;
use tokio_postgres::Client;
use vietnam::text::fold;

/// What cooperatives are named after; with a number, a million different names.
const PLACES: [&str; 24] = [
    "Hoà Bình",
    "Đắk Nia",
    "Quảng Khê",
    "Nhân Cơ",
    "Đức Minh",
    "Thuận An",
    "Nâm N'Jang",
    "Trường Xuân",
    "Sao Mai",
    "Bình Minh",
    "Tân Thành",
    "Đoàn Kết",
    "Thắng Lợi",
    "Quyết Tiến",
    "Phú Xuân",
    "An Khang",
    "Đồng Tâm",
    "Hưng Thịnh",
    "Đắk Mil",
    "Cư Jút",
    "Krông Nô",
    "Tuy Đức",
    "Đắk Song",
    "Gia Nghĩa",
];

/// What they do.
const TRADES: [&str; 8] = [
    "Nông nghiệp",
    "Cà phê",
    "Hồ tiêu",
    "Vận tải",
    "Dịch vụ",
    "Thuỷ sản",
    "Xây dựng",
    "Thương mại",
];

// Every id, code and word can be worked out from the number, so that whoever looks
// for one knows what there is. Terms of search are what the registry itself keeps.
const FILL: &str = "
    insert into organisation (
        id, kind, display_name, short_name, roster_code, address, province_code, locality,
        cluster, status, membership_kind, membership_state, decision_number, admit_date,
        sort_key, search_name, search_terms, created_at, updated_at, version)
    select r.id, 'cooperative', 'Hợp tác xã ' || r.trade || ' ' || r.place || ' ' || r.n,
           left('HTX ' || r.trade || ' ' || r.place, 40), 'M' || lpad(r.n::text, 7, '0'),
           'Thôn ' || r.n % 20 + 1 || ', xã ' || r.place || ', tỉnh Đắk Nông', '67', r.place,
           'Cụm ' || r.n / 200, 'active', 'official', 'admitted', '71/QĐ-LMHTX', date '2019-07-02',
           r.folded, r.folded,
           array_to_tsvector(array['hop', 'tac', 'xa', 'htx', 'm' || lpad(r.n::text, 7, '0'), r.n::text]
               || string_to_array(r.folded_trade || ' ' || r.folded_place, ' ')),
           r.at, r.at, 1
    from (
        select n, md5(n::text)::uuid as id, ($3::text[])[t] as trade, ($5::text[])[p] as place,
               ($4::text[])[t] as folded_trade, ($6::text[])[p] as folded_place,
               'htx ' || ($4::text[])[t] || ' ' || ($6::text[])[p] || ' ' || n as folded,
               timestamptz '2024-01-01' + n * interval '1 second' as at
        from (
            select n, 1 + n % cardinality($3::text[]) as t,
                   1 + n / 8 % cardinality($5::text[]) as p
            from generate_series($1::bigint, $2::bigint) as n) numbered) r";

/// Enters the organisations of these numbers.
///
/// # Errors
/// When the database refuses.
pub async fn fill(database: &Client, numbers: RangeInclusive<i64>) -> anyhow::Result<()> {
    let folded = |names: &[&str]| -> Vec<String> {
        let plain = |name: &&str| fold(name).replace('\'', " ");
        names.iter().map(plain).collect()
    };
    database
        .execute(
            FILL,
            &[
                numbers.start(),
                numbers.end(),
                &TRADES.as_slice(),
                &folded(&TRADES),
                &PLACES.as_slice(),
                &folded(&PLACES),
            ],
        )
        .await
        .context("the roll cannot be written")?;
    database
        .batch_execute("vacuum analyze organisation")
        .await
        .context("the roll cannot be analysed")
}

/// What the roll says of one organisation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its resource name.
    pub name: String,
    /// Its full name.
    pub display_name: String,
    /// Its cluster.
    pub cluster: String,
}

/// The code in the roster of the organisation of a number.
#[must_use]
pub fn code_of(number: i64) -> String {
    format!("M{number:07}")
}

/// The organisation of a number.
///
/// # Errors
/// When there is none, or the database cannot be asked.
pub async fn find(database: &Client, number: i64) -> anyhow::Result<Entry> {
    const FIND: &str = "select o.id, o.display_name, o.cluster from organisation o \
        where o.roster_code = $1";
    let row = database.query_one(FIND, &[&code_of(number)]).await;
    let row = row.context("an organisation is not on the roll")?;
    Ok(Entry {
        name: format!("organisations/{}", row.get::<_, uuid::Uuid>(0)),
        display_name: row.get(1),
        cluster: row.get(2),
    })
}
